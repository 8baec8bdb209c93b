"""The way from a PDF to what it says: through a child of its own, few at once, by turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date

import msgspec
import structlog

from kontora.children.pool import Child, ChildDied, ChildPool
from kontora.errors import PdfNotReadable, PdfTooLarge
from kontora.statements.children.fair_queue import FairQueue
from kontora.statements.children.order import MOST_ANSWER_BYTES, MOST_FILE_BYTES, Answer, Order
from kontora.statements.children.probing import Probed
from kontora.statements.children.zygote import WarmUp
from kontora.statements.document import Document
from kontora.statements.readings import ReadingOptions, StatementReading

ZYGOTE = "kontora.statements.children.zygote"
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL")
AT_ONCE, MOST_WAITING = 2, 20
WALL_SECONDS = 20.0

log = structlog.get_logger("kontora.statements")


class StatementPool:
    """Reads each file in a child of its own; a file that ends its child is refused, the next one is read.

    `at_once`, `most_waiting`: files of all clients together. `today`: the day that a file is judged on,
    where the options name none. `probed`: what the sandbox lets through here, once the pool is ready.
    """

    def __init__(
        self,
        warm_up: WarmUp,
        *,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
        wall_seconds: float = WALL_SECONDS,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._queue = FairQueue(places=at_once, most_waiting=most_waiting)
        self._wall_seconds = wall_seconds
        self._today = today
        self._children = ChildPool(
            ZYGOTE,
            msgspec.json.encode(warm_up),
            name="statement",
            most_children=at_once,
            environment=KEPT_ENVIRONMENT,
            on_ready=self._learn,
        )
        self.probed: Probed | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[StatementPool]:
        """Keep a zygote ready inside the block; it warms up meanwhile."""
        async with self._children.running():
            yield self

    async def ready(self) -> None:
        """Wait until the first child can be forked.

        Raises: Overloaded, if that does not happen.
        """
        await self._children.ready()

    @property
    def pid(self) -> int | None:
        """The process id of the zygote."""
        return self._children.pid

    @property
    def exited(self) -> list[tuple[int, int]]:
        """The last children that have exited, each as process id and wait status."""
        return self._children.exited

    @property
    def cpu_seconds(self) -> list[float]:
        """What each of the last children used, from its fork to its end."""
        return self._children.cpu_seconds

    async def read(self, pdf: bytes, options: ReadingOptions, *, client: str = "") -> StatementReading:
        """Read a file; returns after its child has exited. Whose turn it is goes by `client`.

        Raises: StatementError, any of them; JobsQuotaExceeded; Overloaded, if nothing can be forked.
        """
        answer = await self._brought(pdf, options, client)
        return answer.reading or answer.refuse()

    async def open(self, pdf: bytes, options: ReadingOptions) -> Document:
        """Only open a file; the pool must be warmed up with the reader of documents.

        Raises: StatementError; JobsQuotaExceeded; Overloaded.
        """
        answer = await self._brought(pdf, options, "")
        return answer.document or answer.refuse()

    async def _brought(self, pdf: bytes, options: ReadingOptions, client: str) -> Answer:
        if len(pdf) > MOST_FILE_BYTES:  # the child has a limit of its own, for what reaches it
            raise PdfTooLarge
        if options.today is None:
            options = msgspec.structs.replace(options, today=self._today())
        async with self._queue.place(client):
            answer = await self._answer(msgspec.msgpack.encode(Order(pdf, options)))
        if answer.is_bug:
            log.error("statement_reading_broke", exception=list(answer.cause))
        elif answer.cause:
            log.info("statement_refused", failure=answer.refusal, exception=list(answer.cause))
        return answer

    async def _answer(self, order: bytes) -> Answer:
        try:
            async with self._children.child() as child:
                return await self._ask(child, order)
        except TimeoutError as error:
            raise PdfNotReadable(
                f"Reading the file was stopped after {self._wall_seconds:g} seconds."
            ) from error
        except (ChildDied, msgspec.MsgspecError) as error:
            raise PdfNotReadable from error

    async def _ask(self, child: Child, order: bytes) -> Answer:
        async with asyncio.timeout(self._wall_seconds):
            body = await child.ask(order, most_bytes=MOST_ANSWER_BYTES)
        # A child that was taken over may say anything: what is no answer is none.
        return msgspec.msgpack.decode(body, type=Answer)

    def _learn(self, note: str) -> None:
        self.probed = msgspec.json.decode(note, type=Probed)
        log.info("statement_sandbox", sandbox=self.probed.layers)
        if self.probed.possible:
            log.warning("statement_sandbox_is_open", fields=list(self.probed.possible))


def read_in_child(pdf: bytes, options: ReadingOptions, *, warm_up: WarmUp) -> StatementReading:
    """Read one file without an event loop of one's own, in a child like any other.

    Raises: StatementError; Overloaded, if nothing can be forked.
    """

    async def read() -> StatementReading:
        async with StatementPool(warm_up).running() as pool:
            return await pool.read(pdf, options)

    return asyncio.run(read())
