"""What only neighbours tell, with a small rule book; and that time grows with the rows alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.labels.building import KNOWLEDGE, imported, labels, mt, rule

from kontora.labels import sequences
from kontora.labels.dictionary import Dictionary
from kontora.labels.labelling import Knowledge, Labeller
from kontora.labels.normalising import words_of
from kontora.labels.persons import same_person
from kontora.labels.row import Row
from kontora.labels.rules import Fact, Field
from kontora.model import MoneyTransaction

SHOPS = Knowledge(
    Dictionary(
        (
            rule("apparel", "Zara", "Massimo Dutti", merchant=True, vendors=True),
            rule("household", "drogeria", merchant=True),
            rule("card", "karta", fact=Fact.CARD, fields=(Field.KIND,)),
        )
    ),
    first_names=KNOWLEDGE.first_names,
)


def shop_labels(*items: MoneyTransaction) -> list[set[str]]:
    """Return the labels of card rows, whose shops stand in the title alone."""
    found = Labeller(SHOPS).label(imported(*items)).imported.accounts[0].money_transactions
    return [set(item.labels) for item in found]


def card(amount: str, title: str, on: str = "2026-05-10") -> MoneyTransaction:
    """A row of a card."""
    return mt(amount, title, on=on, kind="karta")


def test_a_shop_in_the_title_returns_money_of_an_earlier_purchase_there() -> None:
    bought, returned = card("-60", "COMPRA 4417 ZARA MADRID"), card("60", "4417 ZARA MADRID", "2026-05-20")
    assert shop_labels(bought, returned) == [{"apparel"}, {"refund"}]
    assert shop_labels(bought, card("60", "MASSIMO DUTTI", "2026-05-20")) == [{"apparel"}, set()]
    assert shop_labels(bought, card("61", "ZARA", "2026-05-20")) == [{"apparel"}, set()]
    assert shop_labels(bought, card("60", "ZARA", "2026-11-07")) == [{"apparel"}, set()]
    assert shop_labels(bought, card("60", "ZARA", "2026-11-06")) == [{"apparel"}, {"refund"}]


def paid(*titles: str) -> list[set[str]]:
    """Return the labels of wages, a month apart, whose payer no field names."""
    return labels(*[mt("2800", title, on=f"2026-0{n}-10") for n, title in enumerate(titles, 1)])


@pytest.mark.parametrize(
    "titles",
    [
        (
            "pensja marzec 2026 Tartak Dolina",
            "PENSJA KWIECIEŃ 2026 TARTAK DOLINA",
            "pensja 05/2026 Tartak Dolina",
        ),
        ("pensja", "pensja", "pensja"),
    ],
)
def test_a_payer_whom_titles_alone_name_is_known_by_what_stays_in_them(titles: tuple[str, ...]) -> None:
    assert all("regular wage" in found for found in paid(*titles))
    assert not any("regular wage" in found for found in paid(*titles[:2]))


def test_titles_that_name_others_are_no_series() -> None:
    found = paid("pensja marzec Tartak Dolina", "pensja kwiecień Hotel Lipa", "pensja maj Tartak Dolina")
    assert not any("regular wage" in one for one in found)


def test_a_trade_is_not_a_shop() -> None:
    bought, other = card("-60", "DROGERIA POD LIPA"), card("60", "DROGERIA U KASI", "2026-05-20")
    assert shop_labels(bought, other) == [{"household"}, set()]


def test_the_largest_debit_of_the_last_half_year_bounds_a_refund() -> None:
    many = [mt(amount, "", "Sklep", on=f"2026-0{n}-01") for n, amount in enumerate(("-80", "-20", "-50"), 1)]
    assert labels(*many, mt("60", "", "Sklep", on="2026-06-29"))[-1] == {"refund"}
    assert labels(*many, mt("60", "", "Sklep", on="2026-07-10"))[-1] == set()
    assert labels(*many, mt("50", "", "Sklep", on="2026-07-10"))[-1] == {"refund"}


def test_rent_goes_on_where_the_words_are_missing() -> None:
    series = [
        mt("-900", title, "Anna Nowak", on=f"2026-0{month}-10")
        for month, title in enumerate(("", "za marzec", "czynsz", "jak zwykle"), 1)
    ]
    found = labels(*series, mt("-20", "pizza", "Anna Nowak", on="2026-04-11"))
    carried = {"rent", "monthly", "person transfer"}
    assert found == [carried, carried, {"rent", "monthly"}, carried, {"person transfer"}]


@pytest.mark.parametrize(
    "other",
    [
        mt("-900", "x", "Anna Nowacka", on="2026-06-10"),
        mt("-700", "x", "Anna Nowak", on="2026-06-10"),
        mt("-900", "x", "Anna Nowak", on="2026-07-20"),
        mt("900", "x", "Anna Nowak", on="2026-06-10"),
    ],
)
def test_rent_does_not_go_on_to_others_other_amounts_or_other_months(other: MoneyTransaction) -> None:
    assert "rent" not in labels(mt("-900", "czynsz", "Anna Nowak"), other)[1]


def test_what_says_something_else_is_not_rent() -> None:
    found = labels(mt("-900", "czynsz", "Anna Nowak"), mt("-900", "kredyt", "Anna Nowak", on="2026-06-10"))
    assert "rent" not in found[1]


def test_a_name_that_is_broken_or_cut_is_the_same_other_side() -> None:
    name = "TEMPO PRACA TYMCZASOWA SP. Z O.O. ODDZIAL WALBRZYCH"
    parties = (name, name[:35], f"{name[:35]} {name[35:]}", name.lower())
    wages = [mt("2800", "pensja", party, on=f"2026-0{n}-10") for n, party in enumerate(parties, 1)]
    assert all("regular wage" in found for found in labels(*wages))
    other = mt("2800", "pensja", "TEMPO PRACA TYMCZASOWA S.A.", on="2026-01-11")
    assert "regular wage" not in labels(other, *wages[:2])[0]


def test_no_money_has_no_label() -> None:
    assert labels(mt("0", "Żabka"), mt("0.00", "oplata weryfikacyjna")) == [set(), set()]


@pytest.mark.parametrize(
    ("party", "owner", "expected"),
    [
        ("JAN KOWALSKI", "KOWALSKI JAN", True),
        ("JAN KOWALSKI LIPOWA 1", "JAN KOWALSKI", True),
        ("ANNA WISNIEWSKA", "ANNA MARIA WISNIEWSKA", True),
        ("MARIA WISNIEWSKA", "ANNA MARIA WISNIEWSKA", False),
        ("ANNA MARIA", "ANNA MARIA WISNIEWSKA", False),
        ("LUCIA FERNANDEZ", "LUCIA FERNANDEZ GOMEZ", False),
        ("JAN", "JAN KOWALSKI", False),
        ("PIOTR KOWALSKI", "JAN KOWALSKI", False),
    ],
)
def test_the_owner_is_known_by_all_of_the_name(party: str, owner: str, expected: bool) -> None:
    assert same_person(party, owner) is expected


def rows_of(items: list[tuple[int, int]]) -> list[Row]:
    """Rows of one other side, by day and cents."""
    start = date(2026, 1, 1)
    words = words_of(None, "ACME", None)
    return [
        Row(0, n, start + timedelta(day), cents, words, None, None, "ACME")
        for n, (day, cents) in enumerate(items)
    ]


CENTS = st.sampled_from((-110, -101, -100, -99, -91, -90, -89, -10, -9, 0, 9, 10, 90, 99, 100, 110, 111))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 80), CENTS), max_size=14))
def test_monthly_is_what_its_rule_says_pair_by_pair(items: list[tuple[int, int]]) -> None:
    rows = rows_of(items)
    sequences.monthly(rows)
    for row in rows:
        expected = any(
            27 <= abs((row.on - other.on).days) <= 34
            and row.cents * other.cents > 0
            and 10 * abs(row.cents - other.cents) <= max(abs(row.cents), abs(other.cents))
            for other in rows
        )
        assert ("monthly" in row.reasons) == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), CENTS), max_size=14))
def test_a_refund_is_what_its_rule_says_pair_by_pair(items: list[tuple[int, int]]) -> None:
    rows = [row for row in rows_of(items) if row.cents]
    sequences.refunds(rows)
    for row in rows:
        expected = row.cents > 0 and any(
            0 <= (row.on - debit.on).days <= 180 and debit.cents <= -row.cents for debit in rows
        )
        assert ("refund" in row.reasons) == expected


def test_many_rows_of_one_other_side_are_not_compared_pair_by_pair() -> None:
    class Counted(int):
        """A whole number that counts how often it is compared."""

        compared = 0

        def __lt__(self, other: int) -> bool:
            Counted.compared += 1
            return int(self) < int(other)

    many = 4_000
    rows = rows_of([(0, 1000)] * many + [(30, -1100)] * many + [(31, 1000)] * many)
    for row in rows:
        row.cents = Counted(row.cents)
    for find in (sequences.monthly, sequences.refunds, sequences.carried):
        find(rows)
    assert Counted.compared < 100 * len(rows)
    assert sum("monthly" in row.reasons for row in rows) == 2 * many


def test_a_line_that_ends_inside_a_word_does_not_hide_it() -> None:
    whole = "ZAKUP KARTA 4417 DNIA 11.05.26 BIEDRONKA 12"
    line, rest = whole[:35], whole[35:]
    assert rest == "RONKA 12"
    assert labels(mt("-15", f"{line} {rest}"), mt("-15", "x", f"{line}\n{rest}")) == [{"grocery"}] * 2


def test_a_phrase_is_whole_again_behind_the_line() -> None:
    whole = "SPLATA NR 00123456 UMOWA KREDYT HIPOTECZNY RATA 3"
    found = labels(mt("-1500", f"{whole[:35]} {whole[35:]}"))
    assert found == [{"loan", "loan repayment", "mortgage"}]
    assert words_of(None, None, f"{whole[:35]} {whole[35:]}").title == f"{whole[:35]} {whole[35:]}"


@pytest.mark.parametrize(
    "cut", ["ZAKUPY W SOBOTE W SKLEPIE BIEDRONKA", "ZAKUPY W SKLEPIE W SOBOTE 1 BIEDRON"]
)
def test_a_name_that_the_end_of_the_line_cuts_is_known(cut: str) -> None:
    assert len(cut) == 35
    assert labels(mt("-15", cut)) == [{"grocery"}]


def test_a_cut_word_says_nothing_where_it_is_short_or_may_be_another() -> None:
    assert labels(mt("-15", "ZAKUPY W SKLEPIE W SOBOTE 123 BIEDR"), mt("-15", "SKLEP BIEDRON")) == [
        {"grocery"},
        set(),
    ]
    assert labels(mt("-15", "ZAKUPY W SKLEPIE W SOBOTE 1234 BIED")) == [set()]
    assert labels(mt("900", "ZAKUPY W SKLEPIE W SOBOTE 12 WYNAGR")) == [set()]
    assert labels(mt("-15", "WSZYSTKO W SKLEPIE W SOBOTE 1 ZAKUP")) == [set()]
    assert labels(mt("-15", "WSZYSTKO W SKLEPIE W SOBOTE  ZAKUPO")) == [{"restaurant"}]
