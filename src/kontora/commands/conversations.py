"""Conversations: a visit of the widget from the choice of a bank to a session, by steps that happen once."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from kontora.commands.answers import Client
from kontora.commands.auto_import import AutoImport
from kontora.commands.bank_choice import BankChoice, Wanted, leave, session_event
from kontora.commands.conversation_options import Options
from kontora.commands.conversation_standings import Live, Standings
from kontora.commands.conversation_steps import Place, Steps, step_context, wants_import
from kontora.commands.conversation_tokens import digest_of, is_token, new_token, open_under, seal_under
from kontora.commands.conversation_views import MOST_TRIES, Standing
from kontora.commands.credential_order import Order, Report, SealedAnswer
from kontora.commands.health import Choice
from kontora.commands.intake import Intake
from kontora.commands.owners import known_owner
from kontora.commands.room import CommandRoom, SessionState
from kontora.connectors.protocol import Access, Answer, CredentialKind, Psu, Secret, SignInRequest, SignInStep
from kontora.errors import (
    InvalidParameter,
    SignInExpired,
)
from kontora.store import clients, conversations, events, redirections, sessions
from kontora.store.conversations import ConversationRow, Move
from kontora.store.ids import random_id
from kontora.store.sessions import SessionRow
from kontora.store.vault import KeyDestroyed

LONGEST_POLL_SECONDS = 20.0
POLL_PAUSE_SECONDS = 1.0
PROGRESS_SECONDS = 0.5
LOOK_PAUSE_SECONDS = 2.0
AT_BANK_SECONDS = 600.0
FIRST_ANSWER_SECONDS = 1.5
MOST_ANSWERS = 10
MOVABLE = frozenset({"choose", "questions", "redirect", "wait", "failed"})


class CredentialPool(Protocol):
    """Takes one step with the owner's encrypted answers, in a process of its own."""

    async def take(self, order: Order) -> Report:
        """Take the step."""
        ...


