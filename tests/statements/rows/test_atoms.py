"""Amounts, dates, marks and lines: what is read, and what is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontora.statements.document import Word
from kontora.statements.forms.amounts import (
    AmountForm,
    CurrencyAt,
    Minus,
    read_amount,
    read_stated_amount,
)
from kontora.statements.forms.dates import DateForm, find_dates, read_date
from kontora.statements.forms.patterns import check_pattern
from kontora.statements.rows.lines import lines_of
from kontora.statements.rows.marks import fold, label_pattern, mark

BEFORE = AmountForm(minus=Minus.BEFORE)
DOTS = AmountForm(minus=Minus.BEFORE, thousands=".")
AFTER = AmountForm(minus=Minus.AFTER)
SPACED = AmountForm(minus=Minus.BEFORE_SPACED, currency=CurrencyAt.AFTER)


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("-49,86", BEFORE, "-49.86"),
        ("1 014,84", BEFORE, "1014.84"),
        ("1\u00a0234\u00a0567,00", BEFORE, "1234567.00"),
        ("20992,02", BEFORE, "20992.02"),
        ("\u221212,00", BEFORE, "-12.00"),
        ("-0,00", BEFORE, "0.00"),
        ("3.723,00", DOTS, "3723.00"),
        ("-22,02", DOTS, "-22.02"),
        ("12,50-", AFTER, "-12.50"),
        ("1 663,00", AFTER, "1663.00"),
        ("- 102,82 PLN", SPACED, "-102.82"),
        ("258,11 PLN", SPACED, "258.11"),
    ],
)
def test_an_amount_is_read_as_its_layout_writes_it(text: str, form: AmountForm, value: str) -> None:
    amount = read_amount(text, form)
    assert amount is not None
    assert amount.value == Decimal(value)
    assert not (amount.value == 0 and amount.value.is_signed())


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1274 258,11", BEFORE),
        ("12,5", BEFORE),
        ("12,500", BEFORE),
        ("1 01,84", BEFORE),
        ("50000.00", BEFORE),
        ("3,723,00", BEFORE),
        ("3 723,00", DOTS),
        ("12,50-", BEFORE),
        ("- 12,50", BEFORE),
        ("-12,50", AFTER),
        ("+12,50", BEFORE),
        ("12,50 PLN", BEFORE),
        ("12,50", SPACED),
        ("١٢,٥٠", BEFORE),
        ("--12,50", BEFORE),
        ("", BEFORE),
    ],
)
def test_what_is_not_an_amount_of_the_layout_is_none(text: str, form: AmountForm) -> None:
    assert read_amount(text, form) is None


def test_a_stated_amount_may_have_a_currency_and_words_after_it() -> None:
    stated = read_stated_amount("1 234,56 PLN na dzień", BEFORE)
    assert stated == (Decimal("1234.56"), "PLN")
    assert read_stated_amount("1 234,56", BEFORE) == (Decimal("1234.56"), None)
    assert read_stated_amount("0,1473", BEFORE) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_every_amount_that_is_written_is_read_again(value: Decimal) -> None:
    text = f"{abs(value):,.2f}"
    spaces = text.translate(str.maketrans(",.", " ,"))
    sign = "-" if value < 0 else ""
    assert read_amount(sign + spaces, BEFORE) == (value, None)
    assert read_amount(spaces + sign, AFTER) == (value, None)
    assert read_amount(sign + text.translate(str.maketrans(",.", ".,")), DOTS) == (value, None)


@given(st.text())
def test_any_text_is_an_amount_or_not_but_never_an_error(text: str) -> None:
    for form in (BEFORE, DOTS, AFTER, SPACED):
        read_amount(text, form)
        read_stated_amount(text, form)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-09-10", DateForm.ISO),
        ("10.09.2026", DateForm.DOTS),
        ("2026.09.10", DateForm.YEAR_FIRST_DOTS),
        ("10/09/2026", DateForm.SLASHES),
        ("10-09-2026", DateForm.DASHES),
        ("10 wrz 2026", DateForm.MONTH_NAMES),
    ],
)
def test_a_date_is_read_as_its_layout_writes_it(text: str, form: DateForm) -> None:
    read = read_date(f"{text} reszta", (form,))
    assert read is not None
    assert (read.day, read.end) == (date(2026, 9, 10), len(text))


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "10 xyz 2026", "2026-09-101", "", "-"])
def test_a_day_that_does_not_exist_is_none(text: str) -> None:
    assert read_date(text, (DateForm.ISO, DateForm.MONTH_NAMES)) is None


def test_october_is_read_without_its_accent() -> None:
    assert read_date("1 paź 2026", (DateForm.MONTH_NAMES,)) == (date(2026, 10, 1), 10)
    assert read_date("1 paz 2026", (DateForm.MONTH_NAMES,)) == (date(2026, 10, 1), 10)


def test_the_dates_of_a_period_are_found_in_a_sentence() -> None:
    found = find_dates("za okres od 01.09.2026 do 30.09.2026", (DateForm.DOTS,))
    assert found == (date(2026, 9, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    "text",
    ["Saldo końcowe", "SALDO KONCOWE", "Saldo kocowe", "Saldo koæcowe", "Saldokońcowe", "saldo  końcowe"],
)
def test_a_mark_is_found_without_case_spaces_and_diacritics(text: str) -> None:
    folded = fold("".join(f"razem {text}: 1".split()))
    assert mark("Saldo końcowe").find(folded) is not None


def test_a_mark_with_a_lost_last_letter_does_not_eat_what_follows() -> None:
    folded = fold("Sumauzna(11):")
    found = mark("Suma uznań").find(folded)
    assert found is not None
    assert folded[found[1] :] == "(11):"


def test_a_mark_without_its_letters_is_found_beside_a_whole_one() -> None:
    folded = fold("Saldokocowe\nSaldokońcowe")
    assert list(mark("Saldo końcowe").all(folded)) == [(0, 11), (12, 24)]


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert "\n" not in fold(text)


def test_the_longer_of_two_labels_is_found() -> None:
    pattern = label_pattern(("Tytuł", "Tytułem:"))
    found = pattern.search(fold("x Tytułem: czynsz"))
    assert found is not None
    assert found.lastgroup == "label_1"


def test_a_minus_that_floats_stays_in_its_line() -> None:
    words = [
        Word("12,50", 20, 100, 40, 106, 100.0, 0, 1),
        Word("-", 15, 102.4, 18, 103, 100.0, 0, 0),
        Word("next", 15, 90, 40, 96, 90.4, 0, 2),
    ]
    assert [line.text for line in lines_of(words, 1)] == ["- 12,50", "next"]


@pytest.mark.parametrize(("step", "count"), [(0.0, 1), (0.8, 1), (2.9, 2), (5.83, 2)])
def test_words_of_nearly_one_baseline_are_one_line(step: float, count: int) -> None:
    words = [Word("a", 10, 100, 14, 106, 100.0, 0, 0), Word("b", 20, 100, 24, 106, 100.0 - step, 0, 1)]
    assert len(lines_of(words, 1)) == count


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|b)*", "(?=a)", r"(a)\1", "(?<!a)b", "(", "a" * 300])
def test_a_pattern_that_is_too_clever_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        check_pattern(pattern)
