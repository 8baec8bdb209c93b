"""Every sample of every layout is read exactly as its expected data says, and one wrong digit is seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

import msgspec
import pytest
from tests.statements.told import told_confirmations, told_statement

from kontora.errors import PdfNotReadable, StatementError
from kontora.statements.arithmetic import booked_rows, check_arithmetic
from kontora.statements.document import Document, Word
from kontora.statements.extraction import ExtractionLimits, open_document
from kontora.statements.imports import to_import
from kontora.statements.layout import Layout
from kontora.statements.library import layout_of, layouts
from kontora.statements.readings import Place, Statement, StatementRow
from kontora.statements.recognising import recognise
from kontora.statements.rows import parse_confirmations, parse_statement

SAMPLES = tuple(sorted((Path(__file__).parent / "samples").glob("*/*.pdf")))
OTHER_DIGIT = str.maketrans("0123456789", "7890123456")


@cache
def document_of(sample: Path) -> Document:
    return open_document(sample.read_bytes(), password=None, limits=ExtractionLimits())


def expected_of(sample: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads(
        sample.with_suffix(".json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal
    )
    return expected


def layout_named(sample: Path) -> Layout:
    layout = layout_of(sample.parent.name)
    assert layout is not None
    return layout


def statements(fact: Callable[[Layout], bool] = lambda layout: True) -> list[Path]:
    found = [(sample, layout_named(sample)) for sample in SAMPLES]
    return [sample for sample, layout in found if not layout.is_confirmation and fact(layout)]


def has_balances(layout: Layout) -> bool:
    return layout.has_balances


def has_running_balance(layout: Layout) -> bool:
    return layout.table is not None and layout.table.has("balance")


def name_of(sample: Path) -> str:
    return sample.stem


def test_every_layout_of_a_bank_has_samples() -> None:
    sampled = {sample.parent.name for sample in SAMPLES}
    assert {layout.name for layout in layouts() if not layout.institution.practice} <= sampled


@pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
def test_a_sample_is_read_exactly(sample: Path) -> None:
    document, expected = document_of(sample), expected_of(sample)
    layout = recognise(document, layouts(), confirmations="confirmations" in expected)
    if layout.is_confirmation:
        assert told_confirmations(parse_confirmations(document, layout), layout) == expected
        return
    statement = parse_statement(document, layout)
    assert told_statement(statement, layout) == expected
    assert check_arithmetic(statement, layout) == ()


@pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
def test_a_sample_is_recognised_by_its_layout_alone(sample: Path) -> None:
    document = document_of(sample)
    fitting = [layout.name for layout in layouts() if fits(document, layout)]
    assert fitting == [sample.parent.name]


def fits(document: Document, layout: Layout) -> bool:
    try:
        recognise(document, (layout,), confirmations=layout.is_confirmation)
    except StatementError:
        return False
    return True


@pytest.mark.parametrize("sample", statements(), ids=name_of)
def test_reading_a_sample_twice_gives_the_same(sample: Path) -> None:
    document, layout = document_of(sample), layout_named(sample)
    assert parse_statement(document, layout) == parse_statement(document, layout)


@pytest.mark.parametrize("sample", statements(), ids=name_of)
def test_the_places_of_a_row_hold_what_was_read(sample: Path) -> None:
    document, layout = document_of(sample), layout_named(sample)
    for row in parse_statement(document, layout).rows:
        digits = "".join(word.text[at] for word, at in digits_in(document, row.amount_place))
        assert digits == f"{abs(row.money_transaction.currency_amount):.2f}".replace(".", "")


@pytest.mark.parametrize("sample", statements(has_balances), ids=name_of)
def test_one_wrong_digit_in_any_amount_fails(sample: Path) -> None:
    document, layout = document_of(sample), layout_named(sample)
    statement = parse_statement(document, layout)
    for row in provable_rows(statement):
        altered = with_other_digit(document, row.amount_place, row.order)
        assert is_refused(altered, layout), f"row {row.order + 1}"


@pytest.mark.parametrize("sample", statements(has_running_balance), ids=name_of)
def test_one_wrong_digit_in_any_balance_fails(sample: Path) -> None:
    document, layout = document_of(sample), layout_named(sample)
    rows = booked_rows(parse_statement(document, layout))
    # A single row without an opening balance has nothing to agree with.
    for row in rows if len(rows) > 1 else ():
        assert row.balance_place is not None
        altered = with_other_digit(document, row.balance_place, row.order)
        assert is_refused(altered, layout), f"row {row.order + 1}"


def provable_rows(statement: Statement) -> Iterator[StatementRow]:
    """The booked rows, without the one before which no balance is known: the oldest of a history."""
    balances = {row.money_transaction.currency_balance for row in statement.rows}
    for row in booked_rows(statement):
        item = row.money_transaction
        before = None if item.currency_balance is None else item.currency_balance - item.currency_amount
        if statement.opening_balance is not None or before in balances:
            yield row


def is_refused(document: Document, layout: Layout) -> bool:
    try:
        return bool(check_arithmetic(parse_statement(document, layout), layout))
    except PdfNotReadable:
        return True


def digits_in(document: Document, place: Place) -> list[tuple[Word, int]]:
    """The digits that stand in a place, from left to right: each as its word and its number in the word."""
    page = next(page for page in document.pages if page.number == place.page)
    x0, y0, x1, y1 = place.box
    found = []
    for word in sorted(page.words, key=lambda word: word.x0):
        step = (word.x1 - word.x0) / len(word.text)
        for at, character in enumerate(word.text):
            middle = word.x0 + (at + 0.5) * step
            if character.isdigit() and x0 < middle < x1 and y0 < (word.y0 + word.y1) / 2 < y1:
                found.append((word, at))
    return found


def with_other_digit(document: Document, place: Place, turn: int) -> Document:
    """Change one digit of the amount that stands in a place; `turn` chooses which."""
    digits = digits_in(document, place)
    word, at = digits[turn % len(digits)]
    changed = word.text[:at] + word.text[at].translate(OTHER_DIGIT) + word.text[at + 1 :]
    pages = tuple(
        msgspec.structs.replace(
            page,
            words=tuple(
                msgspec.structs.replace(each, text=changed) if each is word else each for each in page.words
            ),
        )
        for page in document.pages
    )
    return msgspec.structs.replace(document, pages=pages)


@pytest.mark.parametrize("sample", statements(), ids=name_of)
def test_a_sample_becomes_an_import_with_the_same_data(sample: Path) -> None:
    document, layout = document_of(sample), layout_named(sample)
    statement = parse_statement(document, layout)
    found = to_import(statement, layout, datetime(2026, 11, 1, 12, tzinfo=UTC))
    assert found.origin == "pdf"
    assert (found.target, found.institution) == (layout.institution.target, layout.institution.institution)
    (account,) = found.accounts
    assert account.iban == statement.iban
    assert [owner.name for owner in found.owners] == [owner.name for owner in statement.owners]
    assert sorted(account.money_transactions, key=repr) == sorted(
        (row.money_transaction for row in statement.rows), key=repr
    )


def test_a_statement_of_three_pages_takes_a_few_milliseconds_of_cpu_time() -> None:
    sample = max(statements(), key=lambda sample: len(document_of(sample).pages) == 3)
    document, layout = document_of(sample), layout_named(sample)
    assert len(document.pages) == 3
    taken = []
    for _ in range(8):
        begin = process_time()
        check_arithmetic(parse_statement(document, layout), layout)
        taken.append(process_time() - begin)
    # Four on the machine that it was measured on; a quadratic step would cost a hundred.
    assert min(taken) < 0.020
