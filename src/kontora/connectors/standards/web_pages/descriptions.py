"""What a page looks like, as data: its address, its mark, and where its fields stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kontora.connectors.standards.web_pages.documents import Document, Node, NotUnderstood, text_of

Convert = Callable[[str], Any]


def a_text(text: str) -> str:
    """Take the text as it is."""
    return text


@dataclass(frozen=True, slots=True)
class Field:
    """One field: a selector inside the page or row, an attribute in place of the text, and what it becomes.

    `needed`: a page without it is not understood; otherwise absent or empty becomes `None`.
    """

    selector: str
    convert: Convert = a_text
    attribute: str | None = None
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its heads in their order, and the fields of each row.

    `needed`: a page without the table is not understood. Where it may be absent, `none` marks that the
    bank says there is nothing.
    """

    selector: str
    heads: tuple[str, ...]
    fields: Mapping[str, Field]
    needed: bool = True
    none: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page: a pattern of the end of its path, a mark that it alone has, and its fields and tables."""

    name: str
    path: str
    mark: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)

    def fits(self, document: Document) -> bool:
        """Tell whether a document is this page: by its address and its mark."""
        return re.search(f"{self.path}$", document.path) is not None and document.first(self.mark) is not None


def recognised(document: Document, pages: Iterable[Page]) -> Page:
    """Return which of the pages a document is.

    Raises: NotUnderstood, if it is none of them; the element named is the mark that its address promises.
    """
    known = tuple(pages)
    found = next((page for page in known if page.fits(document)), None)
    if found is not None:
        return found
    expected = [page.mark for page in known if re.search(f"{page.path}$", document.path)]
    raise NotUnderstood(" or ".join(expected) or "the mark of a known page")


def fields_of(node: Node, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Read fields inside an element; `None` for those that are not there.

    Raises: NotUnderstood, with the name and selector of the field, never its value.
    """
    return {name: _field(node, name, described) for name, described in fields.items()}


def _field(node: Node, name: str, described: Field) -> Any:
    found = node.css_first(described.selector) if described.selector else node
    text = ""
    if found is not None:
        text = (
            text_of(found)
            if described.attribute is None
            else (found.attributes.get(described.attribute) or "").strip()
        )
    if not text:
        if described.needed:
            raise NotUnderstood(f"{name} ({described.selector})")
        return None
    try:
        return described.convert(text)
    except ValueError as error:
        raise NotUnderstood(f"{name} ({described.selector})", "has another form") from error


def rows_of(document: Document, table: Table) -> Sequence[Node]:
    """Return the rows of a table; empty where the bank says that there is nothing.

    Raises: NotUnderstood, if the table is missing, or its heads are others.
    """
    found = document.first(table.selector)
    if found is None:
        if not table.needed and (table.none is None or document.first(table.none) is not None):
            return ()
        raise NotUnderstood(table.selector)
    heads = tuple(text_of(head) for head in found.css("thead th"))
    if heads != table.heads:
        raise NotUnderstood(f"{table.selector} thead th", "are others")
    rows = found.css("tbody > tr")
    if any(len(row.css("td")) != len(heads) for row in rows):
        raise NotUnderstood(f"{table.selector} tbody > tr > td", "are more or fewer than the heads")
    return rows


def raw_row(row: Node, table: Table) -> dict[str, str]:
    """Return the text of a row as it stands on the page, by the heads of its table."""
    cells = [text_of(cell) for cell in row.css("td")]
    return dict(zip(table.heads, cells, strict=True))
