"""What an owner's labelled data add up to, as JSON: summaries, income, features, profile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol

import msgspec

from kontora.analytics.amounts import cents
from kontora.analytics.catalogue import summary_catalogue
from kontora.analytics.summary_parts import Question
from kontora.api.bodies import check_media_type, read_body, read_parameters
from kontora.api.endpoints import OWNER_ID, Endpoint, Handler, Parameter
from kontora.api.failures import JSON
from kontora.api.summary_requests import SUMMARY_BODY, SummaryRequest, parse_summary_request
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.owner_analytics import (
    IncomeReport,
    OwnerFeatures,
    OwnerProfile,
    Summary,
    client_label,
)
from kontora.commands.reply_signatures import ALGORITHM, ReplyKeys
from kontora.errors import InvalidParameter
from kontora.scores.features import Unit

OWNER = Parameter(name="ownerExternalId", description="Your id of the owner.", required=True, schema=OWNER_ID)
ACCEPT_SIGNATURE = Parameter(
    name="Accept-Signature",
    description=f"`{ALGORITHM}` asks for a signature of the reply.",
    schema={"type": "string", "enum": [ALGORITHM]},
)
KEYS_KEPT = b"public, max-age=3600"
_DIGITS = 6
_JSON = msgspec.json.Encoder(decimal_format="number")


class Desk(Protocol):
    """Answers authenticated clients; every method raises a KontoraError that says what to do."""

    async def accounts_summary(self, client: Client, owner_external_id: str, question: Question) -> Summary:
        """Sum up each account."""
        ...

    async def owner_summary(self, client: Client, owner_external_id: str, question: Question) -> Summary:
        """Sum up all accounts, by currency."""
        ...

    async def income(self, client: Client, owner_external_id: str) -> IncomeReport:
        """Confirm income."""
        ...

    async def features(self, client: Client, owner_external_id: str) -> OwnerFeatures:
        """Return numbers about the owner."""
        ...

    async def profile(self, client: Client, owner_external_id: str) -> OwnerProfile:
        """Return the segments that the owner belongs to."""
        ...


class Analytics:
    """Answers questions about owners. `keys`: sign replies. `clock`: UTC, seconds since 1970."""

    def __init__(self, desk: Desk, keys: ReplyKeys, clock: Callable[[], float]) -> None:
        self._desk = desk
        self._keys = keys
        self._jwks = keys.jwks()
        self._clock = clock
        self._catalogue = _JSON.encode({"content": summary_catalogue()})

    async def accounts_summary(self, visit: Visit) -> Answer:
        """Sum up each account."""
        return await self._summary(visit, "accounts", with_months=False)

    async def accounts_summary_with_monthly(self, visit: Visit) -> Answer:
        """Sum up each account, and each of its months."""
        return await self._summary(visit, "accounts", with_months=True)

    async def owner_summary(self, visit: Visit) -> Answer:
        """Sum up all accounts."""
        return await self._summary(visit, "currencies", with_months=False)

    async def owner_summary_with_monthly(self, visit: Visit) -> Answer:
        """Sum up all accounts, and each month."""
        return await self._summary(visit, "currencies", with_months=True)

    async def _summary(self, visit: Visit, parts: str, *, with_months: bool) -> Answer:
        check_media_type(visit, b"application/json")
        body = await read_body(visit)
        asked = await asyncio.to_thread(parse_summary_request, body, with_months=with_months)
        summed = self._desk.accounts_summary if parts == "accounts" else self._desk.owner_summary
        summary = await summed(visit.client, asked.owner_external_id, asked.question)
        return await asyncio.to_thread(self._summary_answer, asked, summary, parts)

    def _summary_answer(self, asked: SummaryRequest, summary: Summary, parts: str) -> Answer:
        period = asked.question.period
        return self._answer(
            asked.owner_external_id,
            {
                "start": period.start,
                "end": period.end,
                "responseTimestamp": self._now(),
                "owners": summary.owners,
                parts: summary.parts,
            },
        )

    async def catalogue(self, _visit: Visit) -> Answer:
        """List what a summary may be asked for."""
        return Answer(200, self._catalogue, JSON)

    async def income(self, visit: Visit) -> Answer:
        """Confirm income, signed if asked."""
        owner = (await read_parameters(visit)).required("ownerExternalId")
        signs = _wants_signature(visit)
        report = await self._desk.income(visit.client, owner)
        answer = self._answer(
            owner,
            {
                "responseTimestamp": self._now(),
                "dataChangedAt": report.data_changed_at.astimezone(UTC).replace(microsecond=0),
                "owners": report.owners,
                "incomes": report.incomes,
            },
        )
        return await asyncio.to_thread(self._signed, answer) if signs else answer

    def _signed(self, answer: Answer) -> Answer:
        signature = self._keys.sign(answer.body)
        headers = (
            (b"signature", signature.base64.encode()),
            (b"signature-key-id", signature.key_id.encode()),
        )
        return Answer(answer.status, answer.body, answer.media_type, headers)

    async def features(self, visit: Visit) -> Answer:
        """Return numbers about an owner."""
        owner = (await read_parameters(visit)).required("ownerExternalId")
        found = await self._desk.features(visit.client, owner)
        told = [
            {
                "name": feature.name,
                "value": _value(found.values[feature.name], feature.unit),
                "unit": feature.unit.value,
            }
            for feature in found.feature_set
        ]
        return self._answer(
            owner,
            {
                "responseTimestamp": self._now(),
                "featureSet": found.feature_set.name,
                "currencyName": found.currency_name,
                "features": told,
            },
        )

    async def profile(self, visit: Visit) -> Answer:
        """Return the segments that an owner belongs to."""
        owner = (await read_parameters(visit)).required("ownerExternalId")
        found = await self._desk.profile(visit.client, owner)
        period, segments = found.profile.period, found.profile.segments
        told = [
            {
                "name": segment.name,
                "strength": segment.strength,
                "evidence": [
                    {
                        "label": client_label(one.label, found.country),
                        "count": one.count,
                        "total": one.total,
                    }
                    for one in segment.evidence
                ],
            }
            for segment in segments
        ]
        return self._answer(
            owner,
            {
                "responseTimestamp": self._now(),
                "start": period.start,
                "end": period.end,
                "segments": told,
            },
        )

    async def keys(self, _visit: Visit) -> Answer:
        """Return the public keys of signed replies; whoever asks may keep them for an hour."""
        return Answer(200, self._jwks, JSON, ((b"cache-control", KEYS_KEPT),))

    def _now(self) -> datetime:
        return datetime.fromtimestamp(int(self._clock()), UTC)

    def _answer(self, owner_external_id: str, told: dict[str, Any]) -> Answer:
        content = {"ownerExternalId": owner_external_id} | told
        return Answer(200, _JSON.encode({"content": content}), JSON)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        return (
            self._summary_endpoint(
                "accounts-summary",
                self.accounts_summary,
                "Sum up each account over a period, by category",
                "AccountsSummary",
            ),
            self._summary_endpoint(
                "accounts-summary-with-monthly",
                self.accounts_summary_with_monthly,
                "Sum up each account, and each of its months",
                "AccountsSummary",
            ),
            self._summary_endpoint(
                "owner-summary",
                self.owner_summary,
                "Sum up all accounts of an owner, by currency",
                "OwnerSummary",
            ),
            self._summary_endpoint(
                "owner-summary-with-monthly",
                self.owner_summary_with_monthly,
                "Sum up all accounts of an owner, and each month",
                "OwnerSummary",
            ),
            Endpoint(
                method="GET",
                path="/v1/data-summary-catalog",
                name="readDataSummaryCatalog",
                handle=self.catalogue,
                summary="List the labels, aliases, specials and operators of categories",
                reply="SummaryCatalog",
                json=True,
            ),
            Endpoint(
                method="GET",
                path="/v1/owner-income-confirmation",
                name="confirmIncome",
                handle=self.income,
                summary="Confirm an owner's income, by kind, of three months and of 90 days",
                description="A signed reply has the headers Signature and Signature-Key-Id; the keys are at"
                " /.well-known/jwks.json.",
                query=(OWNER,),
                headers=(ACCEPT_SIGNATURE,),
                reply="IncomeConfirmation",
                failures=(404,),
                json=True,
            ),
            Endpoint(
                method="GET",
                path="/v1/owner-features",
                name="readOwnerFeatures",
                handle=self.features,
                summary="Return numbers about an owner",
                query=(OWNER,),
                reply="OwnerFeatures",
                failures=(404,),
                json=True,
            ),
            Endpoint(
                method="GET",
                path="/v1/profile",
                name="readProfile",
                handle=self.profile,
                summary="Return the behavioural segments of an owner",
                query=(OWNER,),
                reply="Profile",
                failures=(404,),
                json=True,
            ),
            Endpoint(
                method="GET",
                path="/.well-known/jwks.json",
                name="readReplyKeys",
                handle=self.keys,
                summary="Publish the keys that signed replies are checked with",
                reply="ReplyKeys",
                public=True,
                json=True,
            ),
        )

    def _summary_endpoint(self, path: str, handle: Handler, summary: str, reply: str) -> Endpoint:
        return Endpoint(
            method="POST",
            path=f"/v1/{path}",
            name=f"read{''.join(part.capitalize() for part in path.split('-'))}",
            handle=handle,
            summary=summary,
            body=SUMMARY_BODY,
            reply=reply,
            failures=(404,),
            json=True,
        )


def _wants_signature(visit: Visit) -> bool:
    """Tell whether the caller asks for a signature.

    Raises: InvalidParameter, for another algorithm than ours.
    """
    asked = visit.header(b"accept-signature")
    if asked is None:
        return False
    if asked.strip().lower() != ALGORITHM.lower().encode():
        raise InvalidParameter(f"Accept-Signature must be {ALGORITHM}.")
    return True


def _value(value: float | None, unit: Unit) -> Decimal | float | None:
    """Return a value as it is told: money to cents, all else to six places, whole numbers without any."""
    if value is None:
        return None
    if unit is Unit.MONEY:
        return cents(Decimal(value))
    return int(value) if value.is_integer() else round(value, _DIGITS)
