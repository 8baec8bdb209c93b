"""A reader that tells what it had to import while it read: in a child nothing can be imported any more."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import msgspec
import stdnum

from kontora.statements.children.zygote import WarmUp
from kontora.statements.reading import standard_reader
from kontora.statements.readings import ReadingOptions, StatementReading

Read = Callable[[bytes, ReadingOptions], StatementReading]


COUNTRIES_WITH_RULES = {file.parent.name for file in Path(stdnum.__path__[0]).glob("*/iban.py")}


class Recorder:
    """Finds nothing, and keeps the names that were looked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Keep a name."""
        # An IBAN is checked by its country's own rule, where there is one: all of them are there already.
        package, _, country = name.partition(".")
        if package != "stdnum" or country.partition(".")[0] in COUNTRIES_WITH_RULES:
            self.names.append(name)
        return None


def make_reader(said: WarmUp) -> Read:
    """Read as ever; `target` of the reading names what had to be imported, parted by spaces."""
    reader = standard_reader(said)

    def read(pdf: bytes, options: ReadingOptions) -> StatementReading:
        recorder = Recorder()
        sys.meta_path.insert(0, recorder)
        reading = reader(pdf, options)
        assert isinstance(reading, StatementReading)
        recognised = msgspec.structs.replace(reading.recognised, target=" ".join(recorder.names))
        return msgspec.structs.replace(reading, recognised=recognised)

    return read
