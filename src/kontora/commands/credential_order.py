"""What a credential child is told and what it tells back: bytes of msgpack, never pickle."""

from __future__ import annotations

import msgspec

from kontora.connectors.protocol import Access, Challenge, SignInRequest, SignInStep
from kontora.errors import CommandInterrupted, KontoraError, failures

MOST_BYTES = 16 * 1024 * 1024


class ChildBroke(Exception):
    """A bug of ours ended the step in the child."""


class SealedAnswer(msgspec.Struct, frozen=True):
    """An answer of the owner as it came: encrypted."""

    kind: str
    cipher_text: bytes


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One step to take. `keys` open `sealed_key`, the private half of the step's one-time key."""

    target: str
    request: SignInRequest
    access: Access | None
    answers: tuple[SealedAnswer, ...]
    ephemeral: tuple[bytes, bytes]
    step_token: str
    token_digest: bytes
    step: int
    sealed_key: bytes
    keys: tuple[bytes, bytes]
    owner_id: int
    context: str


class BankCalled(msgspec.Struct, frozen=True):
    """A call to a bank, for the metrics."""

    target: str
    operation: str
    outcome: str
    seconds: float


class UnknownPage(msgspec.Struct, frozen=True):
    """A redacted copy of a page that was not understood, for the operator."""

    target: str
    step: str
    redacted_html: str


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the step went: new access and questions, or a named failure, or our bug by type and place."""

    access: Access | None = None
    challenges: tuple[Challenge, ...] = ()
    failure: str | None = None
    message: str = ""
    friendly_message: str | None = None
    bug: tuple[str, ...] = ()
    bank_calls: tuple[BankCalled, ...] = ()
    unknown_pages: tuple[UnknownPage, ...] = ()

    def step(self) -> SignInStep:
        """Return the step.

        Raises: the failure that ended it; ChildBroke.
        """
        if self.bug:
            raise ChildBroke
        if self.failure is not None:
            kind = failures().get(self.failure, CommandInterrupted)
            raise kind(self.message, friendly_message=self.friendly_message)
        if self.access is None:
            raise CommandInterrupted
        return SignInStep(self.access, self.challenges)


def failed(error: KontoraError) -> Report:
    """Return the report of a named failure."""
    return Report(failure=error.name, message=error.message, friendly_message=error.friendly_message)
