"""Data that a client has labelled and nobody keeps: from the body to an import, and from labels to the reply.

Source: wire.md, 9.10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from kontora.errors import InvalidBody
from kontora.labels.rules import COUNTRIES
from kontora.model import Account, Import, MoneyTransaction, Owner, OwnerKind, TransactionStatus
from kontora.wire.checked_objects import Complaint, converted
from kontora.wire.told_labels import Shown, label_fields

MOST_MONEY_TRANSACTIONS = 10_000
DEFAULT_COUNTRY = "pl"
ORIGIN = "external"
_Text = Annotated[str, msgspec.Meta(max_length=2000)]
_Name = Annotated[str, msgspec.Meta(max_length=500)]
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class _Part(msgspec.Struct, frozen=True, rename="camel"):
    pass


class ExternalMoneyTransaction(_Part, frozen=True):
    """A money transaction. `id`: the caller's own."""

    id: _Id
    transaction_on: date
    currency_amount: Decimal
    title: _Text | None = None
    party: _Text | None = None
    party_iban: _Name | None = None
    kind: _Text | None = None
    mcc: _Name | None = None


class ExternalAccount(_Part, frozen=True):
    """An account; its number is known among the owner's own."""

    money_transactions: tuple[ExternalMoneyTransaction, ...]
    iban: _Name | None = None
    currency_name: _Name | None = None


class ExternalOwner(_Part, frozen=True):
    """Whose accounts they are."""

    name: _Name


class ExternalData(_Part, frozen=True):
    """All that a request brings. `country`: whose rules label it."""

    accounts: Annotated[tuple[ExternalAccount, ...], msgspec.Meta(max_length=500)]
    country: _Name | None = None
    owners: Annotated[tuple[ExternalOwner, ...], msgspec.Meta(max_length=100)] | None = None


@dataclass(frozen=True)
class ToLabel:
    """What is to be labelled. `ids`: the caller's, in the order of accounts and their money transactions."""

    imported: Import
    ids: tuple[str, ...]


def read_external(document: Any, *, at: datetime) -> ToLabel:
    """Read a parsed body. `at`: now. Fields that are not known are ignored.

    Raises: InvalidBody, with all that is wrong.
    """
    told = converted(document, ExternalData)
    if isinstance(told, tuple):
        raise InvalidBody(*told)
    if wrong := tuple(_wrong_together(told)):
        raise InvalidBody(*wrong)
    imported = Import(
        target="",
        institution="",
        imported_at=at,
        owners=tuple(Owner(name=owner.name, kind=OwnerKind.OWNER) for owner in told.owners or ()),
        accounts=tuple(_account(account) for account in told.accounts),
        origin=ORIGIN,
        country=_country(told),
    )
    ids = tuple(item.id for account in told.accounts for item in account.money_transactions)
    return ToLabel(imported, ids)


def _wrong_together(told: ExternalData) -> Iterator[Complaint]:
    """Return what is wrong with parts that are sound by themselves."""
    if _country(told) not in COUNTRIES:
        yield "country", f"There are labels for {', '.join(COUNTRIES)}."
    count = sum(len(account.money_transactions) for account in told.accounts)
    if count > MOST_MONEY_TRANSACTIONS:
        yield (
            "accounts",
            f"There are {count} money transactions, over {MOST_MONEY_TRANSACTIONS}. Send several requests,"
            " each with whole accounts.",
        )
        return
    seen: set[str] = set()
    for place, account in enumerate(told.accounts):
        for number, item in enumerate(account.money_transactions):
            if item.id in seen:
                yield f"accounts[{place}].moneyTransactions[{number}].id", "Another has it, too."
            seen.add(item.id)


def _country(told: ExternalData) -> str:
    return (told.country or DEFAULT_COUNTRY).lower()


def _account(account: ExternalAccount) -> Account:
    items = (
        MoneyTransaction(
            transaction_on=item.transaction_on,
            currency_amount=item.currency_amount,
            status=TransactionStatus.DONE,
            title=item.title,
            party=item.party,
            party_iban=item.party_iban,
            kind=item.kind,
            mcc=item.mcc,
        )
        for item in account.money_transactions
    )
    return Account(
        name="",
        iban=account.iban or "",
        currency_name=account.currency_name or "",
        money_transactions=tuple(items),
    )


def render_external(asked: ToLabel, labelled: Import, shown: Shown) -> bytes:
    """Render the labels of each money transaction, in the order of the request."""
    items = (item for account in labelled.accounts for item in account.money_transactions)
    told = [
        {"id": name, **label_fields(shown, labelled.country, item.labels, item.vendors)}
        for name, item in zip(asked.ids, items, strict=True)
    ]
    return msgspec.json.encode({"content": {"moneyTransactions": told}})
