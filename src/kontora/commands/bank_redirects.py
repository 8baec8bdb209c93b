"""The way to a bank's page and back: one browser, one use, ten minutes; whatever does not fit is audited."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass
from uuid import UUID

import msgspec

from kontora.commands.conversation_standings import return_url
from kontora.commands.conversation_steps import Steps, step_context
from kontora.commands.conversation_tokens import digest_of, is_token, new_token
from kontora.commands.conversation_views import MOST_TRIES, View
from kontora.commands.conversations import ConversationDesk
from kontora.commands.room import CommandRoom
from kontora.errors import InvalidArgument, SignInExpired
from kontora.store import conversations, events, redirections, sessions
from kontora.store.conversations import ConversationRow, Move
from kontora.store.database import Connection
from kontora.store.redirections import RedirectRow
from kontora.store.vault import KeyDestroyed

POPUP_SECONDS = 2.0
SAME_WINDOW_SECONDS = 70.0


@dataclass(frozen=True, slots=True)
class Opened:
    """The bank's page, and the value of the cookie that binds the browser."""

    page: str
    browser: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """The owner has come back. `return_url`: where to send them, else the popup closes."""

    ok: bool
    return_url: str | None
    origins: tuple[str, ...]


class RedirectDesk:
    """Sends owners to their banks and takes them in again."""

    def __init__(self, room: CommandRoom, desk: ConversationDesk) -> None:
        self._room = room
        self._desk = desk
        self._steps: Steps = desk.steps

    async def open(self, link: str, browser: str | None, *, from_our_page: bool) -> Opened:
        """Return the bank's page for a link that our own page has opened; binds the browser.

        A link that was sent to somebody else is not opened by our page: the browser says so itself.
        Raises: SignInExpired; InvalidArgument, for a foreign browser.
        """
        if not is_token(link):
            raise SignInExpired
        browser = browser if browser is not None and is_token(browser) else new_token()
        refusal = None
        async with self._room.database.tx() as db:
            redirect = await redirections.find_by_link(db, digest_of(link))
            row = await self._waiting(db, redirect)
            if redirect is None or row is None:
                raise SignInExpired
            bound = redirect.browser_digest
            if not from_our_page:
                refusal = "not_our_page"
            elif bound is not None and not hmac.compare_digest(bound, digest_of(browser)):
                refusal = "other_browser"
            else:
                await redirections.bind(db, redirect.state_digest, digest_of(browser))
            kind = "redirect_opened" if refusal is None else "redirect_refused"
            await events.append(db, _event(row, kind, refusal or "ok"))
        if refusal is not None:
            raise InvalidArgument("This link belongs to another browser. Go on where you began.")
        page = (await self._view(row)).bank_page
        client = await self._desk.client(row.client_id)
        if page is None or client is None:
            raise SignInExpired
        return Opened(page, browser, client.origins)

    async def come_back(self, state: str | None, query: str, browser: str | None) -> Returned:
        """Take the owner in, once, in the browser that began; the code is marked as used before it is used.

        Raises: SignInExpired, for an unknown, used or late `state`; InvalidArgument, for a foreign browser.
        """
        row = await self._used(state, browser)
        client = await self._desk.client(row.client_id)
        origins = () if client is None else client.origins
        task = await self._desk.resume(row, query)
        self._steps.announce(row.id)
        seconds = POPUP_SECONDS if row.redirection_id is None else SAME_WINDOW_SECONDS
        await asyncio.wait({task}, timeout=seconds)
        async with self._room.database.connection() as db:
            place = await conversations.place(db, row.id)
            url = await self._return_url(db, row.redirection_id)
        return Returned(place is None or place[1] != "failed", url, origins)

    async def _used(self, state: str | None, browser: str | None) -> ConversationRow:
        """Mark the redirect as used, and its conversation as being worked on, in one database transaction."""
        if state is None or not is_token(state):
            raise SignInExpired
        async with self._room.database.tx() as db:
            redirect = await redirections.find_by_state(db, digest_of(state))
            row = await self._waiting(db, redirect)
            if redirect is None or row is None:
                await events.append(db, events.Event(kind="redirect_refused", outcome="unknown_state"))
            else:
                await redirections.use(db, redirect.state_digest)
                ours = _is_same(redirect.browser_digest, browser)
                await events.append(
                    db,
                    _event(
                        row,
                        "redirect_returned" if ours else "redirect_refused",
                        "ok" if ours else "other_browser",
                    ),
                )
                if not ours:
                    await self._give_up(db, row)
                elif not await conversations.move(db, row.id, row.step, Move(state="working")):
                    row = None
        if redirect is None or row is None:
            raise SignInExpired
        if not ours:
            self._steps.announce(row.id)
            raise InvalidArgument("The owner came back in another browser than the one that began.")
        return row

    async def _waiting(self, db: Connection, redirect: RedirectRow | None) -> ConversationRow | None:
        """Return the conversation that waits for this redirect; `None`, if it is elsewhere or over."""
        if redirect is None or redirect.used:
            return None
        row = await conversations.find_by_id(db, redirect.conversation_id)
        return row if row is not None and row.state == "redirect" and row.step == redirect.step else None

    async def _give_up(self, db: Connection, row: ConversationRow) -> None:
        """End a sign-in whose owner came back in a foreign browser: its code must not be used any more."""
        if row.session_id is not None:
            await sessions.end(db, row.session_id)
        to = Move(
            state="failed",
            failure_name=InvalidArgument.__name__,
            failure_message="The owner came back in another browser than the one that began.",
            failed_tries=0 if row.redirection_id is None else MOST_TRIES,
        )
        await conversations.move(db, row.id, row.step, to)

    async def _view(self, row: ConversationRow) -> View:
        if row.sealed_view is None or row.owner_id is None:
            raise SignInExpired
        context = step_context("view", row.id, row.step)
        try:
            plain = await self._room.vault.open(row.sealed_view, owner_id=row.owner_id, context=context)
        except KeyDestroyed as error:
            raise SignInExpired from error
        return msgspec.msgpack.decode(plain, type=View)

    async def _return_url(self, db: Connection, redirection_id: UUID | None) -> str | None:
        link = None if redirection_id is None else await redirections.find_by_id(db, redirection_id)
        return None if link is None else return_url(link.redirect_uri, link.id)


def _is_same(bound: bytes | None, browser: str | None) -> bool:
    return bound is not None and browser is not None and hmac.compare_digest(bound, digest_of(browser))


def _event(row: ConversationRow, kind: str, outcome: str) -> events.Event:
    return events.Event(
        kind=kind,
        client_id=row.client_id,
        session_id=row.session_id,
        owner_id=row.owner_id,
        target=row.target,
        outcome=outcome,
    )
