"""What a PDF shows and how it is made, as plain data: all that layouts and verifications look at.

Boxes are `(x0, y0, x1, y1)` in points, origin at the bottom left of the page, as in a PDF itself. Pages
count from 1. Whatever reads PDFs makes this; nothing that uses it sees a PDF library.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

Box = tuple[float, float, float, float]
Colour = tuple[int, int, int, int]
"""Red, green, blue, alpha: 0 to 255 each."""


class Style(msgspec.Struct, frozen=True):
    """How words are written. `font`: its name without the prefix of a subset; `size`: in points on the page.

    `render_mode`: as in PDF, 0 fill, 3 invisible, 7 clip only.
    """

    font: str
    size: float
    fill: Colour
    render_mode: int = 0


class Word(msgspec.Struct, frozen=True):
    """Characters without a space between them, as they stand on a line.

    `x0` to `y1`: what its first and last character cover, tight. `baseline`: of its first character; tight
    boxes do not tell the row, a minus sign floats above it. `style`: its place in `Page.styles`. `order`: of
    the object that paints it, in painting order.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    baseline: float
    style: int
    order: int


class PaintedKind(StrEnum):
    """What was painted."""

    PATH = "path"
    IMAGE = "image"
    SHADING = "shading"
    TEXT = "text"


class Painted(msgspec.Struct, frozen=True):
    """One object of a page in painting order. `fill`, `stroke`: `None` where it is not filled or stroked.

    `image_sha256`: of an image's raw stream, hexadecimal.
    """

    kind: PaintedKind
    box: Box
    order: int
    fill: Colour | None = None
    stroke: Colour | None = None
    render_mode: int = 0
    image_sha256: str | None = None


class Annotation(msgspec.Struct, frozen=True):
    """An annotation: its subtype without the slash, where it stands, and whether it draws something."""

    subtype: str
    box: Box
    has_appearance: bool


class Page(msgspec.Struct, frozen=True):
    """A page. `box`: what is shown (CropBox); `words`: as the file orders them; `pictures`: as painted.

    `painted` has every object of the page that is not text, in painting order, and text only where it is not
    plainly visible. `characters`: how many the text layer has.
    """

    number: int
    box: Box
    media_box: Box
    rotation: int
    words: tuple[Word, ...]
    styles: tuple[Style, ...]
    painted: tuple[Painted, ...]
    annotations: tuple[Annotation, ...]
    characters: int


class FontFile(msgspec.Struct, frozen=True):
    """A font as a page names it. `name`: BaseFont as written, with the prefix of a subset, if any.

    `file_sha256`: of the embedded program. `mislabelled`: characters whose code point is not what their glyph
    shows, as pairs of (said, shown), where both can be told. `twins`: code points that share one outline and
    must not. `wrong_widths`: how many glyphs are not as wide as the file says.
    """

    name: str
    subtype: str
    resource: str
    pages: tuple[int, ...]
    is_embedded: bool
    file_sha256: str | None = None
    has_to_unicode: bool = False
    encoding: str | None = None
    mislabelled: tuple[tuple[str, str], ...] = ()
    twins: tuple[tuple[str, str], ...] = ()
    wrong_widths: int = 0


class Deflate(msgspec.Struct, frozen=True):
    """How streams were compressed: zlib's header (hexadecimal) and the level that makes the same bytes again.

    `level`: 0 to 9, or -1 where none does.
    """

    header: str
    level: int


class Revision(msgspec.Struct, frozen=True):
    """One `%%EOF`: where it ends in the file, in bytes."""

    end: int


class Signature(msgspec.Struct, frozen=True):
    """A digital signature in the file.

    `covers_all`: every byte but its own; `changes`, made after it: `none`, `lta`, `form`, `other`, or `None`
    where it was not told.
    `issuer`, `subject`: common names. `is_trusted`: its chain ends in a pinned certificate.
    """

    field: str
    is_intact: bool
    is_valid: bool
    is_trusted: bool
    covers_all: bool
    changes: str | None
    subject: str | None
    issuer: str | None
    signed_at: datetime | None
    reason: str | None = None


class Anatomy(msgspec.Struct, frozen=True):
    """How the file is made: facts that survive an editor's wiping of the metadata.

    `header_comment`: bytes of the comment line after `%PDF-`, hexadecimal. `info`: the document information
    in its own order. `xref`: `table`, `stream` or `mixed`. `page_keys`, `root_keys`, `trailer_keys`: sorted,
    without the slash. `filters`, `resource_names`, `content_streams`: what pages use, each once, sorted.
    `text_operators`: which show text, sorted. `holes`: bytes between objects that belong to none.
    `objects_out_of_order`: whether a later number stands before an earlier one. `ids`: the two of the
    trailer, hexadecimal. `xmp`: the fields of the metadata stream that the information has, too.
    `text_by_second_parser`: what the other parser reads, letters and digits only, in no order; `None` where
    it was not read.
    """

    version: str
    header_comment: str | None
    info: tuple[tuple[str, str], ...]
    created_at: datetime | None
    modified_at: datetime | None
    created_text: str | None
    modified_text: str | None
    xmp: tuple[tuple[str, str], ...]
    is_encrypted: bool
    is_linearised: bool
    xref: str
    has_object_streams: bool
    revisions: tuple[Revision, ...]
    startxrefs: int
    bytes_after_end: int
    objects: int
    duplicate_objects: int
    objects_out_of_order: bool
    holes: int
    ids: tuple[str, str] | None
    trailer_keys: tuple[str, ...]
    root_keys: tuple[str, ...]
    page_keys: tuple[str, ...]
    content_streams: tuple[int, ...]
    filters: tuple[str, ...]
    resource_names: tuple[str, ...]
    text_operators: tuple[str, ...]
    deflates: tuple[Deflate, ...]
    fonts: tuple[FontFile, ...]
    active: tuple[str, ...]
    pages_by_second_parser: int
    disagreements: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True):
    """A PDF. `active`, in the anatomy: what acts or carries files (`JavaScript`, `OpenAction`,
    `EmbeddedFiles`, `XFA`, `AcroForm`, `Launch`, `URI`), never followed."""

    size_bytes: int
    pages: tuple[Page, ...]
    anatomy: Anatomy
    signatures: tuple[Signature, ...]
