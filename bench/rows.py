"""What a benchmark reports: rows with a value, what it is compared with, and whether the target is met."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

DIGITS = 4


class Row(msgspec.Struct, frozen=True):
    """One result. `ratio` is value / compared_to, or the reverse where `name` says so.

    `target` bounds the ratio where there is one, else the value; without a target `holds` is true.
    """

    name: str
    value: float
    unit: str
    compared_to: float | None
    ratio: float | None
    target: str | None
    holds: bool


def row(
    name: str,
    value: float,
    unit: str,
    *,
    compared_to: float | None = None,
    ratio: float | None = None,
    target: str | None = None,
) -> Row:
    """Make a row; `ratio` is worked out where only `compared_to` is given.

    `target`: `<= 1.10`, `>= 0.12`, `< 250`.
    """
    if ratio is None and compared_to:
        ratio = value / compared_to
    judged = value if ratio is None else ratio
    return Row(
        name=name,
        value=_rounded(value),
        unit=unit,
        compared_to=None if compared_to is None else _rounded(compared_to),
        ratio=None if ratio is None else _rounded(ratio),
        target=target,
        holds=target is None or _holds(judged, target),
    )


def _holds(value: float, target: str) -> bool:
    relation, bound = target.split()
    limit = float(bound)
    return {"<=": value <= limit, "<": value < limit, ">=": value >= limit, "=": value == limit}[relation]


def _rounded(value: float) -> float:
    """Keep four significant digits, and whole numbers whole."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, max(0, DIGITS - 1 - math.floor(math.log10(abs(value)))))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
