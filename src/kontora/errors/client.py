"""Failures that the client can act on: its request, its quota, its keys."""

from __future__ import annotations

from kontora.errors.failure import KontoraError


class ClientError(KontoraError):
    """The client can act."""


class InvalidParameter(ClientError):
    """A parameter is missing or malformed."""


class InvalidBody(InvalidParameter):
    """Parts of a JSON body are missing or malformed; the wire name is `InvalidParameter`.

    `errors`: pairs of a path in the body, such as `accounts[0].iban`, and what is wrong there, as a sentence
    without the value. The message tells the first.
    """

    def __init__(self, first: tuple[str, str], *more: tuple[str, str]) -> None:
        super().__init__(f"{first[0]}: {first[1]}" + (f" {len(more)} more: see errors." if more else ""))
        self.errors = (first, *more)

    @property
    def name(self) -> str:
        """The name on the wire."""
        return InvalidParameter.__name__


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


class InvalidCorrectionId(ClientError):
    """A correction of labels that this client does not have."""

    http_status = 404
    default_message = "There is no such correction. GET /v1/label-corrections lists yours."


class LabelCorrectionLimitExceeded(ClientError):
    """Too many corrections of labels are kept for the client."""

    default_message = "1,000 corrections of labels are kept for you. Delete those that are not needed first."


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


class NoDataToCalculateScore(ClientError):
    """The owner has no data that a score could be calculated from; the message says what is missing."""

    default_message = "There is no usable data of this owner. Import an account first."
