"""The desk that owners bring statement files to: one visit of the PDF widget after another."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from kontora.commands.answers import Client
from kontora.commands.conversation_options import Options
from kontora.commands.conversation_tokens import digest_of, is_token, new_token, open_under, seal_under
from kontora.commands.room import CommandRoom
from kontora.commands.statements import StatementDesk, StatementRequest, TakenStatement
from kontora.errors import RateLimitExceeded, SignInExpired
from kontora.store import clients, events, pdf_visits
from kontora.store.ids import random_id

MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class OwnersFile:
    """A file as the owner gave it. `target`: the bank that they chose."""

    pdf: bytes
    file_name: str | None
    target: str
    password: str | None


@dataclass(frozen=True, slots=True)
class _Visit:
    id: int
    client: Client
    options: Options


class PdfVisitDesk:
    """Begins visits, takes their files, ends them. Files of the widget are always read in standard mode."""

    def __init__(self, room: CommandRoom, statements: StatementDesk) -> None:
        self._room = room
        self._statements = statements

    async def client(self, client_id: str) -> Client | None:
        """Return a client by its public id, or `None`."""
        async with self._room.database.connection() as db:
            row = await clients.find(db, client_id)
        if row is None:
            return None
        return Client(row.id, row.environment, row.ips, row.origins, row.redirect_uris, row.features)

    async def begin(self, client: Client, options: Options) -> str:
        """Begin a visit and return its token; only the token's digest is stored."""
        token, visit_id = new_token(), random_id()
        sealed = seal_under(token, msgspec.msgpack.encode(options), _context(visit_id))
        async with self._room.database.tx() as db:
            await pdf_visits.insert(db, visit_id, client.id, digest_of(token), sealed)
            await events.append(
                db,
                events.Event(
                    kind="pdf_widget_opened", client_id=client.id, target=options.target, outcome="ok"
                ),
            )
        return token

    async def check(self, token: str) -> None:
        """See that a visit may go on, before anything is read for it.

        Raises: SignInExpired.
        """
        await self._live(token)

    async def take(self, token: str, file: OwnersFile) -> TakenStatement:
        """Read a file of the visit; an accepted one joins the owner's data.

        Raises: SignInExpired, RateLimitExceeded after 20 files, InvalidTarget if it is of another bank,
        and whatever refuses the file.
        """
        visit = await self._live(token)
        async with self._room.database.tx() as db:
            if not await pdf_visits.count_file(db, visit.id, most=MOST_FILES):
                raise RateLimitExceeded(f"At most {MOST_FILES} files can be sent in one visit.")
        return await self._statements.take(
            visit.client,
            StatementRequest(
                pdf=file.pdf,
                file_name=file.file_name,
                owner_external_id=visit.options.owner_external_id,
                password=file.password,
                only_target=file.target,
            ),
        )

    async def finish(self, token: str) -> None:
        """End the visit; the accepted files stay."""
        visit = await self._live(token)
        async with self._room.database.tx() as db:
            await pdf_visits.finish(db, visit.id)

    async def _live(self, token: str) -> _Visit:
        if not is_token(token):
            raise SignInExpired
        async with self._room.database.connection() as db:
            row = await pdf_visits.find(db, digest_of(token))
        client = None if row is None else await self.client(row.client_id)
        if row is None or client is None:
            raise SignInExpired
        plain = open_under(token, row.sealed_options, _context(row.id))
        return _Visit(row.id, client, msgspec.msgpack.decode(plain, type=Options))


def _context(visit_id: int) -> str:
    return f"pdf-options/{visit_id}"
