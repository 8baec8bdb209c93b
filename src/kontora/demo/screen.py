"""The steps of the demo on a terminal, or line by line where nobody watches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

BAR_WIDTH = 22


@dataclass
class Step:
    """One step: what it does, how far it is, and how long it took."""

    text: str
    has_bar: bool = False
    per_cent: float = 0.0
    seconds: float | None = None
    failed: bool = False
    began: float = field(default_factory=time.monotonic)
    spinner: Spinner = field(default_factory=lambda: Spinner("dots", style="cyan"))

    @property
    def mark(self) -> RenderableType:
        """A check mark, a cross, or something that turns."""
        if self.seconds is None:
            return self.spinner
        return Text("✗", style="bold red") if self.failed else Text("✓", style="bold green")

    @property
    def passed(self) -> Text:
        """The time so far, or in all."""
        seconds = time.monotonic() - self.began if self.seconds is None else self.seconds
        return Text(f"{seconds:.2f} s", style="dim")

    @property
    def bar(self) -> RenderableType:
        """The bar of a step that tells how far it is."""
        if not self.has_bar:
            return ""
        return ProgressBar(100, self.per_cent, BAR_WIDTH, finished_style="green", complete_style="cyan")


class Screen:
    """Shows the steps one below the other, the last one moving."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._steps: list[Step] = []
        self._live = Live(self, console=console, refresh_per_second=12, transient=False)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        grid = Table.grid(padding=(0, 1), expand=False)
        for width in (1, min(44, options.max_width - BAR_WIDTH - 14)):
            grid.add_column(width=width, no_wrap=True, overflow="ellipsis")
        grid.add_column(width=BAR_WIDTH)
        grid.add_column(width=8, justify="right")
        for step in self._steps:
            grid.add_row(step.mark, step.text, step.bar, step.passed)
        yield grid

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def follow(self, step: Step, per_cent: float) -> None:
        """Move the bar of a step, at once."""
        step.per_cent = per_cent
        if self._live.is_started:
            self._live.refresh()

    @contextmanager
    def step(self, text: str, *, has_bar: bool = False) -> Iterator[Step]:
        """Show a step while the block runs; it fails with the block."""
        step = Step(text, has_bar)
        self._steps.append(step)
        try:
            yield step
        except BaseException:
            step.failed = True
            raise
        finally:
            step.seconds = time.monotonic() - step.began
            if not self.console.is_terminal:
                mark = "failed" if step.failed else "done"
                self.console.print(f"{mark:>6}  {step.text}  {step.seconds:.2f} s", soft_wrap=True)
