"""Statement PDFs and confirmations: read on the spot, as XML for older clients and as JSON."""

from __future__ import annotations

import asyncio
from typing import Protocol

import msgspec

from kontora.api.bodies import read_parameters
from kontora.api.client_places import ClientPlaces
from kontora.api.endpoints import Endpoint, Handler, Parameter
from kontora.api.envelope import XML, Envelope
from kontora.api.failures import JSON
from kontora.api.forms import FORM_BODY, read_form
from kontora.api.statement_requests import (
    ACCEPT,
    EVIDENCE,
    FILE_NAME,
    LISTING,
    OWNER,
    PASSWORD,
    parse_request,
    parse_statement_id,
)
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.statement_details import KeptStatement, StatementRequest, TakenStatement
from kontora.errors import PdfVerificationFailed
from kontora.statements.readings import StatementReading
from kontora.wire import statement_json
from kontora.wire.told_labels import Shown
from kontora.wire.xml import render_statement

LISTED_AT_ONCE = 2
_FAILURES = (404, 408, 415, 422, 429)


class Desk(Protocol):
    """Takes PDFs of authenticated clients; every method raises a KontoraError that says what to do."""

    async def take(self, client: Client, request: StatementRequest) -> TakenStatement:
        """Read a statement and keep it."""
        ...

    async def confirm(self, client: Client, request: StatementRequest) -> StatementReading:
        """Read confirmations."""
        ...

    async def of_owner(
        self, client: Client, owner_external_id: str, *, with_files: bool, only: int | None = None
    ) -> tuple[KeptStatement, ...]:
        """Return the owner's statements."""
        ...


