"""Failures that the owner can act on: credentials, the bank's own demands."""

from __future__ import annotations

from kontora.errors.failure import KontoraError


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
