"""Counting: what was given, what was right, what was missed; by label, country, part and text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from kontora.labels.labelling import Labeller
from kontora.labels.reasons import Reason
from kontora.labels.taxonomy import BY_NAME, MONTHLY
from tools.intervals import interval
from tools.label_bench.gold import Change, GoldRow, imports


class Judged(msgspec.Struct, frozen=True):
    """One row: the labels that are right, and the reasons for those that were given."""

    id: str
    right: frozenset[str]
    reasons: tuple[Reason, ...]
    texts: tuple[str, ...]
    amount: str

    @property
    def given(self) -> frozenset[str]:
        """The labels that were given."""
        return frozenset(reason.label for reason in self.reasons)


class Measure(msgspec.Struct, frozen=True):
    """Precision and recall over pairs of a row and a label, with exact 95 % intervals.

    `coverage`: the share of the rows that got a label.
    """

    name: str
    rows: int
    given: int
    right: int
    hits: int
    precision: float
    precision_low: float
    precision_high: float
    recall: float
    recall_low: float
    recall_high: float
    coverage: float


class Mistake(msgspec.Struct, frozen=True):
    """A label that is wrong, with the reason for it, or one that is missed."""

    row: str
    label: str
    is_missed: bool
    why: str
    amount: str
    texts: tuple[str, ...]


def judge(rows: Sequence[GoldRow], labeller: Labeller, change: Change) -> list[Judged]:
    """Label the rows of a country, each owner by themselves."""
    judged = []
    for imported, ordered in imports(rows, change):
        reasons = [found for series in labeller.label(imported).reasons for found in series]
        items = [item for account in imported.accounts for item in account.money_transactions]
        judged += [
            Judged(
                row.id,
                row.labels,
                found,
                (item.title or "", item.party or "", item.kind or "", item.mcc or ""),
                str(item.currency_amount),
            )
            for row, found, item in zip(ordered, reasons, items, strict=True)
        ]
    return judged


def measure(name: str, judged: Iterable[Judged], wanted: frozenset[str] | None = None) -> Measure:
    """Count over all labels, or the `wanted` ones."""
    rows = list(judged)
    names = frozenset(BY_NAME) if wanted is None else wanted
    given = sum(len(row.given & names) for row in rows)
    right = sum(len(row.right & names) for row in rows)
    hits = sum(len(row.given & row.right & names) for row in rows)
    covered = sum(bool(row.given & names) for row in rows)
    precision, recall = interval(hits, given), interval(hits, right)
    return Measure(
        name,
        len(rows),
        given,
        right,
        hits,
        hits / given if given else 1.0,
        *precision,
        hits / right if right else 1.0,
        *recall,
        covered / len(rows) if rows else 0.0,
    )


def without_derived() -> frozenset[str]:
    """Return the labels that are decided by themselves: no parents, and not `monthly`."""
    parents = {label.parent for label in BY_NAME.values()}
    return frozenset(name for name in BY_NAME if name not in parents and name != MONTHLY)


def mistakes(judged: Iterable[Judged]) -> Iterator[Mistake]:
    """Return all that is wrong or missed."""
    for row in judged:
        for reason in row.reasons:
            if reason.label not in row.right:
                why = f"{reason.stage}: {reason.rule} ({reason.matched}) {reason.confidence:g}"
                yield Mistake(row.id, reason.label, False, why, row.amount, row.texts)
        for label in sorted(row.right - row.given):
            yield Mistake(row.id, label, True, "", row.amount, row.texts)
