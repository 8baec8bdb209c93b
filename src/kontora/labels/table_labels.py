"""Labels for a table, owner by owner: no more rows are held than an owner's neighbours ask for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kontora.labels.labelling import Labeller
from kontora.labels.reasons import Reason
from kontora.labels.table_rows import TableRow
from kontora.model import Account, Import, Owner, OwnerKind

Group = tuple[str, str]
"""Rows that are labelled together: an owner's name, or, where none is known, an account."""


@dataclass
class Survey:
    """What a first look at a table tells. `last`: the number of the last row of each group, from 0."""

    rows: int = 0
    last: dict[Group, int] = field(default_factory=dict)
    accounts: set[tuple[Group, str, str]] = field(default_factory=set)

    @property
    def nameless(self) -> int:
        """How many accounts have no owner."""
        return sum(not owner for owner, _ in self.last)

    @property
    def owners(self) -> int:
        """How many owners are named."""
        return len(self.last) - self.nameless


@dataclass(slots=True)
class LabelledRow:
    """A row with its labels and why they stand, in the order of the taxonomy."""

    row: TableRow
    reasons: tuple[Reason, ...] | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels."""
        return tuple(reason.label for reason in self.reasons or ())


def survey(rows: Iterable[TableRow], owner: str | None) -> Survey:
    """Read a table once, and see where each group ends. `owner`: of rows that name none."""
    found = Survey()
    for row in rows:
        group = _group(row, owner)
        found.last[group] = found.rows
        found.accounts.add((group, row.account, row.currency))
        found.rows += 1
    return found


def labelled_rows(
    rows: Iterable[TableRow], last: Mapping[Group, int], labeller: Labeller, owner: str | None
) -> Iterator[LabelledRow]:
    """Label a table in its own order.

    A row is held until its group is whole, and all rows before it are labelled.
    """
    waiting: deque[LabelledRow] = deque()
    groups: dict[Group, list[LabelledRow]] = {}
    for number, row in enumerate(rows):
        group, held = _group(row, owner), LabelledRow(row)
        waiting.append(held)
        groups.setdefault(group, []).append(held)
        if last[group] == number:
            _label(groups.pop(group), row.owner or owner or "", labeller)
        while waiting and waiting[0].reasons is not None:
            yield waiting.popleft()


def _group(row: TableRow, owner: str | None) -> Group:
    name = " ".join((row.owner or owner or "").casefold().split())
    return (name, "") if name else ("", row.account)


def _label(held: list[LabelledRow], owner: str, labeller: Labeller) -> None:
    series: dict[tuple[str, str], list[LabelledRow]] = {}
    for one in held:
        series.setdefault((one.row.account, one.row.currency), []).append(one)
    accounts = tuple(
        Account(account, account, currency, money_transactions=tuple(one.row.item for one in of_one))
        for (account, currency), of_one in series.items()
    )
    owners = (Owner(owner, OwnerKind.OWNER),) if owner else ()
    imported = Import("table", "", datetime.min.replace(tzinfo=UTC), owners, accounts)
    for of_one, found in zip(series.values(), labeller.label(imported).reasons, strict=True):
        for one, reasons in zip(of_one, found, strict=True):
            one.reasons = reasons
