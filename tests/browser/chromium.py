"""Chromium for the tests: Debian's; installed if it is missing and we may."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Every origin of the tests is on 127.0.0.1; nothing else is reached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
INSTALL_SECONDS = 600


def installed() -> str | None:
    """Return the path of a Chromium, if there is one. `CHROMIUM` names another."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


def chromium() -> str:
    """Return the path of a Chromium, and install Debian's where there is none.

    Raises: RuntimeError, if it is missing and cannot be installed.
    """
    # Several test workers look at the same moment: one installs, the others wait for it.
    with (Path(tempfile.gettempdir()) / "kontora-tests-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return installed() or _install()


def _install() -> str:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise RuntimeError(
            "The browser tests need Chromium. Install it (apt-get install chromium), or name one in CHROMIUM."
        )
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", "-y", "--no-install-recommends", "chromium")):
        done = subprocess.run(
            ("apt-get", *words),
            check=False,
            env=quiet,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
        )
        if done.returncode:
            raise RuntimeError(f"apt-get {' '.join(words)} failed: {done.stderr[-400:]}")
    if path := installed():
        return path
    raise RuntimeError("Chromium was installed, but is not on the PATH.")


if __name__ == "__main__":
    # Before the tests begin: an installation may take longer than a test may.
    chromium()
