"""The redirection API: a link that a client's owner is sent to, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec

from kontora.commands.answers import Client
from kontora.commands.consents import multiple_access_id
from kontora.commands.conversation_options import Options, parse_options
from kontora.commands.conversation_tokens import digest_of, is_token, new_token, open_under, seal_under
from kontora.commands.conversation_views import MOST_TRIES
from kontora.commands.conversations import ConversationDesk
from kontora.commands.room import CommandRoom
from kontora.errors import InvalidArgument, NotFound, SignInExpired
from kontora.store import events, redirections
from kontora.store.redirections import RedirectionRow

QUIET_SECONDS = 600.0
MOST_VISITS = 20
LINK_PATH = "/signin/link/"
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class CreatedRedirection:
    """A link that was made; `path` is where the owner goes."""

    id: UUID
    path: str


@dataclass(frozen=True, slots=True)
class RedirectionStatus:
    """What has become of a link: `created`, `pending`, `success`, `error` or `expired`."""

    status: str
    session_id: int | None = None
    signature: str | None = None
    target: str | None = None
    official_name: str | None = None
    multiple_access_id: str | None = None
    exception: str | None = None


@dataclass(frozen=True, slots=True)
class Visited:
    """A link that was opened: the conversation that began."""

    token: str
    client: Client
    options: Options


class RedirectionDesk:
    """Makes links, opens them, and tells clients what has become of them.

    `unopened_seconds`: how long a link waits to be opened.
    """

    def __init__(self, room: CommandRoom, desk: ConversationDesk, *, unopened_seconds: float) -> None:
        self._room = room
        self._desk = desk
        self._unopened_seconds = unopened_seconds

    async def create(self, client: Client, redirect_uri: str, given: Mapping[str, str]) -> CreatedRedirection:
        """Make a link. Its token is stored nowhere; the options are sealed under it.

        Raises: InvalidArgument, if the URI is not exactly one that the client registered.
        """
        check_redirect_uri(client, redirect_uri)
        options = parse_options(
            given, today=self._room.now().date(), environment=client.environment, origins=()
        )
        token, redirection_id = new_token(), uuid4()
        sealed = seal_under(token, msgspec.msgpack.encode(options), f"redirection/{redirection_id}")
        async with self._room.database.tx() as db:
            await redirections.insert(db, redirection_id, client.id, digest_of(token), sealed, redirect_uri)
            await events.append(
                db,
                events.Event(
                    kind="redirection_created", client_id=client.id, target=options.target, outcome="ok"
                ),
            )
        return CreatedRedirection(redirection_id, LINK_PATH + token)

    async def open(self, token: str) -> Visited:
        """Open a link and begin a conversation; a link may be opened again until somebody is signed in.

        Raises: SignInExpired, if the link is unknown, over, or was opened too often.
        """
        if not is_token(token):
            raise SignInExpired
        async with self._room.database.connection() as db:
            row = await redirections.find_by_token(db, digest_of(token))
        client = None if row is None else await self._desk.client(row.client_id)
        if row is None or client is None or row.visits >= MOST_VISITS:
            raise SignInExpired
        if self._status(row) not in {"created", "pending"}:
            raise SignInExpired
        plain = open_under(token, row.sealed_options, f"redirection/{row.id}")
        options = msgspec.msgpack.decode(plain, type=Options)
        return Visited(await self._desk.begin(client, options, redirection_id=row.id), client, options)

    async def status(self, client: Client, redirection_id: UUID) -> RedirectionStatus:
        """Tell what has become of a link.

        Raises: NotFound, for an unknown or foreign one alike.
        """
        async with self._room.database.connection() as db:
            row = await redirections.find(db, client.id, redirection_id)
        if row is None:
            raise NotFound("There is no such redirection. Redirections are kept for 48 hours.")
        status = self._status(row)
        target = None if row.target is None else self._room.catalogue.targets.get(row.target)
        signed = status == "success" and row.session_id is not None
        token = None
        if signed and row.session_id is not None:
            token = await multiple_access_id(self._room, client.id, row.session_id)
        return RedirectionStatus(
            status=status,
            session_id=row.session_id if signed else None,
            signature=None
            if not signed or row.session_id is None
            else self._room.signing.sign(client.environment, client.id, row.session_id),
            target=row.target,
            official_name=None if target is None else target.institution.official_name,
            exception=row.failure_name if status == "error" else None,
            multiple_access_id=token,
        )

    def _status(self, row: RedirectionRow) -> str:
        if row.state in {"signed_in", "importing"}:
            return "success"
        if row.opened_at is None:
            return "created" if row.age_seconds < self._unopened_seconds else "expired"
        if row.state == "failed" and ((row.tries or 0) >= MOST_TRIES or row.quiet_seconds > QUIET_SECONDS):
            return "error"
        return "pending" if row.quiet_seconds <= QUIET_SECONDS else "expired"


def check_redirect_uri(client: Client, uri: str) -> None:
    """Refuse a URI unless it is, character by character, one that the client registered.

    Raises: InvalidArgument.
    """
    if uri not in client.redirect_uris or not _is_sound(uri, test=client.environment == "test"):
        raise InvalidArgument("redirectUri is not among the URIs that you registered. They must be equal.")


def _is_sound(uri: str, *, test: bool) -> bool:
    """Tell whether a registered URI may be used at all; plain HTTP only by a test client, locally."""
    parts = urlsplit(uri)
    if "@" in parts.netloc or "#" in uri or "\\" in uri or not parts.hostname:
        return False
    return parts.scheme == "https" or (test and parts.scheme == "http" and parts.hostname in _LOCAL)
