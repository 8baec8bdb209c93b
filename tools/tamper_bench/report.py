"""What the bench reports: counts and shares with intervals, by class, half, operation and verification."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from rich.table import Table

from tools.intervals import interval
from tools.tamper_bench.judging import Verdict
from tools.tamper_bench.operations import Class


class Case(msgspec.Struct, frozen=True):
    """One file and its verdict. `is_tuned`: of a family and an operation that thresholds were tuned on."""

    family: str
    operation: str
    kind: str
    is_tuned_family: bool
    is_tuned_operation: bool
    refusal: str | None
    found: tuple[str, ...]
    is_placed: bool | None

    @property
    def is_detected(self) -> bool:
        """Whether standard mode refused it."""
        return self.refusal is not None

    @property
    def is_unseen(self) -> bool:
        """Whether neither its family nor its operation was tuned on."""
        return not self.is_tuned_family and not self.is_tuned_operation


class Share(msgspec.Struct, frozen=True):
    """How many of how many, and the exact interval of the share (Clopper and Pearson, 95 %)."""

    name: str
    detected: int
    files: int
    share: float
    low: float
    high: float
    placed: int
    with_a_place: int
    by: dict[str, int]
    accepted_families: tuple[str, ...]


def case(family: str, operation: str, kind: Class, verdict: Verdict, *, halves: tuple[bool, bool]) -> Case:
    """Write down one verdict."""
    return Case(
        family, operation, kind.value, halves[0], halves[1], verdict.refusal, verdict.found, verdict.is_placed
    )


def share(name: str, cases: Iterable[Case]) -> Share:
    """Count."""
    all_cases = list(cases)
    detected = [one for one in all_cases if one.is_detected]
    low, high = interval(len(detected), len(all_cases))
    by = Counter(word for one in detected for word in (one.found or (one.refusal or "",)))
    places = [one for one in detected if one.is_placed is not None]
    return Share(
        name=name,
        detected=len(detected),
        files=len(all_cases),
        share=round(len(detected) / len(all_cases), 4) if all_cases else 0.0,
        low=round(low, 4),
        high=round(high, 4),
        placed=sum(one.is_placed is True for one in places),
        with_a_place=len(places),
        by=dict(by.most_common()),
        accepted_families=tuple(sorted({one.family for one in all_cases if not one.is_detected})),
    )


def summary(cases: Sequence[Case]) -> list[Share]:
    """Return the shares that matter, the unseen half first, then each operation."""
    forged = [one for one in cases if one.kind == Class.FORGERY]
    rows = [
        share("forgeries, families and operations not tuned on", (one for one in forged if one.is_unseen)),
        share("forgeries, families not tuned on", (one for one in forged if not one.is_tuned_family)),
        share("forgeries, all", forged),
        share("originals", (one for one in cases if one.kind == Class.ORIGINAL)),
        share(
            "originals, families not tuned on",
            (one for one in cases if one.kind == Class.ORIGINAL and not one.is_tuned_family),
        ),
        share("re-saves with the same content", (one for one in cases if one.kind == Class.RESAVE)),
        share(
            "edited in place, signed", (one for one in cases if one.operation == "edited in place, signed")
        ),
    ]
    operations = dict.fromkeys(one.operation for one in cases)
    return rows + [share(name, (one for one in cases if one.operation == name)) for name in operations]


def table(shares: Sequence[Share]) -> Table:
    """Return the shares as a table."""
    shown = Table()
    for title in ("", "refused", "of", "share", "95 %", "at the line", "by"):
        shown.add_column(title, justify="left" if title in {"", "by"} else "right")
    for one in shares:
        most = ", ".join(f"{name} {count}" for name, count in list(one.by.items())[:4])
        shown.add_row(
            one.name,
            str(one.detected),
            str(one.files),
            f"{one.share:.1%}",
            f"{one.low:.1%} to {one.high:.1%}",
            f"{one.placed}/{one.with_a_place}" if one.with_a_place else "",
            most,
        )
    return shown
