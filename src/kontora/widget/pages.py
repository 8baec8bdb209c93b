"""The page of the widget, for whoever may frame it, and the pages that say why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kontora.api.addresses import Network
from kontora.api.endpoints import Endpoint, Handler
from kontora.api.parameters import Parameters
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.conversation_options import Options, parse_options
from kontora.commands.conversations import ConversationDesk
from kontora.commands.redirections import RedirectionDesk
from kontora.connectors.catalogue import Catalogue
from kontora.errors import InvalidParameter, KontoraError, NotFound, RateLimitExceeded, SignInExpired
from kontora.widget.headers import Header, page_headers
from kontora.widget.limits import Buckets
from kontora.widget.states import target_json
from kontora.widget.talk import Talk, address_of
from kontora.widget.texts import language_of, texts_beside, texts_of

HTML = "text/html; charset=utf-8"
FOLDER = Path(__file__).parent / "templates"
ASSETS = "/assets"


class Pages:
    """Writes pages."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, auto_reload=False
        )

    def write(
        self,
        template: str,
        status: int,
        headers: tuple[Header, ...],
        *,
        locale: str | None = None,
        **values: Any,
    ) -> Answer:
        """Return a page in the owner's language."""
        body = self._templates.get_template(template).render(
            lang=language_of(locale), texts=texts_of(locale), assets=ASSETS, **values
        )
        return Answer(status, body.encode(), HTML, headers)

    def refusal(
        self, reason: str, status: int, *, origins: Sequence[str] = (), locale: str | None = None
    ) -> Answer:
        """Return a page without a conversation, that says why."""
        headers = page_headers(origins)
        return self.write("refused.html", status, headers, locale=locale, reason=reason)

    def refused(self, error: KontoraError, origins: Sequence[str], locale: str | None) -> Answer:
        """Return the page for a failure; 429 and 503 tell when to come again."""
        reason = "badOptions" if isinstance(error, InvalidParameter) or error.http_status == 400 else "later"
        if isinstance(error, RateLimitExceeded):
            reason = "later"
        answer = self.refusal(reason, error.http_status, origins=origins, locale=locale)
        if error.retry_after_seconds is None:
            return answer
        wait = (b"retry-after", str(error.retry_after_seconds).encode())
        return Answer(answer.status, answer.body, answer.media_type, (*answer.headers, wait))


class SignInPages:
    """Begins conversations: each page that is loaded is one."""

    def __init__(
        self,
        pages: Pages,
        desk: ConversationDesk,
        redirections: RedirectionDesk,
        talk: Talk,
        catalogue: Catalogue,
        *,
        addresses: Buckets,
        clients: Buckets,
        trusted_proxies: tuple[Network, ...],
        today: Callable[[], date],
    ) -> None:
        self._pages = pages
        self._desk = desk
        self._redirections = redirections
        self._talk = talk
        self._catalogue = catalogue
        self._addresses = addresses
        self._clients = clients
        self._trusted_proxies = trusted_proxies
        self._today = today

    async def sign_in(self, visit: Visit) -> Answer:
        """Return the page for a client's owner."""
        return await self._page(visit, is_popup=False)

    async def popup(self, visit: Visit) -> Answer:
        """Return the page for a window of its own."""
        return await self._page(visit, is_popup=True)

    async def legacy(self, visit: Visit) -> Answer:
        """Return the page at its old path, where a client is named."""
        if not visit.query.startswith(b"client=") and b"&client=" not in visit.query:
            raise NotFound
        return await self._page(visit, is_popup=False)

    async def link(self, visit: Visit) -> Answer:
        """Return the page of a link of the redirection API."""
        try:
            self._addresses.take(address_of(visit, self._trusted_proxies))
            visited = await self._redirections.open(visit.path_parameter)
        except SignInExpired:
            return self._pages.refusal("expired", 410)
        except KontoraError as error:
            return self._pages.refused(error, (), None)
        return await self._begun(visited.token, visited.client, visited.options, is_popup=False)

    async def _page(self, visit: Visit, *, is_popup: bool) -> Answer:
        client, locale = None, None
        try:
            self._addresses.take(address_of(visit, self._trusted_proxies))
            parameters = Parameters.of(visit.query, b"")
            given = parameters.values
            locale = given.get("locale")
            client = await self._client(parameters)
            if client is None:
                return self._pages.refusal("unknownClient", 404, locale=locale)
            self._clients.take(client.id)
            options = parse_options(
                given, today=self._today(), environment=client.environment, origins=client.origins
            )
            token = await self._desk.begin(client, options)
            return await self._begun(token, client, options, is_popup=is_popup)
        except KontoraError as error:
            return self._pages.refused(error, () if client is None else client.origins, locale)

    async def _client(self, parameters: Parameters) -> Client | None:
        client_id = parameters.optional("client") or ""
        return await self._desk.client(client_id) if 0 < len(client_id) <= 63 else None

    async def _begun(self, token: str, client: Client, options: Options, *, is_popup: bool) -> Answer:
        standing = await self._desk.state(token)
        shown = [
            target_json(target)
            for target in self._catalogue
            if (options.country in {None, "all", target.country} or target.name == options.target)
            and (client.environment == "test" or not target.facts.practice)
        ]
        start = {
            "token": token,
            "lang": language_of(options.locale),
            "texts": texts_beside(options.locale, "pdf_"),
            "clientName": options.client_identity,
            "origins": list(client.origins),
            "options": {**_options_json(options), "isPopup": is_popup or options.is_popup},
            "countries": sorted({target["country"] for target in shown}),
            "targets": shown,
            "state": self._talk.state_of(standing),
        }
        headers = page_headers(client.origins, has_opener=is_popup or options.is_popup)
        return self._pages.write("signin.html", 200, headers, locale=options.locale, start=start)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints: open, for owners come without a key."""
        handlers: dict[str, Handler] = {
            "/signin/": self.sign_in,
            "/popup/signin/": self.popup,
            "/": self.legacy,
            "/signin/link/{id}": self.link,
        }
        return tuple(page_endpoint(path, handle) for path, handle in handlers.items())


def page_endpoint(path: str, handle: Handler) -> Endpoint:
    """Return an endpoint that owners' browsers ask for."""
    return Endpoint(
        method="GET",
        path=path,
        name=f"page {path}",
        handle=handle,
        summary="A page of the widget",
        public=True,
        json=True,
        described=False,
    )


def _options_json(options: Options) -> dict[str, Any]:
    return {
        "country": options.country,
        "target": options.target,
        "showFavicons": options.show_favicons,
        "showScreenshots": options.show_screenshots,
        "screenshotZoomIn": options.screenshot_zoom_in,
        "showTargetMissingOption": options.show_target_missing_option,
        "showTargetMissingForm": options.show_target_missing_form,
        "showDefaultTarget": options.show_default_target,
        "showBetaQualityLabels": options.show_beta_quality_labels,
        "dynamicHeight": options.dynamic_height,
        "layout": options.layout,
        "autoImport": options.auto_import,
        "styles": options.styles,
    }
