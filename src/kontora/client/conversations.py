"""What is asked in which order, without sending anything: both transports hold the same conversations.

A conversation is a generator. It yields an `Ask`, is sent the `HttpReply`, and returns its result.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from kontora.client import replies
from kontora.client.failures import (
    KontoraApiError,
    KontoraUnreachable,
    UnexpectedReply,
)
from kontora.client.model import CommandReply
from kontora.client.pacing import Pacing
from kontora.client.replies import HttpReply
from kontora.client.requests import Request


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
    """Send a request and parse its answer.

    Raises: KontoraApiError, KontoraUnreachable, UnexpectedReply.
    """
    return parse((yield from answered(request, pacing, after_seconds=after_seconds)).body)


def answered(request: Request, pacing: Pacing, *, after_seconds: float = 0.0) -> Conversation[HttpReply]:
    """Send a request and return its answer; try again while the server is busy or cannot be reached.

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
                return reply
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
