"""The published file of the standard, and a copy in which one fault of it is corrected."""

from __future__ import annotations

import re
from pathlib import Path

# Prism wants exactly one branch of a `oneOf` to fit. The file writes the empty body as the branch `{}`, which
# every body fits, so no password and no code could ever be sent. The copy says what is meant.
ANYTHING = re.compile(r"(oneOf: #Different [Aa]uthorisation [Bb]odies\n\s+- )\{\}")
EMPTY_BODY = r"\1{type: object, maxProperties: 0}"


class NoSpecification(Exception):
    """The file is not there, or not the one that is expected."""


def check_specification(path: Path) -> None:
    """Make sure that the file is there.

    Raises: NoSpecification.
    """
    if not path.is_file():
        raise NoSpecification(
            f"The Berlin Group's file is not at {path}. Name it with --spec, or in BERLIN_GROUP_SPEC."
        )


def corrected(path: Path, folder: Path) -> Path:
    """Write the corrected copy into a folder.

    Raises: NoSpecification, if the fault is not where it was.
    """
    text, count = ANYTHING.subn(EMPTY_BODY, path.read_text())
    if not count:
        raise NoSpecification(
            f"{path} has no empty branch among its authorisation bodies: look at the copy again."
        )
    copy = folder / "corrected.yaml"
    copy.write_text(text)
    return copy
