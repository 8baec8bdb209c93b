"""The desks that owners come to, put together over an engine, and the endpoints in front of them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from kontora.api.endpoints import Endpoint
from kontora.api.redirection import Redirections
from kontora.commands.bank_redirects import RedirectDesk
from kontora.commands.conversations import ConversationDesk
from kontora.commands.credential_pool import CredentialPool
from kontora.commands.credential_zygote import WarmUp
from kontora.commands.redirections import RedirectionDesk
from kontora.engine import Engine
from kontora.settings import Settings
from kontora.widget import Desks, Widget, WidgetSettings


@dataclass
class SignInAddress:
    """Where owners' browsers find the widget; in practice it is known once Kontora listens."""

    url: str | None = None

    def __call__(self) -> str | None:
        """Return it, without a slash at its end."""
        return self.url


@dataclass(frozen=True)
class SignIn:
    """The desks, what serves them, and the pool of credential children."""

    address: SignInAddress
    desks: Desks
    pool: CredentialPool
    endpoints: tuple[Endpoint, ...]


@asynccontextmanager
async def sign_in(engine: Engine) -> AsyncIterator[SignIn]:
    """Open the desks; the first credential child can be forked once its zygote is warm."""
    settings, room = engine.settings, engine.room
    address = SignInAddress(settings.signin_url)
    pool = CredentialPool(_warm_up(settings), engine.on_call, engine.pages.keep)

    async with pool.running():
        conversations = ConversationDesk(
            room, engine.intake, pool, choose_target=engine.health.choose, signin_url=address
        )
        redirections = RedirectionDesk(room, conversations, unopened_seconds=settings.redirection_seconds)
        desks = Desks(conversations, RedirectDesk(room, conversations), redirections)
        widget = Widget(
            desks,
            room.catalogue,
            WidgetSettings(
                practice=settings.practice,
                secure=_is_secure(settings),
                trusted_proxies=settings.trusted_proxies,
                pages_per_minute=settings.widget_pages_per_minute,
            ),
            today=lambda: room.now().date(),
            monotonic=time.monotonic,
        )
        endpoints = (*Redirections(redirections, address).endpoints(), *widget.endpoints())
        try:
            yield SignIn(address, desks, pool, endpoints)
        finally:
            await conversations.close()


def _warm_up(settings: Settings) -> WarmUp:
    return WarmUp(
        practice=settings.practice,
        practice_bank_url=settings.practice_bank_url,
        targets_file=None if settings.targets_file is None else str(settings.targets_file.absolute()),
    )


def _is_secure(settings: Settings) -> bool:
    """Tell whether browsers reach the widget by HTTPS; only practice may do without."""
    if settings.signin_url is not None:
        return settings.signin_url.startswith("https:")
    return settings.tls_certificate is not None or not settings.practice
