"""Whatever words stand on whatever pages: a named refusal or data, never another error."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.statements.rows.sheet import Sheet, document

from kontora.errors import StatementError
from kontora.statements.arithmetic import check_arithmetic
from kontora.statements.document import Document, Painted, PaintedKind, Word
from kontora.statements.imports import to_import
from kontora.statements.layout import Layout
from kontora.statements.library import layouts
from kontora.statements.recognising import recognise
from kontora.statements.rows import parse_confirmations, parse_statement

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
LAYOUTS = layouts()
VALUES = (
    "2026-09-10",
    "10.09.2026",
    "2026.09.10",
    "10/09/2026",
    "10-09-2026",
    "28",
    "wrz",
    "2026",
    "-12,34",
    "1",
    "014,84",
    "3.723,00",
    "12,50-",
    "-",
    "PLN",
    "EUR",
    "12345678901234567890123456",
    "12",
    "3456",
    "48E5576219408038S",
    "PRZELEW",
    ":",
    "\u00a0",
    "ŻÓŁĆ",
    "\n",
    "𝟙𝟚",
    "İ",
)
PLACES = st.sampled_from([0.0, 8.0, 40.0, 42.0, 100.0, 150.0, 230.0, 420.0, 470.0, 500.0, 540.0])


def words_of(layout: Layout) -> list[str]:
    """All that a layout looks for, in words."""
    found: list[str] = []

    def gather(part: object) -> None:
        if isinstance(part, str):
            found.extend(part.split())
        elif isinstance(part, dict):
            for each in part.values():
                gather(each)
        elif isinstance(part, list):
            for each in part:
                gather(each)

    gather(msgspec.to_builtins(layout))
    return found


@st.composite
def soups(draw: st.DrawFn) -> tuple[Layout, Document]:
    """Lines of a layout's own words and values, and of any text, with rules between some."""
    layout = draw(st.sampled_from(LAYOUTS))
    words = st.one_of(
        st.sampled_from(words_of(layout)), st.sampled_from(VALUES), st.text(min_size=1, max_size=6)
    )
    pages = []
    for _ in range(draw(st.integers(1, 3))):
        page = Sheet()
        y = 800.0
        if layout.table is not None and draw(st.booleans()):
            for place, label in enumerate(layout.table.header):
                page.text(10 + 90 * place, y, label)
        for _ in range(draw(st.integers(0, 12))):
            y -= draw(st.sampled_from([0.5, 5.83, 9.6, 12.0, 40.0]))
            cells = draw(st.lists(st.tuples(PLACES, st.lists(words, min_size=1, max_size=4)), max_size=5))
            page.line(y, *((x, " ".join(texts)) for x, texts in cells))
            if draw(st.booleans()):
                page.fill(6.0, y - 4, 590.0, y - 3)
        pages.append(page)
    return layout, document(*pages)


@settings(max_examples=300, deadline=None)
@given(soups())
def test_a_soup_of_words_is_read_or_refused_by_name(soup: tuple[Layout, Document]) -> None:
    layout, found = soup
    for confirmations in (False, True):
        with suppress(StatementError):
            recognise(found, LAYOUTS, confirmations=confirmations)
    with suppress(StatementError):
        if layout.is_confirmation:
            assert parse_confirmations(found, layout)
        else:
            statement = parse_statement(found, layout)
            check_arithmetic(statement, layout)
            to_import(statement, layout, AT)


@settings(max_examples=50, deadline=None)
@given(st.floats(allow_nan=True), st.floats(allow_nan=True), st.text(min_size=1, max_size=3))
def test_places_that_are_no_numbers_are_no_error(x: float, y: float, text: str) -> None:
    page = Sheet().text(40, 800, "Wyciąg")
    page.words.append(Word(text, x, y, x, y, y, 99, -1))
    page.painted.append(Painted(PaintedKind.PATH, (x, y, x, y), 0, fill=(0, 0, 0, 255)))
    for layout in LAYOUTS:
        with suppress(StatementError):
            if layout.is_confirmation:
                parse_confirmations(document(page), layout)
            else:
                parse_statement(document(page), layout)
