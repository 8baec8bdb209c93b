"""Run the demo from start to end: bank, server, client, sign-in, import, tables."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import msgspec
from rich.console import Console
from rich.text import Text

from kontora.client import AsyncKontora, CommandReply, ImportResult, KontoraClientError, Pacing
from kontora.demo.bank import practice_bank
from kontora.demo.failures import DemoFailed
from kontora.demo.lender import lender_site
from kontora.demo.onward import Places, print_places, print_shell_lines
from kontora.demo.screen import Screen
from kontora.demo.server import CLIENT, data_folder, server
from kontora.demo.tables import tables
from kontora.errors import KontoraError
from kontora.wire.json import render_json

LOGIN, COUNTRY, OWNER = "test1", "pl", "demo-owner"
BANK_DELAY_MS = 150  # real banks take about 330
WIDEST = 120  # columns; wider lines are hard to follow
QUICK = Pacing(first_seconds=0.05, growth=1.2, longest_seconds=0.5, patience_seconds=5, deadline_seconds=60)
DONE, FAILED, INTERRUPTED, TERMINATED = 0, 1, 130, 143


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller wants. `stays`: run until Ctrl-C; `json_file`: where the data is written, too."""

    stays: bool = True
    json_file: Path | None = None
    port: int = 0
    keeps_data: bool = False


def _document(result: ImportResult) -> bytes:
    """Return the import in the shape of the owner upload, indented for a person."""
    document = render_json(result, owner_external_id=OWNER, country=COUNTRY)
    return msgspec.json.format(document, indent=2) + b"\n"


def run_demo(wishes: Wishes) -> int:
    """Run the demo and return its exit code: 0 done, 1 failed, 130 Ctrl-C, 143 terminated."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")  # owners' names need not fit the terminal's encoding
    demo = Demo(wishes, Console(highlight=False))
    try:
        return asyncio.run(demo.run())
    except KontoraError as error:
        complaint = f"{error.name}: {error.message}"
    except (DemoFailed, KontoraClientError, OSError) as error:
        complaint = str(error)
    Console(stderr=True).print(
        f"The demo failed. {complaint}", style="red", markup=False, highlight=False, soft_wrap=True
    )
    return FAILED


class Demo:
    """One run of the demo."""

    def __init__(self, wishes: Wishes, console: Console) -> None:
        self._wishes = wishes
        self._console = console
        self._stays = False
        self._may_break = True
        self._stopped_with: int | None = None

    async def run(self) -> int:
        """Run until the end or a signal, and return the exit code.

        Raises: DemoFailed, KontoraError, KontoraClientError, OSError.
        """
        demo = asyncio.ensure_future(self._run())

        def stop(code: int) -> None:
            if self._stopped_with is None:
                self._stopped_with = DONE if self._stays else code
                if self._may_break:
                    demo.cancel()

        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, stop, INTERRUPTED)
        loop.add_signal_handler(signal.SIGTERM, stop, TERMINATED)
        try:
            await demo
        except asyncio.CancelledError:
            if self._stopped_with is None:
                raise
            self._console.print(Text("\nEverything has ended."))
        return self._stopped_with or DONE

    async def _run(self) -> None:
        self._check_json_file()
        began = time.monotonic()
        async with AsyncExitStack() as stack:
            with Screen(self._console) as screen:
                places, result = await self._import(stack, screen)
            self._show(result, time.monotonic() - began)
            if self._wishes.stays:
                print_places(self._console, places)
                print_shell_lines(self._console, places, keep=self._wishes.keeps_data)
                self._stays = True
                await asyncio.Event().wait()

    async def _import(self, stack: AsyncExitStack, screen: Screen) -> tuple[Places, ImportResult]:
        folder = stack.enter_context(data_folder(keep=self._wishes.keeps_data))
        with screen.step("KontoBank, the practice bank"):
            delay = ("--delay-ms", str(BANK_DELAY_MS))
            bank = await stack.enter_async_context(practice_bank(folder, *delay))
            await asyncio.to_thread(import_module, "kontora.main")  # takes a second, while the bank starts
            bank_url = await bank.ready()
        with screen.step("PostgreSQL, Kontora and its worker"), self._unbroken():
            running = await stack.enter_async_context(server(folder, bank_url, self._wishes.port))
        places = Places(running.api_url, running.metrics_url, bank_url, running.key, LOGIN, OWNER, folder)
        kontora = await stack.enter_async_context(AsyncKontora(places.api_url, places.key, pacing=QUICK))
        if self._wishes.stays:
            lender_url = await stack.enter_async_context(lender_site(kontora, running.api_url, CLIENT))
            await running.let_embed(lender_url)
            places = replace(places, lender_url=lender_url)
        with screen.step(f"{LOGIN} signs in at KontoBank, with SMS code"):
            session = await kontora.mock_session(LOGIN, COUNTRY, OWNER)
        with screen.step("Default import", has_bar=True) as step:
            result = await kontora.default_import(
                session, on_progress=lambda told: screen.follow(step, _per_cent(told))
            )
        return places, result

    @contextmanager
    def _unbroken(self) -> Iterator[None]:
        """Obey a signal only after the block: what starts in a thread cannot be cancelled, only undone."""
        self._may_break = False
        try:
            yield
        finally:
            self._may_break = True
        if self._stopped_with is not None:
            raise asyncio.CancelledError

    def _check_json_file(self) -> None:
        file = self._wishes.json_file
        if file is not None and not file.absolute().parent.is_dir():
            raise DemoFailed(f"{file} cannot be written: there is no folder {file.absolute().parent}.")

    def _show(self, result: ImportResult, seconds: float) -> None:
        width = min(self._console.width, WIDEST)
        for part in tables(result, width):
            self._console.print(part, width=width)
        self._console.print()
        if self._wishes.json_file is not None:
            self._wishes.json_file.write_bytes(_document(result))
            written = f"The data was written to {self._wishes.json_file}."
            self._console.print(Text(written), soft_wrap=True)
        self._console.print(Text(f"From nothing to the owner's data in {seconds:.1f} s.", style="bold"))


def _per_cent(told: CommandReply) -> float:
    return 100 if told.state == "successful" else told.progress
