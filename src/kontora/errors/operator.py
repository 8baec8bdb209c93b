"""Failures that whoever runs Kontora can act on."""

from __future__ import annotations

from kontora.errors.failure import KontoraError


class OperatorError(KontoraError):
    """Whoever runs Kontora can act."""

    http_status = 503
    retry_after_seconds: int | None = 10


class CommandInterrupted(OperatorError):
    """The worker died at a step that must not be sent to the bank twice."""

    default_message = (
        "The worker stopped while the bank was being asked something that may not be repeated. Sign in again."
    )


class BankCertificateRefused(OperatorError):
    """The bank refused our certificate, signature or role."""

    default_message = "The bank refused the certificate or signature of this installation."


class LabelsFailed(OperatorError):
    """Money transactions could not be labelled; rather than without labels, they are not told."""

    http_status = 500
    retry_after_seconds = None
    default_message = (
        "The money transactions could not be labelled. This is a mistake of Kontora; the operator's log tells"
        " where. What was read from the bank is kept: read data.xml once it is mended, or let the operator"
        " switch labels off."
    )


class Overloaded(OperatorError):
    """This server is busy or shutting down."""

    default_message = "The server is busy. Try again shortly."


class StoreUnavailable(OperatorError):
    """The database or the key store does not answer."""

    default_message = "The store is not available at the moment. Nothing was changed. Try again shortly."


class ConfigurationError(OperatorError):
    """A setting is missing, contradictory or unsafe; the program refuses to start."""
