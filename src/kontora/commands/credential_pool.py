"""The way from a cipher text to a credential child and back; this process never sees the plain text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import structlog

from kontora.children.pool import Child, ChildDied, ChildPool
from kontora.commands.credential_order import MOST_BYTES, Order, Report
from kontora.commands.credential_zygote import WarmUp
from kontora.connectors.bank_http import OnUnknownPage, keep_no_page
from kontora.errors import CommandInterrupted, ServiceTemporarilyUnavailable

ANSWER_SECONDS = 60.0
MOST_CHILDREN = 64
ZYGOTE = "kontora.commands.credential_zygote"
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
OnBankCall = Callable[[str, str, str, float], None]

log = structlog.get_logger("kontora.commands")


class CredentialPool:
    """Has one child forked for each step, and makes sure that it is gone afterwards."""

    def __init__(
        self, warm_up: WarmUp, on_bank_call: OnBankCall, on_unknown_page: OnUnknownPage = keep_no_page
    ) -> None:
        self._on_unknown_page = on_unknown_page
        self._on_bank_call = on_bank_call
        self._children = ChildPool(
            ZYGOTE,
            msgspec.json.encode(warm_up),
            name="credential",
            most_children=MOST_CHILDREN,
            environment=KEPT_ENVIRONMENT,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[CredentialPool]:
        """Keep a zygote ready inside the block; it warms up meanwhile."""
        async with self._children.running():
            yield self

    @property
    def pid(self) -> int | None:
        """The process id of the zygote."""
        return self._children.pid

    @property
    def exited(self) -> list[tuple[int, int]]:
        """The last children that have exited, each as process id and wait status."""
        return self._children.exited

    async def take(self, order: Order) -> Report:
        """Have a step taken in a child of its own; returns after the child has exited.

        Raises: Overloaded, before anything is sent to the bank; CommandInterrupted, if the child died;
        ServiceTemporarilyUnavailable, if it took too long.
        """
        try:
            async with self._children.child() as child:
                return await self._talk(child, order)
        except ChildDied as error:
            raise CommandInterrupted from error

    async def _talk(self, child: Child, order: Order) -> Report:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                body = await child.ask(msgspec.msgpack.encode(order), most_bytes=MOST_BYTES)
        except TimeoutError as error:
            raise ServiceTemporarilyUnavailable(f"{order.target} did not answer in time.") from error
        report = msgspec.msgpack.decode(body, type=Report)
        for call in report.bank_calls:
            self._on_bank_call(call.target, call.operation, call.outcome, call.seconds)
        for page in report.unknown_pages:
            await self._on_unknown_page(page.target, page.step, page.redacted_html)
        if report.bug:
            log.error("credential_step_broke", target=order.target, exception=list(report.bug))
        return report
