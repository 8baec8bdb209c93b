"""`Kontora`: the client that blocks, over urllib3."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import urllib3

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
from kontora.client.methods import blocking
from kontora.client.pacing import Pacing
from kontora.client.replies import HttpReply
from kontora.client.requests import Request

_CHUNK = 65_536


class Kontora:
    """Talk to one Kontora server with one API key. May be shared by threads.

        with Kontora("https://kontora.example", api_key) as kontora:
            session = kontora.mock_session("test1", owner_external_id="o-1")
            result = kontora.default_import(session)
            for account in result.accounts:
                print(account.iban, account.currency_balance, account.currency_name)

    Every method raises `KontoraApiError` where the server refuses, `KontoraUnreachable` where it does
    not answer, and `UnexpectedReply` where the answer is not Kontora's. Requests are tried again while
    the server answers 429 or 503, for as long as `pacing` says.
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
        sleep: Callable[[float], None] = time.sleep,
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
        self._http = urllib3.PoolManager(
            maxsize=8, retries=False, timeout=timeout_seconds, ssl_context=tls, cert_reqs="CERT_REQUIRED"
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.clear()

    mock_session = blocking(session_calls.mock_session)
    open_session = blocking(session_calls.open_session)
    reuse_multiple_access = blocking(session_calls.reuse_multiple_access)
    delete_multiple_access = blocking(session_calls.delete_multiple_access)

    enter_credential = blocking(command_calls.enter_credential)
    default_import = blocking(command_calls.default_import)
    import_owners = blocking(command_calls.import_owners)
    import_accounts = blocking(command_calls.import_accounts)
    import_account_transactions = blocking(command_calls.import_account_transactions)
    import_credit_cards = blocking(command_calls.import_credit_cards)
    import_credit_card_transactions = blocking(command_calls.import_credit_card_transactions)
    sign_out = blocking(command_calls.sign_out)
    run = blocking(command_calls.run)
    start = blocking(command_calls.start)
    status = blocking(command_calls.status)
    wait = blocking(command_calls.wait)

    data = blocking(owner_calls.data)
    delete_data = blocking(owner_calls.delete_data)
    catalog = blocking(owner_calls.catalog)
    health = blocking(owner_calls.health)

    statement = blocking(statement_calls.statement)
    statements = blocking(statement_calls.statements)
    confirmations = blocking(statement_calls.confirmations)
    pdf_catalog = blocking(statement_calls.pdf_catalog)

    upload_owner = blocking(label_calls.upload_owner)
    label_external_data = blocking(label_calls.label_external_data)
    correct_label = blocking(label_calls.correct_label)
    label_corrections = blocking(label_calls.label_corrections)
    delete_label_correction = blocking(label_calls.delete_label_correction)

    accounts_summary = blocking(analytics_calls.accounts_summary)
    owner_summary = blocking(analytics_calls.owner_summary)
    data_summary_catalog = blocking(analytics_calls.data_summary_catalog)
    income_confirmation = blocking(analytics_calls.income_confirmation)
    owner_features = blocking(analytics_calls.owner_features)
    profile = blocking(analytics_calls.profile)

    scores = blocking(score_calls.scores)
    score_model_card = blocking(score_calls.score_model_card)

    def _hold(self, conversation: Conversation[T]) -> T:
        try:
            ask = next(conversation)
            while True:
                try:
                    reply = self._answer(ask)
                except KontoraUnreachable as error:
                    ask = conversation.throw(error)
                else:
                    ask = conversation.send(reply)
        except StopIteration as end:
            result: T = end.value
            return result

    def _answer(self, ask: Ask) -> HttpReply:
        if ask.after_seconds > 0:
            self._sleep(ask.after_seconds)
        request = ask.request
        try:
            response = self._http.request(
                request.method,
                self.base_url + request.target,
                body=request.body,
                headers=requests.headers(request, self._api_key),
                preload_content=False,
            )
            try:
                return HttpReply(
                    response.status,
                    {name.lower(): value for name, value in response.headers.items()},
                    self._body(request, response),
                )
            finally:
                response.release_conn()
        except urllib3.exceptions.HTTPError as error:
            raise KontoraUnreachable(
                f"No answer from {self.base_url} to {request.method} {request.path}: {type(error).__name__}"
            ) from error

    def _body(self, request: Request, response: urllib3.BaseHTTPResponse) -> bytes:
        body = bytearray()
        for chunk in response.stream(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._max_reply_bytes:
                response.close()
                raise UnexpectedReply(f"The reply to {request.method} {request.path} is larger than allowed.")
        return bytes(body)
