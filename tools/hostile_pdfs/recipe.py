"""What a hostile PDF is made of, and how it may end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Make = Callable[["Kitchen"], bytes]


@dataclass(frozen=True)
class Kitchen:
    """What recipes need. `genuine`: a statement that is read; `port`: of 127.0.0.1, where nobody may call."""

    genuine: bytes
    port: int


@dataclass(frozen=True)
class Recipe:
    """One hostile file. `may_be_read`: it does no harm to what the genuine file says.

    `quick`: it is among the few that every test run reads.
    """

    name: str
    make: Make
    may_be_read: bool = False
    quick: bool = False


class Menu:
    """Collects the recipes of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.recipes: list[Recipe] = []

    def __iter__(self) -> Iterator[Recipe]:
        return iter(self.recipes)

    def add(self, name: str, make: Make, *, may_be_read: bool = False, quick: bool = False) -> None:
        """Add a recipe."""
        self.recipes.append(Recipe(f"{self.kind}-{name}", make, may_be_read, quick))

    def recipe(self, *, may_be_read: bool = False, quick: bool = False) -> Callable[[Make], Make]:
        """Add a function as a recipe by its own name."""

        def added(make: Make) -> Make:
            self.add(make.__name__.replace("_", "-"), make, may_be_read=may_be_read, quick=quick)
            return make

        return added
