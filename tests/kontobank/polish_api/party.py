"""A third party of PolishAPI for the tests: it signs its bodies and keeps nothing but a token."""

from __future__ import annotations

import base64
import html
import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509.oid import NameOID

BACK = "http://127.0.0.1:9/back?client=7"
PRESENT = {"isDirectPsu": True, "ipAddress": "192.0.2.7", "userAgent": "Firefox"}
LISTS = (
    "Holds",
    *(f"Transactions{kind}" for kind in ("Done", "Pending", "Rejected", "Cancelled", "Scheduled")),
)
Body = dict[str, Any]


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Signer:
    """A key with a certificate of its own. `members`: of the header of its signatures; `None`: without it."""

    def __init__(self, *, until: datetime = datetime(2099, 1, 1, tzinfo=UTC), **members: object) -> None:
        self.members = members
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TPP")])
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(until)
            .sign(self.key, hashes.SHA256())
        )

    def sign(self, body: bytes) -> str:
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        header = {"alg": "ES256", "x5c": [base64.b64encode(der).decode()], **self.members}
        header = {name: value for name, value in header.items() if value is not None}
        head = encoded(json.dumps(header).encode())
        content = body if header.get("b64") is False else encoded(body).encode()
        signature = self.key.sign(head.encode() + b"." + content, ec.ECDSA(hashes.SHA256()))
        first, second = decode_dss_signature(signature)
        return f"{head}..{encoded(first.to_bytes(32) + second.to_bytes(32))}"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    content: bytes
    body: Any = None

    @property
    def code(self) -> str:
        return str(self.body["code"])


@dataclass
class Party:
    """One third party. `tppId` and client id are the same."""

    http: aiohttp.ClientSession
    url: str
    signer: Signer = field(default_factory=Signer)
    token: str = ""
    refresh_token: str = ""
    client_id: str = "TPP1"

    async def call(
        self,
        operation: str,
        body: Body,
        *,
        header: Body | None = None,
        headers: dict[str, str | None] | None = None,
        room: str = "accounts",
        method: str = "POST",
        sent: bytes | None = None,
    ) -> Reply:
        """Call an operation. `headers` with `None` are left out; `sent` replaces the body after signing."""
        request_id = str(uuid.uuid1())
        whole = {"requestHeader": {"requestId": request_id, "tppId": self.client_id}, **body}
        whole["requestHeader"] |= ({"token": self.token} if self.token else {}) | (header or {})
        data = json.dumps(whole).encode()
        usual: dict[str, str | None] = {
            "X-REQUEST-ID": request_id,
            "Accept-Encoding": "gzip",
            "Accept-Language": "pl",
            "Accept-Charset": "utf-8",
            "Content-Type": "application/json",
            "X-JWS-SIGNATURE": self.signer.sign(data),
            "Authorization": f"Bearer {self.token}" if self.token else None,
        }
        told = {name: value for name, value in (usual | (headers or {})).items() if value is not None}
        url = f"{self.url}/polish/v2_1_2.1/{room}/v2_1_2.1/{operation}"
        skipped = ("Accept-Encoding", "Content-Type")
        async with self.http.request(
            method, url, data=data if sent is None else sent, headers=told, skip_auto_headers=skipped
        ) as reply:
            content = await reply.read()
            try:
                answered = json.loads(content) if content else None
            except ValueError:
                answered = None
            return Reply(reply.status, {k.lower(): v for k, v in reply.headers.items()}, content, answered)

    async def authorize(self, consent_id: str | None = None, **more: object) -> Reply:
        return await self.call(
            "authorize", authorize_body(consent_id or str(uuid.uuid4())) | more, room="auth"
        )

    async def tokens(self, **grant: object) -> Reply:
        return await self.call("token", {"client_id": self.client_id, **grant}, room="auth")

    async def code(self, login: str, **more: object) -> str:
        """Send an owner through the pages; gives the code they come back with."""
        made = await self.authorize(**more)
        assert made.status == 200, made.content
        query = await visit(self.http, made.body["aspspRedirectUri"], login)
        assert query["state"] == "s-1"
        return query["code"]

    async def listing(self, login: str, **more: object) -> Reply:
        """Sign an owner in with the consent to list accounts."""
        code = await self.code(login, **more)
        reply = await self.tokens(grant_type="authorization_code", Code=code, redirect_uri=BACK)
        assert reply.status == 200, reply.content
        self.token = reply.body["access_token"]
        return reply

    async def exchange(self, numbers: list[str], **more: object) -> Reply:
        details = scope_details("ais", [privileges(number, **more) for number in numbers])
        return await self.tokens(
            grant_type="exchange_token", exchange_token=self.token, scope="ais", scope_details=details
        )

    async def sign_in(self, login: str, *, days: int = 1460, limit: str = "multiple") -> list[str]:
        """Sign an owner in for reading; gives the numbers of the accounts."""
        await self.listing(login)
        listed = await self.call("getAccounts", {}, header=PRESENT)
        numbers = [account["accountNumber"] for account in listed.body["accounts"]]
        reply = await self.exchange(numbers, days=days, limit=limit)
        assert reply.status == 200, reply.content
        self.token, self.refresh_token = reply.body["access_token"], reply.body["refresh_token"]
        return [entry["accountNumber"] for entry in reply.body["scope_details"]["privilegeList"]]


