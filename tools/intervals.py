"""The exact interval of a share (Clopper and Pearson), for what benches count."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log, log1p

CONFIDENCE = 0.95
STEPS = 60


def interval(found: int, of: int) -> tuple[float, float]:
    """Return the exact interval of a share. `interval(0, 300)` is (0, 0.0122)."""
    tail = (1 - CONFIDENCE) / 2
    if of == 0:
        return 0.0, 1.0
    low = 0.0 if found == 0 else _solved(lambda p: 1 - _at_most(found - 1, of, p), tail)
    high = 1.0 if found == of else _solved(lambda p: 1 - _at_most(found, of, p), 1 - tail)
    return low, high


def _solved(rising: Callable[[float], float], wanted: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2


def _at_most(found: int, of: int, p: float) -> float:
    if not 0 < p < 1:
        return 1.0 if p <= 0 or found >= of else 0.0
    return sum(exp(_log_ways(of, k) + k * log(p) + (of - k) * log1p(-p)) for k in range(found + 1))


def _log_ways(of: int, k: int) -> float:
    return lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1)
