"""What the page dictionaries of a file hold, by pikepdf."""

from __future__ import annotations

import contextlib

import msgspec
import pikepdf

from kontora.errors import PdfNotReadable
from kontora.statements.document import Box
from kontora.statements.extraction.naming import plain

MAX_PARENTS = 50
INHERITED = ("/MediaBox", "/Resources")


class PageFacts(msgspec.Struct, frozen=True):
    """What pages hold, each once, sorted. `media_boxes`, `pages`: in their order.

    `resource_names`: with their kind before them, `Font/F1`. `content_numbers`: of content streams.
    """

    page_keys: tuple[str, ...]
    content_streams: tuple[int, ...]
    resource_names: tuple[str, ...]
    media_boxes: tuple[Box, ...]
    pages: tuple[pikepdf.Object, ...]
    content_numbers: set[int]


def page_facts(pages: list[pikepdf.Object]) -> PageFacts:
    """Read the dictionaries of all pages."""
    keys: set[str] = set()
    streams: set[int] = set()
    names: set[str] = set()
    for page in pages:
        keys |= page.keys()
        streams.add(len(_contents(page)))
        names |= _resource_names(inherited(page, "/Resources"))
    return PageFacts(
        page_keys=tuple(sorted(plain(key)[1:] for key in keys)),
        content_streams=tuple(sorted(streams)),
        resource_names=tuple(sorted(names)),
        media_boxes=tuple(_box(inherited(page, "/MediaBox")) for page in pages),
        pages=tuple(pages),
        content_numbers={stream.objgen[0] for page in pages for stream in _contents(page)},
    )


def inherited(page: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """Return what a page or one of its parents has under a key."""
    node: pikepdf.Object | None = page
    for _ in range(MAX_PARENTS):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _contents(page: pikepdf.Object) -> list[pikepdf.Object]:
    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _resource_names(resources: pikepdf.Object | None) -> set[str]:
    if not isinstance(resources, pikepdf.Dictionary):
        return set()
    return {
        plain(f"{kind[1:]}{name}")
        for kind, named in resources.items()
        if isinstance(named, pikepdf.Dictionary)
        for name, _ in named.items()
    }


def _box(value: pikepdf.Object | None) -> Box:
    """Read a box; raises `PdfNotReadable` where a page has none."""
    if isinstance(value, pikepdf.Array) and len(value) == 4:
        with contextlib.suppress(TypeError, ValueError):
            x0, y0, x1, y1 = (float(number) for number in value.as_list())
            return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    raise PdfNotReadable
