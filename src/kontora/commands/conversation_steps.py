"""Taking one step of a conversation: at the bank, then what comes of it in one database transaction.

A step runs in the process that was asked for it, at once and at most once. It is never queued; one that a
crash cut short ends in `CommandInterrupted` and is not taken again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

import msgspec
import structlog
from psycopg.errors import UniqueViolation

from kontora.commands.consents import grant_consent
from kontora.commands.conversation_options import Options
from kontora.commands.conversation_tokens import digest_of, new_token
from kontora.commands.conversation_views import MOST_TRIES, View, state_of
from kontora.commands.credential_keys import new_pair
from kontora.commands.credential_order import ChildBroke
from kontora.commands.health import SIGN_IN
from kontora.commands.room import CommandRoom, SessionState
from kontora.connectors.protocol import Challenge, SignInStep
from kontora.errors import (
    IO,
    AlreadySignedIn,
    InvalidCredentials,
    KontoraError,
    OwnerDeleted,
    ServiceTemporarilyUnavailable,
    SignInExpired,
    StoreUnavailable,
    UnsupportedLoginMethod,
)
from kontora.store import conversations, events, redirections, sessions
from kontora.store.conversations import Move
from kontora.store.database import Connection
from kontora.store.vault import KeyDestroyed

log = structlog.get_logger("kontora.commands")

STEP_SECONDS = 60.0
BEAT_SECONDS = 2.0
FINISH_SECONDS = 40.0
REDIRECT_PATH = "/signin/redirect/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which step of which conversation is taken, and for whom.

    `last`: whether the owner has no further try here, for they go back to the client's page.
    """

    conversation_id: int
    step: int
    client_id: str
    session_id: int
    owner_id: int
    target: str
    state: SessionState
    last: bool = False


