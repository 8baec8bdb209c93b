"""Find the layouts: every folder below `layouts/` with an `institution.toml` is a bank; nobody names one."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec

from kontora.statements.layout import Institution, Layout

LAYOUTS_DIR = Path(__file__).parent / "layouts"
INSTITUTION_FILE = "institution.toml"

T = TypeVar("T")


class LayoutBroken(ValueError):
    """A layout file cannot be built; says which file and which field."""


@lru_cache(maxsize=8)
def layouts(folder: Path = LAYOUTS_DIR) -> tuple[Layout, ...]:
    """Return the layouts of all banks in a folder, by name.

    Raises: LayoutBroken, if a file cannot be built or two layouts have one name.
    """
    found = [
        layout
        for bank in sorted(folder.iterdir())
        if (bank / INSTITUTION_FILE).is_file()
        for layout in _bank(bank)
    ]
    names = [layout.name for layout in found]
    for name in names:
        if names.count(name) > 1:
            raise LayoutBroken(f"{folder}: two layouts are named {name}")
    return tuple(sorted(found, key=lambda layout: layout.name))


def layout_of(name: str, folder: Path = LAYOUTS_DIR) -> Layout | None:
    """Return the layout of this name, or `None`."""
    return next((layout for layout in layouts(folder) if layout.name == name), None)


def layout_dir(name: str, folder: Path = LAYOUTS_DIR) -> Path | None:
    """Return the bank's folder in which the layout of this name lies, or `None`."""
    return next((file.parent for file in sorted(folder.glob(f"*/{name}.toml"))), None)


def _bank(folder: Path) -> list[Layout]:
    institution = _decoded(folder / INSTITUTION_FILE, Institution, {})
    return [
        _named(file, _decoded(file, Layout, {"institution": institution}))
        for file in sorted(folder.glob("*.toml"))
        if file.name != INSTITUTION_FILE
    ]


def _named(file: Path, layout: Layout) -> Layout:
    if file.stem != layout.name:
        raise LayoutBroken(f"{file}: the layout is named {layout.name}, and so must be the file")
    return layout


def _decoded(file: Path, shape: type[T], more: dict[str, object]) -> T:
    try:
        return msgspec.convert({**tomllib.loads(file.read_text("utf-8")), **more}, shape)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise LayoutBroken(f"{file.parent.name}/{file.name}: {error}") from error
