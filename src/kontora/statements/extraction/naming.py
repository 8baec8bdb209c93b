"""Names in a PDF as text that can be written anywhere: their bytes need not be characters at all."""

from __future__ import annotations

import pikepdf


def plain(text: str) -> str:
    """Return text with a mark for what is no character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def name_of(value: pikepdf.Object | None) -> str:
    """Return a name without its slash; empty, if there is none or it is no name."""
    if not isinstance(value, pikepdf.Name):
        return ""
    try:
        return plain(str(value))[1:]
    except UnicodeDecodeError:
        return value.unparse()[1:].decode("latin-1")
