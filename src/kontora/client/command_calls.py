"""What is asked to run commands on a session."""

from __future__ import annotations

import secrets
from datetime import date
from urllib.parse import quote

from kontora.client import replies
from kontora.client.commands import (
    Command,
    DefaultImport,
    EnterCredential,
    ImportAccounts,
    ImportAccountTransactions,
    ImportCreditCards,
    ImportCreditCardTransactions,
    ImportOwners,
    SignOut,
)
from kontora.client.conversations import Conversation, OnProgress, asked
from kontora.client.failures import CommandFailed, CommandStillRunning
from kontora.client.model import (
    Account,
    CommandReply,
    CredentialMetadata,
    CreditCard,
    ImportResult,
    MoneyTransaction,
    Owner,
    Session,
)
from kontora.client.pacing import Pacing
from kontora.client.requests import Request, pairs


def enter_credential(
    pacing: Pacing, session: Session, kind: str, credential: str
) -> Conversation[tuple[CredentialMetadata, ...]]:
    """Give the bank one credential, and return what it wants next; empty once signed in.

        session = kontora.open_session("KontoBankApi", "o-1", ip="203.0.113.7")
        kontora.enter_credential(session, "STATIC_LOGIN", "test1")

    Raises: CommandFailed, if the bank refuses it; CommandStillRunning.
    """
    return (yield from run(pacing, session, EnterCredential(kind, credential))).credentials


def default_import(
    pacing: Pacing, session: Session, since: date | None = None, on_progress: OnProgress | None = None
) -> Conversation[ImportResult]:
    """Import everything of the owner, wait for the end, and return it. Once per session.

    `since`: leave out money transactions before that day, at most five years back.
    `on_progress`, a plain function, is called with every reply.

        result = kontora.default_import(session, on_progress=lambda reply: print(reply.progress))

    Raises: CommandFailed, CommandStillRunning.
    """
    return run(pacing, session, DefaultImport(since), on_progress)


def import_owners(pacing: Pacing, session: Session) -> Conversation[tuple[Owner, ...]]:
    """Import the owners alone.

    Raises: CommandFailed, CommandStillRunning.
    """
    return (yield from run(pacing, session, ImportOwners())).owners


def import_accounts(
    pacing: Pacing, session: Session, *, fast: bool = True
) -> Conversation[tuple[Account, ...]]:
    """Import the accounts without money transactions.

    Raises: CommandFailed, CommandStillRunning.
    """
    return (yield from run(pacing, session, ImportAccounts(fast))).accounts


def import_account_transactions(
    pacing: Pacing, session: Session, iban: str, since: date | None = None, *, fast: bool = False
) -> Conversation[tuple[MoneyTransaction, ...]]:
    """Import the money transactions of one account, newest first.

    Raises: CommandFailed, CommandStillRunning.
    """
    return (yield from run(pacing, session, ImportAccountTransactions(iban, since, fast))).money_transactions


def import_credit_cards(pacing: Pacing, session: Session) -> Conversation[tuple[CreditCard, ...]]:
    """Import the credit cards without money transactions.

    Raises: CommandFailed, CommandStillRunning.
    """
    return (yield from run(pacing, session, ImportCreditCards())).credit_cards or ()


def import_credit_card_transactions(
    pacing: Pacing, session: Session, card_id: str, since: date | None = None
) -> Conversation[tuple[MoneyTransaction, ...]]:
    """Import the money transactions of one credit card, newest first.

    Raises: CommandFailed, CommandStillRunning.
    """
    return (yield from run(pacing, session, ImportCreditCardTransactions(card_id, since))).money_transactions


def sign_out(pacing: Pacing, session: Session) -> Conversation[None]:
    """End the session at the bank, where the target can.

    Raises: CommandFailed, CommandStillRunning.
    """
    yield from run(pacing, session, SignOut())


def run(
    pacing: Pacing, session: Session, command: Command, on_progress: OnProgress | None = None
) -> Conversation[ImportResult]:
    """Start any command, wait for its end, and return its result.

    Raises: CommandFailed, CommandStillRunning.
    """
    accepted = yield from start(pacing, session, command)
    if on_progress is not None:
        on_progress(accepted)
    finished = yield from wait(pacing, accepted.id, on_progress)
    return finished.result or ImportResult(command_id=finished.id, target=finished.target)


def start(
    pacing: Pacing, session: Session, command: Command, *, idempotency_key: str | None = None
) -> Conversation[CommandReply]:
    """Start a command without waiting. Keep its `id`: it is all that `status` and `wait` need.

    `idempotency_key`: with the same key, a second call returns the first command. One is made if you
    give none, so that a lost answer is asked for again without starting anything twice.
    """
    key = idempotency_key or secrets.token_hex(16) if command.takes_idempotency_key else None
    form = pairs({"sessionId": session.id, "sessionIdSignature": session.signature, **command.parameters()})
    request = Request("POST", command.path(), form=form, idempotency_key=key)
    return asked(request, pacing, replies.parse_command)


def status(pacing: Pacing, command_id: str) -> Conversation[CommandReply]:
    """Ask once where a command stands."""
    return asked(_status(command_id), pacing, replies.parse_command)


def _status(command_id: str) -> Request:
    return Request("GET", f"/v1/command/{quote(command_id, safe='')}.xml")


def wait(
    pacing: Pacing, command_id: str, on_progress: OnProgress | None = None
) -> Conversation[CommandReply]:
    """Poll a command until it is successful; `on_progress`, a plain function, is called with every reply.

    Raises: CommandFailed, CommandStillRunning.
    """
    began = pacing.clock()
    passed = 0.0
    pauses = pacing.pauses()
    while passed <= pacing.deadline_seconds:
        command = yield from asked(
            _status(command_id), pacing, replies.parse_command, after_seconds=next(pauses)
        )
        if on_progress is not None:
            on_progress(command)
        if command.is_final:
            return _successful(command)
        passed = pacing.clock() - began
    raise CommandStillRunning(command_id, passed)


def _successful(command: CommandReply) -> CommandReply:
    if command.state == "successful":
        return command
    failure = command.failure
    name = failure.name if failure else command.state
    message = failure.message if failure else "The command ended without a reason."
    friendly = failure.friendly_message if failure else None
    raise CommandFailed(name, message, friendly, command.id, command.state)
