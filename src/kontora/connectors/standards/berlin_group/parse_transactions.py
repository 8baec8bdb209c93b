"""From lists of money transactions, of accounts and of cards, to the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.fields import links_of, money
from kontora.connectors.standards.berlin_group.parse_accounts import MULTICURRENCY, Handle
from kontora.connectors.standards.items import finished, raw_of
from kontora.connectors.standards.json_fields import (
    Json,
    a_date,
    a_flag,
    a_list,
    a_text,
    an_object,
    an_optional_object,
)
from kontora.errors import BankChanged
from kontora.model import MoneyTransaction, TransactionStatus

_STATES = (("pending", TransactionStatus.PENDING), ("booked", TransactionStatus.DONE))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: pending items first, then booked, each in the bank's order.

    `next_url`: the next page. `download_url`: where the list itself is, if the answer only points to it.
    """

    items: tuple[MoneyTransaction, ...]
    next_url: str | None = None
    download_url: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What must be known to understand items: the account's handle, its currency, and the day of the read."""

    handle: Handle
    currency: str
    today: date


def parse_page(body: Json, url: str, reading: Reading, dialect: Dialect) -> Page:
    """Read a page of an account's money transactions.

    Amounts: the account's currency, debit negative. A pending item without any date gets the day of
    the read. Items of other currencies belong to other parts of a multicurrency account.
    Raises: BankChanged, if an item lacks its amount, or a booked item its date.
    Source: Berlin Group XS2A 1.3.11, `transactionsResponse-200_json`; `spec/psd2.md` 1.5, 1.7 and 3.
    """
    return _page(body, url, "transactions", lambda item, at, state: _item(item, at, state, reading, dialect))


def parse_card_page(body: Json, url: str, reading: Reading, dialect: Dialect) -> Page:
    """Read a page of a card's money transactions; what is spent is negative, also under `debitAccounting`.

    Raises: BankChanged, if an item lacks its amount, or a booked item its date.
    Source: Berlin Group XS2A 1.3.11, `cardAccountsTransactionsResponse200`.
    """
    flip = reading.handle.debits_positive
    if body.get("debitAccounting") is not None:
        flip = a_flag(body["debitAccounting"], "debitAccounting")
    return _page(
        body, url, "cardTransactions", lambda item, at, state: _card_item(item, at, state, reading, flip)
    )


_Parsed = Callable[[Json, str, TransactionStatus], MoneyTransaction | None]


def _page(body: Json, url: str, name: str, parse: _Parsed) -> Page:
    report = an_optional_object(body.get(name), name)
    outer = links_of(body, url)
    if not report and "download" in outer:
        return Page((), download_url=outer["download"])
    if body.get(name) is None:
        raise BankChanged(f"{name} is missing")
    items = []
    for key, state in _STATES:
        for index, value in enumerate(a_list(report.get(key), f"{name}.{key}")):
            at = f"{name}.{key}[{index}]"
            item = parse(an_object(value, at), at, state)
            if item is not None:
                items.append(item)
    return Page(tuple(items), links_of(report, url).get("next") or outer.get("next"))


def _item(
    item: Json, at: str, state: TransactionStatus, reading: Reading, dialect: Dialect
) -> MoneyTransaction | None:
    amount, currency = money(item.get("transactionAmount"), f"{at}.transactionAmount")
    if not _belongs(currency, reading, at):
        return None
    pending = state is TransactionStatus.PENDING
    creditor, debtor = _account(item, "creditorAccount", at), _account(item, "debtorAccount", at)
    if dialect.unsigned or (pending and dialect.unsigned_pending and amount > 0):
        sign = _sign(item, (creditor, debtor), reading.handle.number)
        if sign is None and dialect.unsigned:
            raise BankChanged(f"{at}.transactionAmount has no sign, and the sides do not tell it")
        amount = abs(amount) * (sign or 1)
    side, party_iban = ("creditorName", creditor) if amount < 0 else ("debtorName", debtor)
    booked_on, valued_on = a_date(item.get("bookingDate"), at), a_date(item.get("valueDate"), at)
    if dialect.dates_swapped:
        booked_on, valued_on = valued_on, booked_on
    after = item.get("balanceAfterTransaction")
    references = _references(item, at)
    symbols = dialect.parse_symbols(references)
    return finished(
        MoneyTransaction(
            transaction_on=_day(valued_on or booked_on, pending, reading, at),
            booked_on=None if pending else booked_on or valued_on,
            currency_amount=amount,
            currency_balance=None if after is None else _after(after, currency, at),
            status=state,
            title=_title(item, references, at, dialect),
            party=a_text(item.get(side), f"{at}.{side}"),
            party_iban=party_iban,
            kind=next((text for key in dialect.kinds if (text := a_text(item.get(key), at))), None),
            variable_symbol=symbols.variable,
            constant_symbol=symbols.constant,
            specific_symbol=symbols.specific,
            mcc=a_text(item.get("merchantCategoryCode"), at),
            internal_id=a_text(item.get("transactionId"), at) or a_text(item.get("entryReference"), at),
            raw=raw_of(item),
        )
    )


