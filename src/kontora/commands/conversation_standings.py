"""Where a conversation stands, put together for its page from what is stored and what the token opens."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec

from kontora.commands.answers import Client, Failure
from kontora.commands.consents import multiple_access_id
from kontora.commands.conversation_options import Options
from kontora.commands.conversation_steps import step_context
from kontora.commands.conversation_views import MOST_TRIES, NOTHING, SignedIn, Standing, View
from kontora.commands.room import CommandRoom
from kontora.commands.statuses import StatusReader
from kontora.errors import SignInExpired
from kontora.store import redirections
from kontora.store.conversations import ConversationRow
from kontora.store.vault import KeyDestroyed


@dataclass(frozen=True, slots=True)
class Live:
    """A conversation that is not over, with what its token opens."""

    row: ConversationRow
    client: Client
    options: Options


class Standings:
    """Tells where conversations stand."""

    def __init__(self, room: CommandRoom) -> None:
        self._room = room
        self._statuses = StatusReader(room.database)

    async def view(self, row: ConversationRow) -> View:
        """Return what the page is shown at this step.

        Raises: SignInExpired, if the owner was forgotten meanwhile.
        """
        if row.sealed_view is None or row.owner_id is None:
            return NOTHING
        try:
            plain = await self._room.vault.open(
                row.sealed_view, owner_id=row.owner_id, context=step_context("view", row.id, row.step)
            )
        except KeyDestroyed as error:
            raise SignInExpired from error
        return msgspec.msgpack.decode(plain, type=View)

    async def of(self, live: Live) -> Standing:
        """Return where a conversation stands; the session only once it is signed in."""
        row = live.row
        state, signed_in, progress = row.state, None, None
        failure = None
        if row.failure_name is not None:
            failure = Failure(row.failure_name, row.failure_message or "", row.failure_friendly_message)
        if row.state in {"signed_in", "importing"}:
            signed_in = await self._signed_in(live)
            state = "signedIn"
        if row.state == "importing":
            state, progress, failure = await self._importing(row)
        return Standing(
            step=row.step,
            state=state,
            target=row.target,
            session_id=row.session_id,
            view=await self.view(row),
            signed_in=signed_in,
            failure=failure,
            can_retry=row.state == "failed" and row.tries < MOST_TRIES,
            progress=progress,
            return_url=await self._return_url(row, state),
            same_window=row.redirection_id is not None,
        )

    async def _signed_in(self, live: Live) -> SignedIn:
        row, client = live.row, live.client
        if row.session_id is None or row.target is None:
            raise LookupError("a conversation is signed in without a session")
        target = self._room.catalogue.target(row.target)
        signature = self._room.signing.sign(client.environment, client.id, row.session_id)
        token = await multiple_access_id(self._room, client.id, row.session_id)
        return SignedIn(target.name, target.institution.official_name, row.session_id, signature, token)

    async def _importing(self, row: ConversationRow) -> tuple[str, int, Failure | None]:
        command = None if row.command_id is None else await self._statuses.read(row.command_id)
        if command is None:
            return "importing", 0, None
        if command.state == "successful":
            return "imported", 100, None
        if command.failure_name is not None:
            return "failed", command.progress, Failure(command.failure_name, command.failure_message or "")
        return "importing", command.progress, None

    async def _return_url(self, row: ConversationRow, state: str) -> str | None:
        if row.redirection_id is None or state not in {"signedIn", "imported", "failed"}:
            return None
        async with self._room.database.connection() as db:
            link = await redirections.find_by_id(db, row.redirection_id)
        return None if link is None else return_url(link.redirect_uri, row.redirection_id)


def return_url(redirect_uri: str, redirection_id: UUID) -> str:
    """Return where the owner goes in the end: the client's URI with the id of the redirection."""
    separator = "&" if "?" in redirect_uri else "?"
    return f"{redirect_uri}{separator}redirectionId={redirection_id}"
