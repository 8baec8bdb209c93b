"""The pages on which KontoBank's web bank says that the owner, or we, cannot go on."""

from __future__ import annotations

from dataclasses import dataclass

from kontora.connectors.bank_reach import origin_of
from kontora.connectors.standards.web_pages.documents import Document
from kontora.errors import (
    AccessBlocked,
    AccessTemporarilyBlocked,
    BankCertificateRefused,
    InsufficientIdentificationLevel,
    KontoraError,
    ManualActionRequired,
    MultipleAccessLimitExceeded,
    ServiceMaintenance,
    ServiceTemporarilyUnavailable,
    SignInCancelled,
    SignInExpired,
    TargetCredentialsMismatch,
    UnsupportedLoginMethod,
)

PROBLEM = "main#problem[data-code]"
_ACTION = "a#action[href]"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means. `friendly`: what the owner is told, `{url}` for the page that the bank names."""

    failure: type[KontoraError]
    friendly: str | None = None


MEANINGS: dict[str, Meaning] = {
    "blocked": Meaning(AccessBlocked),
    "blocked-for-now": Meaning(AccessTemporarilyBlocked),
    "other-entrance": Meaning(TargetCredentialsMismatch),
    "identity": Meaning(InsufficientIdentificationLevel),
    "login-method": Meaning(UnsupportedLoginMethod),
    "change-password": Meaning(
        ManualActionRequired, "Your bank wants you to change your password first: {url}"
    ),
    "terms": Meaning(ManualActionRequired, "Your bank wants you to accept new terms first: {url}"),
    "switched-off": Meaning(
        ManualActionRequired, "Your bank does not let other services read these accounts yet: {url}"
    ),
    "cancelled": Meaning(SignInCancelled),
    "expired": Meaning(SignInExpired),
    "old-form": Meaning(SignInExpired),
    "limit": Meaning(MultipleAccessLimitExceeded),
    "certificate": Meaning(BankCertificateRefused),
    "maintenance": Meaning(ServiceMaintenance),
    "unavailable": Meaning(ServiceTemporarilyUnavailable),
    "robots": Meaning(ServiceTemporarilyUnavailable),
}


def problem_on(document: Document, where: str) -> KontoraError | None:
    """Return the failure that a page names; `None`, if it is no such page or its code is not known."""
    found = document.first(PROBLEM)
    code = (found.attributes.get("data-code") or "") if found is not None else ""
    meaning = MEANINGS.get(code)
    if meaning is None:
        return None
    friendly = meaning.friendly
    if friendly is not None:
        friendly = friendly.format(url=_page_of_the_bank(document)).removesuffix(": ")
    message = f"{where}: {meaning.failure.default_message} ({code})"
    return meaning.failure(message, friendly_message=friendly)


def _page_of_the_bank(document: Document) -> str:
    """Return where the owner must act, if it is on the same site; anything else is not passed on."""
    found = document.first(_ACTION)
    address = document.link(found.attributes.get("href") or "") if found is not None else ""
    here = origin_of(document.url)
    return address if here is not None and origin_of(address) == here else ""
