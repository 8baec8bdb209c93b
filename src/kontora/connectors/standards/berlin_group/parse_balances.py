"""From a bank's balances to one pair of them for each currency: booked, and available."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.fields import money
from kontora.connectors.standards.json_fields import a_flag, a_list, a_text, an_object
from kontora.errors import BankChanged

_BOOKED = ("interimBooked", "closingBooked", "expected", "openingBooked", "authorised")
_AVAILABLE = ("interimAvailable", "forwardAvailable", "authorised")


class Balances(msgspec.Struct, frozen=True):
    """The balances of an account in one currency; `None` where the bank does not tell."""

    currency: str
    booked: Decimal | None = None
    available: Decimal | None = None


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
