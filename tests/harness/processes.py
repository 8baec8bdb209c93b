"""Real processes for tests: practice bank, server, workers; each ends with the test that started it."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from kontora import main
from kontora.demo import leash
from kontora.settings import read_settings

START_SECONDS = 60.0
END_SECONDS = 40.0
LOOPBACK = "127.0.0.1/32"


class Child:
    """A process that has announced that it is ready; the kernel ends it if the tests are killed."""

    def __init__(
        self, command: Sequence[str], announcement: str, log: Path, environment: Mapping[str, str]
    ) -> None:
        self.log = log
        self._announcement = announcement
        with log.open("ab") as log_file:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log_file,
                env=dict(environment),
                bufsize=0,
            )

    @property
    def pid(self) -> int:
        """The process itself: the leash becomes the program."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """How it ended; `None` while it runs."""
        return self._process.poll()

    def ready(self, seconds: float = START_SECONDS) -> str:
        """Wait for the announcement and return what follows it."""
        deadline = time.monotonic() + seconds
        output = self._process.stdout
        assert output is not None
        said = b""
        while time.monotonic() < deadline:
            if not select.select([output], [], [], 0.2)[0]:
                continue
            piece = os.read(output.fileno(), 4096)
            if not piece:
                break
            said += piece
            for line in said.decode(errors="replace").splitlines(keepends=True):
                if line.startswith(self._announcement) and line.endswith("\n"):
                    return line.removeprefix(self._announcement).strip()
        tail = self.log.read_text(errors="replace")[-2000:]
        raise AssertionError(f"{self._announcement!r} was not said; the log ends: {tail}")

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self._process.kill()
        self._process.wait(END_SECONDS)

    def stop(self) -> None:
        """Let it stand still."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """End it in good order; by force if it does not."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def logged(self) -> str:
        """Return what it has written into its log so far."""
        return self.log.read_text(errors="replace")


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _plain_environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("KONTORA_", "KONTOBANK"))
    }


class KontoBankProcess(Child):
    """`kontobank serve`, with its control API."""

    def __init__(self, folder: Path, *options: str, public_url: str | None = None) -> None:
        command = [_program("kontobank"), "serve", "--host", "127.0.0.1", "--port", "0", *options]
        if public_url is not None:
            command += ["--public-url", public_url]
        super().__init__(command, "KontoBank listens on ", folder / "kontobank.log", _plain_environment())
        self._http = urllib3.PoolManager()
        self.url = self.ready()

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self.url.rpartition(":")[2])

    def end(self) -> None:
        """End it, and the connections to it."""
        super().end()
        self._http.clear()

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Ask the control API."""
        reply = self._http.request(method, f"{self.url}/control/{path}", json=body, timeout=10.0)
        assert reply.status < 300, reply.data
        return reply.json()

    def calls(self, login: str | None = None) -> list[dict[str, Any]]:
        """Return the calls since the last reset, oldest first; those of one login, if one is given."""
        log: list[dict[str, Any]] = self.control("GET", "calls")["log"]
        return [call for call in log if login is None or call["login"] == login]

    def behave(self, **behaviour: object) -> None:
        """Switch `delay_ms` or `down`."""
        self.control("PUT", "behaviour", behaviour)

    def move_clock(self, offset_seconds: float) -> None:
        """Move the bank's clock from its start."""
        self.control("PUT", "clock", {"offset_seconds": offset_seconds})


class KontoraProcess(Child):
    """`kontora serve`."""

    def __init__(self, site: Site, environment: Mapping[str, str], name: str) -> None:
        super().__init__(
            [_program("kontora"), "serve"], "Kontora listens on ", site.folder / f"{name}.log", environment
        )
        self.url = ""

    def ready(self, seconds: float = START_SECONDS) -> str:
        """Wait until it listens; return its URL."""
        self.url = super().ready(seconds)
        return self.url


class WorkerProcess(Child):
    """`kontora worker`."""

    def __init__(self, site: Site, environment: Mapping[str, str], name: str) -> None:
        super().__init__(
            [_program("kontora"), "worker"], "Kontora worker runs", site.folder / f"{name}.log", environment
        )


@dataclass
class Site:
    """One installation: a folder, a database (`None`: the embedded one), a practice bank and settings."""

    folder: Path
    bank_url: str
    database_url: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    _children: list[Child] = field(default_factory=list)

    def environment(self, **changed: str) -> dict[str, str]:
        """Return the environment of its processes; `changed` names settings without `KONTORA_`."""
        named = {
            "PRACTICE": "on",
            "PRACTICE_BANK_URL": self.bank_url,
            "DATA_DIR": str(self.folder / "data"),
            "PORT": "0",
            "METRICS_PORT": "0",
            **({} if self.database_url is None else {"DATABASE_URL": self.database_url}),
            **self.settings,
            **changed,
        }
        return _plain_environment() | {f"KONTORA_{name.upper()}": value for name, value in named.items()}

    def serve(self, *, name: str = "serve", wait: bool = True, **changed: str) -> KontoraProcess:
        """Start `kontora serve`."""
        child = KontoraProcess(self, self.environment(**changed), name)
        self._children.append(child)
        if wait:
            child.ready()
        return child

    def work(self, *, name: str = "worker", wait: bool = True, **changed: str) -> WorkerProcess:
        """Start `kontora worker`."""
        child = WorkerProcess(self, self.environment(**changed), name)
        self._children.append(child)
        if wait:
            child.ready()
        return child

    def add_client(self, name: str, ip: str = LOOPBACK, *, features: tuple[str, ...] | None = None) -> str:
        """Add a test client and return its key. `features`: those of a new client by default."""
        settings = read_settings(
            {name: value for name, value in self.environment().items() if name.startswith("KONTORA_")}
        )

        async def added() -> str:
            async with main.administer(settings) as administration:
                _, key = await administration.add_client(name, "test", (ip,))
                await administration.set_client(name, features=features)
                return key

        return asyncio.run(added())

    def end(self) -> None:
        """End all its processes."""
        for child in self._children:
            if child.exit_status is None:
                child.kill()
            child.end()


@contextmanager
def ending(*parts: Child | Site) -> Iterator[None]:
    """End these at the end, the last first."""
    try:
        yield
    finally:
        for part in reversed(parts):
            part.end()
