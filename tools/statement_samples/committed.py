"""Which samples lie beside the tests: small ones, each with difficulties of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tools.statement_samples.making import LAYOUTS, make
from tools.statement_samples.sample import Sample
from tools.statement_samples.story import Difficulty

# Name, seed, rows, difficulty.
STATEMENTS = (
    ("plain", 1, 12, Difficulty()),
    ("hard", 2, 30, Difficulty(wraps=True, foreign=True, traps=True, shifted=True, pending=2, promo=True)),
    (
        "spaces",
        3,
        9,
        Difficulty(hard_spaces=True, glued=True, account_tail=True, missing=True, lost_diacritics=True),
    ),
    ("empty", 4, 0, Difficulty()),
)
CONFIRMATIONS = (
    ("plain", 1, None, Difficulty()),
    ("hard", 2, None, Difficulty(wraps=True, hard_spaces=True, several=3, glued=True)),
    ("missing", 5, None, Difficulty(missing=True)),
)


def committed() -> Iterator[tuple[str, Sample]]:
    """Make the samples that are committed, as (layout, sample)."""
    for layout in LAYOUTS:
        chosen = CONFIRMATIONS if layout.endswith("-confirmation") else STATEMENTS
        for name, seed, rows, difficulty in chosen:
            sample = make(layout, seed, rows=rows, difficulty=difficulty)
            yield layout, replace(sample, name=f"{layout}-{name}")
