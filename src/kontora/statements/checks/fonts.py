"""Fonts: text that is written otherwise than what is beside it, and fonts that a layout does not have."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from kontora.statements.checks.cells import Cell, styled_words
from kontora.statements.checks.subject import Subject, boxes_of
from kontora.statements.checks.thresholds import LACKED_FONT_SHARE, LONE_CELL_FROM, RARE_SHARE
from kontora.statements.document import FontFile, Style
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.fingerprint import bare_name, font_text, rounded_size, style_text

CELL = "This cell is written in another font, size or colour than the others of its column."
STYLE = "Text is written in a font, size or colour that this layout does not have."
LONE = "This is written in a font that the file does not bring along, as almost all other text is not."
FONT = "The file uses a font that this layout does not have."
MISSING = "A font that every document of this layout uses is missing."
TWO_FILES = "Two different font programs carry the same name."
WIDTHS = "The characters of a font are not as wide as the file says."

_Look = frozenset[tuple[str, float, tuple[int, ...], int]]


def check_fonts(subject: Subject) -> Iterator[FailedVerification]:
    """Find cells that stand out of their column, fonts and styles that are strange, and fonts that lie."""
    yield from _cells(subject.cells)
    yield from _lone(subject)
    yield from _styles(subject)
    yield from _files(subject)


def _cells(cells: tuple[Cell, ...]) -> Iterator[FailedVerification]:
    columns: defaultdict[tuple[object, ...], list[tuple[_Look, Cell]]] = defaultdict(list)
    for cell in cells:
        if cell.styles:
            key = (cell.column, cell.is_pending, cell.is_negative)
            columns[key].append((frozenset(map(_look, cell.styles)), cell))
    for column in columns.values():
        times = Counter(look for look, _ in column)
        for look, cell in column:
            if _stands_out(times, times[look]):
                yield _failed(CELL, cell.place.page, cell.place.box)


def _look(style: Style) -> tuple[str, float, tuple[int, ...], int]:
    return style.font, rounded_size(style.size), style.fill[:3], style.render_mode


def _stands_out(times: Counter[_Look], count: int) -> bool:
    total = times.total()
    is_alone = count == 1 and len(times) == 2 and total >= LONE_CELL_FROM
    return is_alone or count < RARE_SHARE * total


def _lone(subject: Subject) -> Iterator[FailedVerification]:
    """Find values in a font that is not in the file, where almost all text is in fonts that are."""
    fonts = subject.document.anatomy.fonts
    embedded = {bare_name(font.name) for font in fonts if font.is_embedded}
    named = {bare_name(font.name) for font in fonts} - embedded
    if not embedded or not named:
        return
    words = [page.styles[word.style].font in named for page in subject.document.pages for word in page.words]
    if not 0 < sum(words) < LACKED_FONT_SHARE * len(words):
        return
    for place, styles in styled_words(subject.document, subject.values):
        if any(style.font in named for style in styles):
            yield _failed(LONE, place.page, place.box)


def _styles(subject: Subject) -> Iterator[FailedVerification]:
    profile = subject.profile
    strangers = profile.strangers("styles", subject.facts["styles"])
    families = profile.font_families
    for page in subject.document.pages:
        strange = {
            number
            for number, style in enumerate(page.styles)
            if style_text(style) in strangers
            or (families is not None and not style.font.startswith(families))
        }
        if strange:
            for box in boxes_of([word for word in page.words if word.style in strange]):
                yield _failed(STYLE, page.number, box)


def _files(subject: Subject) -> Iterator[FailedVerification]:
    profile, fonts = subject.profile, subject.document.anatomy.fonts
    strangers = profile.strangers("fonts", subject.facts["fonts"])
    for font in fonts:
        if font_text(font) in strangers:
            yield _of_font(FONT, font)
        if font.wrong_widths:
            yield _of_font(WIDTHS, font)
    for font in _with_two_files(fonts):
        yield _of_font(TWO_FILES, font)
    if profile.strangers("several_subsets", subject.facts["several_subsets"]):
        yield _failed(TWO_FILES)
    if profile.missing("fonts", subject.facts["fonts"]):
        yield _failed(MISSING)


def _with_two_files(fonts: tuple[FontFile, ...]) -> Iterator[FontFile]:
    """Return a font for each name, prefix of the subset and all, that two different programs have."""
    first: dict[tuple[str, str], FontFile] = {}
    for font in fonts:
        if font.file_sha256 is None:
            continue
        known = first.setdefault((font.name, font.subtype), font)
        if known.file_sha256 != font.file_sha256:
            yield font


def _of_font(message: str, font: FontFile) -> FailedVerification:
    return _failed(message, font.pages[0] if font.pages else None)


def _failed(
    message: str, page: int | None = None, box: tuple[float, float, float, float] | None = None
) -> FailedVerification:
    return FailedVerification(Verification.FONTS, Severity.HIGH, message, page, box)