class ConversationDesk:
    """Takes what the page of a conversation sends; whoever has the token is the owner in front of it.

    `choose_target`: which way into an institution is live, for an access mode. `signin_url`: where
    the widget is served.
    """

    def __init__(
        self,
        room: CommandRoom,
        intake: Intake,
        pool: CredentialPool,
        *,
        choose_target: Callable[[str, str | None], Choice],
        signin_url: Callable[[], str | None],
    ) -> None:
        self._room = room
        self._pool = pool
        self._bank = BankChoice(room, choose_target=choose_target, signin_url=signin_url)
        self._standings = Standings(room)
        self._auto_import = AutoImport(room, intake)
        self.steps = Steps(room)

    async def close(self) -> None:
        """Wait for the steps under way."""
        await self.steps.close()

    async def client(self, client_id: str) -> Client | None:
        """Return a client by its public id, or `None`."""
        async with self._room.database.connection() as db:
            row = await clients.find(db, client_id)
        if row is None:
            return None
        return Client(row.id, row.environment, row.ips, row.origins, row.redirect_uris, row.features)

    async def begin(self, client: Client, options: Options, *, redirection_id: UUID | None = None) -> str:
        """Begin a conversation and return its token; only the token's digest is stored."""
        token, conversation_id = new_token(), random_id()
        sealed = seal_under(token, msgspec.msgpack.encode(options), f"options/{conversation_id}")
        async with self._room.database.tx() as db:
            await conversations.insert(
                db, conversation_id, client.id, digest_of(token), sealed, redirection_id
            )
            if redirection_id is not None:
                await redirections.mark_opened(db, redirection_id)
            await events.append(
                db,
                events.Event(kind="widget_opened", client_id=client.id, target=options.target, outcome="ok"),
            )
        return token

    async def live(self, token: str) -> Live:
        """Return the conversation of a token.

        Raises: SignInExpired, if it is unknown or over.
        """
        if not is_token(token):
            raise SignInExpired
        digest = digest_of(token)
        async with self._room.database.connection() as db:
            row = await conversations.find(db, digest)
        client = None if row is None else await self.client(row.client_id)
        if row is None or client is None or _is_abandoned(row):
            raise SignInExpired
        plain = open_under(token, row.sealed_options, f"options/{row.id}")
        return Live(row, client, msgspec.msgpack.decode(plain, type=Options))

    async def state(
        self, token: str, *, after: int | None = None, wait_seconds: float = LONGEST_POLL_SECONDS
    ) -> Standing:
        """Tell where a conversation stands; with `after`, once it is past that step or the time is over."""
        deadline = time.monotonic() + wait_seconds
        while True:
            live = await self.live(token)
            moved = self.steps.watch(live.row.id)
            if live.row.state in {"wait", "redirect"} and await self._look(live):
                live = await self.live(token)
            remaining = deadline - time.monotonic()
            if after is None or live.row.step > after or remaining <= 0:
                return await self._standings.of(live)
            imports = live.row.state == "importing"
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(
                    min(PROGRESS_SECONDS if imports else POLL_PAUSE_SECONDS, remaining)
                ):
                    await moved.wait()
            if imports:
                # The progress moves, though the step does not.
                after = None

    async def choose(self, token: str, wanted: Wanted, psu: Psu) -> Standing:
        """Open a session at the bank that the owner chose and ask the bank what it wants to know.

        Raises: InvalidTarget, ConcurrentSessionsLimitExceed, SignInExpired.
        """
        live = await self.live(token)
        row = live.row
        if row.state not in MOVABLE or row.tries >= MOST_TRIES:
            return await self._standings.of(live)
        choice = self._bank.choice(live, wanted)
        owner = await known_owner(self._room, row.client_id, live.options.owner_external_id)
        request = self._bank.request(live, choice.target, psu)
        state = SessionState(
            owner.external_id,
            psu=psu,
            since=request.since,
            sign_in=request,
            auto_import=wants_import(live.options),
        )
        session = await self._bank.open_session(live, choice, owner.id, state)
        if session is not None:
            place = self._place(live, session, state, step=row.step + 1)
            connector = self._room.connect(choice.target)
            await self._take(live, place, lambda: connector.sign_in(request, (), None))
        return await self._standings.of(await self.live(token))

    async def answer(
        self, token: str, step: int, answers: Sequence[SealedAnswer], ephemeral: tuple[bytes, bytes]
    ) -> Standing:
        """Send the owner's answers to the bank, once; a step that is past tells where things stand now.

        Raises: InvalidParameter, if other answers come than were asked for; SignInExpired.
        """
        live = await self.live(token)
        row = live.row
        if row.step != step or row.state != "questions" or row.sealed_key is None:
            return await self._standings.of(live)
        view = await self._standings.view(row)
        key = view.public_key
        asked = [challenge.kind.value for challenge in view.challenges]
        if key is None or [answer.kind for answer in answers] != asked:
            raise InvalidParameter("Answer the questions of this step, in their order.")
        session, state = await self._session(row)
        order = Order(
            target=session.target,
            request=state.sign_in or SignInRequest(psu=state.psu),
            access=state.access,
            answers=tuple(answers),
            ephemeral=ephemeral,
            step_token=key.step_token,
            token_digest=row.digest,
            step=step,
            sealed_key=row.sealed_key,
            keys=await self._room.vault.opening_keys(row.sealed_key, owner_id=session.owner_id),
            owner_id=session.owner_id,
            context=step_context("key", row.id, step),
        )
        async with self._room.database.tx() as db:
            # From here on the key is used, whatever happens: nothing is sent to the bank twice.
            moved = await conversations.move(db, row.id, step, Move(state="working"))
            if moved:
                await sessions.touch(db, session.id)
                await events.append(db, session_event(session, "credential_submitted", "ok"))
        if moved:
            place = self._place(live, session, state, step=step + 1)

            async def work() -> SignInStep:
                return (await self._pool.take(order)).step()

            await self._take(live, place, work)
        return await self._standings.of(await self.live(token))

    async def back(self, token: str) -> Standing:
        """Let the owner choose another bank; a step under way and a session signed in stay as they are."""
        live = await self.live(token)
        if live.row.state in MOVABLE - {"choose"} and live.row.tries < MOST_TRIES:
            async with self._room.database.tx() as db:
                if await conversations.move(db, live.row.id, live.row.step, Move(state="choose")):
                    await leave(db, live.row)
            self.steps.announce(live.row.id)
            live = await self.live(token)
        return await self._standings.of(live)

    async def resume(self, row: ConversationRow, query: str) -> asyncio.Task[None]:
        """Take the step in which the owner has come back from the bank's page; it is marked as begun.

        `row`: as it was before.
        """
        client = await self.client(row.client_id)
        if client is None:
            raise SignInExpired
        session, state = await self._session(row)
        used = state.sign_in or SignInRequest(psu=state.psu)
        # The `state` has come back: should the bank send the owner away again, it is with another one.
        request = msgspec.structs.replace(used, state=new_token())
        state = msgspec.structs.replace(state, sign_in=request)
        place = Place(
            conversation_id=row.id,
            step=row.step + 1,
            client_id=row.client_id,
            session_id=session.id,
            owner_id=session.owner_id,
            target=session.target,
            state=state,
            last=row.redirection_id is not None,
        )
        connector = self._room.connect(self._room.catalogue.target(session.target))
        answer = Answer(CredentialKind.REDIRECT, Secret(query))
        access: Access | None = state.access
        return self.steps.start(
            place,
            lambda: connector.sign_in(used, (answer,), access),
            lambda: self._auto_import.start(client, place),
        )

    async def _take(self, live: Live, place: Place, work: Callable[[], Awaitable[SignInStep]]) -> None:
        """Take a step; wait a little for it, for most banks answer soon."""
        task = self.steps.start(place, work, lambda: self._auto_import.start(live.client, place))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIRST_ANSWER_SECONDS):
                await asyncio.shield(task)

    async def _look(self, live: Live) -> bool:
        """Ask the bank how far the owner is, if it is time to; tell whether anything may have changed."""
        row = live.row
        if row.quiet_seconds > AT_BANK_SECONDS:
            session, state = await self._session(row)
            return await self.steps.fail(self._place(live, session, state, step=row.step), SignInExpired())
        if row.state != "wait":
            return False
        async with self._room.database.connection() as db:
            mine = await conversations.claim_look(db, row.id, row.step, pause_seconds=LOOK_PAUSE_SECONDS)
        if not mine:
            return False
        session, state = await self._session(row)
        place = self._place(live, session, state, step=row.step)
        connector = self._room.connect(self._room.catalogue.target(session.target))
        request = state.sign_in or SignInRequest(psu=state.psu)
        answer = Answer(CredentialKind.APP_CONFIRMATION, Secret(""))
        await self.steps.look(
            place,
            lambda: connector.sign_in(request, (answer,), state.access),
            lambda: self._auto_import.start(live.client, place),
        )
        return True

    def _place(self, live: Live, session: SessionRow, state: SessionState, *, step: int) -> Place:
        return Place(
            conversation_id=live.row.id,
            step=step,
            client_id=live.row.client_id,
            session_id=session.id,
            owner_id=session.owner_id,
            target=session.target,
            state=state,
        )

    async def _session(self, row: ConversationRow) -> tuple[SessionRow, SessionState]:
        """Return the conversation's session.

        Raises: SignInExpired, if it is over.
        """
        room = self._room
        if row.session_id is None:
            raise SignInExpired
        async with room.database.connection() as db:
            session = await sessions.find_live(db, row.client_id, row.session_id, room.limits.life)
        if session is None or session.sealed_state is None:
            raise SignInExpired
        try:
            return session, await room.open_session(session.id, session.owner_id, session.sealed_state)
        except KeyDestroyed as error:
            raise SignInExpired from error


def _is_abandoned(row: ConversationRow) -> bool:
    """Tell whether a visit through a link has stood still for so long that its client was told it expired."""
    waits = row.redirection_id is not None and row.state not in {"signed_in", "importing"}
    return waits and row.quiet_seconds > AT_BANK_SECONDS
