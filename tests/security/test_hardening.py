"""What a process of ours does to itself is asked of the kernel, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

HARDENED = """
import ctypes, resource
from kontora.hardening import harden_process
PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS = 3, 39
libc = ctypes.CDLL(None)
def told():
    asked = [libc.prctl(option, 0, 0, 0, 0) for option in (PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS)]
    return [*asked, *resource.getrlimit(resource.RLIMIT_CORE)]
before = told()
harden_process()
print(before[0], *told())
"""


def test_a_hardened_process_cannot_be_dumped_leaves_no_core_and_gains_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HARDENED], capture_output=True, text=True, timeout=30, check=True
    )
    dumpable_before, dumpable, no_new_privileges, *core = map(int, done.stdout.split())
    assert (dumpable_before, dumpable) == (1, 0)
    assert no_new_privileges == 1
    assert core == [0, 0]
