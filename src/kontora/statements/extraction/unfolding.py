"""How much the streams of a file unpack to, told before any of them is unpacked in memory."""

from __future__ import annotations

import base64
import re
import zlib

import pikepdf

from kontora.errors import PdfTooLarge
from kontora.statements.extraction.raw_file import RawFile, RawObject

_FILTERS = re.compile(rb"/Filter\s*(?:\[([^\]]{0,200})\]|/([^\s/<>\[\]()]+)|(\d+\s+\d+\s+R))")
_FACTORS = {"FlateDecode": 1032, "Fl": 1032, "LZWDecode": 2800, "LZW": 2800, "RunLengthDecode": 64, "RL": 64}
"""How many bytes each byte can unpack to at most."""
_FLATE = {"FlateDecode", "Fl"}
_BASE_85 = {"ASCII85Decode", "A85"}
_ASCII = _BASE_85 | {"ASCIIHexDecode", "AHx"}
_PICTURES = {"DCTDecode", "DCT", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode", "CCF"}
"""Pictures are not unpacked to read text."""


def check_unfolding(pdf: bytes, raw: RawFile, file: pikepdf.Pdf, limit: int) -> None:
    """Make sure that all streams together unpack to no more than `limit` bytes.

    What a stream can unpack to at most is known from its length; only the longest have to be tried.
    Raises: PdfTooLarge.
    """
    streams = sorted(
        ((_most(pdf, found), found) for found in raw.objects if found.stream is not None),
        key=lambda bounded: bounded[0],
    )
    bound, known = sum(most for most, _ in streams), 0
    while streams and bound + known > limit:
        most, found = streams.pop()
        bound -= most
        known += _unfolded(pdf, found, file, limit - known)
        if known > limit:
            raise PdfTooLarge


def _chain(pdf: bytes, found: RawObject) -> list[str]:
    match = _FILTERS.search(pdf, *found.head)
    if match is None:
        return []
    if match[3]:
        return ["FlateDecode", "FlateDecode"]  # told elsewhere: taken as the worst that is usual
    return (match[1] or match[2]).decode("latin-1").replace("/", " ").split()


def _most(pdf: bytes, found: RawObject) -> int:
    start, end = found.stream or (0, 0)
    most = end - start
    for name in _chain(pdf, found):
        if name in _PICTURES:
            break
        most *= _FACTORS.get(name, 1)
    return most


def _unfolded(pdf: bytes, found: RawObject, file: pikepdf.Pdf, limit: int) -> int:
    """Return how many bytes a stream unpacks to with every step between; counting stops over `limit`."""
    start, end = found.stream or (0, 0)
    stream = file.get_object(found.number, 0) if file.is_encrypted else None
    data = stream.read_raw_bytes() if isinstance(stream, pikepdf.Stream) else pdf[start:end]
    total = len(data)
    for name in _chain(pdf, found):
        if name in _PICTURES:
            break
        if name in _FLATE:
            data = _inflated(data, limit - total)
            total += len(data)
        elif name in _ASCII:
            data = _from_ascii(data, name)
        else:  # rare, and no library but qpdf unpacks it
            whole = file.get_object(found.number, 0)
            return total + (
                len(whole.read_bytes(pikepdf.StreamDecodeLevel.specialized))
                if isinstance(whole, pikepdf.Stream)
                else 0
            )
        if total > limit:
            break
    return total


def _inflated(data: bytes, limit: int) -> bytes:
    """Unpack up to a byte more than `limit`; of a broken stream, nothing."""
    try:
        return zlib.decompressobj().decompress(data, max(1, limit + 1))
    except zlib.error:
        return b""


def _from_ascii(data: bytes, name: str) -> bytes:
    text = b"".join(data.split())
    try:
        if name in _BASE_85:
            return base64.a85decode(text.removeprefix(b"<~").partition(b"~")[0])
        return bytes.fromhex(text.partition(b">")[0].decode())
    except ValueError:
        return b""
