"""How one path of the API is served: checks first, then the operation, then the answer and the log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast
from uuid import uuid4

from starlette.types import Receive, Scope, Send

from kontobank.api.answers import Answer, Broken, Refusal, refusal_answer
from kontobank.api.call import Call
from kontobank.api.checks import check_headers, is_uuid, prefers_problem
from kontobank.bank import Bank
from kontobank.calls import LoggedCall
from kontobank.signing import check_signature

Operation = Callable[[Call], Answer]
LONGEST_BODY = 64 * 1024


class Resource:
    """One path: an ASGI application that knows an operation for some methods; none where there is no path."""

    def __init__(self, bank: Bank, operations: Mapping[str, Operation]) -> None:
        self._bank = bank
        self._operations = operations
        self._allowed = ", ".join(operations)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        operation = self._operations.get(scope["method"])
        body = await read_body(receive)
        call = Call(
            bank=self._bank,
            operation=operation.__name__ if operation else "unknown",
            headers=headers,
            path_params=scope.get("path_params", {}),
            query_string=scope["query_string"],
            body=body or b"",
            root=scope.get("kontobank.root", ""),
            version=scope.get("kontobank.version", "v1"),
            certificate=client_certificate(scope),
        )
        answer = await self._answer(call, operation, is_too_long=body is None)
        bank = self._bank
        if operation is not None:
            bank.calls.add(
                LoggedCall(
                    bank.clock.now(),
                    _OPERATION_IDS.get(call.operation, call.operation),
                    call.login.name if call.login else None,
                    call.consent.id if call.consent else None,
                    answer.status,
                )
            )
        await send_answer(answer, headers.get("x-request-id", ""), scope, send)

    async def _answer(self, call: Call, operation: Operation | None, *, is_too_long: bool) -> Answer:
        try:
            answer = self._checked_answer(call, operation, is_too_long=is_too_long)
        except Refusal as refusal:
            answer = refusal_answer(refusal, as_problem=prefers_problem(call.headers.get("accept")))
        except Broken as broken:
            answer = broken.answer
        slow = call.login.scenario.slow_seconds if call.login else 0.0
        seconds = slow + self._bank.behaviour.delay_ms / 1000
        if seconds:
            await asyncio.sleep(seconds)
        return answer

    def _checked_answer(self, call: Call, operation: Operation | None, *, is_too_long: bool) -> Answer:
        if self._bank.behaviour.is_down:
            raise Refusal(
                503, "INTERNAL_SERVER_ERROR", "KontoBank: ServiceTemporarilyUnavailable. Try again later."
            )
        if not self._operations:
            raise Refusal(404, "RESOURCE_UNKNOWN", "There is no such path.")
        if operation is None:
            refusal = Refusal(405, "SERVICE_INVALID", f"This path allows {self._allowed}.")
            refusal.headers["allow"] = self._allowed
            raise refusal
        if is_too_long:
            raise Refusal(400, "FORMAT_ERROR", "The body is longer than 64 KiB.")
        if self._bank.settings.client_ca and call.certificate is None:
            raise Refusal(401, "CERTIFICATE_MISSING", "Connect with your client certificate.")
        check_headers(call.headers)
        if self._bank.settings.require_signature:
            check_signature(call.headers, call.body, self._bank.clock.now())
        return operation(call)


_OPERATION_IDS = {
    "create_consent": "createConsent",
    "read_consent": "getConsentInformation",
    "delete_consent": "deleteConsent",
    "authorise_consent_v11": "updateConsentsPsuData",
    "read_consent_status": "getConsentStatus",
    "start_authorisation": "startConsentAuthorisation",
    "list_authorisations": "getConsentAuthorisation",
    "read_sca_status": "getConsentScaStatus",
    "update_psu_data": "updateConsentsPsuData",
    "read_account_list": "getAccountList",
    "read_account": "readAccountDetails",
    "read_balances": "getBalances",
    "read_money_transactions": "getTransactionList",
    "read_money_transaction": "getTransactionDetails",
    "read_card_list": "getCardAccountList",
    "read_card": "readCardAccountDetails",
    "read_card_balances": "getCardAccountBalances",
    "read_card_transactions": "getCardAccountTransactionList",
}


async def read_body(receive: Receive) -> bytes | None:
    """Return the body; `None` where it is too long, after reading and dropping it up to 1 MiB."""
    chunks, size = [], 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= LONGEST_BODY:
            chunks.append(chunk)
        if not message.get("more_body") or size > 16 * LONGEST_BODY:
            return b"".join(chunks) if size <= LONGEST_BODY else None


def client_certificate(scope: Scope) -> str | None:
    """Return the serial number of the client certificate; `None` without one."""
    transport = scope.get("extensions", {}).get("kontobank.transport")
    certificate = transport.get_extra_info("peercert") if transport is not None else None
    return str(certificate.get("serialNumber")) if certificate else None


async def send_answer(answer: Answer, request_id: str, scope: Scope, send: Send) -> None:
    """Send an answer, and hang up where it breaks off."""
    known_id = request_id if is_uuid(request_id) else str(uuid4())
    headers = [(b"x-request-id", known_id.encode()), (b"cache-control", b"no-store")]
    if answer.status != 204:
        headers += [(b"content-type", answer.content_type), (b"content-length", b"%d" % len(answer.body))]
    headers += [(name.encode(), value.encode("latin-1", "replace")) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.cut_after is None:
        await send({"type": "http.response.body", "body": answer.body})
        return
    await send({"type": "http.response.body", "body": answer.body[: answer.cut_after], "more_body": True})
    await _hang_up(scope)


async def _hang_up(scope: Scope) -> None:
    transport = cast(Any, scope.get("extensions", {}).get("kontobank.transport"))
    if transport is not None:
        transport.close()
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep
        await wait(0.05)
