"""The tables of a PDF that say which characters the codes of a font stand for."""

from __future__ import annotations

import re

import msgspec

MAX_BYTES = 1 << 20
MAX_ENTRIES = 70_000

_SPACE = re.compile(rb"begincodespacerange\s*<([0-9A-Fa-f\s]+)>")
_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf\1", re.DOTALL)
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
        for section in _SECTION.finditer(table):
            if section[1] == b"char":
                for code, text in _PAIR.findall(section[2]):
                    found[int(code, 16)] = _text(text)
            else:
                _add_ranges(section[2], found)
            if len(found) > MAX_ENTRIES:
                return None
    except ValueError:
        return None
    width = len(b"".join(space[1].split())) // 2 if space else 2 if max(found, default=0) > 255 else 1
    return ToUnicode(width, {code: text for code, text in found.items() if text and text != "\0"})


def _add_ranges(section: bytes, found: dict[int, str]) -> None:
    for first, last, text, several in _RANGE.findall(section):
        start, end = int(first, 16), int(last, 16)
        if end - start > MAX_ENTRIES:
            raise ValueError(end)
        if several:
            found.update(zip(range(start, end + 1), map(_text, _ITEM.findall(several)), strict=False))
        elif text:
            begin = _text(text)
            for code in range(start, end + 1):
                found[code] = begin[:-1] + chr(ord(begin[-1]) + code - start)


def _text(digits: bytes) -> str:
    return bytes.fromhex(b"".join(digits.split()).decode()).decode("utf-16-be", "replace")
