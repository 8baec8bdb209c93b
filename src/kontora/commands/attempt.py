"""One attempt at a command: signs of life while it runs, and exactly one ending, fenced by its number."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
import structlog
from psycopg import AsyncConnection

from kontora.commands.room import CommandRoom
from kontora.errors import KontoraError, OwnerDeleted, ServiceTemporarilyUnavailable, StoreUnavailable
from kontora.model import Import
from kontora.model.truths import violations
from kontora.store import commands, events, imports, owners, sessions
from kontora.store.commands import Ending
from kontora.store.vault import KeyDestroyed

log = structlog.get_logger("kontora.commands")

FINISH_SECONDS = 40.0
PROGRESS_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a successful command brings: its rendered result, and the import to store, if any.

    `failure`: there is an import to store, but no result; the command ends in this error.
    """

    result: bytes
    imported: Import | None = None
    ends_session: bool = False
    failure: KontoraError | None = None


@dataclass
class Attempt:
    """An attempt at a command. `attempt` is the number that fences every write."""

    room: CommandRoom
    command_id: int
    client_id: str
    owner_id: int
    session_id: int
    name: str
    target: str
    attempt: int
    _progress: int = 0
    _written_at: float = 0.0

    async def run(self, work: Callable[[], Awaitable[Outcome]], *, beat_seconds: float | None = None) -> None:
        """Do the work and write the ending: `successful`, `error` for a named failure, else `fatal`."""
        began = time.monotonic()
        beating = None if beat_seconds is None else asyncio.create_task(self._beat(beat_seconds))
        outcome: Outcome | None = None
        try:
            outcome = await work()
            ending = Ending("successful") if outcome.failure is None else _ended_by(outcome.failure)
        except KontoraError as error:
            ending = _ended_by(error)
        except TimeoutError:
            late = ServiceTemporarilyUnavailable(f"{self.target} did not answer in time.")
            ending = Ending("error", late.name, late.message)
        except KeyDestroyed:
            gone = OwnerDeleted()
            ending = Ending("error", gone.name, gone.message)
        except Exception:
            log.exception("command_failed", command_id=self.command_id, name=self.name, target=self.target)
            ending = Ending(
                "fatal", "InternalError", "An internal error. It has been reported to the operator."
            )
        finally:
            if beating is not None:
                beating.cancel()
        await self._end(ending, outcome, time.monotonic() - began)

    async def progress(self, per_cent: float) -> None:
        """Move the progress; written at most four times a second, lost writes do no harm."""
        value = min(99, int(per_cent))
        now = time.monotonic()
        if value <= self._progress or now - self._written_at < PROGRESS_SECONDS:
            return
        self._progress, self._written_at = value, now
        with contextlib.suppress(StoreUnavailable):
            async with self.room.database.connection() as db:
                await commands.advance(db, self.command_id, self.attempt, value)

    async def _beat(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            with contextlib.suppress(StoreUnavailable):
                async with self.room.database.connection() as db:
                    await commands.advance(db, self.command_id, self.attempt, self._progress)

    async def _end(self, ending: Ending, outcome: Outcome | None, seconds: float) -> None:
        """Write the ending, trying again while the store is away: work that is done is not thrown away."""
        deadline = time.monotonic() + FINISH_SECONDS
        while True:
            try:
                written = await self._write(ending, outcome)
                break
            except KeyDestroyed:
                gone = OwnerDeleted()
                ending, outcome = Ending("error", gone.name, gone.message), None
            except StoreUnavailable:
                if time.monotonic() > deadline:
                    log.exception("ending_not_written", command_id=self.command_id, name=self.name)
                    return
                await asyncio.sleep(0.5)
        if written:
            self.room.announce(self.name, ending.state, seconds)
            log.info(
                "command_ended",
                command_id=self.command_id,
                session_id=self.session_id,
                name=self.name,
                target=self.target,
                state=ending.state,
                failure=ending.failure_name,
                seconds=round(seconds, 3),
            )
        else:
            log.warning(
                "late_attempt_refused", command_id=self.command_id, attempt=self.attempt, name=self.name
            )

    async def _write(self, ending: Ending, outcome: Outcome | None) -> bool:
        room = self.room
        if outcome is None:
            async with room.database.tx() as db:
                return await self._finish(db, ending, None)
        if outcome.failure is None:
            sealed_result = await self._seal(outcome.result, "result")
            ending = Ending(ending.state, sealed_result=sealed_result)
        imported = outcome.imported
        sealed_data = (
            None if imported is None else await self._seal(msgspec.msgpack.encode(imported), "import")
        )
        async with room.database.tx() as db:
            if not await owners.hold(db, self.owner_id):
                gone = OwnerDeleted()
                return await self._finish(db, Ending("error", gone.name, gone.message), None)
            written = await self._finish(db, ending, imported)
            if written and imported is not None and sealed_data is not None:
                await self._store(db, imported, sealed_data)
            if written and outcome.ends_session:
                await sessions.end(db, self.session_id)
            return written

    async def _seal(self, plain: bytes, kind: str) -> bytes:
        room = self.room
        context = f"{kind}/{self.command_id}"
        return await room.vault.seal(plain, owner_id=self.owner_id, hour=room.hour(), context=context)

    async def _finish(self, db: AsyncConnection, ending: Ending, imported: Import | None) -> bool:
        if not await commands.finish(db, self.command_id, self.attempt, ending):
            return False
        await sessions.touch(db, self.session_id)
        await events.append(
            db,
            events.Event(
                kind="command_ended",
                client_id=self.client_id,
                session_id=self.session_id,
                command_id=self.command_id,
                owner_id=self.owner_id,
                target=self.target,
                outcome=ending.failure_name or ending.state,
                detail={"name": self.name, **({} if imported is None else _figures(imported))},
            ),
        )
        return True

    async def _store(self, db: AsyncConnection, imported: Import, sealed_data: bytes) -> None:
        await imports.insert(
            db,
            imports.NewImport(
                id=self.command_id,
                client_id=self.client_id,
                owner_id=self.owner_id,
                session_id=self.session_id,
                target=imported.target,
                partial=is_partial(imported),
                sealed_data=sealed_data,
                imported_at=imported.imported_at,
                retention_seconds=self.room.limits.retention_seconds,
            ),
        )
        await owners.touch(db, self.owner_id, imported.origin)


def _ended_by(failure: KontoraError) -> Ending:
    return Ending("error", failure.name, failure.message, failure.friendly_message)


def is_partial(imported: Import) -> bool:
    """Tell whether something of the import was cut by the time limit."""
    return any(account.partial_due_to_timeout for account in imported.accounts) or any(
        card.partial_due_to_timeout for card in imported.credit_cards or ()
    )


def _figures(imported: Import) -> dict[str, int | float | str | bool]:
    """Count what was imported, and what does not hold of it; rules and fields, never values."""
    complaints = violations(imported)
    figures: dict[str, int | float | str | bool] = {
        "accounts": len(imported.accounts),
        "credit_cards": len(imported.credit_cards or ()),
        "money_transactions": sum(len(part.money_transactions) for part in imported.accounts),
        "partial": is_partial(imported),
        "violations": len(complaints),
    }
    if complaints:
        log.warning("import_violates_truths", fields=sorted({f"{c.rule} {c.path}" for c in complaints})[:10])
    return figures
