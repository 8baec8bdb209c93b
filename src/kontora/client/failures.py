"""What can go wrong for a caller of Kontora.

KontoraClientError
├── KontoraApiError      the server refused the request, and said why
│   ├── StatementRefused  it was about a PDF; with what speaks against the file
│   └── DocumentRefused   it was about a JSON document; with all that is wrong in it, by path
├── CommandFailed        the command was accepted, and ended without a result
├── CommandStillRunning  the caller's own deadline passed; the command goes on
├── SignatureInvalid     a signed reply that does not verify with a published key
├── KontoraUnreachable   no answer: connection, TLS or time-out
└── UnexpectedReply      an answer that is not Kontora's
"""

from __future__ import annotations

from kontora.client.label_model import Complaint
from kontora.client.statement_model import FailedVerification


class KontoraClientError(Exception):
    """Anything that this client raises on purpose."""


class KontoraApiError(KontoraClientError):
    """The server refused a request: HTTP `status`, and the `name` that the error catalogue explains."""

    def __init__(
        self,
        status: int,
        name: str,
        message: str,
        friendly_message: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        self.status = status
        self.name = name
        self.message = message
        self.friendly_message = friendly_message
        self.retry_after_seconds = retry_after_seconds
        super().__init__(status, name, message)

    def __str__(self) -> str:
        return f"{self.status} {self.name}: {self.message}"


class StatementRefused(KontoraApiError):
    """The server refused a PDF; nothing of it is kept.

    `failed_verifications`: what speaks against the file, if verifications failed. `evidence_pdf`: the pages
    with the suspicious places framed, where it was asked for.
    """

    def __init__(
        self,
        status: int,
        name: str,
        message: str,
        friendly_message: str | None = None,
        *,
        failed_verifications: tuple[FailedVerification, ...] = (),
        evidence_pdf: bytes | None = None,
    ) -> None:
        super().__init__(status, name, message, friendly_message)
        self.failed_verifications = failed_verifications
        self.evidence_pdf = evidence_pdf


class DocumentRefused(KontoraApiError):
    """The server refused a document; nothing of it is kept. `errors`: all that is wrong, by path."""

    def __init__(
        self,
        status: int,
        name: str,
        message: str,
        friendly_message: str | None = None,
        *,
        errors: tuple[Complaint, ...] = (),
    ) -> None:
        super().__init__(status, name, message, friendly_message)
        self.errors = errors


class CommandFailed(KontoraClientError):
    """A command ended without a result: `error` (the name says who can act) or `fatal` (a bug of Kontora)."""

    def __init__(
        self, name: str, message: str, friendly_message: str | None, command_id: str, state: str = "error"
    ) -> None:
        self.name = name
        self.message = message
        self.friendly_message = friendly_message
        self.command_id = command_id
        self.state = state
        super().__init__(name, message, command_id)

    def __str__(self) -> str:
        return f"{self.name}: {self.message} (command {self.command_id})"


class CommandStillRunning(KontoraClientError):
    """The deadline of the wait passed first. The command goes on; `wait(command_id)` continues."""

    def __init__(self, command_id: str, waited_seconds: float) -> None:
        self.command_id = command_id
        self.waited_seconds = waited_seconds
        super().__init__(command_id, waited_seconds)

    def __str__(self) -> str:
        return f"Command {self.command_id} is still running after {self.waited_seconds:.0f} seconds."


class SignatureInvalid(KontoraClientError):
    """A signed reply has no signature, or one that does not verify with a key that the server publishes."""


class KontoraUnreachable(KontoraClientError):
    """The server gave no answer."""


class UnexpectedReply(KontoraClientError):
    """The server's answer is not a reply of Kontora; is the base URL right?"""
