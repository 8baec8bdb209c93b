"""From the details of an account to the model: an account, or a credit card, and its owner."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from kontora.connectors.protocol import BankAccount, BankCard
from kontora.connectors.standards.details import Details
from kontora.connectors.standards.json_fields import (
    Json,
    a_decimal,
    a_list,
    a_text,
    an_object,
    an_optional_object,
)
from kontora.connectors.standards.polish_api.access import Granted
from kontora.connectors.standards.polish_api.account_kinds import is_card
from kontora.connectors.standards.polish_api.dialect import Dialect
from kontora.connectors.standards.polish_api.fields import account_number, lines_of, masked_card_number
from kontora.errors import BankChanged
from kontora.model import Account, AccountOwner, CreditCard, Owner, OwnerKind

_OWNS = frozenset({"Owner", "Borrower"})


class Handle(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is needed to read the lists of an account: the number to ask for, and what was granted."""

    number: str
    granted: Granted

    def encoded(self) -> str:
        """Return the handle as text."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decoded(cls, text: str) -> Handle:
        """Return the handle of that text."""
        return msgspec.json.decode(text, type=cls)


def parse_account(body: Json, granted: Granted, dialect: Dialect) -> BankAccount | BankCard:
    """Read the details of an account; cards are accounts of a card type.

    The owners are told where the person who signed in owns the account, or owes what is on it: who is
    only allowed to act for somebody, is a guarantor or will inherit, is not its owner. The holder's name
    stands on the account all the same.
    Raises: BankChanged, if number, currency or balance is missing.
    Source: PolishAPI 2.1.2, `AccountInfo`; `spec/psd2.md` 2 and 3.
    """
    item, at = an_object(body.get("account"), "account"), "account"
    told = a_text(item.get("accountNumber"), f"{at}.accountNumber")
    currency = a_text(item.get("currency"), f"{at}.currency")
    if told is None or currency is None or len(currency) != 3 or not currency.isalpha():
        raise BankChanged(f"{at} lacks accountNumber or currency")
    holder = _holder(item, at)
    details = _details(item.get("auxData"), at, dialect)
    handle = Handle(told, granted).encoded()
    owners = (holder,) if holder is not None and _is_the_persons_own(item, at) else ()
    shown = () if holder is None else (AccountOwner(holder.name, holder.address, holder.kind),)
    booked = a_decimal(item.get("bookingBalance"), f"{at}.bookingBalance")
    available = _optional_decimal(item.get("availableBalance"), f"{at}.availableBalance")
    names = _names(item, at)
    if is_card(item, at, dialect):
        card = _card(told, names, currency.upper(), details)
        card = msgspec.structs.replace(
            card, currency_balance=booked, currency_funds_available=available, owners=shown
        )
        return BankCard(handle, card, shown if owners else ())
    account = Account(
        name=next((name for name in names if name), account_number(told)),
        friendly_name=names[1] if names[0] else None,
        iban=account_number(told),
        currency_name=currency.upper(),
        currency_balance=booked,
        currency_funds_available=available,
        active_since_at_least=details.opened_on,
        direct_debit=details.direct_debit,
        owners=shown,
    )
    return BankAccount(handle, account, owners)


def _names(item: Json, at: str) -> tuple[str | None, str | None]:
    """Return the bank's name of the account, and the owner's own."""
    kind = an_optional_object(item.get("accountType"), f"{at}.accountType")
    return (
        a_text(item.get("accountTypeName"), f"{at}.accountTypeName")
        or a_text(kind.get("description"), f"{at}.accountType.description"),
        a_text(item.get("accountNameClient"), f"{at}.accountNameClient"),
    )


def _card(told: str, names: tuple[str | None, str | None], currency: str, details: Details) -> CreditCard:
    """Return a card. Its number may be that of the card, or of the account behind it."""
    number = account_number(told)
    is_account = number[:2].isalpha()
    shown = number if is_account else masked_card_number(told)
    return CreditCard(
        name=next((name for name in names if name), shown),
        card_id=shown,
        number=None if is_account else shown,
        iban=number if is_account else details.iban,
        currency_name=currency,
        limit=details.limit,
        interest=details.interest,
        due_date=details.due_on,
    )


def _holder(item: Json, at: str) -> Owner | None:
    """Return whose account it is: the first line is the name, by convention, the others the address."""
    lines = lines_of(item.get("nameAddress"), f"{at}.nameAddress")
    if not lines:
        return None
    kind = OwnerKind.CO_OWNER if _is_shared(item, at) else OwnerKind.OWNER
    if item.get("accountHolderType") == "corporation":
        kind = OwnerKind.COMPANY
    return Owner(name=lines[0], kind=kind, address=" ".join(lines[1:]) or None)


def _relations(item: Json, at: str) -> list[tuple[str, Decimal]]:
    """Return what the person is to the account, each time with their stake in per cent; 0, if not told."""
    name = f"{at}.psuRelations"
    told = [an_object(value, name) for value in a_list(item.get("psuRelations"), name)]
    return [
        (
            a_text(one.get("typeOfRelation"), f"{name}.typeOfRelation") or "",
            _optional_decimal(one.get("stake"), f"{name}.stake") or Decimal(0),
        )
        for one in told
    ]


def _is_shared(item: Json, at: str) -> bool:
    """Tell whether the person owns the account together with others: a stake of less than the whole."""
    return any(relation == "Owner" and 0 < stake < 100 for relation, stake in _relations(item, at))


def _is_the_persons_own(item: Json, at: str) -> bool:
    relations = {relation for relation, _ in _relations(item, at)}
    return not relations or bool(relations & _OWNS)


def _details(value: Any, at: str, dialect: Dialect) -> Details:
    told = an_optional_object(value, f"{at}.auxData")
    return dialect.parse_details({name: text for name, text in told.items() if isinstance(text, str)})


def _optional_decimal(value: Any, name: str) -> Decimal | None:
    return None if value is None else a_decimal(value, name)
