"""Strangers may ask only so often, and are remembered in bounded memory."""

from __future__ import annotations

import pytest

from kontora.errors import RateLimitExceeded
from kontora.widget.limits import Buckets, Rate


class Clock:
    """Time that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_that_asks_too_often_waits_while_others_do_not() -> None:
    clock = Clock()
    buckets = Buckets(Rate(at_once=3, per_second=1), clock)
    for _ in range(3):
        buckets.take("one")
    with pytest.raises(RateLimitExceeded):
        buckets.take("one")
    buckets.take("two")
    clock.now += 1.5
    buckets.take("one")
    with pytest.raises(RateLimitExceeded):
        buckets.take("one")


def test_who_keeps_asking_is_let_in_again_at_the_same_rate() -> None:
    clock = Clock()
    buckets = Buckets(Rate(at_once=1, per_second=1), clock)
    let_in = 0
    for _ in range(100):
        clock.now += 0.1
        try:
            buckets.take("one")
            let_in += 1
        except RateLimitExceeded:
            continue
    assert 9 <= let_in <= 11


def test_memory_is_bounded_whatever_comes() -> None:
    buckets = Buckets(Rate(at_once=1, per_second=1), Clock(), most=100)
    for number in range(10_000):
        buckets.take(str(number))
    assert len(buckets) == 100
