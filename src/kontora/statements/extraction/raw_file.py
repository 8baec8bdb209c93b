"""The bytes of a PDF as they lie in the file: header, objects, what is between them, and how it ends.

No parser is asked: what a file looks like before any repair is what tells its writer.
"""

from __future__ import annotations

import re

import msgspec

from kontora.errors import NotPdf, PdfTooLarge
from kontora.statements.document import Revision

HEADER_WITHIN = 1024

_VERSION = re.compile(rb"%PDF-(\d+\.\d+)[^\r\n]*(\r\n|\r|\n)?")
_COMMENT = re.compile(rb"%([^\r\n]*)")
_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})\s+(\d{1,5})\s+obj\b")
_STREAM_OR_END = re.compile(rb"\bstream(?:\r\n|\n|\r)|endobj")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)(?!\d)")
_END_OF_STREAM = re.compile(rb"\s{0,2}endstream")
_XREF = re.compile(rb"(?<![a-z])xref\s+(?:\d+\s+\d+\s*(?:\d{10}\s+\d{5}\s+[nf]\s*)*)*")
_START_XREF = re.compile(rb"startxref\s*\d*")
_LINE_COMMENT = re.compile(rb"%[^\r\n]*")
_END = b"%%EOF"


class RawObject(msgspec.Struct, frozen=True):
    """An object where it lies; `stream`: where its stream begins and ends, `None` without one.

    `head`: where what is before the stream begins and ends.
    """

    number: int
    start: int
    head: tuple[int, int]
    stream: tuple[int, int] | None
    end: int


class RawFile(msgspec.Struct, frozen=True):
    """What the bytes of a file show, in the order of the file; see `Anatomy` for the facts."""

    version: str
    header_comment: str | None
    objects: tuple[RawObject, ...]
    revisions: tuple[Revision, ...]
    startxrefs: int
    bytes_after_end: int
    holes: int
    has_xref_table: bool


def check_header(pdf: bytes) -> None:
    """Make sure that it calls itself a PDF.

    Raises: NotPdf.
    """
    if b"%PDF-" not in pdf[:HEADER_WITHIN]:
        raise NotPdf


def read_raw_file(pdf: bytes, max_objects: int) -> RawFile:
    """Read how a file lies in bytes.

    Raises: PdfTooLarge, if it has more than `max_objects`.
    """
    start = max(0, pdf.find(b"%PDF-"))
    version = _VERSION.match(pdf, start)
    comment = _COMMENT.match(pdf, version.end()) if version else None
    objects = _objects(pdf, max_objects)
    gaps = _gaps(pdf, version.end() if version else start, objects)
    ends = [start + match.end() for start, gap in gaps for match in re.finditer(re.escape(_END), gap)]
    return RawFile(
        version=version[1].decode() if version else "",
        header_comment=comment[1].hex() if comment else None,
        objects=tuple(objects),
        revisions=tuple(map(Revision, ends)),
        startxrefs=sum(gap.count(b"startxref") for _, gap in gaps),
        bytes_after_end=len(pdf[ends[-1] :].strip()) if ends else 0,
        holes=sum(_strangers(gap) for _, gap in gaps[:-1]),
        has_xref_table=any(_XREF.search(gap) for _, gap in gaps),
    )


def _objects(pdf: bytes, limit: int) -> list[RawObject]:
    found: list[RawObject] = []
    place = 0
    while match := _OBJECT.search(pdf, place):
        found.append(_object(pdf, match))
        if len(found) > limit:
            raise PdfTooLarge
        place = found[-1].end
    return found


def _object(pdf: bytes, match: re.Match[bytes]) -> RawObject:
    number, begin = int(match[1]), match.end()
    mark = _STREAM_OR_END.search(pdf, begin)
    if mark is None:
        return RawObject(number, match.start(), (begin, len(pdf)), None, len(pdf))
    if mark[0] == b"endobj":
        return RawObject(number, match.start(), (begin, mark.start()), None, mark.end())
    data = mark.end()
    length = _LENGTH.search(pdf, begin, mark.start())
    end = data + int(length[1]) if length else -1
    if end < 0 or not _END_OF_STREAM.match(pdf, end):
        end = pdf.find(b"endstream", data)
        end = len(pdf) if end < 0 else end
    close = pdf.find(b"endobj", end)
    return RawObject(
        number, match.start(), (begin, mark.start()), (data, end), len(pdf) if close < 0 else close + 6
    )


def _gaps(pdf: bytes, start: int, objects: list[RawObject]) -> list[tuple[int, bytes]]:
    """Return what lies before, between and after the objects, each with its place."""
    gaps = []
    for found in objects:
        gaps.append((start, pdf[start : found.start]))
        start = found.end
    return [*gaps, (start, pdf[start:])]


def _strangers(gap: bytes) -> int:
    """Count the bytes of a gap that are neither space nor a part of the file's own tables."""
    if gap.isspace():
        return 0
    trailer, end = gap.find(b"trailer"), gap.rfind(b">>")
    if 0 <= trailer < end:
        gap = gap[:trailer] + gap[end + 2 :]
    for pattern in (_LINE_COMMENT, _START_XREF, _XREF):
        gap = pattern.sub(b"", gap)
    return len(b"".join(gap.split()))
