"""How wide a file says that the glyphs of a font are."""

from __future__ import annotations

from collections.abc import Collection

import pikepdf

DEFAULT_WIDTH = 1000


def stated_widths(
    font: pikepdf.Object, descendant: pikepdf.Object | None, codes: Collection[int]
) -> dict[int, float]:
    """Return the widths of codes, in thousandths of the font's size; those it says nothing of are missing."""
    if descendant is not None:
        return _of_collection(descendant, codes)
    widths, first = font.get("/Widths"), font.get("/FirstChar", 0)
    if not isinstance(widths, pikepdf.Array):
        return {}
    stated = [float(width) for width in widths.as_list()]
    return {code: stated[code - int(first)] for code in codes if 0 <= code - int(first) < len(stated)}


def _of_collection(descendant: pikepdf.Object, codes: Collection[int]) -> dict[int, float]:
    default = float(descendant.get("/DW", DEFAULT_WIDTH))
    found = dict.fromkeys(codes, default)
    table = descendant.get("/W")
    items = list(table) if isinstance(table, pikepdf.Array) else []
    place = 0
    while place + 1 < len(items):
        first, second = int(items[place]), items[place + 1]
        if isinstance(second, pikepdf.Array):
            widths = [float(width) for width in second.as_list()]
            found.update(
                {first + index: width for index, width in enumerate(widths) if first + index in found}
            )
            place += 2
        elif place + 2 < len(items):
            width = float(items[place + 2])
            found.update({code: width for code in codes if first <= code <= int(second)})
            place += 3
        else:
            break
    return found
