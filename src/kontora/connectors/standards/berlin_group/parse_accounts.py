"""From lists of accounts and cards, and their balances, to the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec

from kontora.connectors.protocol import BankAccount, BankCard
from kontora.connectors.standards.berlin_group.dialect import Details, Dialect
from kontora.connectors.standards.berlin_group.fields import (
    Json,
    a_flag,
    a_list,
    a_text,
    an_object,
    links_of,
    money,
)
from kontora.errors import BankChanged
from kontora.model import Account, AccountOwner, CreditCard, Owner, OwnerKind

MULTICURRENCY = "XXX"
_BOOKED = ("interimBooked", "closingBooked", "expected", "openingBooked", "authorised")
_AVAILABLE = ("interimAvailable", "forwardAvailable", "authorised")


class Handle(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is needed to read the rest of an account or card.

    `currency`: only what is in this currency belongs to the account (one part of a multicurrency
    account). `number`: the account's own number, to tell the sides of a payment apart.
    `debits_positive`: the bank writes what is spent as positive (`debitAccounting`). `complete`: the
    list already brought the balances.
    """

    balances: str
    money_transactions: str
    currency: str | None = None
    number: str | None = None
    debits_positive: bool = False
    complete: bool = False

    def encoded(self) -> str:
        """Return the handle as text."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decoded(cls, text: str) -> Handle:
        """Return the handle of that text."""
        return msgspec.json.decode(text, type=cls)


class Balances(msgspec.Struct, frozen=True):
    """The balances of an account in one currency; `None` where the bank does not tell."""

    currency: str
    booked: Decimal | None = None
    available: Decimal | None = None


def parse_accounts(body: Json, url: str, dialect: Dialect) -> tuple[BankAccount, ...]:
    """Read the list of accounts; deleted ones are left out, empty where there is none.

    A multicurrency account (`XXX`) becomes one account a currency where the list carries balances.
    Raises: BankChanged.
    Source: Berlin Group XS2A 1.3.11, `accountList`; `spec/psd2.md` 1.7 and 3.
    """
    found: list[BankAccount] = []
    for index, item in enumerate(a_list(body.get("accounts"), "accounts")):
        at = f"accounts[{index}]"
        details = an_object(item, at)
        if details.get("status") != "deleted":
            found.extend(_account(details, at, url, dialect))
    return tuple(found)


def _account(item: Json, at: str, url: str, dialect: Dialect) -> Iterable[BankAccount]:
    number = _number(item, at)
    resource = a_text(item.get("resourceId"), f"{at}.resourceId")
    currency = (a_text(item.get("currency"), f"{at}.currency") or MULTICURRENCY).upper()
    if number is None and resource is None:
        raise BankChanged(f"{at} has neither a number nor a resourceId")
    told = a_text(item.get("details"), f"{at}.details")
    details = dialect.parse_details(told) if told else Details()
    owners = parse_owners(item, at, details.owner_address, dialect)
    names = [a_text(item.get(key), f"{at}.{key}") for key in ("name", "product", "displayName")]
    label = names[2]
    account = Account(
        name=next((name for name in names if name), number or resource or ""),
        friendly_name=label if label and any(names[:2]) else None,
        iban=number or resource or "",
        currency_name=currency,
        active_since_at_least=details.opened_on,
        direct_debit=details.direct_debit,
        owners=tuple(AccountOwner(owner.name, owner.address, owner.kind) for owner in owners),
    )
    handle = _handle(item, at, url, number)
    balances = parse_balances(item.get("balances"), f"{at}.balances", dialect)
    if currency == MULTICURRENCY and balances:
        yield from _parts(BankAccount(handle.encoded(), account, owners), balances)
    elif currency in balances:
        own = msgspec.structs.replace(handle, complete=balances[currency].booked is not None)
        yield BankAccount(own.encoded(), with_balances(account, balances[currency]), owners)
    else:
        yield BankAccount(handle.encoded(), account, owners)


def parse_parts(body: Json, account: BankAccount, dialect: Dialect) -> tuple[BankAccount, ...]:
    """Split a multicurrency account by the answer to its balances; whole, if there is none."""
    balances = parse_balances(body.get("balances"), "balances", dialect)
    return tuple(_parts(account, balances)) or (account,)


def _parts(account: BankAccount, balances: Mapping[str, Balances]) -> Iterable[BankAccount]:
    handle = Handle.decoded(account.handle)
    for part in balances.values():
        own = msgspec.structs.replace(handle, currency=part.currency, complete=True)
        yield BankAccount(own.encoded(), with_balances(account.account, part), account.owners)


def with_balances(account: Account, balances: Balances) -> Account:
    """Return the account with its balances."""
    return msgspec.structs.replace(
        account,
        currency_name=balances.currency,
        currency_balance=balances.booked,
        currency_funds_available=balances.available,
    )


def parse_owners(item: Json, at: str, address: str | None, dialect: Dialect) -> tuple[Owner, ...]:
    """Read the owners of an account; the first is its owner, the others co-owners. Empty if not told."""
    joined = a_text(item.get("ownerName"), f"{at}.ownerName")
    if joined is None:
        return ()
    names = joined.split(dialect.owner_separator) if dialect.owner_separator else [joined]
    company = item.get("usage") == "ORGA"
    owners: list[Owner] = []
    for name in (name.strip() for name in names):
        if name:
            kind = OwnerKind.CO_OWNER if owners else OwnerKind.OWNER
            kind = OwnerKind.COMPANY if company else kind
            owners.append(Owner(name=name, kind=kind, address=None if owners else address))
    return tuple(owners)


def merged_owners(groups: Iterable[Sequence[Owner]]) -> tuple[Owner, ...]:
    """Return everybody once, in the order met; who owns one account is an owner, not a co-owner."""
    found: dict[str, Owner] = {}
    for owner in (owner for group in groups for owner in group):
        known = found.get(owner.name)
        if known is None:
            found[owner.name] = owner
        else:
            kind = owner.kind if known.kind is OwnerKind.CO_OWNER else known.kind
            found[owner.name] = msgspec.structs.replace(
                known, kind=kind, address=known.address or owner.address
            )
    return tuple(found.values())


def parse_balances(
    value: Any, name: str, dialect: Dialect, *, is_card: bool = False, flip: bool = False
) -> Mapping[str, Balances]:
    """Read balances by currency, in the bank's order; empty where there are none.

    Booked: the first of interimBooked, closingBooked, expected, openingBooked, authorised, else what is
    available. Of several of one type the latest counts. What is available on an account, but with its
    credit (`creditLimitIncluded`), is left out, for accounts do not tell their credit; on a card the
    credit is what is available. `flip` turns the signs of booked balances (`debitAccounting`).
    Raises: BankChanged, if a balance lacks its type or amount.
    """
    found: dict[str, dict[str, tuple[str, Decimal]]] = {}
    for index, item in enumerate(a_list(value, name)):
        at = f"{name}[{index}]"
        balance = an_object(item, at)
        kind = a_text(balance.get("balanceType"), f"{at}.balanceType")
        if kind is None:
            raise BankChanged(f"{at}.balanceType is missing")
        amount, currency = money(balance.get("balanceAmount"), f"{at}.balanceAmount")
        credit_included = a_flag(balance.get("creditLimitIncluded"), f"{at}.creditLimitIncluded")
        if kind in _AVAILABLE and credit_included and not is_card:
            continue
        amount = -amount if flip and not credit_included else amount
        at_time = (
            a_text(balance.get("lastChangeDateTime"), at) or a_text(balance.get("referenceDate"), at) or ""
        )
        kinds = found.setdefault(currency, {})
        if kind not in kinds or kinds[kind][0] < at_time:
            kinds[kind] = (at_time, amount)
    return {currency: _chosen(currency, kinds, dialect) for currency, kinds in found.items()}


def _chosen(currency: str, kinds: Mapping[str, tuple[str, Decimal]], dialect: Dialect) -> Balances:
    available_kinds = () if dialect.available_is_credit else _AVAILABLE
    available = next((kinds[kind][1] for kind in available_kinds if kind in kinds), None)
    booked = next((kinds[kind][1] for kind in _BOOKED if kind in kinds), available)
    return Balances(currency, booked, available)


def parse_account_balances(body: Json, account: Account, currency: str | None, dialect: Dialect) -> Account:
    """Complete an account with the answer to its balances.

    Raises: BankChanged, if there is no balance in the account's currency.
    """
    balances = parse_balances(body.get("balances"), "balances", dialect)
    wanted = currency or account.currency_name
    if wanted == MULTICURRENCY and balances:
        wanted = next(iter(balances))
    if wanted not in balances:
        raise BankChanged("balances has nothing in the account's currency")
    return with_balances(account, balances[wanted])


def parse_cards(body: Json, url: str, dialect: Dialect) -> tuple[BankCard, ...]:
    """Read the list of credit cards; deleted ones are left out, empty where there is none.

    Raises: BankChanged.
    Source: Berlin Group XS2A 1.3.11, `cardAccountList`.
    """
    items = [
        (f"cardAccounts[{index}]", an_object(item, f"cardAccounts[{index}]"))
        for index, item in enumerate(a_list(body.get("cardAccounts"), "cardAccounts"))
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
        _handle(item, at, url), debits_positive=flip, complete=card.currency_name in balances
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
    balances = parse_balances(body.get("balances"), "balances", dialect, is_card=True, flip=flip)
    if card.currency_name not in balances:
        raise BankChanged("balances has nothing in the card's currency")
    return _card_with(card, balances[card.currency_name])


def _card_with(card: CreditCard, balances: Balances) -> CreditCard:
    return msgspec.structs.replace(
        card, currency_balance=balances.booked, currency_funds_available=balances.available
    )


def _handle(item: Json, at: str, url: str, number: str | None = None) -> Handle:
    """Take the bank's own links; where it gives none, the standard's paths."""
    links = links_of(item, url)
    resource = a_text(item.get("resourceId"), f"{at}.resourceId")
    if resource is None and not {"balances", "transactions"} <= links.keys():
        raise BankChanged(f"{at} has neither a resourceId nor links")
    base = f"{url.partition('?')[0]}/{quote(resource or '', safe='')}"
    return Handle(
        balances=links.get("balances", f"{base}/balances"),
        money_transactions=links.get("transactions", f"{base}/transactions"),
        number=number,
    )


def _number(item: Json, at: str) -> str | None:
    for key in ("iban", "bban"):
        number = a_text(item.get(key), f"{at}.{key}")
        if number:
            return "".join(number.split()).upper()
    other = item.get("other")
    if isinstance(other, dict):
        return a_text(other.get("identification"), f"{at}.other.identification")
    return a_text(item.get("maskedPan"), f"{at}.maskedPan") or a_text(item.get("msisdn"), f"{at}.msisdn")
