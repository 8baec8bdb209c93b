"""The fuzzer's inputs: text as a document of a layout, the samples as text, and the layouts' words.

An input's first line is the name of a layout. Then every line is a line of a page: words as `x@word`, x in
points from the left; `=` alone draws a rule from edge to edge, a form feed begins a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kontora.errors import StatementError
from kontora.statements.arithmetic import check_arithmetic
from kontora.statements.document import Anatomy, Document, Page, Painted, PaintedKind, Style, Word
from kontora.statements.layout import Layout
from kontora.statements.library import layout_of, layouts
from kontora.statements.recognising import recognise
from kontora.statements.rows import parse_confirmations, parse_statement
from kontora.statements.rows.lines import Line, pages_of

SAMPLES = Path(__file__).parents[2] / "tests" / "statements" / "samples"
WIDTH, HEIGHT = 600.0, 850.0
TOP, STEP, RULE_STEP = 820.0, 10.0, 4.0
LETTER_POINTS = 4.4
GREY = (200, 200, 200, 255)
STYLES = (Style("Arial", 8.0, (0, 0, 0, 255)),)


def document_in(text: str) -> tuple[Layout, Document]:
    """Lay an input out; an unknown layout's name stands for one of the known, always the same."""
    name, _, rest = text.partition("\n")
    known = layouts()
    layout = layout_of(name) or known[sum(name.encode("utf-8", "replace")) % len(known)]
    pages = tuple(_page(number, part) for number, part in enumerate(rest.split("\f")[:8], start=1))
    return layout, Document(size_bytes=len(text), pages=pages, anatomy=_ANATOMY, signatures=())


def read(layout: Layout, document: Document) -> int:
    """Read a document in all the ways there are; return how many rows or confirmations it has."""
    for confirmations in (False, True):
        with suppress(StatementError):
            recognise(document, layouts(), confirmations=confirmations)
    with suppress(StatementError):
        if layout.is_confirmation:
            return len(parse_confirmations(document, layout))
        statement = parse_statement(document, layout)
        check_arithmetic(statement, layout)
        return len(statement.rows)
    return 0


def seeds() -> Iterator[tuple[str, str]]:
    """Return the samples as inputs, each with its name."""
    from kontora.statements.extraction import ExtractionLimits, open_document

    for file in sorted(SAMPLES.glob("*/*.pdf")):
        document = open_document(file.read_bytes(), password=None, limits=ExtractionLimits())
        pages = ("\n".join(_written(page.lines, page.page)) for page in pages_of(document))
        yield file.stem, "\n".join((file.parent.name, "\f".join(pages)))


def _written(lines: list[Line], page: Page) -> Iterator[str]:
    rules = sorted((item.box[1] for item in page.painted if item.box[3] - item.box[1] < 2.5), reverse=True)
    for line in lines:
        if rules and rules[0] > line.baseline:
            yield "="
        while rules and rules[0] > line.baseline:
            rules.pop(0)
        yield "\t".join(f"{word.x0:.1f}@{word.text}" for word in line.words)
    if rules:
        yield "="


def _page(number: int, text: str) -> Page:
    words: list[Word] = []
    painted: list[Painted] = []
    y = TOP
    for line in text.split("\n"):
        if line == "=":
            y -= RULE_STEP
            painted.append(Painted(PaintedKind.PATH, (0.0, y, WIDTH, y + 1), len(painted), fill=GREY))
            continue
        y -= STEP
        words += (word for token in line.split("\t") if (word := _word(token, y, len(words))) is not None)
    box = (0.0, 0.0, WIDTH, HEIGHT)
    characters = sum(len(word.text) for word in words)
    return Page(number, box, box, 0, tuple(words), STYLES, tuple(painted), (), characters)


def _word(token: str, y: float, order: int) -> Word | None:
    left, _, text = token.partition("@")
    try:
        x = float(left)
    except ValueError:
        x, text = 0.0, token
    return Word(text, x, y, x + LETTER_POINTS * len(text), y + 6, y, 0, order) if text else None


def dictionary() -> Iterator[str]:
    """Return what layouts look for, a word a line, in the fuzzer's own form."""
    found = set()
    for layout in layouts():
        if layout.table is not None:
            found.update(layout.table.header, layout.table.end, layout.table.foot)
        for label in layout.recognise.all:
            found.update(label.split())
    found |= {"2026-09-10", "10.09.2026", "-12,34", "014,84", "PLN", "-", "="}
    for word in sorted(found):
        escaped = "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8"))
        yield f'"{escaped}"'


_ANATOMY = Anatomy(
    version="1.4",
    header_comment=None,
    info=(),
    created_at=None,
    modified_at=None,
    created_text=None,
    modified_text=None,
    xmp=(),
    is_encrypted=False,
    is_linearised=False,
    xref="table",
    has_object_streams=False,
    revisions=(),
    startxrefs=1,
    bytes_after_end=0,
    objects=1,
    duplicate_objects=0,
    objects_out_of_order=False,
    holes=0,
    ids=None,
    trailer_keys=(),
    root_keys=(),
    page_keys=(),
    content_streams=(),
    filters=(),
    resource_names=(),
    text_operators=(),
    deflates=(),
    fonts=(),
    active=(),
    pages_by_second_parser=1,
)
