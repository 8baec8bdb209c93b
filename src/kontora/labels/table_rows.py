"""Money transactions in a table: lines of CSV become rows, and what cannot be read is told, never guessed.

Columns: date, amount; currency, title, party, party_iban, kind, account, mcc and owner may be absent.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, NoReturn

from kontora.errors import InvalidArgument
from kontora.model import MoneyTransaction, TransactionStatus

NEEDED = ("date", "amount")
COLUMNS = (*NEEDED, "currency", "title", "party", "party_iban", "kind", "account", "mcc", "owner")
DELIMITERS = (",", ";", "\t")
YEARS = range(1970, 2101)
LONGEST_SHOWN = 40

_PLAIN_AMOUNT = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,2})?")
_AMOUNT = re.compile(
    r"(?P<sign>[+-]?) ?(?:(?P<groups>[0-9]{1,3}(?:(?P<mark>[ '.,])[0-9]{3})(?:(?P=mark)[0-9]{3}){0,4})"
    r"|(?P<whole>[0-9]{1,15}))(?:(?P<point>[.,])(?P<part>[0-9]{1,6}))?"
)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'", "\u2212": "-", "–": "-"})
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}.{0,30})?")
_CODE = re.compile(r"([0-9]{3,4})(?:\.0)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([./-]) ?([0-9]{1,2})\2 ?([0-9]{4})")


@dataclass(frozen=True)
class Head:
    """The first line. `places`: where the columns that are read stand; `line_end`: what ends a line."""

    names: tuple[str, ...]
    places: Mapping[str, int]
    delimiter: str
    line_end: str


class TableRow(NamedTuple):
    """A row. `line`: the first of the file that it stands on; `cells`: all of them, unchanged."""

    line: int
    cells: list[str]
    owner: str
    account: str
    currency: str
    item: MoneyTransaction


def read_table(lines: Iterable[str]) -> tuple[Head, Iterator[TableRow]]:
    """Read a table. `lines` keep their ends; the first tells whether comma, semicolon or tab parts cells.

    Raises: InvalidArgument, with line and column, now or when the rows are taken.
    """
    rest = iter(lines)
    first, blank = "", 0
    for first in rest:
        if first.strip():
            break
        blank += 1
    head = _head(first)
    return head, _rows(head, chain([first], rest), blank)


def delimiter_of(line: str) -> str | None:
    """Return what parts the cells of a table; `None`, if its first line does not name what is needed."""
    try:
        return _head(line).delimiter
    except InvalidArgument:
        return None


def _head(line: str) -> Head:
    best: tuple[str, list[str]] = (",", [])
    for delimiter in DELIMITERS:
        try:
            names = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        known = [name.strip().lower() for name in names]
        if set(NEEDED) <= set(known):
            return _known_head(names, known, delimiter, "\r\n" if line.endswith("\r\n") else "\n")
        best = max(best, (delimiter, names), key=lambda found: len(found[1]))
    names = best[1]
    missing = [name for name in NEEDED if name not in {name.strip().lower() for name in names}]
    told = ", ".join(_shown(name) for name in names[:20]) or "nothing"
    raise InvalidArgument(
        f"Line 1: the table lacks {' and '.join(missing)}; it has {told}. The first line names the"
        f" columns, parted by comma, semicolon or tab; those that are read are {', '.join(COLUMNS)}."
    )


def _known_head(names: list[str], known: list[str], delimiter: str, line_end: str) -> Head:
    if twice := [name for name in COLUMNS if known.count(name) > 1]:
        raise InvalidArgument(f"Line 1: there are two columns {twice[0]}. Rename one of them.")
    places = {name: known.index(name) for name in COLUMNS if name in known}
    return Head(tuple(names), places, delimiter, line_end)


def _rows(head: Head, lines: Iterable[str], blank: int) -> Iterator[TableRow]:
    reader = csv.reader(lines, delimiter=head.delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            line = blank + before + 1
            if before and cells:
                yield _row(head, cells, line)
            before = reader.line_num
    except csv.Error as error:
        advice = (
            "A quotation mark at the end of a cell may be missing; a cell has 131,072 characters at most."
            if "field limit" in str(error) or "unexpected end" in str(error)
            else "Write a quotation mark inside a cell twice, and quotation marks around the cell."
        )
        raise InvalidArgument(f"Line {blank + before + 1}: {error}. {advice}") from error


def _row(head: Head, cells: list[str], line: int) -> TableRow:
    if len(cells) != len(head.names):
        raise InvalidArgument(
            f"Line {line}: it has {len(cells)} cells, the first line has {len(head.names)}. Put quotation"
            " marks around a cell that holds the mark between cells."
        )
    places = head.places

    def cell(name: str) -> str:
        place = places.get(name)
        return "" if place is None else cells[place].strip()

    try:
        column = "date"
        day = day_of(cells[places["date"]].strip())
        column = "amount"
        amount = amount_of(cells[places["amount"]].strip())
        column = "mcc"
        mcc = code_of(cell("mcc"))
    except ValueError as error:
        raise InvalidArgument(f"Line {line}, column {column}: {error}") from error
    item = MoneyTransaction(
        transaction_on=day,
        currency_amount=amount,
        status=TransactionStatus.DONE,
        title=cell("title") or None,
        party=cell("party") or None,
        party_iban=cell("party_iban") or None,
        kind=cell("kind") or None,
        mcc=mcc,
    )
    return TableRow(line, cells, cell("owner"), cell("account"), cell("currency"), item)


@lru_cache(maxsize=8192)
def day_of(text: str) -> date:
    """Read a day: `2026-05-22`, with a time of day or without, `22.05.2026` or `22/05/2026`.

    Raises: ValueError, with a sentence.
    """
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    else:
        raise ValueError(
            f"{_shown(text)} is no date. Write it as 2026-05-22, 22.05.2026 or 22/05/2026 (the day first)."
        )
    try:
        if year not in YEARS:
            raise ValueError
        return date(year, month, day)
    except ValueError:
        raise ValueError(
            f"{_shown(text)} is no day since 1970. Where points or slashes are used, the day comes first."
        ) from None


def amount_of(text: str) -> Decimal:
    """Read an amount: `-1234.56`, `-1234,56`, `-1 234,56` or `-1.234,56`.

    Raises: ValueError, with a sentence; also where it can be read in two ways, as `1.234` can.
    """
    if _PLAIN_AMOUNT.fullmatch(text):
        return Decimal(text)
    found = _AMOUNT.fullmatch(text.translate(_SPACES))
    if found is None or (found["point"] and found["point"] == found["mark"]):
        _no_amount(text)
    if found["groups"] is None:
        return Decimal(f"{found['sign']}{found['whole']}.{found['part'] or 0}")
    mark, parts = found["mark"], found["groups"].split(found["mark"])
    if mark in ".," and found["point"] is None and len(parts) == 2:
        if parts[0] != "0":
            raise ValueError(
                f"{_shown(text)} can be read in two ways. Write it with two decimals and nothing between"
                f" thousands: {parts[0]}{parts[1]}.00 or {parts[0]}.{parts[1][:2]}."
            )
        return Decimal(f"{found['sign']}0.{parts[1]}")
    if parts[0].startswith("0"):
        _no_amount(text)
    return Decimal(f"{found['sign']}{''.join(parts)}.{found['part'] or 0}")


def code_of(text: str) -> str | None:
    """Read a merchant category code: `5411`, also as other programs write it, `5411.0` or `742`.

    Raises: ValueError, with a sentence.
    """
    if not text:
        return None
    found = _CODE.fullmatch(text)
    if found is None:
        raise ValueError(
            f"{_shown(text)} is no merchant category code. Write four digits, or leave it empty."
        )
    return found[1].zfill(4)


def _no_amount(text: str) -> NoReturn:
    raise ValueError(
        f"{_shown(text)} is no amount. Write it as -1234.56 or -1234,56, the minus of a debit in front, and"
        " the currency in a column of its own."
    )


def _shown(text: str) -> str:
    if not text:
        return "An empty cell"
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…")
