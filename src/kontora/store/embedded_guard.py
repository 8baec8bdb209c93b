"""The guard: a tiny process of its own that runs the embedded PostgreSQL exactly as long as its parent lives.

Run as a script, by `embedded.py`, with the standard library alone: `python -I -S embedded_guard.py SPEC`.
The parent holds the other end of the guard's standard input. When it closes, also because the parent was
killed, the guard stops PostgreSQL; when PostgreSQL ends on its own (disk full, crash), it starts it again.
The kernel stops PostgreSQL too if the guard itself is killed.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

LOOK_SECONDS = 0.25
RESTART_SECONDS = (0.2, 0.5, 1.0, 2.0)
STOPS = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Have the kernel interrupt this process, not yet PostgreSQL, when the guard ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def start(spec: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start PostgreSQL as its user."""
    guard = os.getpid()
    # The command was built by embedded.py. The guard has one thread, so a function before exec is safe;
    # it runs after the change of user, which would otherwise clear the parent's death signal.
    return subprocess.Popen(  # noqa: S603
        spec["command"],
        stdin=subprocess.DEVNULL,
        cwd="/",
        umask=0o077,
        pass_fds=spec["fds"],
        preexec_fn=lambda: die_with(guard),  # noqa: PLW1509
        **spec["popen"],
    )


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop PostgreSQL: politely, then at once, then by force."""
    for signal_number, patience_seconds in STOPS:
        server.send_signal(signal_number)
        try:
            server.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def parent_gone(parent: int, wait_seconds: float) -> bool:
    """Wait, and say whether the parent has closed its end or is gone."""
    readable, _, _ = select.select([0], [], [], wait_seconds)
    return bool(readable) or os.getppid() != parent


def watch(spec: dict[str, Any]) -> None:
    """Keep PostgreSQL running until the parent is gone."""
    failures = 0
    server = start(spec)
    started = time.monotonic()
    while not parent_gone(spec["parent"], LOOK_SECONDS):
        if server.poll() is None:
            continue
        failures = 0 if time.monotonic() - started > 10 else failures + 1
        pause_seconds = RESTART_SECONDS[min(failures, len(RESTART_SECONDS) - 1)]
        if parent_gone(spec["parent"], pause_seconds):
            break
        server = start(spec)
        started = time.monotonic()
    stop(server)


def main() -> None:
    """Guard PostgreSQL as the first argument, a JSON object, says."""
    spec = json.loads(sys.argv[1])
    # The guard ends with its parent and at no other time: not by Ctrl-C, not by a polite kill.
    # (A handler, not SIG_IGN: the latter would be inherited by PostgreSQL.)
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, lambda *_: None)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        watch(spec)
    finally:
        if spec["scratch"]:
            shutil.rmtree(spec["scratch"], ignore_errors=True)


if __name__ == "__main__":
    main()
