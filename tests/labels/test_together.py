"""Imports of one owner labelled as one whole: transfers between banks, countries, and what comes back."""

from __future__ import annotations

from msgspec.structs import replace
from tests.labels.building import KNOWLEDGE, OTHER, imported, mt

from kontora.labels.labelling import Knowledge
from kontora.labels.together import country_of, known_of, label_together
from kontora.model import Account, CreditCard, Import, Vendor


def know(country: str) -> Knowledge | None:
    return KNOWLEDGE if country in {"pl", "es"} else None


def second(*items: object, country: str | None = "pl") -> Import:
    account = Account("Konto", OTHER, "PLN", money_transactions=items)  # type: ignore[arg-type]
    return replace(imported(), target="MBank", accounts=(account,), country=country)


def first(*items: object, country: str | None = "pl") -> Import:
    return replace(imported(*items), country=country)  # type: ignore[arg-type]


def labels(imports: list[Import]) -> list[list[set[str]]]:
    return [
        [set(item.labels) for account in one.imported.accounts for item in account.money_transactions]
        for one in label_together(imports, know=know)
    ]


def test_a_transfer_to_the_owners_account_at_another_bank_is_seen_only_together() -> None:
    sent = first(mt("-50.00", "przelew środków", "Anna Nowak", iban=OTHER))
    assert "own transfer" not in labels([sent])[0][0]
    assert "own transfer" in labels([sent, second()])[0][0]


def test_accounts_in_a_country_without_rules_are_own_numbers_too_but_get_no_labels() -> None:
    sent = first(mt("-50.00", "przelew środków", "Anna Nowak", iban=OTHER))
    found = labels([sent, second(mt("-5.00", "Biedronka"), country="de")])
    assert "own transfer" in found[0][0]
    assert found[1] == [set()]


def test_an_import_without_a_country_loses_the_labels_it_was_stored_with() -> None:
    stored = second(replace(mt("-5.00", "x"), labels=("tax",), vendors=(Vendor("tax", "y"),)), country=None)
    (found,) = label_together([stored], know=know)
    assert found.imported.accounts[0].money_transactions[0].labels == ()
    assert found.imported.accounts[0].money_transactions[0].vendors == ()


def test_each_import_gets_its_own_accounts_cards_and_reasons_back() -> None:
    card = CreditCard("Visa", "c-1", "PLN", money_transactions=(mt("-7.00", "Orlen"),))
    one = replace(first(mt("-5.00", "Biedronka")), credit_cards=(card,))
    other = second(mt("-3.00", "Ikea", kind="karta"), mt("-4.00", "Żabka"))
    found = label_together([one, other], know=know)
    assert [part.imported.target for part in found] == ["KontoBank", "MBank"]
    assert [len(part.imported.credit_cards or ()) for part in found] == [1, 0]
    assert found[1].imported.credit_cards is None
    for part, before in zip(found, (one, other), strict=True):
        sources = (*part.imported.accounts, *(part.imported.credit_cards or ()))
        told = [[set(item.labels) for item in source.money_transactions] for source in sources]
        assert told == [[{one.label for one in row} for row in rows] for rows in part.reasons]
        assert [account.iban for account in part.imported.accounts] == [a.iban for a in before.accounts]
    assert found[0].imported.credit_cards[0].money_transactions[0].labels == ("fuel",)  # type: ignore[index]


def test_vendors_stand_beside_labels_where_they_are_told() -> None:
    bought = mt("-5.00", "zakup", "Żabka Z123")
    found = [
        label_together([first(bought, country=country)], know=lambda _: KNOWLEDGE)[0].imported
        for country in ("pl", "es", "cz", "pt")
    ]
    vendors = [one.accounts[0].money_transactions[0].vendors for one in found]
    assert vendors == [(Vendor("grocery", "Żabka"),), (Vendor("grocery", "Żabka"),), (), ()]


def test_the_country_of_an_owner_is_that_of_most_money_transactions() -> None:
    one, other = first(mt("1.00"), country="es"), second(mt("1.00"), mt("2.00"))
    assert country_of([one, other]) == country_of([other, one]) == "pl"
    assert country_of([first(mt("1.00")), second(mt("1.00"), country="es")]) == "es"
    assert country_of([first(country=None)]) is None
    assert country_of([]) is None


def test_nothing_is_known_of_a_country_without_rules() -> None:
    assert known_of("de") is None
    assert known_of("pl") is known_of("pl") is not None
