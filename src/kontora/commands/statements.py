"""The desk that statement PDFs come to: read in a child, kept sealed beside their import, or refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from kontora.commands import statement_readings
from kontora.commands.answers import Client
from kontora.commands.features import LABELS, PDF, check_feature
from kontora.commands.labelled_imports import as_told
from kontora.commands.owners import KnownOwner, checked_external_id, known_owner
from kontora.commands.room import CommandRoom
from kontora.commands.statement_details import (
    KeptStatement,
    StatementDetails,
    StatementRequest,
    TakenStatement,
)
from kontora.commands.statement_readings import CONFIRMATION, STATEMENT, StatementReadings
from kontora.errors import (
    InvalidArgument,
    InvalidOwnerExternalId,
    InvalidTarget,
    KontoraError,
    OwnerDeleted,
    PdfLayoutNotSupported,
)
from kontora.statements.imports import confirmed_import, to_import
from kontora.statements.layout import Layout
from kontora.statements.readings import ReadingOptions, StatementReading
from kontora.store import events, imports, owners, statements
from kontora.store.statements import NewStatement, ReadingRow, StatementRow
from kontora.store.vault import KeyDestroyed

__all__ = ["KeptStatement", "StatementDesk", "StatementRequest", "TakenStatement"]

MOST_LISTED_BYTES = 32 * 1024 * 1024
OnRead = Callable[[str, str, str, float], None]
"""Is told of each PDF: the kind of its event, its layout (empty, if refused), how it ended, seconds."""


class Reader(Protocol):
    """What reads PDFs, each in a child of its own."""

    async def read(self, pdf: bytes, options: ReadingOptions, *, client: str = "") -> StatementReading:
        """Read a file; whose turn it is goes by `client`."""
        ...


class StatementDesk:
    """Takes PDFs of authenticated clients. `layouts`: those that the reader knows."""

    def __init__(
        self,
        room: CommandRoom,
        reader: Reader,
        layouts: Sequence[Layout],
        *,
        on_read: OnRead = lambda kind, layout, outcome, seconds: None,
    ) -> None:
        self._room = room
        self._reader = reader
        self._readings = StatementReadings(room)
        self._layouts = {layout.name: layout for layout in layouts}
        self._on_read = on_read

    async def take(self, client: Client, request: StatementRequest) -> TakenStatement:
        """Read a statement and keep it; its data joins the owner's. A refused file leaves an event alone.

        Raises: StatementError, any of them; JobsQuotaExceeded; InvalidTarget; OwnerDeleted;
        MalformedOwnerExternalId; CommandNotAvailable, where PDFs are not switched on for the client.
        """
        check_feature(client, PDF)
        owner = await known_owner(self._room, client.id, request.owner_external_id)
        async with self._readings.place(client, STATEMENT, owner.id) as place:
            reading = await self._read(client, request, STATEMENT)
            if request.only_target not in {None, reading.recognised.target}:
                raise InvalidTarget("The document is of another bank than the one that was chosen.")
            try:
                return await self._keep(client, owner, place, request, reading)
            except KeyDestroyed as error:
                raise OwnerDeleted from error

    async def confirm(self, client: Client, request: StatementRequest) -> StatementReading:
        """Read confirmations; nothing of them is kept.

        Raises: as `take`.
        """
        check_feature(client, PDF)
        async with self._readings.place(client, CONFIRMATION, None) as place:
            reading = await self._labelled(client, await self._read(client, request, CONFIRMATION))
            async with self._room.database.tx() as db:
                await statement_readings.end(db, place, reading)
            return reading

    async def _labelled(self, client: Client, reading: StatementReading) -> StatementReading:
        """Give confirmations their labels, where the client has them."""
        if LABELS not in client.features:
            return reading
        institution = self._layouts[reading.recognised.layout].institution
        imported = confirmed_import(reading.confirmations, institution, self._room.now())
        told = await as_told(self._room, client.id, client.features, imported)
        items = (account.money_transactions[0] for account in told.accounts)
        return msgspec.structs.replace(
            reading,
            confirmations=tuple(
                msgspec.structs.replace(one, labels=item.labels, vendors=item.vendors)
                for one, item in zip(reading.confirmations, items, strict=True)
            ),
        )

    async def of_owner(
        self, client: Client, owner_external_id: str, *, with_files: bool, only: int | None = None
    ) -> tuple[KeptStatement, ...]:
        """Return the owner's statements, oldest first, or `only` one of them; leaves an event.

        Raises: InvalidOwnerExternalId, if there is no such owner; InvalidArgument, if the files are too large
        to be returned together.
        """
        room = self._room
        digest = room.owner_digest(client.id, checked_external_id(owner_external_id))
        async with room.database.tx() as db:
            owner = await owners.find(db, client.id, digest)
            if owner is None:
                raise InvalidOwnerExternalId
            rows = [row for row in await statements.of_owner(db, owner.id) if only in {None, row.id}]
            if with_files and sum(row.pdf_bytes for row in rows) > MOST_LISTED_BYTES:
                raise InvalidArgument(
                    f"The files are over {MOST_LISTED_BYTES} bytes together. Ask for one at a time with"
                    " statementId."
                )
            await events.append(
                db,
                events.Event(kind="statements_listed", client_id=client.id, owner_id=owner.id, outcome="ok"),
            )
        try:
            return tuple([await self._opened(row, owner.id, with_files) for row in rows])
        except KeyDestroyed as error:
            raise InvalidOwnerExternalId from error

    async def _opened(self, row: StatementRow, owner_id: int, with_file: bool) -> KeptStatement:
        vault = self._room.vault
        plain = await vault.open(row.sealed_details, owner_id=owner_id, context=f"statement/{row.id}")
        pdf = None
        if with_file:
            async with self._room.database.connection() as db:
                sealed = await statements.sealed_pdf(db, row.id)
            if sealed is None:
                raise KeyDestroyed
            pdf = await vault.open(sealed, owner_id=owner_id, context=f"statement-pdf/{row.id}")
        details = msgspec.msgpack.decode(plain, type=StatementDetails)
        return KeptStatement(row.id, row.uploaded_at, details, pdf)

    async def _read(self, client: Client, request: StatementRequest, kind: str) -> StatementReading:
        """Have the file read; documents of the practice bank are not for production clients."""
        began, layout, outcome = time.monotonic(), "", "InternalError"
        try:
            options = request.options(confirmations=kind == CONFIRMATION)
            reading = await self._reader.read(request.pdf, options, client=client.id)
            name = reading.recognised.layout
            if self._layouts[name].institution.practice and client.environment != "test":
                raise PdfLayoutNotSupported
            layout, outcome = name, "ok"
        except KontoraError as failure:
            outcome = failure.name
            raise
        finally:
            self._on_read(kind, layout, outcome, time.monotonic() - began)
        return reading

    async def _keep(
        self,
        client: Client,
        owner: KnownOwner,
        place: ReadingRow,
        request: StatementRequest,
        reading: StatementReading,
    ) -> TakenStatement:
        """Keep what was read, as it was read. It is told with labels; where these fail, nothing is kept."""
        room, statement = self._room, reading.statement
        assert statement is not None
        imported = to_import(statement, self._layouts[reading.recognised.layout], room.now())
        told = await as_told(room, client.id, client.features, imported)
        details = StatementDetails.of(request, reading, statement)
        sealed_data = await self._sealed(owner, "import", place.id, msgspec.msgpack.encode(imported))
        sealed = NewStatement(
            id=place.id,
            pdf_bytes=len(request.pdf),
            sealed_details=await self._sealed(owner, "statement", place.id, msgspec.msgpack.encode(details)),
            sealed_pdf=await self._sealed(owner, "statement-pdf", place.id, request.pdf),
        )
        async with room.database.tx() as db:
            if not await owners.hold(db, owner.id):
                raise OwnerDeleted
            await statement_readings.end(db, place, reading)
            await imports.insert(
                db,
                imports.NewImport(
                    id=place.id,
                    client_id=place.client_id,
                    owner_id=owner.id,
                    session_id=None,
                    target=imported.target,
                    partial=False,
                    sealed_data=sealed_data,
                    imported_at=imported.imported_at,
                    retention_seconds=room.limits.retention_seconds,
                ),
            )
            await statements.insert(db, sealed)
            await owners.touch(db, owner.id, imported.origin)
        return TakenStatement(place.id, owner.external_id, details, told, reading.evidence_pdf)

    async def _sealed(self, owner: KnownOwner, what: str, statement_id: int, plain: bytes) -> bytes:
        room = self._room
        context = f"{what}/{statement_id}"
        return await room.vault.seal(plain, owner_id=owner.id, hour=room.hour(), context=context)
