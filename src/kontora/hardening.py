"""What every process of ours does to itself: no core file, no eyes on its memory, no new privileges."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

from kontora.errors import ConfigurationError

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
SWAPS = Path("/proc/swaps")
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4


def harden_process() -> None:
    """Leave no core file, let no other process of the user read this one's memory, gain no privileges.

    Raises: ConfigurationError, if the system refuses.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((PR_SET_DUMPABLE, 0), (PR_SET_NO_NEW_PRIVS, 1)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise ConfigurationError(
                f"The system refuses to harden the process: {os.strerror(ctypes.get_errno())}."
            )


def die_with(parent_pid: int) -> None:
    """Have the kernel kill this process when its parent, which has this process id, ends.

    Whoever changes the user afterwards must say so again: the kernel forgets it then.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent_pid:  # it ended before the kernel was told
        os._exit(1)


def may_lock_memory() -> bool:
    """Tell whether the system lets a process keep all its memory out of swap.

    A limit would end the process in the middle of its work, so it counts as a no.
    """
    unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1] == resource.RLIM_INFINITY
    return unlimited or os.geteuid() == 0


def lock_memory() -> bool:
    """Keep this process out of swap; tell whether the system allowed it."""
    if not may_lock_memory():
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0)


def swap_is_on(swaps: Path = SWAPS) -> bool:
    """Tell whether this machine may write memory to disk.

    `swaps`: the kernel's list, a heading and a line for each place; where there is no list there is no swap.
    """
    try:
        return len(swaps.read_text().splitlines()) > 1
    except OSError:
        return False
