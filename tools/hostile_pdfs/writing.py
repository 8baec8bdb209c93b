"""PDFs written byte by byte: only so can they be as wrong as they should be."""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping

WORDS = (
    b"BT /F1 9 Tf 40 780 Td 12 TL "
    + b"".join(
        b"(Elektroniczne zestawienie operacji za okres od 2026-05-01 do 2026-05-31, line %d) Tj T* " % line
        for line in range(12)
    )
    + b"ET"
)
"""Text enough to be no scan."""
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> >> >>"
)
HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CHAOS = random.Random(7).randbytes(60_000)
MEGABYTE = 1_000_000


def stream(data: bytes, entries: bytes = b"", *, length: bytes | None = None) -> bytes:
    """Return a stream with its dictionary; `length`: what it says, if not the truth."""
    said = length if length is not None else b"%d" % len(data)
    return b"<< /Length " + said + b" " + entries + b" >>\nstream\n" + data + b"\nendstream"


def flate(data: bytes) -> bytes:
    """Compress well."""
    return zlib.compress(data, 9)


def flate_stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a compressed stream with its dictionary."""
    return stream(flate(data), b"/Filter /FlateDecode " + entries)


def zeros(count: int) -> bytes:
    """Return what inflates to so many zero bytes, made without inflating them: 1 MB becomes 1 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    whole, rest = divmod(count, MEGABYTE)
    ending = zlib.compressobj(9, zlib.DEFLATED, -15)
    tail = ending.compress(bytes(rest)) + ending.flush()
    # Adler-32 of zeros: the low half stays 1, the high half counts.
    return b"\x78\xda" + block * whole + tail + ((count % 65521) << 16 | 1).to_bytes(4, "big")


def file(
    objects: Mapping[int, bytes], *, trailer: bytes = b"", root: bytes = b"1 0 R", header: bytes = HEADER
) -> bytes:
    """Return a file with a table of its objects; `trailer`: further entries of it."""
    out = bytearray(header)
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n" % size + b"0000000000 65535 f \n"
    out += b"".join(
        b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
        for number in range(1, size)
    )
    out += b"trailer\n<< /Size %d /Root " % size + root + b" " + trailer + b" >>\n"
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def document(
    content: bytes = WORDS,
    *,
    resources: bytes = b"",
    page: bytes = b"",
    catalog: bytes = b"",
    fonts: bytes = b"/F1 5 0 R",
    more: Mapping[int, bytes] | None = None,
    trailer: bytes = b"",
) -> bytes:
    """Return a file of one page: 1 the catalogue, 2 pages, 3 the page, 4 its content, 5 a font."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << "
        + fonts
        + b" >> "
        + resources
        + b" >> "
        + page
        + b" >>",
        4: flate_stream(content),
        5: HELVETICA,
    }
    return file(objects | dict(more or {}), trailer=trailer)