class Statements:
    """Takes PDFs and lists what is kept of them. A client may send `at_once` files at the same time.

    What is over that is refused before its body is read: files are held in memory while they are.
    """

    def __init__(self, desk: Desk, envelope: Envelope, *, at_once: int = 8) -> None:
        self._desk = desk
        self._envelope = envelope
        self._inside = ClientPlaces(at_once)
        self._listings = asyncio.Semaphore(LISTED_AT_ONCE)

    async def take_xml(self, visit: Visit) -> Answer:
        """Read a statement and reply in XML."""
        with self._inside.place(visit.client.id):
            taken = await self._desk.take(visit.client, parse_request(await read_form(visit)))
        payload = render_statement(
            taken.imported,
            statement_id=taken.statement_id,
            is_consistent=taken.details.is_consistent,
            official_name=taken.details.official_name,
            shown=Shown.to(visit.client.features),
        )
        body = self._envelope.success(
            payload,
            user=visit.client.id,
            owner_external_id=taken.owner_external_id,
            schema="get_statement.xsd",
        )
        return Answer(200, body, XML)

    async def take(self, visit: Visit) -> Answer:
        """Read a statement in standard mode."""
        return await self._take(visit, trusted=False)

    async def take_trusted(self, visit: Visit) -> Answer:
        """Read a statement in trusted mode."""
        return await self._take(visit, trusted=True)

    async def _take(self, visit: Visit, *, trusted: bool) -> Answer:
        with self._inside.place(visit.client.id):
            request = parse_request(await read_form(visit), trusted=trusted)
            try:
                taken = await self._desk.take(visit.client, request)
            except PdfVerificationFailed as refusal:
                return _refused(refusal, request)
        body = statement_json.render_statement(
            taken.details,
            taken.imported,
            statement_id=taken.statement_id,
            owner_external_id=taken.owner_external_id,
            shown=Shown.to(visit.client.features),
            country=taken.imported.country,
            more=_more(taken.evidence_pdf, request),
        )
        return Answer(200, body, JSON)

    async def confirm(self, visit: Visit) -> Answer:
        """Read confirmations in standard mode."""
        return await self._confirm(visit, trusted=False)

    async def confirm_trusted(self, visit: Visit) -> Answer:
        """Read confirmations in trusted mode."""
        return await self._confirm(visit, trusted=True)

    async def _confirm(self, visit: Visit, *, trusted: bool) -> Answer:
        with self._inside.place(visit.client.id):
            request = parse_request(await read_form(visit), trusted=trusted)
            try:
                reading = await self._desk.confirm(visit.client, request)
            except PdfVerificationFailed as refusal:
                return _refused(refusal, request)
        body = statement_json.render_confirmations(
            reading.recognised,
            reading.confirmations,
            reading.failed_verifications,
            shown=Shown.to(visit.client.features),
            country=reading.recognised.country,
            more=_more(reading.evidence_pdf, request),
        )
        return Answer(200, body, JSON)

    async def list(self, visit: Visit) -> Answer:
        """List an owner's statements."""
        parameters = await read_parameters(visit)
        owner_external_id = parameters.required("ownerExternalId")
        with_files = parameters.flag("includePdf", default=False)
        only = parse_statement_id(parameters)
        async with self._listings:
            kept = await self._desk.of_owner(
                visit.client, owner_external_id, with_files=with_files, only=only
            )
            entries = [
                statement_json.statement_entry(one.statement_id, one.uploaded_at, one.details, one.pdf)
                for one in kept
            ]
            return Answer(200, msgspec.json.encode({"statements": entries}), JSON)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        told = (OWNER, FILE_NAME, PASSWORD)
        return (
            Endpoint(
                method="POST",
                path="/v1/statement.xml",
                name="readStatementXml",
                handle=self.take_xml,
                summary="Read a statement PDF; the reply is XML",
                description="For clients of the original product. Its data joins the owner's.",
                form=(*told, ACCEPT),
                reply="StatementReply",
                failures=_FAILURES,
                body_limit=FORM_BODY,
                upload=True,
            ),
            self._json_endpoint(
                "/v1/pdf/statement", "readStatement", self.take, "Read a statement PDF", (*told, ACCEPT)
            ),
            self._json_endpoint(
                "/v1/pdf/statement-trusted",
                "readStatementTrusted",
                self.take_trusted,
                "Read a statement PDF, whatever verifications say",
                told,
            ),
            self._json_endpoint(
                "/v1/pdf/confirmation",
                "readConfirmation",
                self.confirm,
                "Read confirmations of single money transactions; nothing is kept",
                (PASSWORD,),
                reply="PdfConfirmations",
            ),
            self._json_endpoint(
                "/v1/pdf/confirmation-trusted",
                "readConfirmationTrusted",
                self.confirm_trusted,
                "Read confirmations, whatever verifications say; nothing is kept",
                (PASSWORD,),
                reply="PdfConfirmations",
            ),
            Endpoint(
                method="GET",
                path="/v1/pdf/statements",
                name="listStatements",
                handle=self.list,
                summary="List the statements that are kept of an owner",
                query=LISTING,
                reply="PdfStatements",
                failures=(404,),
                json=True,
            ),
        )

    def _json_endpoint(
        self,
        path: str,
        name: str,
        handle: Handler,
        summary: str,
        form: tuple[Parameter, ...],
        *,
        reply: str = "PdfStatement",
    ) -> Endpoint:
        return Endpoint(
            method="POST",
            path=path,
            name=name,
            handle=handle,
            summary=summary,
            form=(*form, EVIDENCE),
            reply=reply,
            failures=_FAILURES,
            json=True,
            body_limit=FORM_BODY,
            upload=True,
        )


def _more(evidence_pdf: bytes | None, request: StatementRequest) -> dict[str, object]:
    return statement_json.evidence(evidence_pdf) if request.evidence else {}


def _refused(refusal: PdfVerificationFailed, request: StatementRequest) -> Answer:
    body = statement_json.render_refusal(
        refusal.name,
        refusal.message,
        refusal.failed_verifications,
        more=_more(refusal.evidence_pdf, request),
    )
    return Answer(refusal.http_status, body, JSON)
