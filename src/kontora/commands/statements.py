"""The desk that statement PDFs come to: read in a child, kept sealed beside their import, or refused."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import msgspec
import structlog

from kontora.commands.answers import Client
from kontora.commands.owners import KnownOwner, checked_external_id, known_owner
from kontora.commands.room import CommandRoom
from kontora.errors import (
    CommandInterrupted,
    CommandNotAvailable,
    InvalidOwnerExternalId,
    InvalidTarget,
    JobsQuotaExceeded,
    KontoraError,
    OwnerDeleted,
    StoreUnavailable,
)
from kontora.model import Import
from kontora.statements.findings import FailedVerification
from kontora.statements.imports import to_import
from kontora.statements.layout import Layout
from kontora.statements.readings import DocumentType, ReadingOptions, Statement, StatementReading
from kontora.store import clients, commands, events, imports, owners, statements
from kontora.store.database import Connection
from kontora.store.ids import random_id
from kontora.store.statements import BEAT_SECONDS, NewStatement, ReadingRow
from kontora.store.vault import KeyDestroyed

FEATURE = "pdf"
STATEMENT, CONFIRMATION = "statement_read", "confirmation_read"
COMMANDS = {STATEMENT: "StatementCommand", CONFIRMATION: "ConfirmationCommand"}

log = structlog.get_logger("kontora.commands")


class Reader(Protocol):
    """What reads PDFs, each in a child of its own."""

    async def read(self, pdf: bytes, options: ReadingOptions, *, client: str = "") -> StatementReading:
        """Read a file; whose turn it is goes by `client`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRequest:
    """A PDF to read, as a client sent it. `only_target`: the bank it must be of; `None` for any."""

    pdf: bytes
    file_name: str | None = None
    owner_external_id: str | None = None
    password: str | None = None
    trusted: bool = False
    accept_inconsistent: bool = False
    evidence: bool = False
    only_target: str | None = None

    def options(self, *, confirmations: bool) -> ReadingOptions:
        """Return how to read it."""
        return ReadingOptions(
            trusted=self.trusted,
            accept_inconsistent=self.accept_inconsistent,
            confirmations=confirmations,
            evidence=self.evidence,
            password=self.password,
        )


class StatementDetails(msgspec.Struct, frozen=True):
    """What is kept, sealed, of a statement beside its data. `mode`: `STANDARD` or `TRUSTED`."""

    file_name: str | None
    layout: str
    target: str
    official_name: str
    document_type: DocumentType
    period_start: date | None
    period_end: date | None
    mode: str
    is_consistent: bool
    failed_verifications: tuple[FailedVerification, ...]


