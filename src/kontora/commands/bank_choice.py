"""The bank that an owner chooses in the widget: which way into it, how it is asked, the session for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kontora.commands.consents import wants_multiple
from kontora.commands.conversation_options import history_start
from kontora.commands.conversation_standings import Live
from kontora.commands.conversation_tokens import new_token
from kontora.commands.health import Choice
from kontora.commands.room import CommandRoom, SessionState
from kontora.connectors.catalogue import Target
from kontora.connectors.protocol import Psu, SignInRequest
from kontora.errors import ConcurrentSessionsLimitExceed, ConfigurationError, InvalidTarget
from kontora.store import conversations, events, sessions
from kontora.store.conversations import ConversationRow, Move
from kontora.store.database import Connection
from kontora.store.ids import random_id
from kontora.store.sessions import SessionRow

CALLBACK_PATH = "/signin/callback"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The bank that the owner chose, by institution or by target."""

    institution: str | None = None
    target: str | None = None


class BankChoice:
    """Turns what the owner chose into a session that may ask the bank.

    `choose_target`: which way into an institution is live, for an access mode. `signin_url`: where
    the widget is served.
    """

    def __init__(
        self,
        room: CommandRoom,
        *,
        choose_target: Callable[[str, str | None], Choice],
        signin_url: Callable[[], str | None],
    ) -> None:
        self._room = room
        self._choose_target = choose_target
        self._signin_url = signin_url

    def choice(self, live: Live, wanted: Wanted) -> Choice:
        """Return the target: as named in practice, elsewhere the one that is live at its institution.

        Raises: InvalidTarget, if there is none for this client.
        """
        choice = self._wanted(live, wanted)
        if choice.target.facts.practice and live.client.environment != "test":
            raise InvalidTarget("Practice banks are for test clients.")
        return choice

    def _wanted(self, live: Live, wanted: Wanted) -> Choice:
        mode = live.options.access_mode
        if wanted.target is not None:
            named = self._room.catalogue.target(wanted.target)
            if named.facts.practice:
                return Choice(named)
            return self._choose_target(named.institution.name, mode)
        if wanted.institution is None:
            raise InvalidTarget("Choose an institution or a target.")
        return self._choose_target(wanted.institution, mode)

    def request(self, live: Live, target: Target, psu: Psu) -> SignInRequest:
        """Return how the bank is asked: for the owner on its own pages, if it has an API.

        Raises: ConfigurationError, if the bank could not send the owner back.
        """
        embedded = not target.facts.psd2 or (live.options.force_test_credentials and target.facts.practice)
        base = self._signin_url()
        if not embedded and base is None:
            raise ConfigurationError("KONTORA_SIGNIN_URL is not set: banks cannot send owners back.")
        today, needs_sca = self._room.now().date(), target.facts.long_history_needs_sca
        return SignInRequest(
            psu=psu,
            redirect_uri=None if embedded or base is None else base + CALLBACK_PATH,
            state=None if embedded else new_token(),
            since=history_start(live.options, today, long_history_needs_sca=needs_sca),
            recurring=wants_multiple(live.client.features, live.options.access_mode, target),
        )

    async def open_session(
        self, live: Live, choice: Choice, owner_id: int, state: SessionState
    ) -> SessionRow | None:
        """Add the session and move on; `None`, if the conversation has moved meanwhile.

        Raises: ConcurrentSessionsLimitExceed.
        """
        room, row, session_id, target = self._room, live.row, random_id(), choice.target
        sealed = await room.seal_session(session_id, owner_id, state)
        session = SessionRow(
            session_id, row.client_id, owner_id, target.name, target.institution.name, "open", None, sealed
        )
        async with room.database.tx() as db:
            to = Move(state="working", session_id=session_id, owner_id=owner_id, target=target.name)
            if not await conversations.move(db, row.id, row.step, to):
                return None
            live_now = await sessions.count_live(db, row.client_id, room.limits.life)
            if live_now >= room.limits.sessions_per_client:
                raise ConcurrentSessionsLimitExceed
            await leave(db, row)
            await sessions.insert(db, session)
            await events.append(db, session_event(session, "session_opened", "widget", choice.detail))
        return session


async def leave(db: Connection, row: ConversationRow) -> None:
    """End the session that the conversation had before."""
    if row.session_id is not None:
        await sessions.end(db, row.session_id)


def session_event(
    session: SessionRow,
    kind: str,
    outcome: str,
    detail: dict[str, int | float | str | bool] | None = None,
) -> events.Event:
    """Return an event of a session."""
    return events.Event(
        kind=kind,
        client_id=session.client_id,
        session_id=session.id,
        owner_id=session.owner_id,
        target=session.target,
        outcome=outcome,
        detail=detail,
    )
