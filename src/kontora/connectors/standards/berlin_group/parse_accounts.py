"""From the list of accounts, and their balances, to the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

import msgspec

from kontora.connectors.protocol import BankAccount
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.fields import links_of
from kontora.connectors.standards.berlin_group.parse_balances import Balances, parse_balances
from kontora.connectors.standards.details import Details
from kontora.connectors.standards.json_fields import Json, a_list_of, a_text, an_object
from kontora.errors import BankChanged
from kontora.model import Account, AccountOwner, Owner, OwnerKind

MULTICURRENCY = "XXX"


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


def parse_accounts(body: Json, url: str, dialect: Dialect) -> tuple[BankAccount, ...]:
    """Read the list of accounts; deleted ones are left out, empty where there is none.

    A multicurrency account (`XXX`) becomes one account a currency where the list carries balances.
    Raises: BankChanged.
    Source: Berlin Group XS2A 1.3.11, `accountList`; `spec/psd2.md` 1.7 and 3.
    """
    found: list[BankAccount] = []
    for index, item in enumerate(a_list_of(body, "accounts")):
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
    handle = parse_handle(item, at, url, number)
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
    balances = parse_balances(a_list_of(body, "balances"), "balances", dialect)
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


def parse_account_balances(body: Json, account: Account, currency: str | None, dialect: Dialect) -> Account:
    """Complete an account with the answer to its balances.

    Raises: BankChanged, if there is no balance in the account's currency.
    """
    balances = parse_balances(a_list_of(body, "balances"), "balances", dialect)
    wanted = currency or account.currency_name
    if wanted == MULTICURRENCY and balances:
        wanted = next(iter(balances))
    if wanted not in balances:
        raise BankChanged("balances has nothing in the account's currency")
    return with_balances(account, balances[wanted])


def parse_handle(item: Json, at: str, url: str, number: str | None = None) -> Handle:
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
