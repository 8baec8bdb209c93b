"""`AsyncKontora`: the client for asyncio, over aiohttp."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from kontora.client import conversations, replies, requests, statement_replies
from kontora.client.conversations import Ask, Conversation, OnProgress, T
from kontora.client.failures import KontoraUnreachable, UnexpectedReply
from kontora.client.model import (
    Account,
    CommandReply,
    CredentialMetadata,
    CreditCard,
    ImportResult,
    MoneyTransaction,
    Owner,
    OwnerData,
    Session,
    Target,
)
from kontora.client.pacing import Pacing
from kontora.client.replies import HttpReply
from kontora.client.requests import Command, Request
from kontora.client.statement_model import Confirmations, KeptStatement, PdfCatalog, Statement

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

    async def mock_session(
        self,
        login: str,
        country: str = "pl",
        owner_external_id: str | None = None,
        *,
        multiple_access: bool = False,
    ) -> Session:
        """Open a session that is already signed in at the practice bank; test clients only."""
        request = requests.mock_session(login, country, owner_external_id, multiple_access)
        return await self._hold(conversations.asked(request, self.pacing, replies.parse_session))

    async def open_session(
        self, target: str, owner_external_id: str | None = None, *, ip: str | None = None
    ) -> Session:
        """Open a session that still has to sign in, with `enter_credential`; practice targets only.

        `ip`: the owner's address, which banks ask for while the owner is there.
        """
        request = requests.open_session(target, owner_external_id, ip)
        return await self._hold(conversations.asked(request, self.pacing, replies.parse_session))

    async def enter_credential(
        self, session: Session, kind: str, credential: str
    ) -> tuple[CredentialMetadata, ...]:
        """Give the bank one credential, and return what it wants next; empty once signed in.

        Raises: CommandFailed, if the bank refuses it; CommandStillRunning.
        """
        return (await self.run(session, requests.EnterCredential(kind, credential))).credentials

    async def default_import(
        self, session: Session, since: date | None = None, on_progress: OnProgress | None = None
    ) -> ImportResult:
        """Import everything of the owner, wait for the end, and return it. Once per session.

        `since`: leave out money transactions before that day, at most five years back.
        `on_progress` is called with every reply.
        Raises: CommandFailed, CommandStillRunning.
        """
        return await self.run(session, requests.DefaultImport(since), on_progress)

    async def import_owners(self, session: Session) -> tuple[Owner, ...]:
        """Import the owners alone.

        Raises: CommandFailed, CommandStillRunning.
        """
        return (await self.run(session, requests.ImportOwners())).owners

    async def import_accounts(self, session: Session, *, fast: bool = True) -> tuple[Account, ...]:
        """Import the accounts without money transactions.

        Raises: CommandFailed, CommandStillRunning.
        """
        return (await self.run(session, requests.ImportAccounts(fast))).accounts

    async def import_account_transactions(
        self, session: Session, iban: str, since: date | None = None, *, fast: bool = False
    ) -> tuple[MoneyTransaction, ...]:
        """Import the money transactions of one account, newest first.

        Raises: CommandFailed, CommandStillRunning.
        """
        command = requests.ImportAccountTransactions(iban, since, fast)
        return (await self.run(session, command)).money_transactions

    async def import_credit_cards(self, session: Session) -> tuple[CreditCard, ...]:
        """Import the credit cards without money transactions.

        Raises: CommandFailed, CommandStillRunning.
        """
        return (await self.run(session, requests.ImportCreditCards())).credit_cards or ()

    async def import_credit_card_transactions(
        self, session: Session, card_id: str, since: date | None = None
    ) -> tuple[MoneyTransaction, ...]:
        """Import the money transactions of one credit card, newest first.

        Raises: CommandFailed, CommandStillRunning.
        """
        command = requests.ImportCreditCardTransactions(card_id, since)
        return (await self.run(session, command)).money_transactions

    async def sign_out(self, session: Session) -> None:
        """End the session at the bank, where the target can.

        Raises: CommandFailed, CommandStillRunning.
        """
        await self.run(session, requests.SignOut())

    async def run(
        self, session: Session, command: Command, on_progress: OnProgress | None = None
    ) -> ImportResult:
        """Start any command, wait for its end, and return its result.

        Raises: CommandFailed, CommandStillRunning.
        """
        return await self._hold(conversations.ran(session, command, self.pacing, on_progress))

    async def start(
        self, session: Session, command: Command, *, idempotency_key: str | None = None
    ) -> CommandReply:
        """Start a command without waiting. Keep its `id`: it is all that `status` and `wait` need.

        `idempotency_key`: with the same key, a second call returns the first command. One is made if you
        give none, so that a lost answer is asked for again without starting anything twice.
        """
        return await self._hold(conversations.started(session, command, self.pacing, idempotency_key))

    async def status(self, command_id: str) -> CommandReply:
        """Ask once where a command stands."""
        request = requests.status(command_id)
        return await self._hold(conversations.asked(request, self.pacing, replies.parse_command))

    async def wait(self, command_id: str, on_progress: OnProgress | None = None) -> CommandReply:
        """Poll a command until it is successful.

        Raises: CommandFailed, CommandStillRunning.
        """
        return await self._hold(conversations.waited(command_id, self.pacing, on_progress))

    async def reuse_multiple_access(self, multiple_access_id: str) -> Session:
        """Open a session by a consent that the owner gave earlier."""
        request = requests.reuse_multiple_access(multiple_access_id)
        return await self._hold(conversations.asked(request, self.pacing, replies.parse_session))

    async def delete_multiple_access(self, multiple_access_id: str) -> None:
        """End a consent that the owner gave earlier."""
        request = requests.delete_multiple_access(multiple_access_id)
        await self._hold(conversations.asked(request, self.pacing, replies.parse_nothing))

    async def data(self, owner_external_id: str) -> OwnerData:
        """Read all data of an owner over all their imports.

        Raises: KontoraApiError named `InvalidOwnerExternalId`, if there is none.
        """
        request = requests.data(owner_external_id)
        return await self._hold(conversations.asked(request, self.pacing, replies.parse_owner_data))

    async def delete_data(self, owner_external_id: str) -> None:
        """Delete all data of an owner, now and for good."""
        request = requests.delete_data(owner_external_id)
        await self._hold(conversations.asked(request, self.pacing, replies.parse_nothing))

    async def statement(
        self,
        pdf: bytes | Path,
        owner_external_id: str | None = None,
        *,
        trusted: bool = False,
        accept_inconsistent: bool = False,
        evidence: bool = False,
        file_name: str | None = None,
        password: str | None = None,
    ) -> Statement:
        """Have a statement PDF read; its data joins the owner's. Not sent again after a lost answer.

        `pdf`: the file, or where it is; then its name is told, too. `owner_external_id`: made, if not given.
        `trusted`: return what is in it even if verifications failed, with the list. `accept_inconsistent`:
        accept documents without balances. `evidence`: add the pages with the suspicious places framed.
        Raises: StatementRefused; OSError, if the file cannot be read.
        """
        content, name = await asyncio.to_thread(requests.file_of, pdf, file_name)
        request = requests.Pdf(
            content=content,
            owner_external_id=owner_external_id,
            file_name=name,
            password=password,
            trusted=trusted,
            accept_inconsistent=accept_inconsistent,
            evidence=evidence,
        ).request("statement")
        return await self._hold(conversations.asked(request, self.pacing, statement_replies.parse_statement))

    async def statements(
        self, owner_external_id: str, *, include_pdf: bool = False, statement_id: str | None = None
    ) -> tuple[KeptStatement, ...]:
        """List the statements that are kept of an owner, oldest first, or one of them.

        `include_pdf`: with their files, 32 MiB together at most.
        """
        request = requests.statements(owner_external_id, include_pdf, statement_id)
        return await self._hold(conversations.asked(request, self.pacing, statement_replies.parse_statements))

    async def confirmations(
        self,
        pdf: bytes | Path,
        *,
        trusted: bool = False,
        evidence: bool = False,
        password: str | None = None,
    ) -> Confirmations:
        """Have a PDF with confirmations of single money transactions read; nothing of it is kept.

        Raises: StatementRefused; OSError, if the file cannot be read.
        """
        content, _ = await asyncio.to_thread(requests.file_of, pdf)
        request = requests.Pdf(
            content=content, password=password, trusted=trusted, evidence=evidence
        ).request("confirmation")
        return await self._hold(
            conversations.asked(request, self.pacing, statement_replies.parse_confirmations)
        )

    async def pdf_catalog(self, country: str = "all") -> PdfCatalog:
        """List the documents that are read, by bank; `country`: `all`, or two letters such as `pl`."""
        request = requests.pdf_catalog(country)
        return await self._hold(
            conversations.asked(request, self.pacing, statement_replies.parse_pdf_catalog)
        )

    async def catalog(
        self, country: str = "all", *, favicons: bool = False, access_mode: str = "MIXED"
    ) -> tuple[Target, ...]:
        """List the targets: banks, what they offer, and what they ask for."""
        request = requests.catalog(country, favicons, access_mode)
        return await self._hold(conversations.asked(request, self.pacing, replies.parse_catalog))

    async def health(self) -> bool:
        """Ask once whether the server is well."""
        return await self._hold(conversations.checked_health())

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
