"""Tables of money transactions: read strictly, and labelled owner by owner in their own order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from kontora.errors import InvalidArgument
from kontora.labels.dictionary import Dictionary
from kontora.labels.labelling import Knowledge, Labeller
from kontora.labels.table_labels import labelled_rows, survey
from kontora.labels.table_rows import TableRow, amount_of, code_of, day_of, read_table

LABELLER = Labeller(Knowledge(Dictionary(())))
OWN = "PL61109010140000071219812874"


def rows_of(text: str) -> list[TableRow]:
    return list(read_table(text.splitlines(keepends=True))[1])


@pytest.mark.parametrize("text", ["2026-05-22", "22.05.2026", "22/05/2026", "22-05-2026", "22. 5. 2026"])
def test_a_day_is_read_however_a_country_writes_it(text: str) -> None:
    assert day_of(text) == date(2026, 5, 22)


@pytest.mark.parametrize("text", ["2026-05-22 13:14:15", "2026-05-22T13:14:15.123Z"])
def test_a_time_of_day_is_passed_over(text: str) -> None:
    assert day_of(text) == date(2026, 5, 22)


@pytest.mark.parametrize(
    "text", ["", "05/22/2026", "30.02.2026", "26-05-22", "2026-5-22", "22.05.26", "0001-01-01"]
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="is no da"):
        day_of(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("-15.00", "-15.00"),
        ("-15,00", "-15.00"),
        ("+1234", "1234"),
        ("-1 234,56", "-1234.56"),
        ("-1\u00a0234,56", "-1234.56"),
        ("\u22121.234,56", "-1234.56"),
        ("1,234.56", "1234.56"),
        ("1'234'567.8", "1234567.8"),
        ("1.234.567", "1234567"),
        ("0.125", "0.125"),
        ("-1234.500", "-1234.500"),
        ("0", "0"),
    ],
)
def test_an_amount_is_read_exactly(text: str, amount: str) -> None:
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["1.234", "-12,500", "999,999"])
def test_an_amount_with_two_meanings_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="two ways"):
        amount_of(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "12,50 zł", "NaN", "1e5", "(12.00)", "1,23,45", "1.23.456", "1,234,56", "٣", "1" * 16, "12."],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no amount"):
        amount_of(text)


@pytest.mark.parametrize(
    ("text", "code"), [("5411", "5411"), ("5411.0", "5411"), ("742", "0742"), ("0742", "0742"), ("", None)]
)
def test_a_merchant_category_code_is_read_as_programs_write_it(text: str, code: str | None) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize("text", ["54110", "54", "5411.5", "-", "grocery"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no merchant category code"):
        code_of(text)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_first_line_tells_what_parts_the_cells(delimiter: str) -> None:
    head, rows = read_table(
        f"Date{delimiter}note{delimiter}AMOUNT\n2026-05-22{delimiter}a{delimiter}-1\n".splitlines(True)
    )
    (row,) = rows
    assert head.delimiter == delimiter
    assert (row.line, row.cells, row.item.currency_amount) == (2, ["2026-05-22", "a", "-1"], Decimal(-1))


def test_a_cell_may_hold_line_ends_and_the_lines_are_counted_as_they_stand() -> None:
    rows = rows_of('date,amount,title\n2026-05-22,-1,"a\nb"\n\n2026-05-23,-2,c\n')
    assert [(row.line, row.item.title) for row in rows] == [(2, "a\nb"), (5, "c")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Line 1: the table lacks date and amount; it has nothing"),
        ("date;total\n", "Line 1: the table lacks amount; it has 'date', 'total'"),
        ("date,amount,Amount\n", "Line 1: there are two columns amount"),
        ("date,amount\n2026-05-22,-1\n2026-05-23,abc\n", "Line 3, column amount: 'abc' is no amount"),
        ("date,amount\n2026-13-22,-1\n", "Line 2, column date: '2026-13-22' is no day"),
        ("date,amount,mcc\n2026-05-22,-1,x\n", "Line 2, column mcc: 'x' is no merchant category code"),
        ("date,amount\n,-1\n", "Line 2, column date: An empty cell is no date"),
        ("date,amount\n2026-05-22,-1,50\n", "Line 2: it has 3 cells, the first line has 2"),
        ("date,amount\n2026-05-22\n", "Line 2: it has 1 cells, the first line has 2"),
        ('date,amount,title\n2026-05-22,-1,"a\n2026-05-23,-2,b\n', "Line 2: unexpected end of data"),
        ('date,amount,title\n2026-05-22,-1,a\n2026-05-23,-2,"a"b\n', "Line 3: ',' expected after"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        rows_of(text)
    assert told in caught.value.message


def labelled(text: str, owner: str | None = None) -> list[tuple[int, tuple[str, ...]]]:
    found = survey(rows_of(text), owner)
    told = labelled_rows(rows_of(text), found.last, LABELLER, owner)
    return [(one.row.line, one.labels) for one in told]


TWO_ACCOUNTS = (
    "date,amount,party,party_iban,account,owner\n"
    f"2026-05-22,-1,x,{OWN},A,{{0}}\n"
    "2026-05-22,1,y,,B,{1}\n"
    f"2026-05-23,1,x,,{OWN},{{0}}\n"
)


def test_rows_of_several_owners_may_be_mixed_and_keep_their_places() -> None:
    assert labelled(TWO_ACCOUNTS.format("Jan Kowalski", "Anna Nowak")) == [
        (2, ("own transfer",)),
        (3, ()),
        (4, ()),
    ]


def test_an_owner_is_the_same_in_other_capitals() -> None:
    text = TWO_ACCOUNTS.format("Jan Kowalski", "Anna Nowak").replace("A,Jan Kowalski", "A,JAN  KOWALSKI")
    assert labelled(text)[0] == (2, ("own transfer",))


def test_without_an_owner_accounts_are_those_of_different_people_until_one_is_named() -> None:
    text = TWO_ACCOUNTS.format("", "")
    assert labelled(text)[0] == (2, ())
    assert labelled(text, owner="Jan Kowalski")[0] == (2, ("own transfer",))


def test_a_named_owner_is_known_in_the_party() -> None:
    text = "date,amount,party\n2026-05-22,-1,KOWALSKI JAN\n"
    assert labelled(text, owner="Jan Kowalski") == [(2, ("own transfer",))]


def test_no_more_rows_are_taken_than_one_owner_has() -> None:
    text = "date,amount,owner\n" + "".join(f"2026-05-22,-1,{who}\n" for who in "aaabbb")
    found = survey(rows_of(text), None)
    taken = 0

    def counting() -> Iterator[TableRow]:
        nonlocal taken
        for row in rows_of(text):
            taken += 1
            yield row

    told = labelled_rows(counting(), found.last, LABELLER, None)
    next(told)
    assert taken == 3


def test_a_survey_counts_owners_and_accounts() -> None:
    found = survey(
        rows_of("date,amount,account,owner\n2026-05-22,1,A,x\n2026-05-22,1,B,x\n2026-05-22,1,C,\n"), None
    )
    assert (found.rows, found.owners, found.nameless, len(found.accounts)) == (3, 1, 1, 3)
