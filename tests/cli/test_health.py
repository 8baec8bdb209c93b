"""`kontora health`."""

from __future__ import annotations

from kontora.administration import TargetFigures
from kontora.cli.health import figures_table


def test_a_target_that_fails_is_told_with_the_reason() -> None:
    table = figures_table(
        [
            TargetFigures("KontoBank", "import", 5, 0, 0, 1, None),
            TargetFigures("KontoBankApi", "call", 3, 7, 0, 0, "requests_unanswered"),
        ]
    )
    columns = [list(column.cells) for column in table.columns]
    assert columns[0] == ["KontoBank", "KontoBankApi"]
    assert columns[3] == ["0", "7"]
    assert columns[6] == ["answers", "fails: requests_unanswered"]
