from __future__ import annotations

import pytest
from bench.rows import percentile, row


@pytest.mark.parametrize(
    ("target", "value", "holds"),
    [
        ("<= 1.10", 1.1, True),
        ("<= 1.10", 1.11, False),
        ("< 250", 250, False),
        (">= 0.12", 0.12, True),
        ("= 200", 199, False),
    ],
)
def test_a_row_holds_when_its_value_is_within_the_target(target: str, value: float, holds: bool) -> None:
    assert row("name", value, "s", target=target).holds is holds


def test_a_target_bounds_the_ratio_where_there_is_one() -> None:
    found = row("name", 0.7, "s", compared_to=0.662, target="<= 1.10")
    assert found.ratio == pytest.approx(1.057, abs=0.001)
    assert found.holds


def test_the_ninety_ninth_percentile_of_a_hundred_values_is_the_second_largest() -> None:
    assert percentile(list(range(100)), 0.99) == 98
