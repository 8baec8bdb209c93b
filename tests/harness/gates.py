"""Gates on the wire: a TCP proxy that a test can close at a moment of its choice, and look into later."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

_REQUEST = re.compile(rb"(GET|POST|PUT|DELETE) (\S+) HTTP/1\.1\r\n")
_LONGEST_HOLD_SECONDS = 180.0


class Hold:
    """A moment at which the wire stands still: `reached` tells that it does, `release` ends it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._released = threading.Event()
        self.dropped = False

    def wait(self, seconds: float = 40.0) -> None:
        """Wait until the moment has come."""
        assert self.reached.wait(seconds), "the moment did not come"

    def release(self, *, drop: bool = False) -> None:
        """Let it go on; with `drop` what was held is thrown away."""
        self.dropped = drop
        self._released.set()

    def stand(self) -> bool:
        """Stand still until released; False, if what is held is to be thrown away."""
        self.reached.set()
        self._released.wait(_LONGEST_HOLD_SECONDS)
        return not self.dropped


class Gate:
    """Passes bytes between clients and one server, each direction in a thread of its own."""

    def __init__(self, upstream_port: int | None = None) -> None:
        self.upstream_port = upstream_port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens, for HTTP."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Close everything."""
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Cut every connection that is open."""
        with self._lock:
            found = list(self._open)
        for end in found:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def passes(self, connection: int, chunk: bytes) -> bool:
        """Look at what a client sends, before it goes on; may stand still. False cuts the connection."""
        return True

    def returns(self, connection: int, chunk: bytes) -> bool:
        """Look at what the server sends back, before it goes on."""
        return True

    def _accept(self) -> None:
        number = 0
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            number += 1
            threading.Thread(target=self._connect, args=(number, client), daemon=True).start()

    def _connect(self, number: int, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.upstream_port or 0), timeout=5.0)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open.update((client, server))
        back = threading.Thread(target=self._pump, args=(number, server, client, self.returns), daemon=True)
        back.start()
        self._pump(number, client, server, self.passes)
        back.join()
        with self._lock:
            self._open.difference_update((client, server))
        client.close()
        server.close()

    def _pump(
        self, number: int, source: socket.socket, sink: socket.socket, look: Callable[[int, bytes], bool]
    ) -> None:
        with suppress(OSError):
            while chunk := source.recv(65536):
                if not look(number, chunk):
                    break
                sink.sendall(chunk)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@dataclass
class Exchange:
    """One request to the bank and its answer, as far as it went by."""

    number: int
    method: str
    path: str
    reply: bytearray = field(default_factory=bytearray)

    @property
    def step(self) -> str:
        """The method and the path without ids and query."""
        path = re.sub(r"(accounts|consents|authorisations)/[^/]+", r"\1/{id}", self.path.partition("?")[0])
        return f"{self.method} {path}"

    @property
    def is_read(self) -> bool:
        """Tell whether accounts or cards are read."""
        return self.method == "GET" and "accounts" in self.path

    def body(self) -> bytes | None:
        """Return the body of a whole answer with status 200; `None` for any other."""
        head, found, body = bytes(self.reply).partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if not found or length is None or not head.startswith(b"HTTP/1.1 200") or len(body) < int(length[1]):
            return None
        return body[: int(length[1])]


class BankGate(Gate):
    """The gate between Kontora and KontoBank: knows requests and answers, and can hold one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.exchanges: list[Exchange] = []
        self._current: dict[int, Exchange] = {}
        self._holds: list[tuple[Callable[[Exchange], bool], bool, Hold]] = []

    def hold(self, matches: Callable[[Exchange], bool], *, answered: bool = False) -> Hold:
        """Hold the first request that matches before the bank sees it; or, `answered`, its answer."""
        hold = Hold()
        self._holds.append((matches, answered, hold))
        return hold

    def clear(self) -> None:
        """Forget what went by."""
        self.exchanges = []
        self._holds = []

    def passes(self, connection: int, chunk: bytes) -> bool:
        """Note a request, and hold it if it is the one."""
        found = _REQUEST.match(chunk)
        if found is None:
            return True
        with self._lock:
            exchange = Exchange(len(self.exchanges) + 1, found[1].decode(), found[2].decode())
            self.exchanges.append(exchange)
            self._current[connection] = exchange
        return self._stand(exchange, answered=False)

    def returns(self, connection: int, chunk: bytes) -> bool:
        """Note an answer, and hold it if it is the one."""
        exchange = self._current.get(connection)
        if exchange is None:
            return True
        begins = not exchange.reply
        exchange.reply += chunk
        return self._stand(exchange, answered=True) if begins else True

    def _stand(self, exchange: Exchange, *, answered: bool) -> bool:
        with self._lock:
            found = next(
                (
                    hold
                    for matches, late, hold in self._holds
                    if late == answered and not hold.reached.is_set() and matches(exchange)
                ),
                None,
            )
            if found is not None:
                found.reached.set()
        return True if found is None else found.stand()

    def served(self) -> int:
        """Count the money transactions in the whole answers that went by."""
        return sum(count_money_transactions(exchange) for exchange in self.exchanges)


def count_money_transactions(exchange: Exchange) -> int:
    """Count the money transactions in an answer: JSON lists, booked and pending, or entries of camt."""
    body = exchange.body() if "/transactions" in exchange.path else None
    if body is None:
        return 0
    if body.lstrip().startswith(b"<"):
        return len(re.findall(rb"<Ntry>", body))
    try:
        document = json.loads(body)
    except ValueError:
        return 0
    report = document.get("transactions") or document.get("cardTransactions") or {}
    return sum(len(report.get(part) or ()) for part in ("booked", "pending"))


class DatabaseGate(Gate):
    """The gate between Kontora and PostgreSQL: holds the commit that follows a certain statement."""

    def __init__(self, upstream_port: int) -> None:
        self._statement: bytes | None = None
        self._answered = False
        self._hold = Hold()
        self._armed: set[int] = set()
        self._committing: int | None = None
        super().__init__(upstream_port)

    def hold_commit_after(self, statement: str, *, answered: bool = False) -> Hold:
        """Hold the first commit on a connection that has been told this statement; or its confirmation.

        Statements are prepared once: their text is seen when a connection runs one for the first time.
        """
        self._hold = Hold()
        self._statement, self._answered = statement.encode(), answered
        return self._hold

    def passes(self, connection: int, chunk: bytes) -> bool:
        """Hold the commit."""
        if self._statement is not None and self._statement in chunk:
            self._armed.add(connection)
        if connection in self._armed and b"COMMIT" in chunk and not self._hold.reached.is_set():
            if not self._answered:
                return self._hold.stand()
            self._committing = connection
        return True

    def returns(self, connection: int, chunk: bytes) -> bool:
        """Hold the confirmation of the commit."""
        if connection == self._committing and not self._hold.reached.is_set():
            return self._hold.stand()
        return True
