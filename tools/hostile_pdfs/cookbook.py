"""All recipes, by name."""

from __future__ import annotations

from tools.hostile_pdfs import active, bombs, broken, fonts, images, painting, structures
from tools.hostile_pdfs.recipe import Kitchen, Recipe
from tools.statement_samples import Difficulty, make

GENUINE_LAYOUT, GENUINE_SEED = "mbank-statement", 11
RECIPES: tuple[Recipe, ...] = tuple(
    recipe
    for menu in (
        bombs.MENU,
        structures.MENU,
        painting.MENU,
        fonts.MENU,
        images.MENU,
        active.MENU,
        broken.MENU,
    )
    for recipe in menu
)
assert len({recipe.name for recipe in RECIPES}) == len(RECIPES)


def kitchen(port: int) -> Kitchen:
    """Return what recipes need; files that call home call 127.0.0.1 at this port."""
    return Kitchen(make(GENUINE_LAYOUT, GENUINE_SEED, rows=20, difficulty=Difficulty()).pdf, port)
