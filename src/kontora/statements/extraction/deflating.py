"""How streams were compressed: a writer's library and level make the same bytes of the same content again."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

from kontora.statements.document import Deflate
from kontora.statements.extraction.raw_file import RawFile, RawObject

MAX_TRIED = 4
MAX_FOLDED = 24 << 10
MAX_UNFOLDED = 64 << 10
LEAST_FOLDED = 64
"""Shorter streams are alike at every level."""
NONE = -1
_BANG_FIVE_TIMES = 33 * (85**4 + 85**3 + 85**2 + 85 + 1)

_FLATE = re.compile(
    rb"/Filter\s*(?:\[\s*)?/(FlateDecode|Fl|ASCII85Decode|A85)\b\s*(?:/(FlateDecode|Fl)\b)?\s*(\]|)"
)
_LEVELS = {0: (1, 0), 1: (5, 4, 3, 2), 2: (6,), 3: (9, 8, 7)}
"""The levels that zlib's header stands for, the usual first."""


def deflates(pdf: bytes, raw: RawFile, contents: set[int]) -> tuple[Deflate, ...]:
    """Return the fingerprints of a few streams, each once: first the pages' contents, by their numbers.

    One of every header is among them, unless its streams are too short or too long.
    """
    found: set[Deflate] = set()
    tried = 0
    for folded in _candidates(pdf, raw, contents):
        header = folded[:2].hex()
        if tried >= MAX_TRIED and any(known.header == header for known in found):
            continue
        unfolding = zlib.decompressobj()
        try:
            unfolded = unfolding.decompress(folded, MAX_UNFOLDED)
        except zlib.error:
            continue
        if unfolding.eof:
            tried += 1
            found.add(Deflate(header, _level(folded[: len(folded) - len(unfolding.unused_data)], unfolded)))
    return tuple(sorted(found, key=lambda deflate: (deflate.header, deflate.level)))


def _candidates(pdf: bytes, raw: RawFile, contents: set[int]) -> Iterator[bytes]:
    """Give compressed streams of a size to try, with a header of zlib."""
    streams = [found for found in raw.objects if found.stream is not None]
    for found in sorted(streams, key=lambda found: found.number not in contents):
        folded = _folded(pdf, found)
        if folded is not None and folded[0] & 15 == 8 and (folded[0] << 8 | folded[1]) % 31 == 0:
            yield folded


def _folded(pdf: bytes, found: RawObject) -> bytes | None:
    start, end = found.stream or (0, 0)
    filters = _FLATE.search(pdf, *found.head)
    if filters is None or not LEAST_FOLDED <= end - start <= MAX_FOLDED:
        return None
    written = pdf[start:end]
    if filters[1] in {b"FlateDecode", b"Fl"}:
        return None if filters[2] else written
    return _from_ascii(written) if filters[2] else None


def _level(folded: bytes, unfolded: bytes) -> int:
    bits = (folded[0] >> 4) + 8
    for level in _LEVELS[folded[1] >> 6]:
        again = zlib.compressobj(level, zlib.DEFLATED, max(9, bits))
        if again.compress(unfolded) + again.flush() == folded:
            return level
    return NONE


def _from_ascii(written: bytes) -> bytes | None:
    """Decode ASCII85; whole groups of five by plain numbers, which is faster than the standard library."""
    text = b"".join(written.split()).removeprefix(b"<~").partition(b"~")[0]
    if b"z" in text or len(text) < 5:
        return _slowly(text)
    whole = len(text) // 5 * 5
    digits = (text[place:whole:5] for place in range(5))
    parts = [_group(*five) for five in zip(*digits, strict=True)]
    if max(parts, default=0) >= 1 << 32 or min(text, default=33) < 33:
        return None
    rest = _slowly(text[whole:])
    return None if rest is None else b"".join([part.to_bytes(4, "big") for part in parts]) + rest


def _group(one: int, two: int, three: int, four: int, five: int) -> int:
    return (((one * 85 + two) * 85 + three) * 85 + four) * 85 + five - _BANG_FIVE_TIMES


def _slowly(text: bytes) -> bytes | None:
    try:
        return base64.a85decode(text)
    except ValueError:
        return None
