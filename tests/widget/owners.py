"""An owner's browser, as far as the widget needs one: it loads pages, encrypts answers, follows redirects."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PASSWORD = "Test123"
MOVING = {"working", "wait", "redirect", "importing"}
State = dict[str, Any]


@dataclass
class Page:
    """A page that was loaded."""

    status: int
    headers: Mapping[str, str]
    text: str
    url: str = ""

    @property
    def policy(self) -> dict[str, str]:
        """The content security policy by its directives."""
        found = (item.strip().partition(" ") for item in self.headers["Content-Security-Policy"].split(";"))
        return {name: value for name, _, value in found}

    @property
    def start(self) -> dict[str, Any]:
        """What the server gave the page."""
        found = re.search(r'id="start">(.*?)</script>', self.text, re.DOTALL)
        assert found is not None, self.text[:500]
        given: dict[str, Any] = json.loads(found[1])
        return given


@dataclass
class Browser:
    """One browser with its own cookies."""

    url: str
    http: aiohttp.ClientSession
    cookies: dict[str, str] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)

    async def get(self, address: str, **headers: str) -> Page:
        """Load a page of the widget; redirects are not followed."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        address = urljoin(self.url, address)
        async with self.http.get(address, headers=sent, allow_redirects=False) as reply:
            for name, cookie in reply.cookies.items():
                self.cookies[name] = cookie.value
            return Page(
                reply.status, reply.headers, await reply.text(), str(reply.headers.get("Location", ""))
            )

    async def open(self, client: str = "lender-test", path: str = "/signin/", **options: str) -> Visit:
        """Load the widget."""
        query = urlencode({"client": client, **options})
        page = await self.get(f"{path}?{query}")
        assert page.status == 200, page.text
        return Visit(self, page.start["token"], page.start, page.start["state"])

    async def to_bank(self, link: str) -> str:
        """Open the bank's window from our own page; gives the bank's address."""
        page = await self.get(link, Sec_Fetch_Site="same-origin")
        assert page.status == 302, page.text
        return page.url


@dataclass
class Visit:
    """One visit of the widget."""

    browser: Browser
    token: str
    start: dict[str, Any]
    state: State

    async def send(self, verb: str, **body: Any) -> tuple[int, State]:
        """Send a message of the conversation."""
        address = f"{self.browser.url}/signin/conversation/{verb}"
        async with self.browser.http.post(address, json={"token": self.token, **body}) as reply:
            return reply.status, await reply.json()

    async def say(self, verb: str, **body: Any) -> State:
        """Send a message and take the state that it brings."""
        status, told = await self.send(verb, **body)
        assert status == 200, told
        self.state = told
        return told

    async def choose(self, **wanted: str) -> State:
        """Choose a bank, and wait for what it asks."""
        await self.say("choose", **wanted)
        return await self.settle()

    async def settle(self) -> State:
        """Wait while the bank is at work."""
        while self.state["state"] == "working":
            await self.say("state", after=self.state["step"])
        return self.state

    async def follow(self) -> State:
        """Wait until nothing moves by itself any more."""
        while self.state["state"] in MOVING:
            await self.say("state", after=self.state["step"])
        return self.state

    async def answer(self, **values: str) -> State:
        """Answer the questions; what is not given is the practice owner's."""
        body = self.sealed(**values)
        await self.say("answer", **body)
        return await self.settle()

    def sealed(self, **values: str) -> dict[str, Any]:
        """Encrypt the answers to the questions of this step."""
        asked = [question["kind"] for question in self.state["questions"]]
        self.browser.answered += asked
        pairs = [(kind, values.get(kind, PASSWORD)) for kind in asked]
        return {"step": self.state["step"], **seal(self.token, self.state, pairs)}

    async def sign_in(self, login: str, **values: str) -> State:
        """Answer everything that is asked."""
        for _ in range(10):
            if self.state["state"] != "questions":
                break
            await self.answer(STATIC_LOGIN=login, **values)
        return await self.follow()


def seal(token: str, state: State, answers: list[tuple[str, str]]) -> dict[str, Any]:
    """Encrypt answers for the one-time key of a step, as the page does."""
    ours = ec.generate_private_key(ec.SECP256R1())
    theirs = state["publicKey"]
    x, y = (int.from_bytes(unpadded(theirs[name]), "big") for name in ("x", "y"))
    shared = ours.exchange(ec.ECDH(), ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key())
    key = HKDF(SHA256(), 32, state["stepToken"].encode(), b"kontora credential v1").derive(shared)
    digest = base64url(hashlib.sha256(token.encode()).digest())
    sealed = []
    for place, (kind, value) in enumerate(answers):
        iv = os.urandom(12)
        bound = f"{digest}.{state['step']}.{place}.{kind}".encode()
        cipher_text = base64url(iv + AESGCM(key).encrypt(iv, value.encode(), bound))
        sealed.append({"kind": kind, "cipherText": cipher_text})
    numbers = ours.public_key().public_numbers()
    jwk = {"kty": "EC", "crv": "P-256"} | {
        name: base64url(number.to_bytes(32, "big")) for name, number in (("x", numbers.x), ("y", numbers.y))
    }
    return {"stepToken": state["stepToken"], "ephemeralKey": jwk, "answers": sealed}


def base64url(data: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpadded(text: str) -> bytes:
    """The bytes again."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def query_of(address: str) -> dict[str, str]:
    """The query of an address, one value each."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
