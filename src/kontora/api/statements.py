"""Statement PDFs and confirmations: read on the spot, as XML for older clients and as JSON."""

from __future__ import annotations

import msgspec

from kontora.api.bodies import read_parameters
from kontora.api.endpoints import FLAG, OWNER_ID, Endpoint, Handler, Parameter
from kontora.api.envelope import XML, Envelope
from kontora.api.failures import JSON
from kontora.api.forms import FORM_BODY, LONGEST_FILE_NAME, Form, plain_name, read_form
from kontora.api.visits import Answer, Visit
from kontora.commands.statements import StatementDesk, StatementRequest
from kontora.errors import InvalidParameter, PdfVerificationFailed
from kontora.wire import statement_json
from kontora.wire.xml import render_statement

LABELS = "labels"
LONGEST_PASSWORD = 500
_OWNER = Parameter(
    name="ownerExternalId", description="Your id of the owner; made where it is missing.", schema=OWNER_ID
)
_PASSWORD = Parameter(
    name="password",
    description="Of a protected file.",
    schema={"type": "string", "maxLength": LONGEST_PASSWORD},
)
_FILE_NAME = Parameter(
    name="fileName",
    description="As your customer calls it; the name of the file part, if it is missing.",
    schema={"type": "string", "maxLength": LONGEST_FILE_NAME},
)
_ACCEPT = Parameter(
    name="acceptInconsistent", description="Accept documents that have no balances.", schema=FLAG
)
_EVIDENCE = Parameter(
    name="evidence", description="Add the pages with the suspicious places framed.", schema=FLAG
)
_FAILURES = (404, 408, 415, 422, 429)


class Statements:
    """Takes PDFs and lists what is kept of them."""

    def __init__(self, desk: StatementDesk, envelope: Envelope) -> None:
        self._desk = desk
        self._envelope = envelope

    async def take_xml(self, visit: Visit) -> Answer:
        """Read a statement and reply in XML."""
        taken = await self._desk.take(visit.client, _request(await read_form(visit)))
        payload = render_statement(
            taken.imported,
            statement_id=taken.statement_id,
            is_consistent=taken.details.is_consistent,
            official_name=taken.details.official_name,
            with_labels=LABELS in visit.client.features,
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
        request = _request(await read_form(visit), trusted=trusted)
        try:
            taken = await self._desk.take(visit.client, request)
        except PdfVerificationFailed as refusal:
            return _refused(refusal, request)
        body = statement_json.render_statement(
            taken.details,
            taken.imported,
            statement_id=taken.statement_id,
            owner_external_id=taken.owner_external_id,
            with_labels=LABELS in visit.client.features,
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
        request = _request(await read_form(visit), trusted=trusted)
        try:
            reading = await self._desk.confirm(visit.client, request)
        except PdfVerificationFailed as refusal:
            return _refused(refusal, request)
        body = statement_json.render_confirmations(
            reading.recognised,
            reading.confirmations,
            reading.failed_verifications,
            with_labels=LABELS in visit.client.features,
            more=_more(reading.evidence_pdf, request),
        )
        return Answer(200, body, JSON)

    async def list(self, visit: Visit) -> Answer:
        """List an owner's statements."""
        parameters = await read_parameters(visit)
        kept = await self._desk.of_owner(
            visit.client,
            parameters.required("ownerExternalId"),
            with_files=parameters.flag("includePdf", default=False),
        )
        entries = [
            statement_json.statement_entry(one.statement_id, one.uploaded_at, one.details, one.pdf)
            for one in kept
        ]
        return Answer(200, msgspec.json.encode({"statements": entries}), JSON)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        told = (_OWNER, _FILE_NAME, _PASSWORD)
        return (
            Endpoint(
                method="POST",
                path="/v1/statement.xml",
                name="readStatementXml",
                handle=self.take_xml,
                summary="Read a statement PDF; the reply is XML",
                description="For clients of the original product. Its data joins the owner's.",
                form=(*told, _ACCEPT),
                reply="StatementReply",
                failures=_FAILURES,
                body_limit=FORM_BODY,
                upload=True,
            ),
            self._json_endpoint(
                "/v1/pdf/statement", "readStatement", self.take, "Read a statement PDF", (*told, _ACCEPT)
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
                (_PASSWORD,),
                reply="PdfConfirmations",
            ),
            self._json_endpoint(
                "/v1/pdf/confirmation-trusted",
                "readConfirmationTrusted",
                self.confirm_trusted,
                "Read confirmations, whatever verifications say; nothing is kept",
                (_PASSWORD,),
                reply="PdfConfirmations",
            ),
            Endpoint(
                method="GET",
                path="/v1/pdf/statements",
                name="listStatements",
                handle=self.list,
                summary="List the statements that are kept of an owner",
                query=(
                    Parameter(
                        name="ownerExternalId",
                        description="Your id of the owner.",
                        required=True,
                        schema=OWNER_ID,
                    ),
                    Parameter(name="includePdf", description="Add the files, as Base64.", schema=FLAG),
                ),
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
            form=(*form, _EVIDENCE),
            reply=reply,
            failures=_FAILURES,
            json=True,
            body_limit=FORM_BODY,
            upload=True,
        )


def _request(form: Form, *, trusted: bool = False) -> StatementRequest:
    file, given = form.required_file(), form.parameters
    password = given.optional("password") or None
    if password is not None and len(password) > LONGEST_PASSWORD:
        raise InvalidParameter(f"Parameter password is over {LONGEST_PASSWORD} characters.")
    return StatementRequest(
        pdf=file.content,
        file_name=plain_name(given.optional("fileName")) or file.name,
        owner_external_id=given.optional("ownerExternalId"),
        password=password,
        trusted=trusted,
        accept_inconsistent=given.flag("acceptInconsistent", default=False),
        evidence=given.flag("evidence", default=False),
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
