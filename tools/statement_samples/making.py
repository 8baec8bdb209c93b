"""Makes samples by the name of their layout; the same seed makes the same sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from random import Random

from tools.statement_samples import banks
from tools.statement_samples.sample import Layout, Sample
from tools.statement_samples.story import Difficulty

Printer = Callable[[Random, int | None, Difficulty], Sample]


def _printers() -> dict[str, tuple[Layout, Printer]]:
    found: dict[str, tuple[Layout, Printer]] = {}
    for module in iter_modules(banks.__path__):
        bank = import_module(f"{banks.__name__}.{module.name}")
        found |= {layout.name: (layout, printer) for layout, printer in bank.PRINTERS.items()}
    return dict(sorted(found.items()))


_PRINTERS = _printers()
LAYOUTS: tuple[str, ...] = tuple(_PRINTERS)


def make(layout: str, seed: int, *, rows: int | None = None, difficulty: Difficulty | None = None) -> Sample:
    """Make one sample. `rows`: of booked money transactions; `difficulty`: else drawn from the seed.

    Raises: KeyError, if the layout has no generator; ChromiumIsMissing, for what Chromium prints.
    """
    _, printer = _PRINTERS[layout]
    rng = Random(f"{layout} {seed}")
    drawn = _drawn(Random(f"{layout} {seed} difficulty"))
    sample = printer(rng, rows, drawn if difficulty is None else difficulty)
    return replace(sample, name=f"{layout}-{seed:04d}")


def make_many(layout: str, seeds: Iterable[int], *, rows: int | None = None) -> Iterator[Sample]:
    """Make samples one after another, as `make` does."""
    for seed in seeds:
        yield make(layout, seed, rows=rows)


def _drawn(rng: Random) -> Difficulty:
    def often(share: float) -> bool:
        return rng.random() < share

    return Difficulty(
        wraps=often(0.5),
        pending=rng.choice((0, 0, 1, 2, 3)),
        foreign=often(0.4),
        hard_spaces=often(0.2),
        glued=often(0.2),
        lost_diacritics=often(0.15),
        promo=often(0.4),
        traps=often(0.4),
        account_tail=often(0.4),
        shifted=often(0.3),
        missing=often(0.3),
        several=rng.choice((1, 1, 1, 2, 4)),
    )
