"""From the lists of money transactions and holds to the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kontora.connectors.standards.items import finished, raw_of
from kontora.connectors.standards.json_fields import (
    Json,
    a_decimal,
    a_list,
    a_text,
    an_object,
    an_optional_object,
)
from kontora.connectors.standards.polish_api.dialect import Dialect
from kontora.connectors.standards.polish_api.fields import a_day, account_number, lines_of
from kontora.errors import BankChanged
from kontora.model import MoneyTransaction, TransactionStatus

_STATES = {
    "getTransactionsDone": TransactionStatus.DONE,
    "getTransactionsPending": TransactionStatus.PENDING,
    "getHolds": TransactionStatus.PENDING,
    "getTransactionsScheduled": TransactionStatus.PLANNED,
    "getTransactionsRejected": TransactionStatus.REJECTED,
    "getTransactionsCancelled": TransactionStatus.REJECTED,
}
_SIGNS = {"CREDIT": 1, "DEBIT": -1}


@dataclass(frozen=True, slots=True)
class Reading:
    """What must be known to understand items: the number to ask for, its currency, the day of the read."""

    number: str
    currency: str
    today: date


def parse_list(
    body: Json, operation: str, reading: Reading, dialect: Dialect
) -> tuple[MoneyTransaction, ...]:
    """Read a page of one of the lists, in the bank's order; empty where there is nothing.

    Amounts: the account's currency, debit negative. What is not done and has no date gets the day of the
    read. Raises: BankChanged, if an item lacks its amount or side, or one that is done its date.
    Source: PolishAPI 2.1.2, `TransactionInfo`, `HoldInfo` and their relatives; `spec/psd2.md` 2 and 3.
    """
    key = "holds" if operation == "getHolds" else "transactions"
    return tuple(
        _item(an_object(value, f"{key}[{index}]"), f"{key}[{index}]", operation, reading, dialect)
        for index, value in enumerate(a_list(body.get(key), key))
    )


def _item(item: Json, at: str, operation: str, reading: Reading, dialect: Dialect) -> MoneyTransaction:
    state = _STATES[operation]
    currency = a_text(item.get("currency"), f"{at}.currency")
    if currency is not None and currency.upper() != reading.currency:
        raise BankChanged(f"{at}.amount is not in the account's currency")
    amount = _amount(item, at, is_hold=operation == "getHolds")
    done = state is TransactionStatus.DONE
    traded_on, booked_on = a_day(item.get("tradeDate"), at), a_day(item.get("bookingDate"), at)
    if dialect.dates_swapped and booked_on is not None and traded_on is not None:
        traded_on, booked_on = booked_on, traded_on
    made_on = traded_on or booked_on or a_day(item.get("rejectionDate"), f"{at}.rejectionDate")
    if made_on is None and done:
        raise BankChanged(f"{at} is done but has no date")
    side = "recipient" if amount < 0 else "sender"
    party = an_optional_object(item.get(side), f"{at}.{side}")
    number = a_text(party.get("accountNumber"), f"{at}.{side}.accountNumber")
    number = number or a_text(party.get("accountMassPayment"), f"{at}.{side}.accountMassPayment")
    after = item.get("postTransactionBalance") if done else None
    return finished(
        MoneyTransaction(
            transaction_on=made_on or reading.today,
            booked_on=(booked_on or traded_on) if done else None,
            currency_amount=amount,
            currency_balance=None if after is None else a_decimal(after, f"{at}.postTransactionBalance"),
            status=state,
            title=a_text(item.get("description"), f"{at}.description"),
            party=" ".join(lines_of(party.get("nameAddress"), f"{at}.{side}.nameAddress")) or None,
            party_iban=None if number is None else account_number(number),
            kind=a_text(item.get("transactionType"), f"{at}.transactionType"),
            mcc=a_text(item.get("mcc"), f"{at}.mcc"),
            internal_id=a_text(item.get("itemId"), f"{at}.itemId"),
            raw=raw_of(item),
        )
    )


def _amount(item: Json, at: str, *, is_hold: bool) -> Decimal:
    """Return the signed amount: the standard's is unsigned, its side tells the sign; a hold is a debit.

    Raises: BankChanged, if there is no side, or the amount has a sign of its own that says the opposite.
    """
    amount = a_decimal(item.get("amount"), f"{at}.amount")
    side = a_text(item.get("transactionCategory"), f"{at}.transactionCategory")
    if side is None and is_hold:
        side = "DEBIT"
    if side is None or side not in _SIGNS:
        raise BankChanged(f"{at}.transactionCategory is neither CREDIT nor DEBIT")
    if amount < 0 and side == "CREDIT":
        raise BankChanged(f"{at}.amount is negative, but its side is CREDIT")
    return abs(amount) * _SIGNS[side]
