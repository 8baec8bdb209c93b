"""The page of the PDF widget, and what it sends: files with the visit's token, and no cookie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from kontora.api.addresses import Network
from kontora.api.bodies import check_media_type, read_body
from kontora.api.endpoints import Endpoint, Handler
from kontora.api.failures import JSON
from kontora.api.forms import FORM_BODY, read_form
from kontora.api.parameters import Parameters
from kontora.api.visits import Answer, Visit
from kontora.commands.conversation_options import Options, parse_options
from kontora.commands.pdf_visits import OwnersFile, PdfVisitDesk
from kontora.errors import InvalidParameter, KontoraError
from kontora.widget.headers import page_headers
from kontora.widget.limits import Buckets
from kontora.widget.pages import Pages, page_endpoint
from kontora.widget.talk import OWN_ORIGIN, Said, address_of, spoken
from kontora.widget.texts import language_of, texts_of

TOKEN_HEADER = b"x-visit-token"


@dataclass(frozen=True)
class PdfBank:
    """A bank whose documents are read. `documents`: their titles, in the bank's language."""

    target: str
    institution: str
    official_name: str
    country: str
    documents: tuple[str, ...]
    favicon: str | None = None
    is_practice: bool = False


@dataclass(frozen=True, kw_only=True)
class PdfLimits:
    """How often strangers may ask: for pages by address and by client, and with files by address."""

    pages: Buckets
    clients: Buckets
    files: Buckets
    trusted_proxies: tuple[Network, ...]


class PdfPages:
    """Begins visits of the PDF widget and takes their files."""

    def __init__(
        self,
        pages: Pages,
        desk: PdfVisitDesk,
        banks: tuple[PdfBank, ...],
        limits: PdfLimits,
        *,
        today: Callable[[], date],
    ) -> None:
        self._pages = pages
        self._desk = desk
        self._banks = banks
        self._limits = limits
        self._today = today

    async def page(self, visit: Visit) -> Answer:
        """Return the page for a client's owner."""
        client, locale = None, None
        try:
            self._limits.pages.take(self._address(visit))
            given = Parameters.of(visit.query, b"").values
            locale = given.get("locale")
            client_id = given.get("client", "")
            client = await self._desk.client(client_id) if 0 < len(client_id) <= 63 else None
            if client is None:
                return self._pages.refusal("unknownClient", 404, locale=locale)
            self._limits.clients.take(client.id)
            options = parse_options(
                given, today=self._today(), environment=client.environment, origins=client.origins
            )
            token = await self._desk.begin(client, options)
        except KontoraError as error:
            return self._pages.refused(error, () if client is None else client.origins, locale)
        start = self._start(token, client.origins, options, shows_practice=client.environment == "test")
        return self._pages.write(
            "pdf.html", 200, page_headers(client.origins), locale=options.locale, start=start
        )

    def _start(
        self, token: str, origins: tuple[str, ...], options: Options, *, shows_practice: bool
    ) -> Mapping[str, Any]:
        shown = [
            _bank_json(bank)
            for bank in self._banks
            if (options.country in {None, "all", bank.country} or bank.target == options.target)
            and (shows_practice or not bank.is_practice)
        ]
        return {
            "token": token,
            "lang": language_of(options.locale),
            "texts": dict(texts_of(options.locale)),
            "clientName": options.client_identity,
            "origins": list(origins),
            "ownerExternalId": options.owner_external_id,
            "options": {
                "country": options.country,
                "target": options.target,
                "showFavicons": options.show_favicons,
                "showDefaultTarget": True,
                "dynamicHeight": options.dynamic_height,
                "layout": options.layout,
                "styles": options.styles,
            },
            "countries": sorted({bank["country"] for bank in shown}),
            "targets": shown,
        }

    async def file(self, visit: Visit) -> Answer:
        """Take one file; the answer says what was read, or why not, as flat JSON."""
        self._limits.files.take(self._address(visit))
        token = (visit.header(TOKEN_HEADER) or b"").decode("latin-1")
        # Strangers send nothing that is held: the visit is known before its file is read.
        await self._desk.check(token)
        form = await read_form(visit)
        sent = form.required_file()
        file = OwnersFile(
            pdf=sent.content,
            file_name=sent.name,
            target=form.parameters.optional("target") or "",
            password=form.parameters.optional("password") or None,
        )
        taken = await self._desk.take(token, file)
        told = {
            "statementId": str(taken.statement_id),
            "target": taken.details.target,
            "officialName": taken.details.official_name,
            "fileName": file.file_name,
            "isConsistent": taken.details.is_consistent,
            "count": sum(len(account.money_transactions) for account in taken.imported.accounts),
        }
        return Answer(200, msgspec.json.encode(told), JSON, OWN_ORIGIN)

    async def finish(self, visit: Visit) -> Answer:
        """End the visit."""
        self._limits.files.take(self._address(visit))
        check_media_type(visit, b"application/json")
        try:
            said = msgspec.json.decode(await read_body(visit), type=Said)
        except (msgspec.DecodeError, RecursionError):
            # The cause is dropped: it quotes what was sent.
            raise InvalidParameter("The body is not the JSON that is expected here.") from None
        await self._desk.finish(said.token)
        return Answer(200, b"{}", JSON, OWN_ORIGIN)

    def _address(self, visit: Visit) -> str:
        return address_of(visit, self._limits.trusted_proxies)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints: open, for owners come without a key; the token lets in."""
        return (
            page_endpoint("/pdf/", self.page),
            _talk_endpoint("files", self.file, body_limit=FORM_BODY),
            _talk_endpoint("finish", self.finish),
        )


def _talk_endpoint(name: str, handle: Handler, **more: Any) -> Endpoint:
    return Endpoint(
        method="POST",
        path=f"/pdf/{name}",
        name=f"pdf widget {name}",
        handle=spoken(handle),
        summary="The PDF widget's own talk",
        public=True,
        json=True,
        described=False,
        **more,
    )


def _bank_json(bank: PdfBank) -> dict[str, Any]:
    return {
        "name": bank.target,
        "institution": bank.institution,
        "officialName": bank.official_name,
        "country": bank.country,
        "accountTypes": [],
        "favicon": bank.favicon,
        "documents": list(bank.documents),
    }
