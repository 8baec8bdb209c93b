"""What is ordered at the desk: by the command line and by the control API alike."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from kontobank.scenarios import parse_login
from kontobank.statements.desk import Desk, Issued
from kontobank.statements.periods import NotIssued


class Kind(StrEnum):
    """The documents: of a month, of chosen days, of single money transactions."""

    STATEMENT = "statement"
    HISTORY = "history"
    CONFIRMATION = "confirmation"


class Order(Struct, forbid_unknown_fields=True, kw_only=True):
    """An order. `account`: its number, or its place in the list, from 1.

    `month`, of a statement: such as 2026-10, the newest one if missing. `first` (`from`) and `last` (`to`,
    today if missing), of a history. `numbers` and `unbooked`, of a confirmation: see `Desk.confirmations`.
    `signed`: whether the bank's seal is put on; if missing as the owner's scenario says.
    """

    login: str
    country: str = "pl"
    account: str | int = 1
    kind: Kind = Kind.STATEMENT
    month: str | None = None
    first: date | None = field(name="from", default=None)
    last: date | None = field(name="to", default=None)
    numbers: tuple[str | int, ...] = ()
    unbooked: bool = False
    signed: bool | None = None


def fulfil(desk: Desk, order: Order) -> Issued:
    """Issue what is ordered.

    Raises: NotIssued, also where fields do not belong to the kind of document.
    """
    _check(order)
    login = parse_login(order.login)
    if login is None:
        raise NotIssued(f"Nobody has the login {order.login}. `kontobank scenarios` lists them.")
    account = desk.account(login, str(order.account))
    if order.kind is Kind.CONFIRMATION:
        numbers = [str(number) for number in order.numbers]
        return desk.confirmations(login, account, numbers, is_unbooked=order.unbooked, is_signed=order.signed)
    if order.first is not None:
        return desk.statement_of_days(login, account, order.first, order.last, is_signed=order.signed)
    return desk.statement_of_month(login, account, order.month, is_signed=order.signed)


def _check(order: Order) -> None:
    if order.country != "pl":
        raise NotIssued("Documents are issued in Poland only: country pl.")
    misplaced = [
        name
        for name, value, kind in (
            ("month", order.month, Kind.STATEMENT),
            ("from", order.first, Kind.HISTORY),
            ("to", order.last, Kind.HISTORY),
            ("numbers", order.numbers, Kind.CONFIRMATION),
            ("unbooked", order.unbooked, Kind.CONFIRMATION),
        )
        if value and kind is not order.kind
    ]
    if misplaced:
        raise NotIssued(f"Not of kind {order.kind}: {', '.join(misplaced)}.")
    if order.kind is Kind.HISTORY and order.first is None:
        raise NotIssued("A history needs its first day: from.")
