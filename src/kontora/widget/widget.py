"""The widget put together: its endpoints, for the API's door to serve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kontora.api.addresses import Network
from kontora.api.endpoints import Endpoint
from kontora.commands.bank_redirects import RedirectDesk
from kontora.commands.conversations import ConversationDesk
from kontora.commands.redirections import RedirectionDesk
from kontora.connectors.catalogue import Catalogue
from kontora.widget.assets import asset_endpoints
from kontora.widget.bank_way import BankWay
from kontora.widget.limits import Buckets, Rate
from kontora.widget.pages import Pages, SignInPages
from kontora.widget.talk import Talk


@dataclass(frozen=True, kw_only=True)
class WidgetSettings:
    """What the widget goes by. `secure`: it is served by HTTPS, also if a proxy ends it.

    `pages_per_minute`: pages that one address may load; a client's owners together may load a hundred times
    as many. The messages of all its conversations may be ten times as many, half of them in one conversation.
    """

    practice: bool = False
    secure: bool = True
    trusted_proxies: tuple[Network, ...] = ()
    pages_per_minute: int = 60


@dataclass(frozen=True)
class Desks:
    """The desks of the command room that owners come to."""

    conversations: ConversationDesk
    redirects: RedirectDesk
    redirections: RedirectionDesk


class Widget:
    """The widget."""

    def __init__(
        self,
        desks: Desks,
        catalogue: Catalogue,
        settings: WidgetSettings,
        *,
        today: Callable[[], date],
        monotonic: Callable[[], float],
    ) -> None:
        def per_minute(count: float) -> Buckets:
            return Buckets(Rate(count, count / 60), monotonic)

        pages = Pages()
        talk = Talk(
            desks.conversations,
            catalogue,
            conversations=per_minute(settings.pages_per_minute * 5),
            addresses=per_minute(settings.pages_per_minute * 10),
            trusted_proxies=settings.trusted_proxies,
        )
        self._endpoints = (
            *SignInPages(
                pages,
                desks.conversations,
                desks.redirections,
                talk,
                catalogue,
                addresses=per_minute(settings.pages_per_minute),
                clients=per_minute(settings.pages_per_minute * 100),
                trusted_proxies=settings.trusted_proxies,
                today=today,
            ).endpoints(),
            *talk.endpoints(),
            *BankWay(pages, desks.redirects, secure=settings.secure).endpoints(),
            *asset_endpoints(catalogue, practice=settings.practice),
        )

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return every endpoint; all are open."""
        return self._endpoints