def authorize_body(consent_id: str) -> Body:
    return {
        "response_type": "code",
        "client_id": "TPP1",
        "redirect_uri": BACK,
        "scope": "ais-accounts",
        "scope_details": scope_details(
            "ais-accounts", [{"ais-accounts:getAccounts": {"scopeUsageLimit": "multiple"}}], consent_id
        ),
        "state": "s-1",
    }


def scope_details(group: str, entries: list[Body], consent_id: str | None = None) -> Body:
    return {
        "scopeGroupType": group,
        "consentId": consent_id or str(uuid.uuid4()),
        "scopeTimeLimit": "2026-09-01T00:00:00.000Z",
        "throttlingPolicy": "psd2Regulatory",
        "privilegeList": entries,
    }


def privileges(number: str, *, days: int = 1460, limit: str = "multiple") -> Body:
    history = {"scopeUsageLimit": limit, "maxAllowedHistoryLong": days}
    single = {"scopeUsageLimit": limit}
    return {
        "accountNumber": number,
        "ais:getAccount": single,
        "ais:getTransactionDetail": single,
        **{f"ais:get{name}": history for name in LISTS},
    }


async def visit(http: aiohttp.ClientSession, url: str, login: str) -> dict[str, str]:
    """Fill in every form until the bank sends the owner back."""
    filled = {"login": login, "password": "Test123", "code": "Test123"}
    method, form = "GET", list[tuple[str, str]]()
    for _ in range(20):
        async with http.request(method, url, data=form or None, allow_redirects=False) as page:
            text = await page.text()
            if location := page.headers.get("Location"):
                method, form, url = "GET", [], location
                if location.startswith(BACK):
                    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
                continue
            assert page.status == 200, text
        fields = [
            (re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one))
            for one in re.findall(r"<input[^>]*>", text)
        ]
        form = [
            (name[1], filled.get(name[1], html.unescape(value[1]) if value else ""))
            for name, value in fields
            if name
        ]
        method, url = "POST", html.unescape(re.findall(r'<form[^>]* action="([^"]*)"', text)[0])
    raise AssertionError("the pages have no end")


def is_signed(reply: Reply, jwks: Body) -> bool:
    """Check the bank's signature with its published key."""
    (jwk,) = jwks["keys"]
    head, content, tail = reply.headers["x-jws-signature"].split(".")
    assert content == ""
    point = ec.EllipticCurvePublicNumbers(
        int.from_bytes(decoded(jwk["x"])), int.from_bytes(decoded(jwk["y"])), ec.SECP256R1()
    )
    signature = decoded(tail)
    dss = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    signed = f"{head}.{encoded(reply.content)}".encode()
    point.public_key().verify(dss, signed, ec.ECDSA(hashes.SHA256()))
    return json.loads(decoded(head)) == {"alg": "ES256", "kid": jwk["kid"]}
