"""How documents write amounts and numbers, and break lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN

from kontobank.account_numbers import iban
from kontobank.statements.writing import amount, lines, number


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "0,00"),
        (-1, "-0,01"),
        (5, "0,05"),
        (-1234, "-12,34"),
        (123456, "1 234,56"),
        (-123456789012, "-1 234 567 890,12"),
    ],
)
def test_amounts_have_a_comma_blanks_between_thousands_and_the_minus_in_front(
    cents: int, written: str
) -> None:
    assert amount(cents) == written


def test_account_numbers_are_written_in_groups() -> None:
    whole = iban("PL", "184000010000000000000001")
    assert IBAN(whole).is_valid
    assert number(whole) == f"PL {whole[2:4]} 1840 0001 0000 0000 0000 0001"
    assert number("184000010000000000000001") == "1840 0001 0000 0000 0000 0001"
    assert number("84000010000000000000001") == "840 0001 0000 0000 0000 0001"


@given(st.text(st.characters(categories=["L", "N", "Zs"]), max_size=200), st.integers(3, 40))
def test_broken_lines_hold_every_letter_and_fit(text: str, most: int) -> None:
    found = lines(text, len, most, most - 2)
    assert "".join(found).replace(" ", "") == "".join(text.split())
    assert len(found[0]) <= most
    assert all(0 < len(line) <= most - 2 for line in found[1:])


def test_lines_are_broken_at_blanks_and_joined_again_by_them() -> None:
    text = "Wynagrodzenie za pracę w październiku i listopadzie"
    found = lines(text, len, 20, 18)
    assert found == ["Wynagrodzenie za", "pracę w", "październiku i", "listopadzie"]
    assert " ".join(found) == text


def test_a_word_that_is_too_long_is_cut() -> None:
    assert lines("ab 0123456789", len, 4, 3) == ["ab", "012", "345", "678", "9"]
    assert lines("", len, 4, 3) == [""]
