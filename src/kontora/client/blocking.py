"""`Kontora`: the client that blocks, over urllib3."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import urllib3

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

    def mock_session(
        self,
        login: str,
        country: str = "pl",
        owner_external_id: str | None = None,
        *,
        multiple_access: bool = False,
    ) -> Session:
        """Open a session that is already signed in at the practice bank; test clients only.

        session = kontora.mock_session("test1", "pl", "o-1")
        """
        request = requests.mock_session(login, country, owner_external_id, multiple_access)
        return self._hold(conversations.asked(request, self.pacing, replies.parse_session))

    def open_session(
        self, target: str, owner_external_id: str | None = None, *, ip: str | None = None
    ) -> Session:
        """Open a session that still has to sign in, with `enter_credential`; practice targets only.

        `ip`: the owner's address, which banks ask for while the owner is there.
        """
        request = requests.open_session(target, owner_external_id, ip)
        return self._hold(conversations.asked(request, self.pacing, replies.parse_session))

    def enter_credential(
        self, session: Session, kind: str, credential: str
    ) -> tuple[CredentialMetadata, ...]:
        """Give the bank one credential, and return what it wants next; empty once signed in.

            session = kontora.open_session("KontoBankApi", "o-1", ip="203.0.113.7")
            kontora.enter_credential(session, "STATIC_LOGIN", "test1")

        Raises: CommandFailed, if the bank refuses it; CommandStillRunning.
        """
        return self.run(session, requests.EnterCredential(kind, credential)).credentials

    def default_import(
        self, session: Session, since: date | None = None, on_progress: OnProgress | None = None
    ) -> ImportResult:
        """Import everything of the owner, wait for the end, and return it. Once per session.

        `since`: leave out money transactions before that day, at most five years back.
        `on_progress` is called with every reply.

            result = kontora.default_import(session, on_progress=lambda reply: print(reply.progress))

        Raises: CommandFailed, CommandStillRunning.
        """
        return self.run(session, requests.DefaultImport(since), on_progress)

    def import_owners(self, session: Session) -> tuple[Owner, ...]:
        """Import the owners alone.

        Raises: CommandFailed, CommandStillRunning.
        """
        return self.run(session, requests.ImportOwners()).owners

    def import_accounts(self, session: Session, *, fast: bool = True) -> tuple[Account, ...]:
        """Import the accounts without money transactions.

        Raises: CommandFailed, CommandStillRunning.
        """
        return self.run(session, requests.ImportAccounts(fast)).accounts

    def import_account_transactions(
        self, session: Session, iban: str, since: date | None = None, *, fast: bool = False
    ) -> tuple[MoneyTransaction, ...]:
        """Import the money transactions of one account, newest first.

        Raises: CommandFailed, CommandStillRunning.
        """
        command = requests.ImportAccountTransactions(iban, since, fast)
        return self.run(session, command).money_transactions

    def import_credit_cards(self, session: Session) -> tuple[CreditCard, ...]:
        """Import the credit cards without money transactions.

        Raises: CommandFailed, CommandStillRunning.
        """
        return self.run(session, requests.ImportCreditCards()).credit_cards or ()

    def import_credit_card_transactions(
        self, session: Session, card_id: str, since: date | None = None
    ) -> tuple[MoneyTransaction, ...]:
        """Import the money transactions of one credit card, newest first.

        Raises: CommandFailed, CommandStillRunning.
        """
        command = requests.ImportCreditCardTransactions(card_id, since)
        return self.run(session, command).money_transactions

    def sign_out(self, session: Session) -> None:
        """End the session at the bank, where the target can.

        Raises: CommandFailed, CommandStillRunning.
        """
        self.run(session, requests.SignOut())

    def run(self, session: Session, command: Command, on_progress: OnProgress | None = None) -> ImportResult:
        """Start any command, wait for its end, and return its result.

        Raises: CommandFailed, CommandStillRunning.
        """
        return self._hold(conversations.ran(session, command, self.pacing, on_progress))

    def start(
        self, session: Session, command: Command, *, idempotency_key: str | None = None
    ) -> CommandReply:
        """Start a command without waiting. Keep its `id`: it is all that `status` and `wait` need.

        `idempotency_key`: with the same key, a second call returns the first command. One is made if you
        give none, so that a lost answer is asked for again without starting anything twice.
        """
        return self._hold(conversations.started(session, command, self.pacing, idempotency_key))

    def status(self, command_id: str) -> CommandReply:
        """Ask once where a command stands."""
        return self._hold(
            conversations.asked(requests.status(command_id), self.pacing, replies.parse_command)
        )

    def wait(self, command_id: str, on_progress: OnProgress | None = None) -> CommandReply:
        """Poll a command until it is successful.

        Raises: CommandFailed, CommandStillRunning.
        """
        return self._hold(conversations.waited(command_id, self.pacing, on_progress))

    def reuse_multiple_access(self, multiple_access_id: str) -> Session:
        """Open a session by a consent that the owner gave earlier."""
        request = requests.reuse_multiple_access(multiple_access_id)
        return self._hold(conversations.asked(request, self.pacing, replies.parse_session))

    def delete_multiple_access(self, multiple_access_id: str) -> None:
        """End a consent that the owner gave earlier."""
        request = requests.delete_multiple_access(multiple_access_id)
        self._hold(conversations.asked(request, self.pacing, replies.parse_nothing))

    def data(self, owner_external_id: str) -> OwnerData:
        """Read all data of an owner over all their imports.

        Raises: KontoraApiError named `InvalidOwnerExternalId`, if there is none.
        """
        request = requests.data(owner_external_id)
        return self._hold(conversations.asked(request, self.pacing, replies.parse_owner_data))

    def delete_data(self, owner_external_id: str) -> None:
        """Delete all data of an owner, now and for good."""
        request = requests.delete_data(owner_external_id)
        self._hold(conversations.asked(request, self.pacing, replies.parse_nothing))

    def statement(
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

            may = kontora.statement(Path("may.pdf"), "o-1")

        Raises: StatementRefused; OSError, if the file cannot be read.
        """
        content, name = requests.file_of(pdf, file_name)
        request = requests.Pdf(
            content=content,
            owner_external_id=owner_external_id,
            file_name=name,
            password=password,
            trusted=trusted,
            accept_inconsistent=accept_inconsistent,
            evidence=evidence,
        ).request("statement")
        return self._hold(conversations.asked(request, self.pacing, statement_replies.parse_statement))

    def statements(
        self, owner_external_id: str, *, include_pdf: bool = False, statement_id: str | None = None
    ) -> tuple[KeptStatement, ...]:
        """List the statements that are kept of an owner, oldest first, or one of them.

        `include_pdf`: with their files, 32 MiB together at most.
        """
        request = requests.statements(owner_external_id, include_pdf, statement_id)
        return self._hold(conversations.asked(request, self.pacing, statement_replies.parse_statements))

    def confirmations(
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
        content, _ = requests.file_of(pdf)
        request = requests.Pdf(
            content=content, password=password, trusted=trusted, evidence=evidence
        ).request("confirmation")
        return self._hold(conversations.asked(request, self.pacing, statement_replies.parse_confirmations))

    def pdf_catalog(self, country: str = "all") -> PdfCatalog:
        """List the documents that are read, by bank; `country`: `all`, or two letters such as `pl`."""
        request = requests.pdf_catalog(country)
        return self._hold(conversations.asked(request, self.pacing, statement_replies.parse_pdf_catalog))

    def catalog(
        self, country: str = "all", *, favicons: bool = False, access_mode: str = "MIXED"
    ) -> tuple[Target, ...]:
        """List the targets: banks, what they offer, and what they ask for.

        `access_mode`: `SINGLE`, `MULTIPLE` or `MIXED`.
        """
        request = requests.catalog(country, favicons, access_mode)
        return self._hold(conversations.asked(request, self.pacing, replies.parse_catalog))

    def health(self) -> bool:
        """Ask once whether the server is well."""
        return self._hold(conversations.checked_health())

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
