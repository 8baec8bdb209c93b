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
# Forms that only one layout has.
MORE = (("mbank-statement", "older", 6, 20, Difficulty(older=True)),)
# What stands in these was written down by a person who looked at the page; only the PDF is made.
BY_HAND = (
    ("mbank-statement", 32, 6, Difficulty(wraps=True, traps=True)),
    ("erste-list", 22, 6, Difficulty(hard_spaces=True)),
    ("velobank-history", 23, 5, Difficulty(pending=1, foreign=True)),
    ("pko-statement", 24, 6, Difficulty(foreign=True, promo=True, lost_diacritics=True)),
    ("millennium-statement", 37, 5, Difficulty(foreign=True)),
    ("alior-statement", 26, 5, Difficulty(glued=True)),
    ("pekao-statement", 59, 5, Difficulty(wraps=True, foreign=True)),
    ("millennium-confirmation", 28, None, Difficulty(several=3)),
)
CONFIRMATIONS = (
    ("plain", 1, None, Difficulty()),
    ("hard", 2, None, Difficulty(wraps=True, hard_spaces=True, several=3, glued=True)),
    ("missing", 5, None, Difficulty(missing=True)),
)


def committed() -> Iterator[tuple[str, Sample]]:
    """Make the samples that are committed with what their generator expects, as (layout, sample)."""
    for layout in LAYOUTS:
        chosen = CONFIRMATIONS if layout.endswith("-confirmation") else STATEMENTS
        for name, seed, rows, difficulty in chosen:
            sample = make(layout, seed, rows=rows, difficulty=difficulty)
            yield layout, replace(sample, name=f"{layout}-{name}")
    for layout, name, seed, rows, difficulty in MORE:
        sample = make(layout, seed, rows=rows, difficulty=difficulty)
        yield layout, replace(sample, name=f"{layout}-{name}")


def by_hand() -> Iterator[tuple[str, Sample]]:
    """Make the samples whose expected data was written by hand, as (layout, sample)."""
    for layout, seed, rows, difficulty in BY_HAND:
        yield layout, replace(make(layout, seed, rows=rows, difficulty=difficulty), name=f"{layout}-by-hand")
