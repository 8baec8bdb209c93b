"""What must hold of every import. A violation is reported with the field, never silently repaired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

import schwifty
import schwifty.exceptions
from stdnum.pl import nip, pesel, regon

from kontora.model.imports import Account, CreditCard, Import, MoneyTransaction, Owner, TransactionStatus
from kontora.model.order import chain_breaks

YEARS_BACK = 6
# The bank's calendar day may be ahead of UTC, and a planned payment lies in the future.
DAYS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that does not hold: where, which rule, and a sentence without personal data."""

    path: str
    rule: str
    message: str


def violations(imported: Import) -> tuple[Violation, ...]:
    """Return all that does not hold of an import, in the order of its parts; empty, if all is well."""
    return tuple(_violations(imported))


def _violations(imported: Import) -> Iterator[Violation]:
    for place, owner in enumerate(imported.owners):
        yield from _owner(owner, f"owners[{place}]")
    today = imported.imported_at.date()
    for place, account in enumerate(imported.accounts):
        path = f"accounts[{place}]"
        yield from _account(account, path)
        yield from _money_transactions(account.money_transactions, path, today)
        yield from _chain(account, path)
    for place, card in enumerate(imported.credit_cards or ()):
        path = f"credit_cards[{place}]"
        yield from _card(card, path)
        yield from _money_transactions(card.money_transactions, path, today)


def _owner(owner: Owner, path: str) -> Iterator[Violation]:
    if not owner.name.strip():
        yield Violation(f"{path}.name", "present", "The owner has no name.")
    numbers = (
        ("polish_pesel", owner.polish_pesel, pesel),
        ("polish_nip", owner.polish_nip, nip),
        ("polish_regon", owner.polish_regon, regon),
    )
    for field, value, kind in numbers:
        if value is not None and not kind.is_valid(value):
            yield Violation(f"{path}.{field}", "check_digits", "The check digits of the number do not match.")
    if owner.polish_pesel is not None and owner.birth_date is not None and pesel.is_valid(owner.polish_pesel):
        born_on = pesel.get_birth_date(owner.polish_pesel)
        if born_on != owner.birth_date:
            yield Violation(
                f"{path}.birth_date", "agrees", "The birth date is not the one of the personal number."
            )


def _account(account: Account, path: str) -> Iterator[Violation]:
    if account.currency_balance is None and not account.partial_due_to_timeout:
        yield Violation(f"{path}.currency_balance", "present", "The account has no balance.")
    yield from _iban(account.iban, f"{path}.iban")
    yield from _currency(account.currency_name, f"{path}.currency_name")


def _card(card: CreditCard, path: str) -> Iterator[Violation]:
    if card.iban is not None:
        yield from _iban(card.iban, f"{path}.iban")
    yield from _currency(card.currency_name, f"{path}.currency_name")


def _money_transactions(items: Sequence[MoneyTransaction], path: str, today: date) -> Iterator[Violation]:
    oldest = today - timedelta(days=366 * YEARS_BACK)
    latest = today + timedelta(days=DAYS_AHEAD)
    for place, item in enumerate(items):
        where = f"{path}.money_transactions[{place}]"
        if item.party_iban is not None:
            yield from _iban(item.party_iban, f"{where}.party_iban")
        if item.transaction_on < oldest or (
            item.transaction_on > latest and item.status is not TransactionStatus.PLANNED
        ):
            yield Violation(
                f"{where}.transaction_on", "date_in_range", "The date lies outside of what a bank keeps."
            )
        if item.status is TransactionStatus.DONE and item.booked_on is None:
            yield Violation(
                f"{where}.booked_on", "present", "A booked money transaction has no booking date."
            )
        if item.status is TransactionStatus.PENDING and item.booked_on is not None:
            yield Violation(f"{where}.booked_on", "absent", "A pending money transaction has a booking date.")
        if not _cents(item.currency_amount):
            yield Violation(f"{where}.currency_amount", "decimals", "The amount has more than two decimals.")
    days = [max(item.transaction_on, item.booked_on or item.transaction_on) for item in items]
    starts = [min(item.transaction_on, item.booked_on or item.transaction_on) for item in items]
    newest_still_to_come = date.min
    for place in range(len(items) - 1, -1, -1):
        if days[place] < newest_still_to_come:
            yield Violation(
                f"{path}.money_transactions[{place}].transaction_on",
                "newest_first",
                "An older money transaction stands before a newer one.",
            )
        newest_still_to_come = max(newest_still_to_come, starts[place])


def _chain(account: Account, path: str) -> Iterator[Violation]:
    items = account.money_transactions
    for place in chain_breaks(items):
        yield Violation(
            f"{path}.money_transactions[{place}].currency_balance",
            "balance_chain",
            "Balance minus amount is not the balance of the next older money transaction.",
        )
    booked = [item for item in items if item.booked_on is not None]
    if (
        booked
        and booked[0].currency_balance is not None
        and account.currency_balance is not None
        and booked[0].currency_balance != account.currency_balance
    ):
        yield Violation(
            f"{path}.currency_balance",
            "balance_chain",
            "The newest booked balance is not the account's balance.",
        )


def _iban(number: str, path: str) -> Iterator[Violation]:
    # A number that does not begin like an IBAN is a bank's own number, which has no check of its own here.
    if len(number) > 4 and number[:2].isalpha() and number[2:4].isdigit() and not _is_iban(number):
        yield Violation(
            path, "check_digits", "The check digits, length or bank code of the IBAN do not match."
        )


@lru_cache(maxsize=4096)
def _is_iban(number: str) -> bool:
    try:
        schwifty.IBAN(number)
    except schwifty.exceptions.SchwiftyException:
        return False
    return True


def _currency(code: str, path: str) -> Iterator[Violation]:
    if len(code) != 3 or not code.isascii() or not code.isupper() or code == "XXX":
        yield Violation(path, "currency", "The currency is not a code of three capital letters.")


def _cents(amount: Decimal) -> bool:
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and (exponent >= -2 or amount == round(amount, 2))
