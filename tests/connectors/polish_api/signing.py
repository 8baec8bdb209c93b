"""A bank of PolishAPI that answers what a test tells it to, signed, under the id of the request."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web
from tests.connectors.scripted import Handler, ScriptedBank

from kontobank.polish_api.signatures import BankSeal
from kontora.connectors.bank_jws import BankKey, parse_bank_keys
from kontora.connectors.protocol import Access, Answer, CredentialKind, Grant, Psu, Secret, SignInRequest
from kontora.connectors.standards.polish_api.connector import CreditCards, PolishApiConnector, SignOut
from kontora.connectors.standards.polish_api.consent import LISTS
from kontora.connectors.standards.polish_api.dialect import Dialect

Body = dict[str, Any]
PSU = Psu(ip_address="203.0.113.7", user_agent="Firefox/140.0", accept_language="pl-PL")
REQUEST = SignInRequest(psu=PSU, redirect_uri="https://kontora.example/back", state="state1")
NUMBER = "PL61109010140000071219812874"
MASKED = "PL61********************2874"
GRANTED = {
    "accountNumber": NUMBER,
    "ais:getAccount": {"scopeUsageLimit": "multiple"},
    **{f"ais:{name}": {"scopeUsageLimit": "multiple", "maxAllowedHistoryLong": 90} for name in LISTS},
}
ACCOUNT = {
    "accountNumber": NUMBER,
    "nameAddress": {"value": ["JAN KOWALSKI", "UL. LIPOWA 1", "00-001 WARSZAWA"]},
    "accountType": {"code": "CURRENT", "description": "Rachunek"},
    "accountTypeName": "Konto",
    "accountHolderType": "individual",
    "currency": "PLN",
    "availableBalance": "100.00",
    "bookingBalance": "100.00",
    "psuRelations": [{"typeOfRelation": "Owner"}],
}


class Bank(PolishApiConnector, CreditCards, SignOut):
    dialect = Dialect(client_id="PSDPL-KNF-1", per_page=2)


class SigningBank:
    """The scripted bank, asked by the names of operations."""

    def __init__(self, bank: ScriptedBank) -> None:
        self.bank = bank
        self.seal = BankSeal()

    @property
    def keys(self) -> tuple[BankKey, ...]:
        return parse_bank_keys(msgspec.json.encode(self.seal.jwks()))

    def on(self, operation: str, *bodies: Body | int | Handler) -> None:
        """Answer an operation in this order: good bodies, failed statuses, or handlers."""
        self.bank.on("POST", path_of(operation), *(self._handler(body) for body in bodies))

    def _handler(self, body: Body | int | Handler) -> Handler:
        if isinstance(body, int):
            return self.answer({"code": "FREE_TEXT", "message": "Odmowa"}, body)
        return self.answer(body) if isinstance(body, dict) else body

    def answer(
        self,
        body: Body,
        status: int = 200,
        *,
        header: Body | None = None,
        signature: Callable[[bytes], str | None] | None = None,
    ) -> Handler:
        """Answer a body with its header, signed; or with a signature of the test's own."""

        async def handler(request: web.Request) -> web.StreamResponse:
            own = {"requestId": request.headers["X-REQUEST-ID"], "isCallback": False}
            sent = json.dumps({"responseHeader": own | (header or {}), **body}).encode()
            signed = (signature or self.seal.signature)(sent)
            headers = {} if signed is None else {"X-JWS-SIGNATURE": signed}
            return web.Response(body=sent, status=status, headers=headers, content_type="application/json")

        return handler

    def raw(self, body: bytes, status: int = 200) -> Handler:
        """Answer bytes as they are, signed."""

        async def handler(_: web.Request) -> web.StreamResponse:
            headers = {"X-JWS-SIGNATURE": self.seal.signature(body)}
            return web.Response(body=body, status=status, headers=headers, content_type="application/json")

        return handler

    def asked(self, operation: str) -> list[Body]:
        """Return the bodies that an operation was asked with."""
        return [json.loads(seen.body) for seen in self.bank.asked("POST", path_of(operation))]

    def script_sign_in(self, *accounts: Body, granted: object = None) -> None:
        """Answer a whole sign-in."""
        listed = accounts or ({"accountNumber": MASKED, "accountType": {"code": "CURRENT"}},)
        self.on("authorize", {"aspspRedirectUri": f"{self.bank.url}/login"})
        self.on("token", tokens("a"), tokens("b", privilegeList=[GRANTED] if granted is None else granted))
        self.on("getAccounts", {"accounts": list(listed)})

    def script_reading(self) -> None:
        """Answer an account without any money transactions."""
        self.on("getAccount", {"account": ACCOUNT})
        self.on("deleteConsent", self.raw(b"", 204))
        for name in LISTS:
            self.on(name, {})


def path_of(operation: str) -> str:
    room = "auth" if operation in {"authorize", "token"} else "accounts"
    return f"/v2_1_2.1/{room}/v2_1_2.1/{operation}"


def tokens(name: str, *, expires_in: object = "900", refresh: str | None = None, **details: object) -> Body:
    return {
        "access_token": f"access-{name}",
        "token_type": "Bearer",
        "expires_in": expires_in,
        "refresh_token": refresh or f"refresh-{name}",
        "scope_details": {
            "consentId": f"consent-{name}",
            "scopeTimeLimit": "2026-07-30T12:00:00.000",
            "throttlingPolicy": "psd2Regulatory",
            **details,
        },
    }


async def come_back(
    connector: PolishApiConnector, access: Access, query: str = "code=c1&state=state1"
) -> Access:
    answer = Answer(CredentialKind.REDIRECT, Secret(query))
    return (await connector.sign_in(REQUEST, [answer], access)).access


async def signed_in(connector: PolishApiConnector, request: SignInRequest = REQUEST) -> Access:
    step = await connector.sign_in(request, [], None)
    return await come_back(connector, step.access)


async def granted(connector: PolishApiConnector, psu: Psu = PSU) -> Grant:
    return Grant(await signed_in(connector), psu=psu)
