"""Signing in without the widget: sessions against practice targets, opened or signed in at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from kontora.commands.answers import Client, OpenedSession, SessionPair
from kontora.commands.consents import Granted, grant_consent
from kontora.commands.features import MULTIPLE, check_feature
from kontora.commands.health import SIGN_IN
from kontora.commands.owners import KnownOwner, known_owner
from kontora.commands.room import CommandRoom, SessionState
from kontora.connectors.catalogue import Target
from kontora.connectors.protocol import (
    Access,
    Answer,
    Challenge,
    CredentialKind,
    Psu,
    Secret,
    SignInRequest,
    SignInStep,
)
from kontora.errors import (
    CommandNotAvailable,
    ConcurrentSessionsLimitExceed,
    InvalidArgument,
    InvalidSessionId,
    InvalidSessionIdSignature,
    InvalidTarget,
    KontoraError,
)
from kontora.store import events, sessions
from kontora.store.ids import random_id
from kontora.store.sessions import SessionRow

STEP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Checked:
    """A live session of the caller whose signature is right."""

    row: SessionRow
    state: SessionState


async def checked_session(room: CommandRoom, client: Client, pair: SessionPair) -> Checked:
    """Look a session up among the client's own, then compare the signature.

    Raises: InvalidSessionId, InvalidSessionIdSignature.
    """
    async with room.database.connection() as db:
        row = await sessions.find_live(db, client.id, pair.session_id, room.limits.life)
    if row is None or row.sealed_state is None:
        raise InvalidSessionId
    if not room.signing.verify(pair.signature, client.environment, client.id, pair.session_id):
        raise InvalidSessionIdSignature
    return Checked(row, await room.open_session(row.id, row.owner_id, row.sealed_state))


async def open_session(
    room: CommandRoom, client: Client, *, target: str, owner_external_id: str | None, psu: Psu
) -> OpenedSession:
    """Open a session at a target; nothing is asked of the bank yet.

    Raises: InvalidTarget, ConcurrentSessionsLimitExceed, MalformedOwnerExternalId.
    """
    _check_test_client(client)
    found = room.catalogue.target(target)
    if not found.facts.practice:
        raise InvalidTarget(f"The direct session API serves practice targets only; {target} is not one.")
    owner = await known_owner(room, client.id, owner_external_id)
    session_id = await _insert_session(room, client, found, owner, SessionState(owner.external_id, psu=psu))
    return OpenedSession(
        session_id, room.signing.sign(client.environment, client.id, session_id), owner.external_id
    )


async def _insert_session(
    room: CommandRoom, client: Client, target: Target, owner: KnownOwner, state: SessionState
) -> int:
    session_id = random_id()
    sealed = await room.seal_session(session_id, owner.id, state)
    async with room.database.tx() as db:
        if await sessions.count_live(db, client.id, room.limits.life) >= room.limits.sessions_per_client:
            raise ConcurrentSessionsLimitExceed
        row = SessionRow(
            session_id, client.id, owner.id, target.name, target.institution.name, "open", None, sealed
        )
        await sessions.insert(db, row)
        await events.append(
            db,
            events.Event(
                kind="session_opened",
                client_id=client.id,
                session_id=session_id,
                owner_id=owner.id,
                target=target.name,
                outcome="ok",
            ),
        )
    return session_id


async def mock_session(
    room: CommandRoom,
    client: Client,
    *,
    login: str,
    country: str,
    owner_external_id: str | None,
    password: Secret,
    multiple_access: bool = False,
) -> OpenedSession:
    """Sign a practice owner in, really going through the practice bank, and return the session.

    It names the practice bank's API, so it never goes to the fallback.
    Raises: InvalidArgument for a country without a practice bank; CommandNotAvailable, if the client asks
    for multiple access without having it; OwnerError and BankError, as the bank decides.
    """
    _check_test_client(client)
    if multiple_access:
        check_feature(client, MULTIPLE)
    target = _practice_target(room, country)
    owner = await known_owner(room, client.id, owner_external_id)
    state = SessionState(owner.external_id, psu=Psu(ip_address="127.0.0.1"))
    session_id = await _insert_session(room, client, target, owner, state)
    try:
        request = SignInRequest(psu=state.psu, recurring=multiple_access)
        step = await _answer_everything(room, target, request, login, password)
    except KontoraError as error:
        room.note_outcome(target.name, SIGN_IN, error.name)
        async with room.database.tx() as db:
            await sessions.end(db, session_id)
            await events.append(
                db, _signed_in_event(client.id, session_id, owner.id, target.name, error.name)
            )
        raise
    room.note_outcome(target.name, SIGN_IN, None)
    state, granted = await grant_consent(
        room,
        replace_access(state, step),
        client_id=client.id,
        session_id=session_id,
        owner_id=owner.id,
        target=target.name,
    )
    if not await keep_step(room, session_id, owner.id, state, client.id, target.name, granted):
        raise InvalidSessionId
    signature = room.signing.sign(client.environment, client.id, session_id)
    token = None if granted is None else granted.token
    return OpenedSession(session_id, signature, owner.external_id, token)


def _check_test_client(client: Client) -> None:
    """Raises: CommandNotAvailable, for a production client: practice owners are not for it."""
    if client.environment != "test":
        raise CommandNotAvailable("Practice sessions are for test clients. Use the key of a test client.")


def _practice_target(room: CommandRoom, country: str) -> Target:
    """Return the practice bank's PSD2 target of a country.

    Raises: InvalidArgument, if there is none.
    """
    found: dict[str, Target] = {}
    for target in room.catalogue:
        if target.facts.practice and target.facts.psd2:
            # By name: of KontoBankApi and KontoBankPolishApi the first one needs no browser.
            found.setdefault(target.country, target)
    if country not in found:
        raise InvalidArgument(
            f"country must be one of {', '.join(sorted(found))}: there the practice bank is."
        )
    return found[country]


def replace_access(state: SessionState, step: SignInStep) -> SessionState:
    """Return the session's state after a step."""
    return msgspec.structs.replace(state, access=step.access)


