"""The named failures: one tree, whose class names are the names on the wire.

    KontoraError
    ├── ClientError      the client can act: its request, its quota, its keys
    │   ├── InvalidParameter  InvalidArgument  InvalidSince  InvalidTarget  InvalidIban
    │   ├── InvalidSessionId  InvalidSessionIdSignature  InvalidCommandId  InvalidOwnerExternalId
    │   ├── AlreadySignedIn  NotSignedIn  CommandNotAvailable  DefaultImportAlreadyExecuted
    │   ├── InvalidMultipleAccessId  IdempotencyConflict  OwnerDeleted
    │   ├── JobsQuotaExceeded  ConcurrentSessionsLimitExceed  MultipleAccessLimitExceeded  RateLimitExceeded
    │   ├── NotFound  MethodNotAllowed  BodyTooLarge  RequestTimeout  UnsupportedMediaType
    │   └── Unauthorized
    ├── OwnerError       the owner can act: credentials, the bank's own demands
    │   ├── InvalidCredentials  TargetCredentialsMismatch  InsufficientIdentificationLevel
    │   ├── AccessBlocked  AccessTemporarilyBlocked  ManualActionRequired
    │   ├── SignInCancelled  UnsupportedLoginMethod  UnsupportedLanguage
    │   └── SignInExpired
    ├── BankError        the bank can act; trying again later may help
    │   ├── IO  ServiceMaintenance  ServiceTemporarilyUnavailable  SessionExpired
    │   └── BankChanged
    └── OperatorError    whoever runs Kontora can act
        ├── CommandInterrupted  BankCertificateRefused  Overloaded
        └── ConfigurationError  StoreUnavailable

Anything that is not in this tree is our bug: the command ends `fatal`, an alarm is raised.
Messages name the target, the step and the field; never a body, a person, a credential or a
whole account number.
"""

from __future__ import annotations

from typing import ClassVar


