"""Prints HTML with Chromium: one process for many documents, spoken to through a pipe (DevTools protocol)."""

from __future__ import annotations

import atexit
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--remote-debugging-pipe",
    # A print's creator is the user agent; measured files name no version.
    "--user-agent=Chromium",
)
# It listens on descriptor 3 and speaks on 4, whatever numbers our pipes have.
LAUNCH = """
import os, sys
ends = [os.dup(int(number)) for number in sys.argv[1:3]]
while min(ends) < 5:
    ends = [os.dup(end) for end in ends]
for place, end in enumerate(ends, 3):
    os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])
"""
FONT = Path(__file__).parent / "fonts" / "SampleSans-Regular.ttf"
DATES = re.compile(rb"\(D:\d{14}\+00'00'\)")


class ChromiumIsMissing(RuntimeError):
    """Some documents' own writer is Chromium, and there is none on this machine."""


def chromium_path() -> str | None:
    """Return the path of a Chromium, if there is one. `CHROMIUM` names another."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """A running Chromium. Close it when done."""

    def __init__(self, path: str) -> None:
        self.profile = tempfile.TemporaryDirectory(prefix="statement-samples-")
        to_child, self.to = os.pipe()
        self.back, from_child = os.pipe()
        command = (sys.executable, "-c", LAUNCH, str(to_child), str(from_child))
        self.process = subprocess.Popen(
            (*command, path, *FLAGS, f"--user-data-dir={self.profile.name}"),
            pass_fds=(to_child, from_child),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_child)
        os.close(from_child)
        self.number = 0
        self.heard = b""
        try:
            self._open_page()
        except RuntimeError:
            self.close()
            raise

    def _open_page(self) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.frame = self.call("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def print(self, html: str, made_on: date) -> bytes:
        """Return the page as a PDF; the dates of its making are `made_on`, so that it is always the same."""
        self.call("Page.setDocumentContent", frameId=self.frame, html=html)
        self.call("Runtime.evaluate", expression="document.fonts.ready.then(() => 1)", awaitPromise=True)
        printed = self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        stamp = f"(D:{made_on:%Y%m%d}0907{made_on:%d}+00'00')".encode()
        return DATES.sub(stamp, base64.b64decode(printed["data"]))

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method and return its result."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": params}
        if hasattr(self, "session"):
            message["sessionId"] = self.session
        waiting = json.dumps(message).encode() + b"\0"
        while waiting:
            waiting = waiting[os.write(self.to, waiting) :]
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"Chromium refused {method}: {answer['error'].get('message')}")
                return answer["result"]

    def close(self) -> None:
        """End the process that was started here."""
        os.close(self.to)
        os.close(self.back)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        with suppress(OSError):
            self.profile.cleanup()

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.heard:
            more = os.read(self.back, 1 << 20)
            if not more:
                raise RuntimeError("Chromium ended before it had printed.")
            self.heard += more
        first, _, self.heard = self.heard.partition(b"\0")
        return json.loads(first)


def started(path: str | None) -> Chromium:
    """Start Chromium; it ends with this process.

    Raises: ChromiumIsMissing, if `path` is `None`.
    """
    if path is None:
        raise ChromiumIsMissing(
            "These samples are printed by Chromium, and there is none here. Install it"
            " (apt-get install chromium), or name one in CHROMIUM."
        )
    browser = Chromium(path)
    atexit.register(browser.close)
    return browser


@cache
def running() -> Chromium:
    """Return the one Chromium of this process, started at first use.

    Raises: ChromiumIsMissing.
    """
    return started(chromium_path())


@cache
def font_face(family: str) -> str:
    """Return the CSS that brings the sample font along, so that a print is the same on every machine."""
    data = base64.b64encode(FONT.read_bytes()).decode()
    return f"@font-face{{font-family:'{family}';src:url(data:font/ttf;base64,{data})}}"
