from __future__ import annotations

import os
import time
from pathlib import Path

from bench.processes import cpu_seconds_by_program

SPENT_SECONDS = 0.2


def spend(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_cpu_is_counted_by_the_name_of_the_program() -> None:
    name = Path("/proc/self/comm").read_text().strip()
    before = cpu_seconds_by_program(os.getpid())[name]
    spend(SPENT_SECONDS)
    assert cpu_seconds_by_program(os.getpid())[name] - before >= SPENT_SECONDS / 2


def test_cpu_of_a_descendant_that_has_ended_is_not_lost() -> None:
    name = Path("/proc/self/comm").read_text().strip()
    before = cpu_seconds_by_program(os.getpid())[name]
    child = os.posix_spawn("/bin/sh", ["sh", "-c", "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done"], {})
    _, _, used = os.wait4(child, 0)
    spent = used.ru_utime + used.ru_stime
    assert spent > 0
    assert cpu_seconds_by_program(os.getpid())[name] - before >= spent / 2
