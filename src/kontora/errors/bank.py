"""Failures that the bank can act on; trying again later may help."""

from __future__ import annotations

from kontora.errors.failure import KontoraError


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
