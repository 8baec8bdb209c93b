"""What the owner brings back from the bank's pages: the query string of the redirect."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs

from kontora.errors import (
    BankCertificateRefused,
    BankChanged,
    InvalidArgument,
    KontoraError,
    ServiceTemporarilyUnavailable,
    SignInCancelled,
)


def returned_parameters(query: str, where: str) -> dict[str, str]:
    """Return the parameters of the redirect.

    Raises: InvalidArgument, if one stands there twice.
    """
    several = parse_qs(query.removeprefix("?"), keep_blank_values=True, max_num_fields=50)
    if any(len(set(values)) > 1 for values in several.values()):
        raise InvalidArgument(f"{where}: a parameter of the redirect stands there twice.")
    return {name: values[0] for name, values in several.items()}


def check_state(parameters: dict[str, str], state: str, where: str) -> None:
    """Make sure that the redirect belongs to this sign-in.

    Raises: InvalidArgument, if it does not.
    """
    if not hmac.compare_digest(parameters.get("state", "").encode(), state.encode()):
        raise InvalidArgument(f"{where}: the state of the redirect does not belong to this sign-in.")


def returned_failure(error: str, where: str) -> KontoraError:
    """Name what the bank's pages say went wrong. Source: RFC 6749 4.1.2.1."""
    if error in {"access_denied", "consent_required", "login_required", "interaction_required"}:
        return SignInCancelled(f"{where}: {SignInCancelled.default_message}")
    if error in {"server_error", "temporarily_unavailable"}:
        return ServiceTemporarilyUnavailable(f"{where}: the bank's sign-in page failed.")
    if error in {"unauthorized_client", "invalid_client"}:
        return BankCertificateRefused(f"{where}: the bank does not know this client id.")
    return BankChanged(f"{where}: the bank's sign-in page refused the request.")