async def _answer_everything(
    room: CommandRoom, target: Target, request: SignInRequest, login: str, password: Secret
) -> SignInStep:
    """Answer each challenge as the practice owners do, until the bank asks nothing more."""
    connector = room.connect(target)
    access: Access | None = None
    answers: Sequence[Answer] = ()
    async with asyncio.timeout(STEP_SECONDS):
        for _ in range(20):
            step = await connector.sign_in(request, answers, access)
            if not step.challenges:
                return step
            access = step.access
            answers = [_practice_answer(challenge, login, password) for challenge in step.challenges]
            if any(answer.kind is CredentialKind.APP_CONFIRMATION for answer in answers):
                await asyncio.sleep(0.2)
    raise CommandNotAvailable(f"The sign-in at {target.name} asks more than a practice owner can answer.")


def _practice_answer(challenge: Challenge, login: str, password: Secret) -> Answer:
    if challenge.kind is CredentialKind.STATIC_LOGIN:
        return Answer(challenge.kind, Secret(login))
    if challenge.kind is CredentialKind.CHOICE and challenge.options:
        return Answer(challenge.kind, Secret(challenge.options[0][0]))
    if challenge.kind is CredentialKind.APP_CONFIRMATION:
        return Answer(challenge.kind, Secret(""))
    return Answer(challenge.kind, password)


def _signed_in_event(
    client_id: str, session_id: int, owner_id: int, target: str, outcome: str
) -> events.Event:
    return events.Event(
        kind="sign_in",
        client_id=client_id,
        session_id=session_id,
        owner_id=owner_id,
        target=target,
        outcome=outcome,
    )


async def keep_step(
    room: CommandRoom,
    session_id: int,
    owner_id: int,
    state: SessionState,
    client_id: str,
    target: str,
    granted: Granted | None = None,
) -> bool:
    """Keep the access after a step with the session. False, if the session has ended meanwhile."""
    sealed = await room.seal_session(session_id, owner_id, state)
    signed_in = granted is not None or (state.access is not None and state.access.signed_in)
    async with room.database.tx() as db:
        kept = await sessions.keep(db, session_id, "signed_in" if signed_in else "open", sealed)
        if kept and granted is not None:
            await granted.store(db)
        if kept and signed_in:
            await events.append(db, _signed_in_event(client_id, session_id, owner_id, target, "ok"))
    return kept
