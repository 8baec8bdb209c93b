"""A caller of the API that looks at what really comes back: statuses, headers and bodies."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import urllib3

FINAL = {"successful", "error", "fatal"}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: str
    headers: Mapping[str, str]

    def found(self, pattern: str) -> str | None:
        """Return the first group of a pattern in the body."""
        match = re.search(pattern, self.body)
        return None if match is None else match[1]

    @property
    def failure(self) -> str | None:
        """The name of the exception in the reply."""
        return self.found(r'<exception name="(\w+)"') or self.found(r'"name":\s*"(\w+)"')

    @property
    def friendly_message(self) -> str | None:
        """What the reply has for the owner."""
        return self.found(r"<friendlyMessage>([^<]+)</friendlyMessage>")

    @property
    def state(self) -> str | None:
        """The state of the command in the reply."""
        return self.found(r'<command [^>]*state="(\w+)"')

    @property
    def command_id(self) -> str:
        """The id of the command in the reply."""
        return self.found(r'<command [^>]*id="(\d+)"') or ""

    @property
    def progress(self) -> int:
        """The progress in the reply."""
        return int(float(self.found(r"<progress><value>([\d.]+)</value>") or -1))


@dataclass(frozen=True)
class Pair:
    """A session as the API gave it."""

    id: str
    signature: str

    @property
    def form(self) -> dict[str, str]:
        """The parameters that every command takes."""
        return {"sessionId": self.id, "sessionIdSignature": self.signature}


class Caller:
    """One API key at one source address. Nothing is ever sent twice by itself. Threads may share it."""

    def __init__(self, url: str, key: str | None, *, source: str = "127.0.0.1", connections: int = 8) -> None:
        self.url = url
        self._key = key
        self._http = urllib3.PoolManager(
            maxsize=connections, source_address=(source, 0), retries=False, timeout=60.0
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.clear()

    def send(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """Send one request. `form` is the body of a POST, the query of anything else."""
        sent = dict(headers or {})
        if self._key is not None:
            sent["X-Api-Key"] = self._key
        if form and method == "POST":
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form).encode()
        elif form:
            path = f"{path}?{urlencode(form)}"
        got = self._http.request(method, self.url + path, body=body, headers=sent)
        return Reply(got.status, got.data.decode(), got.headers)

    def sign_in(self, login: str, owner: str | None = None, country: str = "pl") -> Reply:
        """Sign a practice owner in."""
        form = {"login": login, "country": country} | ({} if owner is None else {"ownerExternalId": owner})
        return self.send("POST", "/v1/mock-session.xml", form)

    def session(self, login: str, owner: str | None = None, country: str = "pl") -> Pair:
        """Sign a practice owner in, who must get in."""
        reply = self.sign_in(login, owner, country)
        assert reply.status == 200, reply.body
        return pair_of(reply)

    def start(
        self, pair: Pair, name: str = "default-import", *, key: str | None = None, **parameters: str
    ) -> Reply:
        """Start a command; `key` is an Idempotency-Key."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.send("POST", f"/v1/command/{name}.xml", pair.form | parameters, headers)

    def poll(self, command_id: str) -> Reply:
        """Ask where a command stands."""
        return self.send("GET", f"/v1/command/{command_id}.xml")

    def ended(self, command_id: str, seconds: float = 60.0, pause: float = 0.05) -> Reply:
        """Poll until the command is final, also through times without a server or a database."""
        deadline = time.monotonic() + seconds
        last: Reply | Exception | None = None
        while time.monotonic() < deadline:
            try:
                last = self.poll(command_id)
                if last.status == 200 and last.state in FINAL:
                    return last
                assert last.status in {200, 503}, last.body
            except urllib3.exceptions.HTTPError as error:
                last = error
            time.sleep(pause)
            pause = min(1.0, pause * 1.2)
        raise AssertionError(f"command {command_id} is not final after {seconds} s: {last}")


def pair_of(reply: Reply) -> Pair:
    """Read the session of a reply."""
    return Pair(reply.found(r'<session id="(\d+)"') or "", reply.found(r'signature="([0-9a-f]{64})"') or "")
