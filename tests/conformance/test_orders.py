from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from bench.orders import worker

ROOT = Path(__file__).parents[2]


def test_orders_are_carried_out_one_after_the_other_until_there_are_no_more() -> None:
    program = (
        "import asyncio\nfrom bench.orders import obey\n"
        "async def count(logins):\n    return len(logins)\n"
        "asyncio.run(obey({'count': count}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input='["count", "a", "b"]\n["count"]\n',
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=30,
    )
    assert done.stdout.splitlines() == ["ready", "2", "0"]


async def test_a_program_that_does_not_begin_is_named_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no_such_program"):
        async with worker("bench.no_such_program", "", tmp_path / "log"):
            pass
