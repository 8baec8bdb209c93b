"""The tables of a PDF that say which characters the codes of a font stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

MAX_BYTES = 1 << 20
MAX_ENTRIES = 70_000

_SPACE = re.compile(rb"begincodespacerange\s*<([0-9A-Fa-f\s]+)>")
_BEGIN = re.compile(rb"beginbf(char|range)")
_PAIR = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<([0-9A-Fa-f\s]*)>|\[([^\]]*)\])")
_ITEM = re.compile(rb"<([0-9A-Fa-f\s]*)>")


class ToUnicode(msgspec.Struct, frozen=True):
    """What codes stand for; a code of `code_bytes` that is missing stands for nothing that is said."""

    code_bytes: int
    characters: dict[int, str]


def parse_to_unicode(table: bytes) -> ToUnicode | None:
    """Read a ToUnicode table; `None`, if it is too long or cannot be read."""
    if len(table) > MAX_BYTES:
        return None
    space = _SPACE.search(table)
    found: dict[int, str] = {}
    try:
        for kind, section in _sections(table):
            if kind == b"char":
                found.update((int(code, 16), _text(text)) for code, text in _PAIR.findall(section))
            else:
                _add_ranges(section, found)
    except ValueError:
        return None
    width = len(b"".join(space[1].split())) // 2 if space else 2 if max(found, default=0) > 255 else 1
    return ToUnicode(width, {code: text for code, text in found.items() if text and text != "\0"})


def _sections(table: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = 0
    while begin := _BEGIN.search(table, end):
        end = table.find(b"endbf" + begin[1], begin.end())
        if end < 0:
            return
        yield begin[1], table[begin.end() : end]


def _add_ranges(section: bytes, found: dict[int, str]) -> None:
    entries = 0
    for first, last, text, several in _RANGE.findall(section):
        start, end = int(first, 16), int(last, 16)
        entries += end - start
        if entries > MAX_ENTRIES:
            raise ValueError(entries)
        if several:
            found.update(zip(range(start, end + 1), map(_text, _ITEM.findall(several)), strict=False))
        elif text:
            begin = _text(text) or "\0"
            for code in range(start, end + 1):
                found[code] = begin[:-1] + chr(ord(begin[-1]) + code - start)


def _text(digits: bytes) -> str:
    written = b"".join(digits.split()).decode()
    if len(written) % 2:  # some writers do so with what is beyond four digits; it says nothing then
        return ""
    return bytes.fromhex(written).decode("utf-16-be", "replace")
