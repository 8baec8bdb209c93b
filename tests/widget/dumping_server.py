"""`kontora serve` with a thread that gives away the memory of its own process, for tests to search.

Nobody else may read that memory, as it should be; a process may always read its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys
import threading
from pathlib import Path

from kontora.main import serve
from kontora.settings import read_settings

PIECE_BYTES = 1024 * 1024


class _Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def give_away(listener: socket.socket) -> None:
    """Send all writable memory to whoever connects."""
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(PIECE_BYTES)
    while True:
        line, _ = listener.accept()
        # Whoever has found what they sought hangs up.
        with line, contextlib.suppress(OSError):
            for entry in Path("/proc/self/maps").read_text().splitlines():
                span, rights = entry.split()[:2]
                start, end = (int(edge, 16) for edge in span.split("-"))
                if not rights.startswith("rw") or "[v" in entry:
                    continue
                for at in range(start, end, PIECE_BYTES):
                    ours = _Vector(ctypes.addressof(buffer), min(PIECE_BYTES, end - at))
                    theirs = _Vector(at, ours.length)
                    got = libc.process_vm_readv(
                        os.getpid(), ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0
                    )
                    if got > 0:
                        line.sendall(memoryview(buffer)[:got])


def main() -> None:
    """Serve."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen()
    threading.Thread(target=give_away, args=(listener,), daemon=True).start()
    serve(read_settings(os.environ))


if __name__ == "__main__":
    main()
