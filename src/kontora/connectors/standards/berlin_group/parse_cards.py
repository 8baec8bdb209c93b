"""From the list of credit cards, and their balances, to the model."""

from __future__ import annotations

from collections import Counter

import msgspec

from kontora.connectors.protocol import BankCard
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.fields import money
from kontora.connectors.standards.berlin_group.parse_accounts import Handle, parse_handle, parse_owners
from kontora.connectors.standards.berlin_group.parse_balances import Balances, parse_balances
from kontora.connectors.standards.details import Details
from kontora.connectors.standards.json_fields import Json, a_flag, a_list_of, a_text, an_object
from kontora.errors import BankChanged
from kontora.model import AccountOwner, CreditCard


def parse_cards(body: Json, url: str, dialect: Dialect) -> tuple[BankCard, ...]:
    """Read the list of credit cards; deleted ones are left out, empty where there is none.

    Raises: BankChanged.
    Source: Berlin Group XS2A 1.3.11, `cardAccountList`.
    """
    items = [
        (f"cardAccounts[{index}]", an_object(item, f"cardAccounts[{index}]"))
        for index, item in enumerate(a_list_of(body, "cardAccounts"))
    ]
    items = [(at, item) for at, item in items if item.get("status") != "deleted"]
    masked = Counter(a_text(item.get("maskedPan"), at) for at, item in items)
    return tuple(
        _card(item, at, url, dialect, alone=masked[a_text(item.get("maskedPan"), at)] == 1)
        for at, item in items
    )


def _card(item: Json, at: str, url: str, dialect: Dialect, *, alone: bool) -> BankCard:
    number = a_text(item.get("maskedPan"), f"{at}.maskedPan")
    resource = a_text(item.get("resourceId"), f"{at}.resourceId")
    currency = a_text(item.get("currency"), f"{at}.currency")
    if number is None or currency is None:
        raise BankChanged(f"{at} lacks maskedPan or currency")
    flip = a_flag(item.get("debitAccounting"), f"{at}.debitAccounting")
    limit = (
        money(item["creditLimit"], f"{at}.creditLimit")[0] if item.get("creditLimit") is not None else None
    )
    names = (a_text(item.get(key), f"{at}.{key}") for key in ("name", "product", "displayName"))
    told = a_text(item.get("details"), f"{at}.details")
    details = dialect.parse_details(told) if told else Details()
    owners = parse_owners(item, at, None, dialect)
    card = CreditCard(
        name=next((name for name in names if name), number),
        card_id=number if alone or resource is None else resource,
        number=number,
        currency_name=currency.upper(),
        limit=limit,
        iban=details.iban,
        interest=details.interest,
        due_date=details.due_on,
        owners=tuple(AccountOwner(owner.name, owner.address, owner.kind) for owner in owners),
    )
    balances = parse_balances(item.get("balances"), f"{at}.balances", dialect, is_card=True, flip=flip)
    handle = msgspec.structs.replace(
        parse_handle(item, at, url), debits_positive=flip, complete=card.currency_name in balances
    )
    if handle.complete:
        card = _card_with(card, balances[card.currency_name])
    return BankCard(handle.encoded(), card, card.owners)


def parse_card_balances(body: Json, card: CreditCard, handle: Handle, dialect: Dialect) -> CreditCard:
    """Complete a card with the answer to its balances.

    Raises: BankChanged, if there is no balance in the card's currency.
    """
    flip = handle.debits_positive
    if body.get("debitAccounting") is not None:
        flip = a_flag(body["debitAccounting"], "debitAccounting")
    balances = parse_balances(a_list_of(body, "balances"), "balances", dialect, is_card=True, flip=flip)
    if card.currency_name not in balances:
        raise BankChanged("balances has nothing in the card's currency")
    return _card_with(card, balances[card.currency_name])


def _card_with(card: CreditCard, balances: Balances) -> CreditCard:
    return msgspec.structs.replace(
        card, currency_balance=balances.booked, currency_funds_available=balances.available
    )
