"""Become another program that the kernel ends together with its parent.

Run as a script, with the standard library alone: `python -I -S leash.py PARENT-PID PROGRAM …`. Where the
kernel cannot do it (macOS), the program ends when the demo ends it, but not when the demo is killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent, then become the program."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:  # it ended before the kernel was told
            sys.exit(1)
    os.execv(program[0], program)  # noqa: S606 - the demo's own program, no shell


if __name__ == "__main__":
    main()
