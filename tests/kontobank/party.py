"""A third party for the tests: it talks to a running bank and keeps nothing but a consent."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import aiohttp

WHOLE = {
    "access": {"allPsd2": "allAccountsWithOwnerName"},
    "recurringIndicator": True,
    "validUntil": "9999-12-31",
    "frequencyPerDay": 4,
    "combinedServiceIndicator": False,
}
OFFERED = {
    **WHOLE,
    "access": {
        "accounts": [],
        "balances": [],
        "transactions": [],
        "additionalInformation": {"ownerName": []},
    },
}
CALLBACK = "http://127.0.0.1:9/back?client=7"
NO_CALLBACK = "http://127.0.0.1:9/not"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Reply:
    """What the bank answered."""

    status: int
    headers: dict[str, str]
    content: bytes
    body: Any = None

    @property
    def code(self) -> str:
        """The code of the first message of a refusal."""
        return str(self.body["tppMessages"][0]["code"])

    @property
    def text(self) -> str:
        """The text of the first message of a refusal."""
        return str(self.body["tppMessages"][0]["text"])


@dataclass
class Party:
    """One third party. `root` is /cz or /es for other countries."""

    http: aiohttp.ClientSession
    url: str
    root: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, address: str, *, json: Any = None, **headers: str) -> Reply:
        """Call an address of the bank, or a path under its root. `PSU_ID="x"` becomes PSU-ID: x."""
        if not address.startswith("http"):
            address = (
                f"{self.url}{address}"
                if address.startswith("/control")
                else f"{self.url}{self.root}{address}"
            )
        sent = {"X-Request-ID": str(uuid4()), "PSU-IP-Address": "192.0.2.7", **self.headers}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value != "-"}
        async with self.http.request(
            method, address, json=json, headers=sent, allow_redirects=False
        ) as reply:
            content = await reply.read()
            is_json = "json" in reply.headers.get("content-type", "")
            body = None
            if is_json and content:
                try:
                    body = await reply.json(content_type=None)
                except ValueError:
                    body = None
            return Reply(reply.status, {k.lower(): v for k, v in reply.headers.items()}, content, body)

    async def get(self, address: str, **headers: str) -> Reply:
        """Read."""
        return await self.call("GET", address, **headers)

    async def consent(self, login: str, request: Any = WHOLE, **headers: str) -> Reply:
        """Ask for a consent without redirect."""
        sent = {"PSU_ID": login, "TPP_Redirect_Preferred": "false", **headers}
        return await self.call("POST", "/v1/consents", json=request, **sent)

    async def sign_in(self, login: str, request: Any = WHOLE) -> str:
        """Sign in with the embedded approach, use the consent from now on, and return its id."""
        made = await self.consent(login, request)
        assert made.status == 201, made.content
        consent_id = str(made.body["consentId"])
        entered = await self.put(made, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})
        assert entered.status == 200, entered.content
        done = await self.put(entered, "authoriseTransaction", {"scaAuthenticationData": "Test123"})
        assert done.body["scaStatus"] == "finalised", done.content
        self.headers["Consent-ID"] = consent_id
        return consent_id

    async def put(self, reply: Reply, link: str, body: Any) -> Reply:
        """Follow a link of an answer with an entry of the owner."""
        return await self.call("PUT", reply.body["_links"][link]["href"], json=body)

    async def accounts(self, query: str = "") -> list[Any]:
        """Read the list of accounts."""
        reply = await self.get(f"/v1/accounts{query}")
        assert reply.status == 200, reply.content
        return list(reply.body["accounts"])

    async def pages(self, address: str) -> list[Reply]:
        """Read a list of money transactions to its last page."""
        pages = [await self.get(address)]
        while following := pages[-1].body["transactions"]["_links"].get("next"):
            pages.append(await self.get(following["href"]))
        return pages

    async def money_transactions(
        self, account: Any, since: str = "2000-01-01", status: str = "booked"
    ) -> list[Any]:
        """Read all money transactions of an account."""
        query = f"?bookingStatus={status}&dateFrom={since}"
        pages = await self.pages(account["_links"]["transactions"]["href"] + query)
        kinds = ("booked", "pending") if status == "both" else (status,)
        return [item for kind in kinds for page in pages for item in page.body["transactions"].get(kind, [])]

    async def clock(self, **offset: float) -> None:
        """Move the bank's clock."""
        seconds = offset.get("days", 0) * 86_400 + offset.get("seconds", 0)
        assert (await self.call("PUT", "/control/clock", json={"offset_seconds": seconds})).status == 200


@dataclass
class Owner:
    """An owner with a browser on the bank's pages."""

    http: aiohttp.ClientSession
    page: str = ""
    address: str = ""
    status: int = 0

    async def open(self, address: str) -> None:
        """Open an address and follow where it leads."""
        async with self.http.get(address) as reply:
            self.page, self.address, self.status = await reply.text(), str(reply.url), reply.status

    async def enter(self, *fields: tuple[str, str], csrf: str | None = None, form: int = 0) -> None:
        """Fill in a form of the page and send it; stops where the bank sends the owner elsewhere."""
        target = re.findall(r'<form method="post" action="([^"]+)"', self.page)[form]
        token = re.search(r'name="csrf" value="([^"]+)"', self.page)
        assert token is not None
        data = [("csrf", token[1] if csrf is None else csrf), *fields]
        async with self.http.post(target, data=data, allow_redirects=False) as reply:
            self.page, self.status = await reply.text(), reply.status
            self.address = reply.headers.get("location", str(reply.url))
        if self.status == 303 and "/pages/" in self.address:
            await self.open(self.address)

    def answer(self) -> dict[str, str]:
        """Return the query of the address the owner was sent to."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.address).query).items()}


def authorize_query(consent_id: str, **other: str) -> str:
    """Return the query of the authorization endpoint."""
    query = {
        "response_type": "code",
        "client_id": "party",
        "redirect_uri": CALLBACK,
        "scope": f"AIS:{consent_id}",
        "state": "one-time",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return urlencode({**query, **other})


class RunningBank:
    """A bank in a process of its own."""

    def __init__(self, *options: str, environment: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "kontobank", "serve", "--port", "0", *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        if not first.startswith("KontoBank listens on "):
            raise AssertionError(self.stop())
        self.url = first.split()[-1]

    def stop(self) -> str:
        """Stop the bank and return what it complained about."""
        self.process.terminate()
        _, complaints = self.process.communicate(timeout=10)
        return complaints
