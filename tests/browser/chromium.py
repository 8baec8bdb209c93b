"""Chromium for the tests: Debian's; installed if it is missing and we may."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
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
LOCK = Path(tempfile.gettempdir()) / "kontora-tests-chromium.lock"


class NoChromium(Exception):
    """There is none, and none can be installed; the message says what to do."""


def installed(candidates: Sequence[str] = NAMES) -> str | None:
    """Return the path of a Chromium, if there is one: the first of these names or paths that can be run."""
    return next((path for name in candidates if (path := shutil.which(name))), None)


def install_debians(apt_get: str | None = None, user_id: int | None = None) -> None:
    """Install Debian's Chromium. By default with the `apt-get` on the PATH, as who we are.

    Raises: NoChromium.
    """
    apt_get = apt_get or shutil.which("apt-get")
    if apt_get is None or (os.geteuid() if user_id is None else user_id) != 0:
        raise NoChromium(
            "The browser tests need Chromium. Install it (apt-get install chromium), or name one in CHROMIUM."
        )
    for words in (("update",), ("install", "-y", "--no-install-recommends", "chromium")):
        _run(apt_get, *words)


def _run(apt_get: str, *words: str) -> None:
    try:
        done = subprocess.run(
            (apt_get, *words),
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoChromium(f"Chromium cannot be installed: {error}.") from error
    if done.returncode:
        raise NoChromium(
            f"Chromium cannot be installed: apt-get {' '.join(words)} failed: {done.stderr.strip()[-400:]}"
        )


def chromium(
    candidates: Sequence[str] | None = None,
    install: Callable[[], None] = install_debians,
    lock: Path = LOCK,
) -> str:
    """Return the path of a Chromium, and have one installed where there is none.

    `candidates`: by default the one that `CHROMIUM` names, or else the usual names.

    Raises: NoChromium.
    """
    if candidates is None and (given := os.environ.get("CHROMIUM")):
        if installed([given]) is None:
            raise NoChromium(f"CHROMIUM names {given}, which cannot be run.")
        candidates = [given]
    candidates = candidates or NAMES
    # Several test workers look at the same moment: one installs, the others wait for it.
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        path = installed(candidates)
        if path is None:
            install()
            path = installed(candidates)
    if path is None:
        raise NoChromium(f"Chromium was installed, but is not to be found as {' or '.join(candidates)}.")
    return path


if __name__ == "__main__":
    # Before the tests begin: an installation may take longer than a test may.
    try:
        chromium()
    except NoChromium as error:
        sys.exit(str(error))