class Steps:
    """Takes steps, and tells whoever waits in this process that a conversation has moved."""

    def __init__(self, room: CommandRoom) -> None:
        self._room = room
        self._under_way: set[asyncio.Task[None]] = set()
        self._waiting: WeakValueDictionary[int, asyncio.Event] = WeakValueDictionary()

    def start(
        self, place: Place, work: Callable[[], Awaitable[SignInStep]], then: Callable[[], Awaitable[None]]
    ) -> asyncio.Task[None]:
        """Take a step in the background; `then` runs once the owner is signed in."""
        task = asyncio.create_task(self._run(place, work, then))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def close(self) -> None:
        """Wait for the steps under way, at most a step's time."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STEP_SECONDS)

    def watch(self, conversation_id: int) -> asyncio.Event:
        """Return what is set when a step of this process moves the conversation."""
        event = self._waiting.get(conversation_id)
        if event is None:
            event = self._waiting[conversation_id] = asyncio.Event()
        return event

    def announce(self, conversation_id: int) -> None:
        """Wake whoever waits for the conversation to move."""
        event = self._waiting.pop(conversation_id, None)
        if event is not None:
            event.set()

    async def _run(
        self, place: Place, work: Callable[[], Awaitable[SignInStep]], then: Callable[[], Awaitable[None]]
    ) -> None:
        beating = asyncio.create_task(self._beat(place))
        try:
            outcome = await self._taken(place, work)
            signed_in = await self._write(place, outcome)
        finally:
            beating.cancel()
            self.announce(place.conversation_id)
        if signed_in:
            await then()
            self.announce(place.conversation_id)

    async def look(
        self, place: Place, work: Callable[[], Awaitable[SignInStep]], then: Callable[[], Awaitable[None]]
    ) -> None:
        """Ask the bank how far the owner's confirmation is; nothing moves while it still waits or is away."""
        outcome = await self._taken(place, work)
        if isinstance(outcome, IO | ServiceTemporarilyUnavailable):
            return
        if isinstance(outcome, SignInStep) and outcome.challenges and state_of(outcome.challenges) == "wait":
            state = msgspec.structs.replace(place.state, access=outcome.access)
            sealed = await self._room.seal_session(place.session_id, place.owner_id, state)
            async with self._room.database.connection() as db:
                await sessions.keep(db, place.session_id, "open", sealed, at_bank=True)
            return
        signed_in = await self._write(place, outcome)
        self.announce(place.conversation_id)
        if signed_in:
            await then()

    async def _taken(
        self, place: Place, work: Callable[[], Awaitable[SignInStep]]
    ) -> SignInStep | KontoraError | None:
        """Return the bank's answer, or the named failure; `None` for a bug of ours."""
        try:
            async with asyncio.timeout(STEP_SECONDS + 5):
                step = await work()
            if any(not challenge.supported for challenge in step.challenges):
                return UnsupportedLoginMethod(f"{place.target} asks what is not supported here.")
        except KontoraError as error:
            self._room.note_outcome(place.target, SIGN_IN, error.name)
            return error
        except TimeoutError:
            self._room.note_outcome(place.target, SIGN_IN, ServiceTemporarilyUnavailable.__name__)
            return ServiceTemporarilyUnavailable(f"{place.target} did not answer in time.")
        except ChildBroke:
            return None
        except Exception:
            log.exception("sign_in_step_failed", target=place.target, session_id=place.session_id)
            return None
        return step

    async def _write(self, place: Place, outcome: SignInStep | KontoraError | None) -> bool:
        """Write what came of the step, again while the store is away; tell whether the owner is signed in."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + FINISH_SECONDS
        while True:
            try:
                if isinstance(outcome, SignInStep):
                    return await self._go_on(place, outcome)
                await self.fail(place, outcome)
                return False
            except StoreUnavailable:
                if loop.time() > deadline:
                    log.exception("step_not_written", session_id=place.session_id, target=place.target)
                    return False
                await asyncio.sleep(0.5)
            except (SignInExpired, UnsupportedLoginMethod) as error:
                outcome = error
            except KeyDestroyed:
                outcome = OwnerDeleted()
            except UniqueViolation:
                outcome = AlreadySignedIn("Somebody has signed in through this link already.")

    async def _go_on(self, place: Place, taken: SignInStep) -> bool:
        room = self._room
        state = msgspec.structs.replace(place.state, access=taken.access)
        sealed = await room.seal_session(place.session_id, place.owner_id, state)
        if taken.access.signed_in and not taken.challenges:
            room.note_outcome(place.target, SIGN_IN, None)
            state, granted = await grant_consent(
                room,
                state,
                client_id=place.client_id,
                session_id=place.session_id,
                owner_id=place.owner_id,
                target=place.target,
            )
            if granted is not None:
                sealed = await room.seal_session(place.session_id, place.owner_id, state)
            to = Move(state="importing" if place.state.auto_import else "signed_in")
            async with room.database.tx() as db:
                await self._keep(db, place, "signed_in", sealed, to)
                if granted is not None:
                    await granted.store(db)
                await events.append(db, _event(place, "sign_in", "ok"))
            return True
        to, link = await self._asking(place, taken.challenges)
        async with room.database.tx() as db:
            await self._keep(db, place, "open", sealed, to)
            if link is not None:
                await redirections.insert_redirect(
                    db,
                    digest_of(_state_of(place)),
                    digest_of(link),
                    place.conversation_id,
                    place.step + 1,
                )
            await events.append(db, _event(place, "sign_in_asked", to.state))
        return False

    async def _keep(self, db: Connection, place: Place, state: str, sealed: bytes, to: Move) -> None:
        """Keep the session and move the conversation on.

        Raises: SignInExpired, if either is over.
        """
        at_bank = to.state in {"redirect", "wait"}
        if not await sessions.keep(db, place.session_id, state, sealed, at_bank=at_bank):
            raise SignInExpired
        if not await conversations.move(db, place.conversation_id, place.step, to):
            raise SignInExpired

    async def _asking(self, place: Place, challenges: tuple[Challenge, ...]) -> tuple[Move, str | None]:
        """Return the move to what the bank asks, and the token of the link where it sends the owner away."""
        state, following = state_of(challenges), place.step + 1
        if state == "redirect":
            link = new_token()
            page = next(challenge.url for challenge in challenges if challenge.url is not None)
            view = View(challenges, redirect_path=REDIRECT_PATH + link, bank_page=page)
            return Move(state=state, sealed_view=await self._sealed(place, "view", view)), link
        if state == "wait":
            return Move(state=state, sealed_view=await self._sealed(place, "view", View(challenges))), None
        public, private = new_pair()
        sealed_key = await self._room.vault.seal(
            private,
            owner_id=place.owner_id,
            hour=self._room.hour(),
            context=step_context("key", place.conversation_id, following),
        )
        view = View(challenges, public_key=public)
        sealed_view = await self._sealed(place, "view", view)
        return Move(state=state, sealed_view=sealed_view, sealed_key=sealed_key), None

    async def _sealed(self, place: Place, kind: str, view: View) -> bytes:
        return await self._room.vault.seal(
            msgspec.msgpack.encode(view),
            owner_id=place.owner_id,
            hour=self._room.hour(),
            context=step_context(kind, place.conversation_id, place.step + 1),
        )

    async def fail(self, place: Place, error: KontoraError | None) -> bool:
        """End the session and let the conversation show the failure; `None` stands for a bug of ours."""
        name = "InternalError" if error is None else error.name
        message = "An internal error. It has been reported." if error is None else error.message
        to = Move(
            state="failed",
            failure_name=name,
            failure_message=message,
            failure_friendly_message=None if error is None else error.friendly_message,
            failed_tries=MOST_TRIES if place.last else int(isinstance(error, InvalidCredentials)),
        )
        async with self._room.database.tx() as db:
            await sessions.end(db, place.session_id)
            moved = await conversations.move(db, place.conversation_id, place.step, to)
            if moved:
                await events.append(db, _event(place, "sign_in", name))
        log.info("sign_in_failed", target=place.target, session_id=place.session_id, failure=name)
        return moved

    async def _beat(self, place: Place) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with contextlib.suppress(StoreUnavailable):
                async with self._room.database.connection() as db:
                    await conversations.beat(db, place.conversation_id, place.step)


def _state_of(place: Place) -> str:
    """Return the `state` that the bank brings back.

    Raises: UnsupportedLoginMethod, if it sends the owner away though it was not asked to.
    """
    request = place.state.sign_in
    if request is None or request.state is None:
        raise UnsupportedLoginMethod(f"{place.target} wants the owner on its own pages.")
    return request.state


def step_context(kind: str, conversation_id: int, step: int) -> str:
    """Return what a seal of this step is bound to."""
    return f"{kind}/{conversation_id}/{step}"


def wants_import(options: Options) -> bool:
    """Tell whether the import starts by itself: only where access is for once."""
    return options.auto_import and options.access_mode in {None, "SINGLE"}


def _event(place: Place, kind: str, outcome: str) -> events.Event:
    return events.Event(
        kind=kind,
        client_id=place.client_id,
        session_id=place.session_id,
        owner_id=place.owner_id,
        target=place.target,
        outcome=outcome,
    )
