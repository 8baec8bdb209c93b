"""Refusing what is not understood: with the page, the row and the field, never with what stands there."""

from __future__ import annotations

from kontora.errors import PdfNotReadable


def not_understood(field: str, *, page: int | None = None, row: int | None = None) -> PdfNotReadable:
    """Return the refusal for a field that is there but cannot be read. `row`: from 1, as printed."""
    where = "" if page is None else f" on page {page}"
    which = "" if row is None else f" of row {row}"
    return PdfNotReadable(f"The field {field}{which}{where} is not understood.")


def not_found(field: str) -> PdfNotReadable:
    """Return the refusal for a field that the layout promises and the document lacks."""
    return PdfNotReadable(f"The field {field} was not found.")