@dataclass(frozen=True, slots=True)
class TakenStatement:
    """A statement that was accepted, durably."""

    statement_id: int
    owner_external_id: str
    details: StatementDetails
    imported: Import
    evidence_pdf: bytes | None


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A statement of an owner; `pdf` where the file was asked for."""

    statement_id: int
    uploaded_at: datetime
    details: StatementDetails
    pdf: bytes | None = None


class StatementDesk:
    """Takes PDFs of authenticated clients. `layouts`: those that the reader knows."""

    def __init__(self, room: CommandRoom, reader: Reader, layouts: Sequence[Layout]) -> None:
        self._room = room
        self._reader = reader
        self._layouts = {layout.name: layout for layout in layouts}

    async def take(self, client: Client, request: StatementRequest) -> TakenStatement:
        """Read a statement and keep it; its data joins the owner's. A refused file leaves an event alone.

        Raises: StatementError, any of them; JobsQuotaExceeded; InvalidTarget; OwnerDeleted; MalformedOwner-
        ExternalId; CommandNotAvailable, where PDFs are not switched on for the client.
        """
        _check_feature(client)
        owner = await known_owner(self._room, client.id, request.owner_external_id)
        async with self._reading(client, STATEMENT, owner.id) as statement_id:
            reading = await self._reader.read(
                request.pdf, request.options(confirmations=False), client=client.id
            )
            if request.only_target not in {None, reading.recognised.target}:
                raise InvalidTarget("The document is of another bank than the one that was chosen.")
            return await self._keep(client, owner, statement_id, request, reading)

    async def confirm(self, client: Client, request: StatementRequest) -> StatementReading:
        """Read confirmations; nothing of them is kept.

        Raises: as `take`.
        """
        _check_feature(client)
        async with self._reading(client, CONFIRMATION, None) as reading_id:
            reading = await self._reader.read(
                request.pdf, request.options(confirmations=True), client=client.id
            )
            async with self._room.database.tx() as db:
                await statements.end(db, reading_id)
                await events.append(db, _event(CONFIRMATION, client, None, reading_id, "ok", reading))
            return reading

    async def of_owner(
        self, client: Client, owner_external_id: str, *, with_files: bool
    ) -> tuple[KeptStatement, ...]:
        """Return the owner's statements, oldest first; leaves an event.

        Raises: InvalidOwnerExternalId, if there is no such owner.
        """
        room = self._room
        digest = room.owner_digest(client.id, checked_external_id(owner_external_id))
        async with room.database.tx() as db:
            owner = await owners.find(db, client.id, digest)
            if owner is None:
                raise InvalidOwnerExternalId
            rows = await statements.of_owner(db, owner.id)
            sealed = {row.id: await statements.sealed_pdf(db, row.id) for row in rows if with_files}
            await events.append(
                db,
                events.Event(kind="statements_listed", client_id=client.id, owner_id=owner.id, outcome="ok"),
            )
        try:
            return tuple(
                [
                    KeptStatement(
                        row.id,
                        row.uploaded_at,
                        msgspec.msgpack.decode(
                            await room.vault.open(
                                row.sealed_details, owner_id=owner.id, context=f"statement/{row.id}"
                            ),
                            type=StatementDetails,
                        ),
                        await self._file(row.id, owner.id, sealed.get(row.id)),
                    )
                    for row in rows
                ]
            )
        except KeyDestroyed as error:
            raise InvalidOwnerExternalId from error

    async def _file(self, statement_id: int, owner_id: int, sealed: bytes | None) -> bytes | None:
        if sealed is None:
            return None
        return await self._room.vault.open(sealed, owner_id=owner_id, context=f"statement-pdf/{statement_id}")

    @asynccontextmanager
    async def _reading(self, client: Client, kind: str, owner_id: int | None) -> AsyncIterator[int]:
        """Take one of the client's places inside the block, and tell how it ended if that was no success."""
        room, reading_id, began = self._room, random_id(), time.monotonic()
        async with room.database.tx() as db:
            # One at a time per client: the count and the insert belong together.
            await clients.lock(db, client.id)
            if await commands.count_unfinished(db, client.id) >= room.limits.commands_per_client:
                raise JobsQuotaExceeded
            await statements.begin(db, ReadingRow(reading_id, client.id, owner_id, kind))
        beating = asyncio.create_task(self._beat(reading_id))
        outcome = "InternalError"
        try:
            yield reading_id
            outcome = "ok"
        except KontoraError as failure:
            outcome = failure.name
            raise
        except asyncio.CancelledError:
            outcome = "Cancelled"
            raise
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            state = "successful" if outcome == "ok" else "error"
            room.announce(COMMANDS[kind], state, time.monotonic() - began)
            if outcome != "ok":
                await asyncio.shield(self._give_up(client, kind, owner_id, reading_id, outcome))

    async def _beat(self, reading_id: int) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with contextlib.suppress(StoreUnavailable):
                async with self._room.database.connection() as db:
                    await statements.beat(db, reading_id)

    async def _give_up(
        self, client: Client, kind: str, owner_id: int | None, reading_id: int, outcome: str
    ) -> None:
        """Free the place and leave the event; where the store is away, the sweep does it later."""
        with contextlib.suppress(StoreUnavailable):
            async with self._room.database.tx() as db:
                if await statements.end(db, reading_id):
                    await events.append(db, _event(kind, client, owner_id, reading_id, outcome, None))

    async def _keep(
        self,
        client: Client,
        owner: KnownOwner,
        statement_id: int,
        request: StatementRequest,
        reading: StatementReading,
    ) -> TakenStatement:
        room, found = self._room, reading.recognised
        assert reading.statement is not None
        imported = to_import(reading.statement, self._layouts[found.layout], room.now())
        details = _details(request, reading, reading.statement)
        sealed = {
            context: await room.vault.seal(
                plain, owner_id=owner.id, hour=room.hour(), context=f"{context}/{statement_id}"
            )
            for context, plain in (
                ("import", msgspec.msgpack.encode(imported)),
                ("statement", msgspec.msgpack.encode(details)),
                ("statement-pdf", request.pdf),
            )
        }
        async with room.database.tx() as db:
            if not await owners.hold(db, owner.id) or not await statements.end(db, statement_id):
                raise OwnerDeleted
            await imports.insert(
                db,
                imports.NewImport(
                    id=statement_id,
                    client_id=client.id,
                    owner_id=owner.id,
                    session_id=None,
                    target=imported.target,
                    partial=False,
                    sealed_data=sealed["import"],
                    imported_at=imported.imported_at,
                    retention_seconds=room.limits.retention_seconds,
                ),
            )
            new = NewStatement(statement_id, len(request.pdf), sealed["statement"], sealed["statement-pdf"])
            await statements.insert(db, new)
            await owners.touch(db, owner.id, imported.origin)
            await events.append(db, _event(STATEMENT, client, owner.id, statement_id, "ok", reading))
        return TakenStatement(statement_id, owner.external_id, details, imported, reading.evidence_pdf)


async def end_abandoned_readings(db: Connection) -> None:
    """Free the places of PDFs that no living process reads any more, and tell of them."""
    for row in await statements.end_abandoned(db):
        await events.append(
            db,
            events.Event(
                kind=row.kind,
                client_id=row.client_id,
                command_id=row.id,
                owner_id=row.owner_id,
                outcome=CommandInterrupted.__name__,
            ),
        )
        log.warning("statement_interrupted", command_id=row.id)


def _check_feature(client: Client) -> None:
    if FEATURE not in client.features:
        raise CommandNotAvailable(
            f"PDFs are not switched on for this client. The operator can: kontora client set {client.id}"
            f" --enable {FEATURE}"
        )


def _details(request: StatementRequest, reading: StatementReading, statement: Statement) -> StatementDetails:
    found = reading.recognised
    return StatementDetails(
        file_name=request.file_name,
        layout=found.layout,
        target=found.target,
        official_name=found.official_name,
        document_type=found.document_type,
        period_start=statement.period_start,
        period_end=statement.period_end,
        mode="TRUSTED" if request.trusted else "STANDARD",
        is_consistent=reading.is_consistent,
        failed_verifications=reading.failed_verifications,
    )


def _event(
    kind: str,
    client: Client,
    owner_id: int | None,
    reading_id: int,
    outcome: str,
    reading: StatementReading | None,
) -> events.Event:
    detail: dict[str, int | float | str | bool] = {}
    if reading is not None:
        detail = {
            "layout": reading.recognised.layout,
            "pages": reading.pages,
            "failed_verifications": len(reading.failed_verifications),
        }
    return events.Event(
        kind=kind,
        client_id=client.id,
        command_id=reading_id,
        owner_id=owner_id,
        target=None if reading is None else reading.recognised.target,
        outcome=outcome,
        detail=detail,
    )
