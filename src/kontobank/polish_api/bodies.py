"""Bodies as the standard wants them, from the ledger. All pure.

Source: PolishAPI 2.1.2; AccountBaseInfo, AccountInfo, TransactionInfo, HoldInfo.
"""

from __future__ import annotations

from datetime import date
from textwrap import wrap
from typing import Any

from kontobank.bodies import money
from kontobank.ledger import Account, Card, Item, Person

Body = dict[str, Any]
_LINE, _LINES = 35, 4
_TYPES = {
    "CACC": "Rachunek oszczędnościowo-rozliczeniowy",
    "SVGS": "Rachunek oszczędnościowy",
    "CARD": "Rachunek karty kredytowej",
}


def masked(number: str) -> str:
    """Return a number as the list of accounts shows it: the middle hidden; a masked card number as it is."""
    return number if "*" in number else f"{number[:4]}{'*' * (len(number) - 10)}{number[-6:]}"


def base_info(place: Account | Card, *, is_shared: bool) -> Body:
    """Return AccountBaseInfo."""
    return {
        "accountNumber": masked(place.number),
        "accountTypeName": place.name[:32],
        "accountType": _type(place),
        "psuRelations": [_relation(place, is_shared=is_shared)],
    }


def account_info(
    place: Account | Card, booked_cents: int, pending_cents: int, bic: str, *, is_shared: bool, due_on: str
) -> Body:
    """Return AccountInfo. What is available of a card is what is left of its limit."""
    holder = place.owners[0]
    available = booked_cents + pending_cents
    if isinstance(place, Card):
        available = place.limit_cents + booked_cents
        extra = {
            "creditLimit": money(place.limit_cents),
            "interest": place.interest,
            "due": due_on,
            "account": place.account_number,
        }
    else:
        extra = {"opened": str(place.opened_on), "directDebit": "yes" if place.direct_debit else "no"}
    return {
        "accountNumber": place.number,
        "nameAddress": {"value": _lines(holder)},
        "accountType": _type(place),
        "accountTypeName": place.name[:32],
        "accountHolderType": "corporation" if holder.is_company else "individual",
        "accountNameClient": place.display_name[:32],
        "currency": place.currency,
        "availableBalance": money(max(0, available)),
        "bookingBalance": money(booked_cents),
        "bank": {"bicOrSwift": bic, "name": "KontoBank"},
        "psuRelations": [_relation(place, is_shared=is_shared)],
        "auxData": extra,
    }


def transaction_info(item: Item, place: Account | Card, *, as_numbers: bool = False) -> Body:
    """Return TransactionInfo, or one of its relatives for what is not booked."""
    body = {**_item(item, place, as_numbers=as_numbers), "transactionCategory": _category(item)}
    own = {"accountNumber": place.number}
    sender, recipient = (own, _party(item)) if item.cents < 0 else (_party(item), own)
    body |= {name: side for name, side in (("sender", sender), ("recipient", recipient)) if side}
    if item.booked_on is not None:
        body["transactionStatus"] = {"code": "DONE", "description": "Zaksięgowana"}
        body["bookingDate"] = noon(item.booked_on)
        if item.balance_cents is not None:
            body["postTransactionBalance"] = _amount(item.balance_cents, as_numbers=as_numbers)
    return body


def hold_info(item: Item, place: Account | Card) -> Body:
    """Return HoldInfo: a hold is always a debit, and has no category."""
    body = {**_item(item, place), "sender": {"accountNumber": place.number}}
    if party := _party(item):
        body["recipient"] = party
    return body


def noon(day: date) -> str:
    """Return a day as a date-time, at an hour that is the same day everywhere in Europe."""
    return f"{day}T12:00:00.000Z"


def _item(item: Item, place: Account | Card, *, as_numbers: bool = False) -> Body:
    body: Body = {
        "itemId": item.id,
        "amount": _amount(abs(item.cents), as_numbers=as_numbers),
        "currency": place.currency,
        "description": item.title[:140],
        "tradeDate": noon(item.value_on),
    }
    if item.entry.kind:
        body["transactionType"] = item.entry.kind
    if item.entry.mcc:
        body["mcc"] = item.entry.mcc
    return body


def _amount(cents: int, *, as_numbers: bool) -> str | float:
    return cents / 100 if as_numbers else money(cents)


def _category(item: Item) -> str:
    return "DEBIT" if item.cents < 0 else "CREDIT"


def _party(item: Item) -> Body:
    party: Body = {"accountNumber": item.entry.party_iban} if item.entry.party_iban else {}
    if item.party:
        party["nameAddress"] = {"value": wrap(item.party, _LINE)[:_LINES]}
    return party


def _lines(holder: Person) -> list[str]:
    return [holder.name[:_LINE], *wrap(holder.address, _LINE)][:_LINES]


def _type(place: Account | Card) -> Body:
    code = "CARD" if isinstance(place, Card) else place.type_code
    return {"code": code, "description": _TYPES.get(code, code)}


def _relation(place: Account | Card, *, is_shared: bool) -> Body:
    relation: Body = {"typeOfRelation": "Owner"}
    if is_shared and len(place.owners) > 1:
        relation["stake"] = 100 // len(place.owners)
    return relation
