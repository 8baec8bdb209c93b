"""What clients uploaded, merged with itself, with what banks told, and with statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from kontora.model import Account, CreditCard, Import, MoneyTransaction, Owner, OwnerKind, TransactionStatus
from kontora.wire.merge import merge_imports

AT = datetime(2026, 5, 23, 7, 0, tzinfo=UTC)
BEFORE, LATER = AT - timedelta(hours=1), AT + timedelta(hours=1)


def item(day: int, title: str = "t", *, amount: str = "-1.00", **fields: Any) -> MoneyTransaction:
    return MoneyTransaction(
        date(2026, 5, day),
        Decimal(amount),
        fields.pop("status", TransactionStatus.DONE),
        title=title,
        **fields,
    )


def upload(
    *items: MoneyTransaction, iban: str = "PL1", target: str = "Upload", at: datetime = AT, **fields: Any
) -> Import:
    accounts = (Account(fields.pop("name", ""), iban, "PLN", money_transactions=items, **fields),)
    return Import(target, target, at, accounts=accounts, origin="upload")


def bank(*items: MoneyTransaction, at: datetime = AT, origin: str = "scraper") -> Import:
    return Import(
        "Bank", "B", at, accounts=(Account("Konto", "PL1", "PLN", money_transactions=items),), origin=origin
    )


def titles(imported: Import, place: int = 0) -> list[str | None]:
    return [one.title for one in imported.accounts[place].money_transactions]


def test_the_same_money_transactions_are_kept_once_up_to_their_number() -> None:
    first = upload(item(2, "b"), item(1, "a"), item(1, "a"))
    again = upload(item(3, "c"), item(1, "a"), item(1, "a"), item(1, "a"), at=LATER)
    (merged,) = merge_imports((first, again))
    assert titles(merged) == ["c", "b", "a", "a", "a"]


def test_another_party_makes_another_money_transaction() -> None:
    (merged,) = merge_imports((upload(item(1, party="x")), upload(item(1, party="y"), at=LATER)))
    assert len(merged.accounts[0].money_transactions) == 2


def test_an_upload_says_nothing_of_what_it_does_not_hold() -> None:
    first = upload(
        item(2, "pending", status=TransactionStatus.PENDING), currency_balance=Decimal(5), name="Konto"
    )
    (merged,) = merge_imports((first, upload(item(1, "old"), at=LATER)))
    assert titles(merged) == ["pending", "old"]
    assert (merged.accounts[0].name, merged.accounts[0].currency_balance) == ("Konto", Decimal(5))


def test_an_account_that_the_bank_told_of_stands_once_and_the_bank_is_right() -> None:
    for at in (BEFORE, LATER):
        told = upload(item(2, "in other words"), item(1, "earlier"), name="Mine", at=at)
        (merged,) = merge_imports((bank(item(2, "Bank's words")), told))
        assert (merged.target, merged.accounts[0].name) == ("Bank", "Konto")
        assert titles(merged) == ["Bank's words", "earlier"]
        assert merged.origin == ("upload" if at == BEFORE else "scraper")


def test_an_account_of_a_statement_stands_once() -> None:
    (merged,) = merge_imports(
        (bank(item(2, "s"), origin="pdf"), upload(item(2, "x"), item(1, "y"), at=LATER))
    )
    assert titles(merged) == ["s", "y"]


def test_what_no_bank_has_stays_a_target_of_its_own_unless_it_is_called_like_one() -> None:
    both = merge_imports((bank(item(2)), upload(item(1), iban="PL2")))
    assert [one.target for one in both] == ["Bank", "Upload"]
    (one,) = merge_imports((bank(item(2)), upload(item(1), iban="PL2", target="Bank")))
    assert [account.iban for account in one.accounts] == ["PL1", "PL2"]


def test_an_upload_is_shared_out_account_by_account_with_its_owners() -> None:
    one = upload(item(1, "a"))
    other = upload(item(1, "b"), iban="PL2")
    owners = (Owner("JAN KOWALSKI", OwnerKind.OWNER),)
    both = replace(one, accounts=one.accounts + other.accounts, owners=owners)
    first, second = merge_imports(
        (replace(bank(item(2)), owners=(Owner("Kowalski Jan", OwnerKind.OWNER),)), both)
    )
    assert [account.iban for account in first.accounts] == ["PL1"]
    assert [owner.name for owner in first.owners] == ["Kowalski Jan"]
    assert [account.iban for account in second.accounts] == ["PL2"]


def test_owners_alone_and_cards_are_kept() -> None:
    alone = Import("Upload", "Upload", AT, owners=(Owner("x", OwnerKind.OWNER),), origin="upload")
    card = CreditCard("Visa", "c-1", "PLN", money_transactions=(item(1),))
    with_card = replace(alone, owners=(), credit_cards=(card,), imported_at=LATER)
    (merged,) = merge_imports((alone, with_card))
    assert len(merged.owners) == 1
    assert merged.credit_cards == (card,)
    (joined,) = merge_imports((replace(bank(), credit_cards=(replace(card, name="Bank's"),)), with_card))
    assert [one.name for one in joined.credit_cards or ()] == ["Bank's"]
