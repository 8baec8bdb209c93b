"""What is asked about sums, income, features and the profile of an owner."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from kontora.client import analytics_replies
from kontora.client.analytics_model import (
    AccountsSummary,
    IncomeConfirmation,
    OwnerFeatures,
    OwnerSummary,
    Profile,
    SummaryCatalog,
)
from kontora.client.conversations import Conversation, answered, asked
from kontora.client.pacing import Pacing
from kontora.client.requests import Request
from kontora.client.signatures import ALGORITHM, verified


def accounts_summary(
    pacing: Pacing,
    owner_external_id: str,
    start: date,
    end: date,
    categories: Iterable[str],
    *,
    monthly: bool = False,
) -> Conversation[AccountsSummary]:
    """Sum up each account of an owner over a period; both of its days are included.

    `categories`: `allTransactions`, `balance`, `activeSinceAtLeast`, or labels such as
    `label:bailiff|debt collection`. `monthly`: also each of its months.
    Raises: DocumentRefused, with all that is wrong.
    """
    request = _summary("accounts", owner_external_id, start, end, categories, monthly)
    return asked(request, pacing, analytics_replies.parse_accounts_summary)


def owner_summary(
    pacing: Pacing,
    owner_external_id: str,
    start: date,
    end: date,
    categories: Iterable[str],
    *,
    monthly: bool = False,
) -> Conversation[OwnerSummary]:
    """Sum up all accounts of an owner over a period, by currency; both of its days are included.

    `categories`, `monthly`: as of `accounts_summary`.
    Raises: DocumentRefused, with all that is wrong.
    """
    request = _summary("owner", owner_external_id, start, end, categories, monthly)
    return asked(request, pacing, analytics_replies.parse_owner_summary)


def data_summary_catalog(pacing: Pacing) -> Conversation[SummaryCatalog]:
    """List the labels, aliases, specials and operators that categories take."""
    request = Request("GET", "/v1/data-summary-catalog")
    return asked(request, pacing, analytics_replies.parse_summary_catalog)


def income_confirmation(
    pacing: Pacing, owner_external_id: str, *, signed: bool = False
) -> Conversation[IncomeConfirmation]:
    """Confirm an owner's income: of three months, and of 90 days.

    `signed`: ask for a signature, and verify it with the keys that the server publishes; the exact bytes,
    the signature and the key are kept in the result.
    Raises: SignatureInvalid, if it does not verify.
    """
    request = Request(
        "GET",
        "/v1/owner-income-confirmation",
        query=(("ownerExternalId", owner_external_id),),
        more_headers=(("Accept-Signature", ALGORITHM),) if signed else (),
    )
    reply = yield from answered(request, pacing)
    if not signed:
        return analytics_replies.parse_income(reply.body)
    keys = yield from answered(Request("GET", "/.well-known/jwks.json"), pacing)
    signature = verified(reply, keys.body)
    return replace(analytics_replies.parse_income(reply.body), signature=signature)


def owner_features(pacing: Pacing, owner_external_id: str) -> Conversation[OwnerFeatures]:
    """Return numbers about an owner, for models of your own."""
    return asked(_about("owner-features", owner_external_id), pacing, analytics_replies.parse_features)


def profile(pacing: Pacing, owner_external_id: str) -> Conversation[Profile]:
    """Return the segments that an owner belongs to, strongest first."""
    return asked(_about("profile", owner_external_id), pacing, analytics_replies.parse_profile)


def _about(what: str, owner_external_id: str) -> Request:
    return Request("GET", f"/v1/{what}", query=(("ownerExternalId", owner_external_id),))


def _summary(
    parts: str, owner_external_id: str, start: date, end: date, categories: Iterable[str], monthly: bool
) -> Request:
    asked_for = {
        "ownerExternalId": owner_external_id,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "categories": list(categories),
    }
    path = f"/v1/{parts}-summary{'-with-monthly' if monthly else ''}"
    return Request("POST", path, document=json.dumps(asked_for).encode(), is_harmless=True)
