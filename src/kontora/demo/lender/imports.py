"""The lender's imports: started with the session that the widget handed over, followed, and summed up."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from kontora.client import AsyncKontora, CommandReply, KontoraClientError, Session
from kontora.demo.lender.summary import summary

MOST_KEPT = 50


@dataclass
class LenderImport:
    """One import: how far it is, and what came of it."""

    progress: int = 0
    state: str = "running"
    result: dict[str, Any] | None = None
    complaint: str | None = None

    @property
    def told(self) -> dict[str, Any]:
        """What the lender's own page is told."""
        return {
            "state": self.state,
            "progress": self.progress,
            "result": self.result,
            "complaint": self.complaint,
        }


@dataclass
class LenderImports:
    """All imports of this lender, by ids that nobody can guess. The oldest are forgotten."""

    kontora: AsyncKontora
    _imports: dict[str, LenderImport] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self, session: Session) -> str:
        """Start an import and return its id."""
        import_id = secrets.token_urlsafe(16)
        while len(self._imports) >= MOST_KEPT:
            self._imports.pop(next(iter(self._imports)))
        self._imports[import_id] = LenderImport()
        task = asyncio.create_task(self._run(session, self._imports[import_id]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return import_id

    def find(self, import_id: str) -> LenderImport | None:
        """Return an import, or `None`."""
        return self._imports.get(import_id)

    async def close(self) -> None:
        """Drop the imports under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, session: Session, mine: LenderImport) -> None:
        def follow(told: CommandReply) -> None:
            mine.progress = int(told.progress)

        try:
            mine.result = summary(await self.kontora.default_import(session, on_progress=follow))
            mine.state, mine.progress = "done", 100
        except KontoraClientError as error:
            mine.state, mine.complaint = "failed", str(error)
