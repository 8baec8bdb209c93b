"""The queue: Procrastinate on the same PostgreSQL; a job is written with the row it is about."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import procrastinate
import procrastinate.exceptions
import psycopg
from procrastinate import jobs as procrastinate_jobs
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from kontora.errors import StoreUnavailable

# What can end a worker by itself: the queue's own failure, or the database's.
QUEUE_FAILURES: tuple[type[Exception], ...] = (
    procrastinate.exceptions.ProcrastinateException,
    psycopg.Error,
    OSError,
    StoreUnavailable,
)

QUEUE = "commands"
TASK = "run_command"
HEARTBEAT_SECONDS = 2.0
SILENCE_SECONDS = 10.0
GRACE_SECONDS = 20.0


class Queue:
    """Defers and runs the jobs of commands. A job carries the command's id and nothing else."""

    def __init__(self, pool: AsyncConnectionPool, run: Callable[[int], Awaitable[None]]) -> None:
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector())
        self._pool = pool

        async def run_command(command_id: int) -> None:
            await run(command_id)

        self._task = self._app.task(name=TASK, queue=QUEUE)(run_command)

    async def open(self) -> None:
        """Bind the queue to the pool."""
        await self._app.open_async(self._pool)

    async def defer(self, db: AsyncConnection, command_id: int) -> int:
        """Add a job in the caller's database transaction; return the job's id."""
        return await self._task.configure(connection=db).defer_async(command_id=command_id)

    async def discard(self, db: AsyncConnection, job_id: int) -> None:
        """Remove a job that no living worker holds."""
        await db.execute("delete from procrastinate_jobs where id = %s", (job_id,))

    async def discard_leftovers(self, db: AsyncConnection) -> int:
        """Remove jobs that a dead worker left behind although their command has ended; return how many."""
        cursor = await db.execute(
            "delete from procrastinate_jobs j where j.status = 'doing'"
            " and not exists (select 1 from procrastinate_workers w where w.id = j.worker_id"
            "                 and w.last_heartbeat > clock_timestamp() - make_interval(secs => %s))"
            " and not exists (select 1 from command c where c.job_id = j.id"
            "                 and c.state in ('setup', 'in_progress'))",
            (SILENCE_SECONDS,),
        )
        return cursor.rowcount

    async def work(self, concurrency: int, stop: asyncio.Event) -> None:
        """Run jobs until `stop` is set; then let the running ones finish for a while.

        Raises: whatever ended the worker, if it ended by itself (the database went away).
        """
        worker = asyncio.create_task(
            self._app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency,
                fetch_job_polling_interval=2.0,
                shutdown_graceful_timeout=GRACE_SECONDS,
                delete_jobs=procrastinate_jobs.DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=SILENCE_SECONDS,
                listen_notify=True,
            )
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({worker, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not worker.done():
            worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker
            return
        stopping.cancel()
        await worker
