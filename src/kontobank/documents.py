"""The commands that issue documents: `kontobank statement` and `kontobank confirmation`."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kontobank.books import Books

if TYPE_CHECKING:
    from kontobank.statements.desk import Issued

COMMANDS = ("statement", "confirmation")


def add_commands(commands: Any) -> None:
    """Add the two commands to those of the program."""
    statement = commands.add_parser("statement", help="issue the statement of an account as PDF")
    _add_common(statement)
    days = statement.add_mutually_exclusive_group()
    days.add_argument("--month", help="a month that is over, such as 2026-10 (default: the newest one)")
    days.add_argument("--from", dest="first", type=_day, help="chosen days instead: the first booking day")
    statement.add_argument("--to", dest="last", type=_day, help="the last booking day (default: today)")
    confirmation = commands.add_parser("confirmation", help="confirm single money transactions in one PDF")
    _add_common(confirmation)
    confirmation.add_argument(
        "numbers", nargs="+", metavar="NUMBER", help="counted from the newest, 1; or the reference, KB..."
    )
    confirmation.add_argument("--unbooked", action="store_true", help="of those that are not booked yet")


def issue(options: argparse.Namespace) -> int:
    """Issue a document into a file; return the exit status."""
    from kontobank.statements.periods import NotIssued

    try:
        issued = _issued(options)
    except NotIssued as refusal:
        sys.stderr.write(f"kontobank: {refusal}\n")
        return 2
    if options.out == "-":
        sys.stdout.buffer.write(issued.pdf)
        return 0
    file = Path(options.out or issued.name)
    file.write_bytes(issued.pdf)
    sys.stdout.write(f"{file}\n")
    return 0


def moment(text: str) -> datetime:
    """Read a time of the command line; UTC, unless it says another zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("give a time such as 2026-01-31T12:00:00Z") from error
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument("login", metavar="LOGIN", help="whose account; see `kontobank scenarios`")
    command.add_argument("--account", default="1", help="its number, or its place in the list (default: 1)")
    command.add_argument("--country", default="pl", help="documents are issued in Poland only (default: pl)")
    command.add_argument("--seed", type=int, default=1, help="another seed, other people (default: 1)")
    command.add_argument("--now", type=moment, help="the bank's time, for example 2026-01-31T12:00:00Z")
    seal = command.add_mutually_exclusive_group()
    seal.add_argument("--signed", action="store_true", default=None, help="with the bank's seal")
    seal.add_argument("--unsigned", dest="signed", action="store_false", help="without it")
    command.add_argument(
        "--out", help="the file to write; - for standard output (default: named by what it is)"
    )


def _issued(options: argparse.Namespace) -> Issued:
    from kontobank.statements.desk import Desk
    from kontobank.statements.orders import Kind, Order, fulfil

    given = vars(options)
    first, last = given.get("first"), given.get("last")
    kind = Kind.HISTORY if first or last else Kind.STATEMENT
    order = Order(
        login=options.login,
        country=options.country,
        account=options.account,
        kind=Kind.CONFIRMATION if options.command == "confirmation" else kind,
        month=given.get("month"),
        first=first,
        last=last,
        numbers=tuple(given.get("numbers", ())),
        unbooked=given.get("unbooked", False),
        signed=options.signed,
    )
    now = options.now or datetime.now(UTC)
    return fulfil(Desk(Books(options.seed), lambda: now), order)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("give a day such as 2026-01-31") from error
