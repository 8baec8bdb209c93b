"""How a file is made, put together from its bytes and from pikepdf."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pikepdf

from kontora.errors import PdfNotReadable
from kontora.statements.document import Anatomy
from kontora.statements.extraction.active_content import active_content
from kontora.statements.extraction.content import FontKey, ShownText
from kontora.statements.extraction.deflating import deflates
from kontora.statements.extraction.font_files import font_files
from kontora.statements.extraction.fonts import Font
from kontora.statements.extraction.metadata import information, parse_date, xmp_fields
from kontora.statements.extraction.naming import plain
from kontora.statements.extraction.page_facts import PageFacts
from kontora.statements.extraction.raw_file import RawFile, RawObject

_FILTER = re.compile(rb"/Filter\s*(?:\[([^\]]{0,200})\]|/([^\s/<>\[\]()]+))")
_KIND = re.compile(rb"/Type\s*/(XRef|ObjStm)\b")
_INSIDE = re.compile(rb"/N\s+(\d+)")
_LINEARISED_WITHIN = 2048


def read_anatomy(
    pdf: bytes,
    file: pikepdf.Pdf,
    raw: RawFile,
    facts: PageFacts,
    shown: Sequence[ShownText],
    fonts: Mapping[FontKey, Font],
    disagreements: tuple[str, ...],
) -> Anatomy:
    """Put together how a file is made."""
    heads = {found: pdf[slice(*found.head)] for found in raw.objects}
    kinds = {kind[1] for head in heads.values() if (kind := _KIND.search(head))}
    packed = packed_objects(pdf, raw)
    info = information(file, _info_bytes(pdf, file, raw))
    said = dict(info)
    numbers = [found.number for found in raw.objects]
    return Anatomy(
        version=raw.version or file.pdf_version,
        header_comment=raw.header_comment,
        info=info,
        created_at=parse_date(said.get("CreationDate")),
        modified_at=parse_date(said.get("ModDate")),
        created_text=said.get("CreationDate"),
        modified_text=said.get("ModDate"),
        xmp=xmp_fields(file),
        is_encrypted=file.is_encrypted,
        is_linearised=b"/Linearized" in pdf[:_LINEARISED_WITHIN],
        xref=_xref_kind(raw.has_xref_table, has_stream=b"XRef" in kinds),
        has_object_streams=b"ObjStm" in kinds,
        revisions=raw.revisions,
        startxrefs=raw.startxrefs,
        bytes_after_end=raw.bytes_after_end,
        objects=len(numbers) + packed,
        duplicate_objects=len(numbers) - len(set(numbers)),
        objects_out_of_order=numbers != sorted(numbers),
        holes=raw.holes,
        ids=_ids(file),
        trailer_keys=_keys(file.trailer),
        root_keys=_keys(file.Root),
        page_keys=facts.page_keys,
        content_streams=facts.content_streams,
        filters=_filters(heads),
        resource_names=facts.resource_names,
        text_operators=tuple(sorted(set().union(*(page.operators for page in shown)))),
        deflates=() if file.is_encrypted else deflates(pdf, raw, facts.content_numbers),
        fonts=font_files(fonts),
        active=active_content(file.Root, facts.pages, heads.values()),
        pages_by_second_parser=len(facts.pages),
        disagreements=disagreements,
    )


def packed_objects(pdf: bytes, raw: RawFile) -> int:
    """Return how many objects lie in object streams, as these say."""
    heads = (pdf[slice(*found.head)] for found in raw.objects if found.stream is not None)
    return sum(int(inside[1]) for head in heads if b"/ObjStm" in head and (inside := _INSIDE.search(head)))


def _xref_kind(has_table: bool, *, has_stream: bool) -> str:
    if has_table and has_stream:
        return "mixed"
    return "table" if has_table else "stream" if has_stream else "none"


def _info_bytes(pdf: bytes, file: pikepdf.Pdf, raw: RawFile) -> bytes | None:
    """Return the last bytes of the document information, if they lie open in the file."""
    info = file.trailer.get("/Info")
    number = info.objgen[0] if isinstance(info, pikepdf.Dictionary) else 0
    for found in reversed(raw.objects):
        if found.number == number:
            return pdf[slice(*found.head)]
    return None


def _ids(file: pikepdf.Pdf) -> tuple[str, str] | None:
    ids = file.trailer.get("/ID")
    if not isinstance(ids, pikepdf.Array) or len(ids) != 2:
        return None
    return (bytes(ids[0]).hex(), bytes(ids[1]).hex())


def _keys(dictionary: pikepdf.Object) -> tuple[str, ...]:
    if not isinstance(dictionary, pikepdf.Dictionary):
        raise PdfNotReadable
    return tuple(sorted(plain(key)[1:] for key, _ in dictionary.items()))


def _filters(heads: dict[RawObject, bytes]) -> tuple[str, ...]:
    """Return each chain of filters, its parts parted by a space."""
    found = set()
    for head in heads.values():
        for several, single in _FILTER.findall(head):
            found.add(" ".join((several or single).decode("latin-1").replace("/", " ").split()))
    return tuple(sorted(found))