class KontoraError(Exception):
    """A failure with a name on the wire.

    `message` is for an engineer; `friendly_message`, if any, is for the owner, in plain words.
    `http_status` is what a request ends with when the failure ends the request.
    """

    http_status: ClassVar[int] = 400
    retry_after_seconds: int | None = None
    default_message: ClassVar[str] = ""

    def __init__(
        self,
        message: str = "",
        *,
        friendly_message: str | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        self.message = message or self.default_message
        self.friendly_message = friendly_message
        if retry_after_seconds is not None:
            self.retry_after_seconds = retry_after_seconds
        super().__init__(self.message)

    @property
    def name(self) -> str:
        """The name on the wire."""
        return type(self).__name__


class ClientError(KontoraError):
    """The client can act."""


class InvalidParameter(ClientError):
    """A parameter is missing or malformed."""


class InvalidArgument(ClientError):
    """A well-formed value that is not allowed here."""


class InvalidSince(ClientError):
    """`since` is malformed, in the future, or more than five years ago."""


class InvalidTarget(ClientError):
    """The target is unknown, or not available to this client."""


class InvalidIban(ClientError):
    """The IBAN is not among the accounts of the session."""


class InvalidSessionId(ClientError):
    """The session is unknown, foreign or expired."""

    http_status = 404
    default_message = "Session expired."


class InvalidSessionIdSignature(ClientError):
    """The signature does not belong to the session."""

    http_status = 403
    default_message = "The session id signature does not belong to this session."


class InvalidCommandId(ClientError):
    """The command is unknown, foreign, or its data has been deleted."""

    http_status = 404
    default_message = "There is no such command. Commands are kept for 24 hours."


class InvalidOwnerExternalId(ClientError):
    """The owner is unknown or deleted (404), or the id is malformed (400)."""

    http_status = 404
    default_message = "There is no data of this owner."


class MalformedOwnerExternalId(InvalidOwnerExternalId):
    """The owner external id is malformed; the wire name is `InvalidOwnerExternalId`."""

    http_status = 400
    default_message = "ownerExternalId must be 1 to 200 printable characters."

    @property
    def name(self) -> str:
        """The name on the wire."""
        return InvalidOwnerExternalId.__name__


class AlreadySignedIn(ClientError):
    """A credential was given on a session that is signed in."""

    default_message = "The session is already signed in. Start an import."


class NotSignedIn(ClientError):
    """An import was started on a session that is not signed in."""

    default_message = "The session is not signed in yet. Finish the sign-in first."


class CommandNotAvailable(ClientError):
    """The target does not offer this command, or the session does not allow it any more."""


class DefaultImportAlreadyExecuted(ClientError):
    """The default import may run once per session."""

    default_message = (
        "The default import has already been started on this session. Sign in again for another."
    )


class InvalidMultipleAccessId(ClientError):
    """The consent token is unknown, expired or revoked."""

    http_status = 404
    default_message = "There is no such multiple access, or it has ended. Ask the owner to sign in again."


class IdempotencyConflict(ClientError):
    """The same Idempotency-Key came with another request."""

    http_status = 409
    default_message = "This Idempotency-Key was used with another request. Use a new key."


class OwnerDeleted(ClientError):
    """The owner's data was deleted while the command ran."""

    http_status = 404
    default_message = "The owner's data was deleted while the command ran. Nothing was kept."


class JobsQuotaExceeded(ClientError):
    """More commands at once than the client may run."""

    http_status = 429
    retry_after_seconds = 10
    default_message = "8 commands of this client are running. Try again in 10 to 15 seconds."


class ConcurrentSessionsLimitExceed(ClientError):
    """Too many sessions at once."""

    http_status = 429
    retry_after_seconds = 30
    default_message = "Too many sessions are open. Let some end, then try again."


class MultipleAccessLimitExceeded(ClientError):
    """The imports that the bank allows in 24 hours without the owner are used up."""

    http_status = 429
    retry_after_seconds = 3600
    default_message = "The bank's limit of reads without the owner is used up for today. Try again tomorrow."


class RateLimitExceeded(ClientError):
    """Too many requests in a short time."""

    http_status = 429
    retry_after_seconds = 5
    default_message = "Too many requests. Slow down, then try again."


class NotFound(ClientError):
    """There is no such path."""

    http_status = 404
    default_message = "There is no such path. See /openapi.json."


class MethodNotAllowed(ClientError):
    """The path does not know this method."""

    http_status = 405
    default_message = "This path does not allow this method. See /openapi.json."


class BodyTooLarge(ClientError):
    """The request body is over the limit of the route."""

    http_status = 413
    default_message = "The request body is too large for this path."


class RequestTimeout(ClientError):
    """The request body did not arrive in time."""

    http_status = 408
    default_message = "The request body did not arrive within 30 seconds."


class UnsupportedMediaType(ClientError):
    """The body is not of a type that the route reads."""

    http_status = 415
    default_message = "Send the body as application/x-www-form-urlencoded."


class Unauthorized(ClientError):
    """The key or the source address is not accepted."""

    http_status = 401


class OwnerError(KontoraError):
    """The owner can act."""


class InvalidCredentials(OwnerError):
    """The bank did not accept the login, password or code; which of them is not told."""

    default_message = "The bank did not accept the credentials."


class TargetCredentialsMismatch(OwnerError):
    """The credentials belong to another kind of account or another target."""

    default_message = "The credentials do not belong to this target."


class InsufficientIdentificationLevel(OwnerError):
    """The bank wants a stronger identification than the owner has."""

    default_message = "The bank wants the owner to use a stronger identification."


class AccessBlocked(OwnerError):
    """The bank has blocked the owner's access."""

    default_message = "The bank has blocked the owner's access. The owner must contact the bank."


class AccessTemporarilyBlocked(OwnerError):
    """The bank has blocked the owner's access for a time."""

    default_message = (
        "The bank has blocked the owner's access for a time. The owner must wait or contact the bank."
    )


class ManualActionRequired(OwnerError):
    """The bank wants the owner to do something on its own pages first."""

    default_message = "The bank wants the owner to act in its own online banking first."


class SignInCancelled(OwnerError):
    """The owner refused the consent or the confirmation at the bank."""

    default_message = "The owner did not confirm the access at the bank."


class SignInExpired(OwnerError):
    """The owner did not finish the sign-in in time."""

    default_message = "The sign-in at the bank was not finished in time. Start again."


class UnsupportedLoginMethod(OwnerError):
    """The bank offers this owner no login method that is supported."""

    default_message = "The bank offers the owner no login method that is supported."


class UnsupportedLanguage(OwnerError):
    """The bank's pages are set to a language that is not supported."""

    default_message = "The bank's pages are in a language that is not supported."


class BankError(KontoraError):
    """The bank can act; trying again later may help."""

    http_status = 503
    retry_after_seconds = 30


class IO(BankError):
    """Talking to the bank failed: the connection, or an answer cut short."""

    default_message = "Talking to the bank failed."


class ServiceMaintenance(BankError):
    """The bank announces maintenance."""

    default_message = "The bank is under maintenance."


class ServiceTemporarilyUnavailable(BankError):
    """The bank answers with a failure of its own, or not in time."""

    default_message = "The bank is temporarily unavailable."


class SessionExpired(BankError):
    """The bank ended the session, the consent or the token."""

    default_message = "The bank ended the session. The owner must sign in again."


class BankChanged(BankError):
    """The bank's answer is not what its standard or its recorded answers promise."""

    default_message = "The bank's answer is not understood."


class OperatorError(KontoraError):
    """Whoever runs Kontora can act."""

    http_status = 503
    retry_after_seconds = 10


class CommandInterrupted(OperatorError):
    """The worker died at a step that must not be sent to the bank twice."""

    default_message = (
        "The worker stopped while the bank was being asked something that may not be repeated. Sign in again."
    )


class BankCertificateRefused(OperatorError):
    """The bank refused our certificate, signature or role."""

    default_message = "The bank refused the certificate or signature of this installation."


class Overloaded(OperatorError):
    """This server is busy or shutting down."""

    default_message = "The server is busy. Try again shortly."


class StoreUnavailable(OperatorError):
    """The database or the key store does not answer."""

    default_message = "The store is not available at the moment. Nothing was changed. Try again shortly."


class ConfigurationError(OperatorError):
    """A setting is missing, contradictory or unsafe; the program refuses to start."""


def failures() -> dict[str, type[KontoraError]]:
    """Return every failure that can stand on the wire, by its name, in the order of the tree."""
    branches = {KontoraError, ClientError, OwnerError, BankError, OperatorError, MalformedOwnerExternalId}
    found: dict[str, type[KontoraError]] = {}

    def walk(failure: type[KontoraError]) -> None:
        if failure not in branches:
            found[failure.__name__] = failure
        for child in failure.__subclasses__():
            walk(child)

    walk(KontoraError)
    return found