def _card_item(
    item: Json, at: str, state: TransactionStatus, reading: Reading, flip: bool
) -> MoneyTransaction | None:
    amount, currency = money(item.get("transactionAmount"), f"{at}.transactionAmount")
    if currency != reading.currency and item.get("grandTotalAmount") is not None:
        amount, currency = money(item["grandTotalAmount"], f"{at}.grandTotalAmount")
    if not _belongs(currency, reading, at):
        return None
    pending = state is TransactionStatus.PENDING
    booked_on = a_date(item.get("bookingDate"), f"{at}.bookingDate")
    made_on = a_date(item.get("transactionDate"), at) or a_date(item.get("acceptorTransactionDateTime"), at)
    made_on = made_on or a_date(item.get("valueDate"), at)
    address = an_optional_object(item.get("cardAcceptorAddress"), f"{at}.cardAcceptorAddress")
    return finished(
        MoneyTransaction(
            transaction_on=_day(made_on or booked_on, pending, reading, at),
            booked_on=None if pending else booked_on or made_on,
            currency_amount=-amount if flip else amount,
            status=state,
            title=a_text(item.get("transactionDetails"), f"{at}.transactionDetails"),
            party=a_text(item.get("cardAcceptorName"), at) or a_text(address.get("townName"), at),
            kind=a_text(item.get("proprietaryBankTransactionCode"), at),
            mcc=a_text(item.get("merchantCategoryCode"), at),
            internal_id=a_text(item.get("cardTransactionId"), at),
            raw=raw_of(item),
        )
    )


def _belongs(currency: str, reading: Reading, at: str) -> bool:
    if reading.handle.currency is not None:
        return currency == reading.handle.currency
    if reading.currency not in {currency, MULTICURRENCY}:
        raise BankChanged(f"{at}.transactionAmount is not in the account's currency")
    return True


def _day(day: date | None, pending: bool, reading: Reading, at: str) -> date:
    if day is not None:
        return day
    if pending:
        return reading.today
    raise BankChanged(f"{at} is booked but has no date")


def _after(value: Any, currency: str, at: str) -> Decimal | None:
    balance = an_object(value, f"{at}.balanceAfterTransaction")
    amount, of = money(balance.get("balanceAmount"), f"{at}.balanceAfterTransaction.balanceAmount")
    return amount if of == currency else None


def _account(item: Json, key: str, at: str) -> str | None:
    account = item.get(key)
    if account is None:
        return None
    reference = an_object(account, f"{at}.{key}")
    for name in ("iban", "bban"):
        number = a_text(reference.get(name), f"{at}.{key}.{name}")
        if number:
            return "".join(number.split()).upper()
    other = an_optional_object(reference.get("other"), f"{at}.{key}.other")
    return a_text(other.get("identification"), f"{at}.{key}.other.identification")


def _sign(item: Json, accounts: tuple[str | None, str | None], own: str | None) -> int | None:
    """Tell the sign of an unsigned amount by its sides, creditor first; `None` if they do not tell it."""
    creditor, debtor = accounts
    if own is not None and own in accounts and creditor != debtor:
        return 1 if creditor == own else -1
    to_other = creditor is not None or item.get("creditorName") is not None
    from_other = debtor is not None or item.get("debtorName") is not None
    if to_other != from_other:
        return -1 if to_other else 1
    return None


def _title(item: Json, references: Sequence[tuple[str, str]], at: str, dialect: Dialect) -> str | None:
    name = f"{at}.remittanceInformationUnstructured"
    cut = a_text(item.get("remittanceInformationUnstructured"), name)
    array = item.get("remittanceInformationUnstructuredArray")
    parts = [part for part in _several(array, name) if a_text(part, name)] if array else []
    # Some banks cut words between the elements: the cut text shows how they belong together.
    whole = "".join(str(part) for part in parts)
    if cut is None or len(parts) < 2 or not whole.startswith(cut):
        whole = dialect.remittance_joiner.join(str(part).strip() for part in parts)
    return (
        whole.strip()
        or cut
        or (references[0][1] if references else None)
        or a_text(item.get("additionalInformation"), f"{at}.additionalInformation")
    )


def _references(item: Json, at: str) -> list[tuple[str, str]]:
    """Return the structured references with their types; written as text, as an object, or as an array."""
    found = []
    for key in ("remittanceInformationStructured", "remittanceInformationStructuredArray"):
        for value in _several(item.get(key), f"{at}.{key}") if key in item else ():
            kind, text = "", value
            if isinstance(value, dict):
                kind, text = a_text(value.get("referenceType"), f"{at}.{key}") or "", value.get("reference")
            if reference := a_text(text, f"{at}.{key}"):
                found.append((kind, reference))
    return found


def _several(value: Any, name: str) -> Sequence[Any]:
    return [value] if isinstance(value, str | dict) else a_list(value, name)
