"""The families of genuine files: a layout and a way of writing, with files that teach, and that count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

from tools.statement_samples import LAYOUTS, make

TEACHING_SEEDS = range(5000, 5008)
ORIGINAL_SEEDS = range(30)
EDITED_SEEDS = range(3000, 3100)
SIBLING_OFFSET = 4000
FEWEST_ROWS = 2


@dataclass(frozen=True)
class Genuine:
    """A genuine file, what stands in it, and another one of the same writer."""

    name: str
    pdf: bytes
    expected: dict[str, Any]
    sibling: Callable[[], bytes]

    @property
    def pages(self) -> int:
        """How many pages it has."""
        with pikepdf.open(BytesIO(self.pdf)) as pdf:
            return len(pdf.pages)


@dataclass(frozen=True)
class Family:
    """Files of one layout, written in one way. `make`: a file of a seed; `is_tuned`: thresholds saw it."""

    name: str
    layout: str
    is_signed: bool
    is_tuned: bool
    make: Callable[[int], tuple[bytes, dict[str, Any]]]

    def genuine(self, seed: int) -> Genuine:
        """Make a file."""
        pdf, expected = self.make(seed)
        return Genuine(f"{self.name} {seed}", pdf, expected, lambda: self.make(seed + SIBLING_OFFSET)[0])

    def edited(self, count: int) -> list[Genuine]:
        """Make files that are worth editing: with rows, none of them a teacher or an original that counts."""
        found = []
        for seed in EDITED_SEEDS:
            genuine = self.genuine(seed)
            if _rows(genuine.expected) >= (1 if "confirmations" in genuine.expected else FEWEST_ROWS):
                found.append(genuine)
            if len(found) == count:
                break
        return found


def _rows(expected: dict[str, Any]) -> int:
    if "confirmations" in expected:
        return len(expected["confirmations"])
    return len(expected["accounts"][0]["moneyTransactions"])


def families() -> tuple[Family, ...]:
    """Return all families; every second one is of the half that thresholds are tuned on."""
    from tools.tamper_bench.practice import practice_families

    named = [(layout, layout, False, _printer(layout)) for layout in LAYOUTS]
    named += practice_families()
    return tuple(
        Family(name, layout, is_signed, number % 2 == 0, make_one)
        for number, (name, layout, is_signed, make_one) in enumerate(named)
    )


def _printer(layout: str) -> Callable[[int], tuple[bytes, dict[str, Any]]]:
    def make_one(seed: int) -> tuple[bytes, dict[str, Any]]:
        sample = make(layout, seed)
        return sample.pdf, sample.expected

    return make_one
