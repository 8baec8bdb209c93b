"""Documents laid out by hand: text at a place, rules and cells, nothing of a PDF."""

from __future__ import annotations

from kontora.statements.document import (
    Anatomy,
    Box,
    Document,
    Page,
    Painted,
    PaintedKind,
    Style,
    Word,
)

WIDTH, HEIGHT = 595.0, 842.0
GREY = (200, 200, 200, 255)
BLACK = (0, 0, 0, 255)
SIZE = 8.0
LETTER = 4.0
"""Every letter is as wide."""


class Sheet:
    """A page to write on; y counts from the bottom, as in a PDF."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.painted: list[Painted] = []

    def text(self, x: float, y: float, text: str) -> Sheet:
        """Write words from left to right, a letter's width between them."""
        for word in text.split(" "):
            end = x + LETTER * len(word)
            if word:
                self.words.append(Word(word, x, y, end, y + 6, y, 0, len(self.words)))
            x = end + LETTER / 2
        return self

    def right(self, x1: float, y: float, text: str) -> Sheet:
        """Write words that end at x1."""
        words = text.split(" ")
        width = LETTER * sum(map(len, words)) + LETTER / 2 * (len(words) - 1)
        return self.text(x1 - width, y, text)

    def line(self, y: float, *cells: tuple[float, str]) -> Sheet:
        """Write several cells on one baseline."""
        for x, text in cells:
            self.text(x, y, text)
        return self

    def fill(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        """Fill a rectangle; a thin one is a rule."""
        self.painted.append(Painted(PaintedKind.PATH, (x0, y0, x1, y1), len(self.painted), fill=GREY))
        return self

    def picture(self, box: Box) -> Sheet:
        """Put a picture on the page."""
        self.painted.append(Painted(PaintedKind.IMAGE, box, len(self.painted), image_sha256="0" * 64))
        return self


def document(*sheets: Sheet) -> Document:
    """Bind pages to a document."""
    pages = tuple(
        Page(
            number=number,
            box=(0.0, 0.0, WIDTH, HEIGHT),
            media_box=(0.0, 0.0, WIDTH, HEIGHT),
            rotation=0,
            words=tuple(sheet.words),
            styles=(Style("Arial", SIZE, BLACK),),
            painted=tuple(sheet.painted),
            annotations=(),
            characters=sum(len(word.text) for word in sheet.words),
        )
        for number, sheet in enumerate(sheets, start=1)
    )
    return Document(size_bytes=1000, pages=pages, anatomy=ANATOMY, signatures=())


ANATOMY = Anatomy(
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
