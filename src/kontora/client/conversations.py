"""What is asked in which order, without sending anything: both transports hold the same conversations.

A conversation is a generator. It yields an `Ask`, is sent the `HttpReply`, and returns its result.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from kontora.client import replies, requests
from kontora.client.failures import (
    CommandFailed,
    CommandStillRunning,
    KontoraApiError,
    KontoraUnreachable,
    UnexpectedReply,
)
from kontora.client.model import CommandReply, ImportResult, Session
from kontora.client.pacing import Pacing
from kontora.client.replies import HttpReply
from kontora.client.requests import Command, Request


@dataclass(frozen=True, slots=True)
class Ask:
    """Wait, then send a request."""

    request: Request
    after_seconds: float = 0.0


T = TypeVar("T")
Conversation = Generator[Ask, HttpReply, T]
OnProgress = Callable[[CommandReply], None]


def asked(
    request: Request, pacing: Pacing, parse: Callable[[bytes], T], *, after_seconds: float = 0.0
) -> Conversation[T]:
    """Send a request and parse its answer; try again while the server is busy or cannot be reached.

    A `POST` without an idempotency key whose answer is lost is not sent again: it may have been carried out.
    Raises: KontoraApiError, KontoraUnreachable, UnexpectedReply.
    """
    left = pacing.patience_seconds
    pauses = pacing.pauses()
    pause = after_seconds
    while True:
        failure: KontoraApiError | KontoraUnreachable
        try:
            reply = yield Ask(request, pause)
        except KontoraUnreachable as error:
            if not request.may_be_repeated:
                raise
            failure, pause = error, next(pauses)
        else:
            if reply.status < 300:
                return parse(reply.body)
            failure = _refusal(reply)
            if reply.status not in {429, 503}:
                raise failure
            pause = _pause(reply, next(pauses), pacing)
        left -= pause
        if left < 0:
            raise failure


def _refusal(reply: HttpReply) -> KontoraApiError:
    if reply.status < 400:
        raise UnexpectedReply(
            f"The server answered {reply.status}; redirects are not followed, as they carry the key."
        )
    return replies.parse_failure(reply)


def _pause(reply: HttpReply, otherwise: float, pacing: Pacing) -> float:
    told = reply.retry_after_seconds
    return otherwise if told is None else told + pacing.jitter * pacing.chance()


def waited(command_id: str, pacing: Pacing, on_progress: OnProgress | None) -> Conversation[CommandReply]:
    """Poll a command until it is successful; tell every reply to `on_progress`.

    Raises: CommandFailed, CommandStillRunning, KontoraApiError, KontoraUnreachable, UnexpectedReply.
    """
    began = pacing.clock()
    passed = 0.0
    pauses = pacing.pauses()
    while passed <= pacing.deadline_seconds:
        command = yield from asked(
            requests.status(command_id), pacing, replies.parse_command, after_seconds=next(pauses)
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


def started(
    session: Session, command: Command, pacing: Pacing, idempotency_key: str | None = None
) -> Conversation[CommandReply]:
    """Start a command once, even if its answer is lost on the way, without waiting for its end."""
    request = requests.start(session, command, idempotency_key or secrets.token_hex(16))
    return asked(request, pacing, replies.parse_command)


def ran(
    session: Session, command: Command, pacing: Pacing, on_progress: OnProgress | None = None
) -> Conversation[ImportResult]:
    """Start a command, poll until it is successful, and return its result.

    Raises: CommandFailed, CommandStillRunning, KontoraApiError, KontoraUnreachable, UnexpectedReply.
    """
    accepted = yield from started(session, command, pacing)
    if on_progress is not None:
        on_progress(accepted)
    finished = yield from waited(accepted.id, pacing, on_progress)
    return finished.result or ImportResult(command_id=finished.id, target=finished.target)


def checked_health() -> Conversation[bool]:
    """Ask once whether the server is well."""
    reply = yield Ask(requests.health())
    return replies.parse_health(reply)
