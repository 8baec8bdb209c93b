"""What the text of a row means: kind, party, account, title, in all the ways that banks write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.statements.rows.layout_parts import layout_of

from kontora.statements.rows.accounts import account_at_start, account_line
from kontora.statements.rows.description import Meaning, meaning_of

OWN = "PL12345678901234567890123456"
OTHER = "98 7654 3210 9876 5432 1098 7654"
OTHER_IBAN = "PL98765432109876543210987654"


def meaning(*lines: str, is_debit: bool = True, reference: str | None = None, **description: Any) -> Meaning:
    layout = layout_of(
        description={"kind": "none", "rest": "title", **description},
        arithmetic={"amount_in_text": "amount_in_text" in description},
        reference=reference,
    )
    return meaning_of({"description": list(lines)}, layout, OWN, is_debit=is_debit)


def test_labels_are_found_inside_of_lines_and_over_line_ends() -> None:
    found = meaning(
        "PRZELEW",
        f"Rachunek: {OTHER} Nadawca: JAN",
        "PRÓBNY Tytuł: czynsz",
        "za maj",
        kind="first-lines",
        party=["Nadawca:"],
        party_iban=["Rachunek:"],
        title=["Tytuł:"],
    )
    assert (found.kind, found.party, found.party_iban) == ("PRZELEW", "JAN PRÓBNY", OTHER_IBAN)
    assert found.title == "czynsz za maj"


def test_a_description_without_a_kind_begins_with_its_first_label() -> None:
    found = meaning("Nadawca: JAN", kind="first-lines", party=["Nadawca:"])
    assert (found.kind, found.party) == (None, "JAN")


def test_the_longest_known_kind_is_taken_and_an_unknown_one_stays_in_the_text() -> None:
    kinds = ["Przelew", "Przelew własny"]
    assert meaning("Przelew", "własny x", kind="known", kinds=kinds).kind == "Przelew własny"
    assert meaning("Przelewy24 x", kind="known", kinds=kinds) == meaning("Przelewy24 x")


def test_an_account_on_a_line_of_its_own_stands_between_party_and_title() -> None:
    found = meaning("JAN PRÓBNY", "UL. DŁUGA 1", OTHER, "CZYNSZ", "MAJ", account_line="after-party")
    assert (found.party, found.title, found.party_iban) == (
        "JAN PRÓBNY UL. DŁUGA 1",
        "CZYNSZ MAJ",
        OTHER_IBAN,
    )


def test_an_account_may_stand_above_the_party() -> None:
    found = meaning("RATA 1", OTHER, "JAN PRÓBNY", "UL. DŁUGA 1", account_line="before-party")
    assert (found.party, found.title) == ("JAN PRÓBNY UL. DŁUGA 1", "RATA 1")
    line = meaning(OTHER, "JAN PRÓBNY", "CZYNSZ", account_line="before-party-line")
    assert (line.party, line.title) == ("JAN PRÓBNY", "CZYNSZ")


def test_the_accounts_own_number_is_not_the_partys() -> None:
    labels = {"party_iban": ["Z rachunku:", "Na rachunek:"]}
    found = meaning("Z rachunku: 12 3456 7890 1234 5678 9012 3456", f"Na rachunek: {OTHER}", **labels)
    assert found.party_iban == OTHER_IBAN


@pytest.mark.parametrize(("is_debit", "party"), [(True, "ANNA"), (False, "JAN")])
def test_of_sender_and_recipient_the_party_is_the_other_one(is_debit: bool, party: str) -> None:
    labels = {"sender": ["Nadawca:"], "recipient": ["Odbiorca:"]}
    assert meaning("Nadawca: JAN", "Odbiorca: ANNA", is_debit=is_debit, **labels).party == party


def test_the_amount_that_a_description_repeats_is_read_with_its_currency() -> None:
    pattern = "na kwotę ([0-9 ]+,[0-9]{2} [A-Z]{3})"
    found = meaning("kartą na kwotę 1 027,00 EUR w SKLEP", amount_in_text=pattern)
    assert found.amount_in_text == (Decimal("1027.00"), "EUR")


def test_a_shop_is_found_by_the_pattern_of_the_layout() -> None:
    found = meaning("kartą na kwotę 27,00 PLN w ŻABKA", party_pattern="na kwotę [0-9,]+ PLN w (.+)")
    assert (found.party, found.title) == ("ŻABKA", None)


def test_what_stands_before_a_label_that_ends_a_party_is_the_party() -> None:
    found = meaning("ŻABKA", "ŁÓDŹ DATA", "TRANSAKCJI: 2026-09-10", after_party=["DATA TRANSAKCJI:"])
    assert (found.party, found.title) == ("ŻABKA ŁÓDŹ", None)


def test_a_date_with_a_label_and_a_reference_are_taken_out_of_the_text() -> None:
    layout_parts = {"transaction_on": "Data waluty:"}
    table = {"reading": {"dates": ["booked_on"], "numbers": ["amount", "balance"]}, "grid": None}
    layout = layout_of(
        description={"kind": "none", **layout_parts}, table=table, reference="[A-Z]{3}[0-9]{13}"
    )
    lines = ["CEN9391372382115 Data waluty: 30.09.2026", "czynsz"]
    found = meaning_of({"description": lines}, layout, OWN, is_debit=True)
    assert (found.transaction_on, found.reference) == (date(2026, 9, 30), "CEN9391372382115")
    assert found.title == "czynsz"


def test_details_hold_kind_and_reference_among_other_things() -> None:
    layout = layout_of(description={"kind": "known", "kinds": ["TR.KART"]}, reference="20[0-9]{16}")
    texts = {"details": ["202204012952629961", "TR.KART", "Nr karty 4246xx5809"], "description": []}
    found = meaning_of(texts, layout, OWN, is_debit=True)
    assert (found.kind, found.reference, found.title) == ("TR.KART", "202204012952629961", None)


def test_a_column_of_parties_may_have_a_label_and_an_account() -> None:
    layout = layout_of(description={"party": ["Nazwa i adres odbiorcy:"]})
    texts = {"party": ["Nazwa i adres", "odbiorcy:", "ANNA PRÓBNA", OTHER]}
    found = meaning_of(texts, layout, OWN, is_debit=True)
    assert (found.party, found.party_iban) == ("ANNA PRÓBNA", OTHER_IBAN)


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        (OTHER, OTHER_IBAN, ""),
        (f"PL {OTHER} JAN", OTHER_IBAN, " JAN"),
        ("98765432109876543210987654", OTHER_IBAN, ""),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000", ""),
    ],
)
def test_an_account_number_is_read_in_any_grouping(text: str, number: str, rest: str) -> None:
    account = account_at_start(text)
    assert account is not None
    assert (account.number, text[account.end :]) == (number, rest)


@pytest.mark.parametrize(
    "text",
    [
        "987654321098765432109876543",
        "9876543210987654321098765",
        "JAN",
        "",
    ],
)
def test_more_or_fewer_digits_are_no_account_number(text: str) -> None:
    assert account_at_start(text) is None


@pytest.mark.parametrize(
    ("line", "is_account"),
    [
        (OTHER, True),
        ("DE89 3704 0044 0532 0130 00", True),
        ("DE88 3704 0044 0532 0130 00", False),
        ("FV12 3456 7890", False),
        (f"{OTHER} JAN", False),
    ],
)
def test_a_line_without_a_label_is_a_foreign_account_only_by_its_check_digits(
    line: str, is_account: bool
) -> None:
    assert (account_line(f"JAN\n{line}\nCZYNSZ") is not None) == is_account
