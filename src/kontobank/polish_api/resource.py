"""How one path is served: headers and signature, then the operation, the sealed answer and the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from kontobank.api.answers import Answer, Broken, Refusal, json_answer
from kontobank.api.resource import client_certificate, read_body, send_answer
from kontobank.bank import Bank
from kontobank.calls import LoggedCall
from kontobank.polish_api.call import Call, response_header
from kontobank.polish_api.signatures import BankSeal, check_party_signature

Operation = Callable[[Call], Answer]
_STATUSES = frozenset({400, 401, 403, 405, 406, 415, 422, 429, 500, 501, 503})


class Resource:
    """One path: an ASGI application for one operation, by POST."""

    def __init__(self, bank: Bank, seal: BankSeal, name: str, operation: Operation) -> None:
        self._bank, self._seal = bank, seal
        self._name, self._operation = name, operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await read_body(receive)
        call = Call(self._bank, self._name, headers, body or b"")
        answer = self._answer(call, scope, is_too_long=body is None)
        if answer.body:
            answer.headers["x-jws-signature"] = self._seal.signature(answer.body)
        slow = call.login.scenario.slow_seconds if call.login else 0.0
        if seconds := slow + self._bank.behaviour.delay_ms / 1000:
            await asyncio.sleep(seconds)
        self._bank.calls.add(
            LoggedCall(
                self._bank.clock.now(),
                self._name,
                call.login.name if call.login else None,
                call.consent.id if call.consent else None,
                answer.status,
            )
        )
        await send_answer(answer, headers.get("x-request-id", ""), scope, send)

    def _answer(self, call: Call, scope: Scope, *, is_too_long: bool) -> Answer:
        try:
            self._check(call, scope, is_too_long=is_too_long)
            return self._operation(call)
        except Refusal as refusal:
            status = refusal.status if refusal.status in _STATUSES else 422
            body = {"responseHeader": response_header(call), "code": refusal.code, "message": refusal.text}
            return json_answer(status, body, dict(refusal.headers))
        except Broken as broken:
            return broken.answer

    def _check(self, call: Call, scope: Scope, *, is_too_long: bool) -> None:
        """Check what is the same for every operation. Raises: Refusal."""
        headers = call.headers
        if scope["method"] != "POST":
            refusal = Refusal(405, "METHOD_NOT_ALLOWED", "Every operation is a POST.")
            refusal.headers["allow"] = "POST"
            raise refusal
        if self._bank.behaviour.is_down:
            raise Refusal(
                503, "INTERNAL_SERVER_ERROR", "KontoBank: ServiceTemporarilyUnavailable. Try again later."
            )
        if is_too_long:
            raise Refusal(400, "FORMAT_ERROR", "The body is longer than 64 KiB.")
        if self._bank.settings.client_ca and client_certificate(scope) is None:
            raise Refusal(400, "CERTIFICATE_MISSING", "Connect with your client certificate.")
        if headers.get("content-type", "").split(";", 1)[0].strip().lower() != "application/json":
            raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.")
        if not any(
            kind in headers.get("accept", "*/*") for kind in ("application/json", "*/*", "application/*")
        ):
            raise Refusal(406, "NOT_ACCEPTABLE", "Answers are application/json.")
        for name, wanted in (
            ("accept-encoding", ("gzip", "deflate")),
            ("accept-charset", ("utf-8",)),
            ("accept-language", ("",)),
        ):
            told = headers.get(name)
            if told is None or not any(value in told.lower() for value in wanted):
                raise Refusal(400, "FORMAT_ERROR", f"{name} is missing or not offered.")
        if call.request_id is None:
            raise Refusal(400, "FORMAT_ERROR", "X-REQUEST-ID must be a UUID of variant 1, version 1.")
        certificate = check_party_signature(headers.get("x-jws-signature"), call.body)
        now = self._bank.clock.now()
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise Refusal(400, "CERTIFICATE_EXPIRED", "The signing certificate is not valid now.")
