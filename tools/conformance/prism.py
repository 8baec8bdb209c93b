"""Prism as a proxy between Kontora and the bank: it checks every request and every answer."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.processes import child, output_of

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "node_modules"
PROGRAM = MODULES / "@stoplight" / "prism-cli" / "dist" / "index.js"
INSTALL_SECONDS = 180
READY = "Prism is listening"

RECEIVED = re.compile(r"\[HTTP SERVER\] (\w+) (\S+) .*Request received")
COMPLAINT = re.compile(r"(Violation: .*|Request terminated with error: .*)")
OPERATIONS = (
    ("post", r"/v1/consents", "createConsent"),
    ("get", r"/v1/consents/[^/]+", "getConsentInformation"),
    ("delete", r"/v1/consents/[^/]+", "deleteConsent"),
    ("get", r"/v1/consents/[^/]+/status", "getConsentStatus"),
    ("post", r"/v1/consents/[^/]+/authorisations", "startConsentAuthorisation"),
    ("get", r"/v1/consents/[^/]+/authorisations", "getConsentAuthorisation"),
    ("get", r"/v1/consents/[^/]+/authorisations/[^/]+", "getConsentScaStatus"),
    ("put", r"/v1/consents/[^/]+/authorisations/[^/]+", "updateConsentsPsuData"),
    ("get", r"/v1/accounts", "getAccountList"),
    ("get", r"/v1/accounts/[^/]+", "readAccountDetails"),
    ("get", r"/v1/accounts/[^/]+/balances", "getBalances"),
    ("get", r"/v1/accounts/[^/]+/transactions", "getTransactionList"),
    ("get", r"/v1/accounts/[^/]+/transactions/[^/]+", "getTransactionDetails"),
    ("get", r"/v1/card-accounts", "getCardAccountList"),
    ("get", r"/v1/card-accounts/[^/]+", "readCardAccountDetails"),
    ("get", r"/v1/card-accounts/[^/]+/balances", "getCardAccountBalances"),
    ("get", r"/v1/card-accounts/[^/]+/transactions", "getCardAccountTransactionList"),
)


class NoPrism(Exception):
    """Prism cannot be run here."""


class Prism:
    """A proxy that runs, and what its log tells."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self._log = log

    def calls(self) -> Counter[str]:
        """Return how often each operation of the standard was called through the proxy."""
        return Counter(_operation(method, path) for method, path in RECEIVED.findall(self._log.read_text()))

    def complaints(self) -> list[str]:
        """Return what did not fit the standard, in either direction, with the call it is about."""
        found, call = [], ""
        for line in self._log.read_text().splitlines():
            if received := RECEIVED.search(line):
                call = f"{received[1]} {_operation(received[1], received[2])}"
            if complaint := COMPLAINT.search(line):
                found.append(f"{call}: {complaint[1]}")
        return found


def _operation(method: str, path: str) -> str:
    path = path.partition("?")[0]
    for of_method, pattern, operation in OPERATIONS:
        if method == of_method and re.fullmatch(pattern, path):
            return operation
    return f"{method} {path}"


async def install() -> None:
    """Install Prism from the lock file, unless that has been done.

    Raises: NoPrism.
    """
    done = MODULES / ".package-lock.json"
    if (
        PROGRAM.exists()
        and done.exists()
        and done.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime
    ):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise NoPrism("Prism comes from npm, and npm is not installed. Install Node.js 20 or later.")
    process = await asyncio.create_subprocess_exec(
        npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=ROOT, stdin=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(INSTALL_SECONDS):
        if await process.wait():
            raise NoPrism("npm could not install Prism; its own words are above.")


@asynccontextmanager
async def prism(specification: Path, bank_url: str, port: int, log: Path) -> AsyncIterator[Prism]:
    """Run the proxy in front of a bank; violations are answered with 422 and 500.

    Raises: NoPrism.
    """
    node = shutil.which("node")
    if node is None:
        raise NoPrism("Prism needs Node.js 20 or later.")
    arguments = (node, str(PROGRAM), "proxy", "-h", "127.0.0.1", "-p", str(port), "--errors")
    async with child((*arguments, str(specification), bank_url), log, ready=READY):
        yield Prism(f"http://127.0.0.1:{port}", output_of(log))


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
