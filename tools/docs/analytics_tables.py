"""The tables of analytics: kinds of income, segments with their clues, and the features of an owner."""

from __future__ import annotations

from kontora.analytics import profile
from kontora.analytics.income import ASSIGNMENT, NO_INCOME, Kind
from kontora.analytics.profile import SEGMENTS, Clue
from kontora.labels.taxonomy import ancestors
from kontora.scores.owner_features import COMMON_1

FIELDS = {
    Kind.SALARY: "salary",
    Kind.PENSION: "pension",
    Kind.WELFARE: "welfareAndAlimony",
    Kind.INVOICES: "invoicePayments",
    Kind.OTHER: "otherIncome",
}
_SHARES = {1.0: "every month", 0.5: "every other month"}


def income_table() -> str:
    """Return which labels make which kind of income, in the order in which they decide."""
    rows = [f"| `{FIELDS[kind]}` | {_named(labels)} |" for kind, labels in ASSIGNMENT]
    left_out = frozenset(name for name in NO_INCOME if NO_INCOME.isdisjoint(ancestors(name)))
    rows.append(f"| `{FIELDS[Kind.OTHER]}` | every other credit, without {_named(left_out)} |")
    return "\n".join(("| Field | Credits with |", "| --- | --- |", *rows))


def segments_table() -> str:
    """Return the clues of each segment, with what gives each its whole weight."""
    rows = [
        f"| `{name}` | {_named(clue.labels)} | {_measured(clue)} | {clue.weight:g} |"
        for name, clues in SEGMENTS.items()
        for clue in clues
    ]
    head = "| Segment | Labels | Whole weight from | Weight |\n| --- | --- | --- | --- |"
    return "\n".join((head, *rows))


def features_table() -> str:
    """Return the features of the published set."""
    rows = [f"| `{one.name}` | `{one.unit}` | {one.words} |" for one in COMMON_1]
    return "\n".join(("| Feature | Unit | What it is |", "| --- | --- | --- |", *rows))


def _named(labels: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(labels))


def _measured(clue: Clue) -> str:
    if clue.measure is profile.months_share:
        return _SHARES[clue.full]
    if clue.measure is profile.outgoing_share:
        return f"{100 * clue.full:.0f} % of all that is spent"
    return f"{clue.full:g} {'a month' if clue.measure is profile.per_month else 'in six months'}"
