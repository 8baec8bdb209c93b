"""Reads the bank's documents for the tests: the cells of rows by their places, labelled facts, lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

_EDGES = (0.0, 100.0, 160.0, 430.0, 495.0)
_LABEL = re.compile(r"(Nadawca|Odbiorca|Rachunek|Tytuł): ")
_HEADS = {"Data", "księgowania", "operacji", "Opis operacji", "Kwota", "Saldo po"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass
class Row:
    """A row of a statement as printed; `lines` are those of its description."""

    booked_on: str
    made_on: str
    cents: int
    balance_cents: int | None
    lines: list[str]

    @property
    def kind(self) -> str | None:
        return None if _LABEL.match(self.lines[0]) else self.lines[0]

    def fact(self, label: str) -> str | None:
        """Return a labelled fact with the lines that continue it."""
        found: list[str] = []
        for line in self.lines:
            if line.startswith(f"{label}: "):
                found = [line.removeprefix(f"{label}: ")]
            elif found and _LABEL.match(line):
                break
            elif found:
                found.append(line)
        return " ".join(found) or None


def pages(pdf: bytes) -> list[list[str]]:
    """Return the lines of each page, in reading order."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded().splitlines() for page in document]


def fact(lines: list[str], label: str) -> str | None:
    """Return what follows a label at the start of a line."""
    return next((line.removeprefix(label).strip() for line in lines if line.startswith(label)), None)


def rows(pdf: bytes) -> list[Row]:
    """Return the rows of a statement, as printed: a row starts with two dates, and ends with its balance."""
    found: list[Row] = []
    cells: list[tuple[int, str]] = []
    for column, words in _cells(pdf):
        if column == 0:
            cells = []
        cells.append((column, words))
        if column == 4 and [place for place, _ in cells][:2] == [0, 1]:
            found.append(_row(cells))
            cells = []
    return found


def _row(cells: list[tuple[int, str]]) -> Row:
    (booked_on,), (made_on,), lines, (amount,), (balance,) = (
        [words for place, words in cells if place == column] for column in range(5)
    )
    assert _DAY.fullmatch(made_on)
    return Row(booked_on, made_on, cents(amount), None if balance == "-" else cents(balance), lines)


def cents(amount: str) -> int:
    """Read an amount such as -1 234,56."""
    return int(amount.replace(" ", "").replace(",", ""))


def _cells(pdf: bytes) -> Iterator[tuple[int, str]]:
    """Return what stands together on a line, in the order of the document, with its column."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            for index in range(text.count_rects()):
                box = text.get_rect(index)
                words = text.get_text_bounded(*box).strip()
                if words in _HEADS:
                    continue
                yield max(place for place, edge in enumerate(_EDGES) if box[0] >= edge), words
