"""Text as XML 1.0 may carry it: escaped, and without the characters that XML forbids."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
FORBIDDEN = (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)

_TEXT: dict[int, str] = dict.fromkeys(FORBIDDEN, REPLACEMENT) | {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord("\r"): "&#13;",
}
_ATTRIBUTE: dict[int, str] = _TEXT | {ord('"'): "&quot;", ord("\t"): "&#9;", ord("\n"): "&#10;"}

_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f&<>\ud800-\udfff\ufffe\uffff]").search
_IN_ATTRIBUTE = re.compile('[\x00-\x1f&<>"\ud800-\udfff\ufffe\uffff]').search


def text(value: str) -> str:
    """Escape character data. A reader gets the same text back, save forbidden characters: U+FFFD.

    Example: `a & b` becomes `a &amp; b`. Source: XML 1.0, 2.2 (Char) and 2.11 (line ends).
    """
    return value if _IN_TEXT(value) is None else value.translate(_TEXT)


def attribute(value: str) -> str:
    """Escape an attribute's value for double quotes; line ends and tabs survive as references."""
    return value if _IN_ATTRIBUTE(value) is None else value.translate(_ATTRIBUTE)
