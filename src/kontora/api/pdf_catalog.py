"""Which documents are read: by bank, with how each layout is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kontora.api.bodies import read_parameters
from kontora.api.endpoints import Endpoint, Parameter
from kontora.api.envelope import XML, Envelope
from kontora.api.failures import JSON
from kontora.api.visits import Answer, Visit
from kontora.errors import InvalidParameter
from kontora.statements.layout import Layout
from kontora.statements.readings import DocumentType, EvidenceGrade
from kontora.wire.characters import attribute
from kontora.wire.statement_json import render_pdf_catalog

_TWO_LETTERS = re.compile(r"[a-z]{2}|all")
_COUNTRY = Parameter(
    name="country",
    description="`all`, or two letters such as `pl`.",
    schema={"type": "string", "pattern": "^([A-Za-z]{2}|all)$", "default": "all"},
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A layout as the catalogue tells it."""

    layout: str
    target: str
    official_name: str
    country: str
    document_type: DocumentType
    title: str
    grade: EvidenceGrade
    is_consistent: bool | None


class PdfCatalog:
    """Tells the layouts. Those of the practice bank are there in practice mode alone."""

    def __init__(self, layouts: Sequence[Layout], envelope: Envelope, *, practice: bool) -> None:
        self._envelope = envelope
        self._known = tuple(
            _Known(
                layout.name,
                layout.institution.target,
                layout.institution.official_name,
                layout.institution.country,
                layout.document_type,
                layout.title,
                layout.grade,
                None if layout.is_confirmation else layout.has_balances,
            )
            for layout in layouts
            if practice or not layout.institution.practice
        )

    async def read(self, visit: Visit) -> Answer:
        """Return the layouts by bank."""
        return Answer(200, render_pdf_catalog(await self._wanted(visit)), JSON)

    async def read_xml(self, visit: Visit) -> Answer:
        """Return the banks whose statements are read, for clients of the original product."""
        banks = {
            one.target: one.official_name
            for one in await self._wanted(visit)
            if one.grade is not EvidenceGrade.ASSUMED and one.document_type is not DocumentType.CONFIRMATION
        }
        payload = "".join(
            f'<target name="{attribute(target)}" officialName="{attribute(name)}"/>'
            for target, name in sorted(banks.items())
        )
        body = self._envelope.success(payload.encode(), user=visit.client.id, schema="get_parser_catalog.xsd")
        return Answer(200, body, XML)

    async def _wanted(self, visit: Visit) -> list[_Known]:
        given = (await read_parameters(visit)).optional("country")
        country = "all" if given is None else given.lower()
        if not _TWO_LETTERS.fullmatch(country):
            raise InvalidParameter("Parameter country must be all, or two letters such as pl.")
        return [one for one in self._known if country in {"all", one.country}]

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        return (
            Endpoint(
                method="GET",
                path="/v1/pdf-catalog",
                name="readPdfCatalog",
                handle=self.read,
                summary="List the documents that are read, by bank",
                query=(_COUNTRY,),
                reply="PdfCatalog",
                json=True,
            ),
            Endpoint(
                method="GET",
                path="/v1/parser-catalog.xml",
                name="readParserCatalog",
                handle=self.read_xml,
                summary="List the banks whose statements are read",
                query=(_COUNTRY,),
                reply="ParserCatalogReply",
            ),
        )
