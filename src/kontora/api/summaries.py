"""Summaries of an owner's accounts, and the catalogue of what they may be asked for."""

from __future__ import annotations

import asyncio
from typing import Protocol

from kontora.analytics.catalogue import summary_catalogue
from kontora.analytics.summary_parts import Question
from kontora.api.bodies import check_media_type, read_body
from kontora.api.contents import Contents, content
from kontora.api.endpoints import Endpoint, Handler
from kontora.api.summary_requests import SUMMARY_BODY, SummaryRequest, parse_summary_request
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.owner_analytics import Summary


class Desk(Protocol):
    """Sums up for authenticated clients; every method raises a KontoraError that says what to do."""

    async def accounts_summary(self, client: Client, owner_external_id: str, question: Question) -> Summary:
        """Sum up each account."""
        ...

    async def owner_summary(self, client: Client, owner_external_id: str, question: Question) -> Summary:
        """Sum up all accounts, by currency."""
        ...


class Summaries:
    """Answers with sums by category."""

    def __init__(self, desk: Desk, contents: Contents) -> None:
        self._desk = desk
        self._contents = contents
        self._catalogue = content(summary_catalogue())

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
        return self._contents.answer(
            asked.owner_external_id,
            {
                "start": period.start,
                "end": period.end,
                "responseTimestamp": self._contents.now(),
                "owners": summary.owners,
                parts: summary.parts,
            },
        )

    async def catalogue(self, _visit: Visit) -> Answer:
        """List what a summary may be asked for."""
        return self._catalogue

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
