"""`AsyncKontora`: the client for asyncio, over aiohttp."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from kontora.client import (
    analytics_calls,
    command_calls,
    label_calls,
    owner_calls,
    requests,
    score_calls,
    session_calls,
    statement_calls,
)
from kontora.client.conversations import Ask, Conversation, T
from kontora.client.failures import KontoraUnreachable, UnexpectedReply
from kontora.client.methods import asynchronous
from kontora.client.pacing import Pacing
from kontora.client.replies import HttpReply
from kontora.client.requests import Request

_CHUNK = 65_536


class AsyncKontora:
    """Talk to one Kontora server with one API key, inside one event loop.

        async with AsyncKontora("https://kontora.example", api_key) as kontora:
            session = await kontora.mock_session("test1", owner_external_id="o-1")
            result = await kontora.default_import(session)

    The methods are those of `Kontora`, with the same failures; `on_progress` is a plain function.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout_seconds: float = 60.0,
        pacing: Pacing | None = None,
        tls: ssl.SSLContext | None = None,
        allow_plain_http: bool = False,
        max_reply_bytes: int = 256 * 1024 * 1024,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Prepare a client; nothing is sent yet.

        `tls`: certificate authorities of your own, instead of the system's.
        Raises: ValueError, if the base URL is not usable.
        """
        self.base_url = requests.checked_base_url(base_url, allow_plain_http=allow_plain_http)
        self.pacing = pacing or Pacing()
        self._api_key = api_key
        self._max_reply_bytes = max_reply_bytes
        self._sleep = sleep
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._tls: ssl.SSLContext | bool = tls or True
        self._http: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    mock_session = asynchronous(session_calls.mock_session)
    open_session = asynchronous(session_calls.open_session)
    reuse_multiple_access = asynchronous(session_calls.reuse_multiple_access)
    delete_multiple_access = asynchronous(session_calls.delete_multiple_access)

    enter_credential = asynchronous(command_calls.enter_credential)
    default_import = asynchronous(command_calls.default_import)
    import_owners = asynchronous(command_calls.import_owners)
    import_accounts = asynchronous(command_calls.import_accounts)
    import_account_transactions = asynchronous(command_calls.import_account_transactions)
    import_credit_cards = asynchronous(command_calls.import_credit_cards)
    import_credit_card_transactions = asynchronous(command_calls.import_credit_card_transactions)
    sign_out = asynchronous(command_calls.sign_out)
    run = asynchronous(command_calls.run)
    start = asynchronous(command_calls.start)
    status = asynchronous(command_calls.status)
    wait = asynchronous(command_calls.wait)

    data = asynchronous(owner_calls.data)
    delete_data = asynchronous(owner_calls.delete_data)
    catalog = asynchronous(owner_calls.catalog)
    health = asynchronous(owner_calls.health)

    statement = asynchronous(statement_calls.statement, in_thread=True)
    statements = asynchronous(statement_calls.statements)
    confirmations = asynchronous(statement_calls.confirmations, in_thread=True)
    pdf_catalog = asynchronous(statement_calls.pdf_catalog)

    upload_owner = asynchronous(label_calls.upload_owner, in_thread=True)
    label_external_data = asynchronous(label_calls.label_external_data, in_thread=True)
    correct_label = asynchronous(label_calls.correct_label)
    label_corrections = asynchronous(label_calls.label_corrections)
    delete_label_correction = asynchronous(label_calls.delete_label_correction)

    accounts_summary = asynchronous(analytics_calls.accounts_summary)
    owner_summary = asynchronous(analytics_calls.owner_summary)
    data_summary_catalog = asynchronous(analytics_calls.data_summary_catalog)
    income_confirmation = asynchronous(analytics_calls.income_confirmation)
    owner_features = asynchronous(analytics_calls.owner_features)
    profile = asynchronous(analytics_calls.profile)

    scores = asynchronous(score_calls.scores)
    score_model_card = asynchronous(score_calls.score_model_card)

    async def _hold(self, conversation: Conversation[T]) -> T:
        try:
            ask = next(conversation)
            while True:
                try:
                    reply = await self._answer(ask)
                except KontoraUnreachable as error:
                    ask = conversation.throw(error)
                else:
                    ask = conversation.send(reply)
        except StopIteration as end:
            result: T = end.value
            return result

    async def _answer(self, ask: Ask) -> HttpReply:
        if ask.after_seconds > 0:
            await self._sleep(ask.after_seconds)
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        request = ask.request
        try:
            async with self._http.request(
                request.method,
                URL(self.base_url + request.target, encoded=True),
                data=request.body,
                headers=requests.headers(request, self._api_key),
                allow_redirects=False,
                ssl=self._tls,
            ) as response:
                names = {name.lower(): value for name, value in response.headers.items()}
                return HttpReply(response.status, names, await self._body(request, response))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise KontoraUnreachable(
                f"No answer from {self.base_url} to {request.method} {request.path}: {type(error).__name__}"
            ) from error

    async def _body(self, request: Request, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self._max_reply_bytes:
                raise UnexpectedReply(f"The reply to {request.method} {request.path} is larger than allowed.")
        return bytes(body)
