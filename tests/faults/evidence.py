"""What is recorded while something is broken: the clients' history, then the database and the bank's log."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from psycopg.rows import dict_row
from tests.faults.checker import Evidence
from tests.harness.callers import Caller, Reply

CANARIES = ("Test123",)
# A mock session gives the password and the code.
CREDENTIALS_OF_A_SIGN_IN = 2


class History:
    """What clients did, in the order in which they were answered; threads may share it."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.expected: dict[str, int] = {}
        self.faults: list[float] = []
        self._lock = threading.Lock()

    def add(self, entry: dict[str, Any]) -> None:
        """Write an entry."""
        with self._lock:
            self.entries.append({"at": time.time(), **entry})

    def fault_is_over(self) -> float:
        """Note that a fault is over; return the time."""
        self.faults.append(time.time())
        return self.faults[-1]


class Witness(Caller):
    """A caller that writes down all that it does."""

    def __init__(self, url: str, key: str, client: str, history: History, *, connections: int = 8) -> None:
        super().__init__(url, key, connections=connections)
        self.client = client
        self.history = history
        self._owners: dict[str, str] = {}
        self._logins: dict[str, str] = {}

    def send(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """Send a request and write it down with its answer, or that there was none."""
        form = form or {}
        began = time.monotonic()
        reply: Reply | None = None
        try:
            reply = super().send(method, path, form, headers, body)
            return reply
        finally:
            seconds = time.monotonic() - began
            for entry in self._entries(method, path, form, headers or {}, reply):
                self.history.add(entry | {"seconds": seconds})

    def _entries(
        self, method: str, path: str, form: Mapping[str, str], headers: Mapping[str, str], reply: Reply | None
    ) -> Iterable[dict[str, Any]]:
        base: dict[str, Any] = {
            "client": self.client,
            "status": None if reply is None else reply.status,
            "command": None if reply is None or not reply.command_id else int(reply.command_id),
            "owner": form.get("ownerExternalId", self._owners.get(form.get("sessionId", ""), "")),
        }
        if path == "/v1/mock-session.xml":
            self._learn(reply, base["owner"], form["login"])
            return [base | {"op": "credential", "login": form["login"]}] * CREDENTIALS_OF_A_SIGN_IN
        if path == "/v1/session.xml":
            self._learn(reply, base["owner"], "")
            return [base | {"op": "session"}]
        if path.endswith("/enter-credential.xml"):
            return [self._credential(base, form)]
        if path.startswith("/v1/command/") and method == "POST":
            if base["command"] is not None:
                self._owners[str(base["command"])] = base["owner"]
            return [base | {"op": "start", "key": headers.get("Idempotency-Key")}]
        if path.startswith("/v1/command/"):
            return [self._poll(base, path, reply)]
        op = {"GET": "data", "DELETE": "delete"}.get(method, "other") if "/data.xml" in path else "other"
        return [base | {"op": op}]

    def _learn(self, reply: Reply | None, owner: str, login: str) -> None:
        found = None if reply is None else reply.found(r'<session id="(\d+)"')
        if found is not None:
            self._owners[found], self._logins[found] = owner, login

    def _credential(self, base: dict[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
        """The login itself is no credential: it opens the consent."""
        session = form["sessionId"]
        if form["credentialKind"] == "STATIC_LOGIN":
            self._logins[session] = form["credential"]
            return base | {"op": "login", "login": form["credential"]}
        return base | {"op": "credential", "login": self._logins[session]}

    def _poll(self, base: dict[str, Any], path: str, reply: Reply | None) -> dict[str, Any]:
        asked = re.search(r"/(\d+)\.xml", path)
        number = asked[1] if asked else ""
        entry = base | {"op": "poll", "command": int(number or 0), "owner": self._owners.get(number, "")}
        if reply is not None and reply.status == 200:
            entry |= {
                "state": reply.state,
                "count": reply.body.count("<moneyTransaction>"),
                "partial": "partialDueToTimeout" in reply.body,
            }
        return entry


def gathered(
    history: History,
    database_url: str,
    bank_log: Iterable[Mapping[str, Any]],
    logs: Iterable[str],
    *,
    places: int = 8,
) -> Evidence:
    """Read the database by plain SQL, and put all that is known together."""
    with psycopg.connect(database_url, row_factory=dict_row) as db:
        commands = db.execute(
            "select id, client_id, session_id, name, state, failure_name, attempt,"
            " extract(epoch from created_at)::float8 as created_at,"
            " extract(epoch from finished_at)::float8 as finished_at from command"
        ).fetchall()
        imports = db.execute("select id from import").fetchall()
        events = db.execute("select kind, command_id, outcome from event order by id").fetchall()
    return Evidence(
        history=tuple(history.entries),
        commands=tuple(commands),
        imports=tuple(imports),
        events=tuple(events),
        bank=tuple(bank_log),
        faults=tuple(history.faults),
        places=places,
        expected=history.expected,
        logs=tuple(logs),
        canaries=CANARIES,
    )
