"""The operations of the bench: what is done to a genuine file, and which class the outcome is of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from tools.tamper_bench import edits, rewriting
from tools.tamper_bench.drawing import Drawing
from tools.tamper_bench.edits import Mask, Scene
from tools.tamper_bench.families import Genuine
from tools.tamper_bench.programs import ProgramFailed, through

MOST_TRIES_IN_PLACE = 300


class Class(StrEnum):
    """What a file is. `forgery-unsigned`: of a kind that no file without a signature can reveal."""

    ORIGINAL = "original"
    RESAVE = "re-save"
    FORGERY = "forgery"
    UNDETECTABLE = "forgery-unsigned"


@dataclass(frozen=True)
class Edited:
    """A file that an operation made. `masks`: where it was changed; empty where that is no place."""

    pdf: bytes
    masks: tuple[Mask, ...] = ()


@dataclass(frozen=True)
class Operation:
    """An operation: `apply`, or `batch` for many at once where a program is slow to start, after `prepare`.

    `most`: so many files of a family at most.
    """

    name: str
    kind: Class
    apply: Callable[[Genuine], Edited] | None = None
    batch: Callable[[Sequence[bytes]], list[bytes | None]] | None = None
    prepare: Callable[[Genuine], Edited] | None = None
    only_signed: bool = False
    only_unsigned: bool = False
    most: int | None = None


Edit = Callable[[Scene], None]


def _scene(genuine: Genuine, name: str) -> Scene:
    return Scene.of(genuine.pdf, genuine.expected, f"{genuine.name} {name}")


def _edited(edit: Edit, name: str, *, compress: bool = True) -> Callable[[Genuine], Edited]:
    def apply(genuine: Genuine) -> Edited:
        scene = _scene(genuine, name)
        edit(scene)
        return Edited(scene.drawing.saved(compress=compress), tuple(scene.masks))

    return apply


def _then(
    first: Callable[[Genuine], Edited], program: str, *, restore: bool = False
) -> Callable[[Genuine], Edited]:
    def apply(genuine: Genuine) -> Edited:
        edited = first(genuine)
        pdf = rewriting.printed_again(edited.pdf, program)
        if restore:
            pdf = rewriting.with_metadata_of(genuine.pdf, pdf)
        return Edited(pdf, edited.masks)

    return apply


def _restored(first: Callable[[Genuine], Edited]) -> Callable[[Genuine], Edited]:
    def apply(genuine: Genuine) -> Edited:
        edited = first(genuine)
        return Edited(rewriting.with_metadata_of(genuine.pdf, edited.pdf), edited.masks)

    return apply


def _resaved(program: str) -> Callable[[Genuine], Edited]:
    return lambda genuine: Edited(rewriting.printed_again(genuine.pdf, program))


def _appended(edit: Edit, name: str) -> Callable[[Genuine], Edited]:
    """Edit pages and save them as a revision at the end of the file."""

    def apply(genuine: Genuine) -> Edited:
        scene = _scene(genuine, name)
        before = dict(scene.drawing.contents)
        edit(scene)
        objects = {}
        for page, content in scene.drawing.contents.items():
            if content != before[page]:
                number = rewriting.page_parts(genuine.pdf, page)[2]
                objects[number] = rewriting.stream(content)
        return Edited(rewriting.appended(genuine.pdf, objects), tuple(scene.masks))

    return apply


def _annotated(genuine: Genuine) -> Edited:
    """Lay a free-text note with its own looks over an amount, saved as a revision."""
    scene = _scene(genuine, "annotation")
    run = scene.rng.choice(scene.figures().rows).amount
    scene.mark(run)
    _, x0, y0, x1, y1 = scene.masks[-1]
    number, body, _, _ = rewriting.page_parts(genuine.pdf, run.page)
    size = int(re.findall(rb"/Size (\d+)", genuine.pdf)[-1])
    width, height = x1 - x0, y1 - y0
    looks = b"1 1 1 rg 0 0 %.2f %.2f re f BT 0 g /Helv %.2f Tf 1 2.5 Td (%s) Tj ET" % (
        width,
        height,
        run.size,
        b"9 999,99",
    )
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f] /Resources << /Font << /Helv << /Type /Font"
        b" /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Length %d >>\nstream\n%s\nendstream"
    ) % (width, height, len(looks), looks)
    note = (
        b"<< /Type /Annot /Subtype /FreeText /Rect [%.2f %.2f %.2f %.2f] /Contents (9 999,99) /F 4"
        b" /DA (/Helv 8 Tf 0 g) /AP << /N %d 0 R >> >>"
    ) % (x0, y0, x1, y1, size + 1)
    page = body.rstrip()
    if b"/Annots [" in page:
        page = page.replace(b"/Annots [", b"/Annots [ %d 0 R " % size, 1)
    elif page.endswith(b">>") and b"/Annots" not in page:
        page = page[:-2] + b" /Annots [ %d 0 R ] >>" % size
    else:
        raise ProgramFailed("the page cannot take an annotation")
    return Edited(
        rewriting.appended(genuine.pdf, {number: page, size: note, size + 1: form}), tuple(scene.masks)
    )


def _page_removed(genuine: Genuine) -> Edited:
    if genuine.pages < 2:
        raise ProgramFailed("there is one page only")
    gone = Random(genuine.name).randrange(1, genuine.pages + 1)
    kept = ",".join(str(page) for page in range(1, genuine.pages + 1) if page != gone)
    return Edited(through(genuine.pdf, "qpdf", "IN", "--pages", ".", kept, "--", "OUT", allowed=(0, 3)))


def _in_place(edit: Edit) -> Callable[[Genuine], Edited]:
    return lambda genuine: _edited_in_place(genuine, edit)


def _edited_in_place(genuine: Genuine, edit: Edit) -> Edited:
    """Change figures so that the compressed page comes out as long as it was: no other byte moves."""
    scene = _scene(genuine, "in place")
    before = dict(scene.drawing.contents)
    pages: dict[int, rewriting.InPlace] = {}
    for _ in range(MOST_TRIES_IN_PLACE):
        scene.drawing.contents, scene.masks = dict(before), []
        try:
            edit(scene)
        except ProgramFailed:
            continue
        changed = [page for page, content in scene.drawing.contents.items() if content != before[page]]
        if len(changed) != 1:
            continue
        page = changed[0]
        pages[page] = pages.get(page) or rewriting.InPlace(genuine.pdf, page)
        pdf = pages[page].changed(scene.drawing.contents[page].rstrip())
        if pdf is not None:
            return Edited(pdf, tuple(scene.masks))
    raise ProgramFailed("no change came out at the same length")


def _signature_stripped(genuine: Genuine) -> Edited:
    """Cut the file off before the signature was added, or drop the form that holds it."""
    ends = [match.end() for match in re.finditer(rb"%%EOF\r?\n?", genuine.pdf)]
    if len(ends) < 2:
        qdf = Drawing(genuine.pdf)
        qdf.elsewhere(lambda body: re.sub(rb"/AcroForm (?:\d+ 0 R|<<.*?>>)", b"", body, flags=re.DOTALL))
        return Edited(qdf.saved())
    return Edited(genuine.pdf[: ends[-2]])


def _other_data(genuine: Genuine) -> Edited:
    """Let the same writer make a document of other data."""
    return Edited(genuine.sibling())


_DIGIT = _edited(edits.digit, "digit")
_REPAIRED = _edited(edits.repaired_digits, "repaired")

OPERATIONS: tuple[Operation, ...] = (
    Operation("none", Class.ORIGINAL, apply=lambda genuine: Edited(genuine.pdf)),
    *(
        Operation(f"re-save: {program}", Class.RESAVE, apply=_resaved(program))
        for program in rewriting.SINGLE
    ),
    Operation("re-save: LibreOffice Draw", Class.RESAVE, batch=rewriting.exported_by_draw, most=2),
    Operation("digit, same font, then qpdf", Class.FORGERY, apply=_DIGIT),
    Operation(
        "digit, same font, uncompressed", Class.FORGERY, apply=_edited(edits.digit, "plain", compress=False)
    ),
    Operation(
        "digit, same font, appended revision", Class.FORGERY, apply=_appended(edits.digit, "appended digit")
    ),
    Operation("digit, arithmetic repaired, then qpdf", Class.FORGERY, apply=_REPAIRED),
    Operation(
        "digit, arithmetic repaired, appended revision",
        Class.FORGERY,
        apply=_appended(edits.repaired_digits, "appended repaired"),
    ),
    Operation("digit, arithmetic repaired, metadata restored", Class.FORGERY, apply=_restored(_REPAIRED)),
    Operation(
        "digit, arithmetic repaired, then mutool", Class.FORGERY, apply=_then(_REPAIRED, "mutool-clean")
    ),
    Operation(
        "digit, arithmetic repaired, then Ghostscript", Class.FORGERY, apply=_then(_REPAIRED, "ghostscript")
    ),
    Operation(
        "digit, arithmetic repaired, then Ghostscript, metadata restored",
        Class.FORGERY,
        apply=_then(_REPAIRED, "ghostscript", restore=True),
    ),
    Operation("digit, arithmetic repaired, then cairo", Class.FORGERY, apply=_then(_REPAIRED, "cairo")),
    Operation(
        "digit, arithmetic repaired, then LibreOffice Draw",
        Class.FORGERY,
        prepare=_REPAIRED,
        batch=rewriting.exported_by_draw,
        most=2,
    ),
    Operation(
        "digit, arithmetic repaired, printed by Chromium",
        Class.FORGERY,
        prepare=_REPAIRED,
        batch=rewriting.printed_by_chromium,
        most=2,
    ),
    Operation("amount retyped in Helvetica", Class.FORGERY, apply=_edited(edits.other_font, "other font")),
    Operation("amount typed over", Class.FORGERY, apply=_edited(edits.overlay, "overlay")),
    Operation("white box and amount in its own font", Class.FORGERY, apply=_edited(edits.white_box, "box")),
    Operation(
        "white box and amount, appended revision",
        Class.FORGERY,
        apply=_appended(edits.white_box, "appended box"),
    ),
    Operation("free-text annotation", Class.FORGERY, apply=_annotated),
    Operation("invisible text", Class.FORGERY, apply=_edited(edits.hidden_text, "hidden")),
    Operation("page removed", Class.FORGERY, apply=_page_removed),
    Operation("row removed", Class.FORGERY, apply=_edited(edits.row_removed, "row removed")),
    Operation("row inserted", Class.FORGERY, apply=_edited(edits.row_inserted, "row inserted")),
    Operation("party swapped", Class.FORGERY, apply=_edited(edits.party_swapped, "party")),
    Operation(
        "party swapped, metadata restored",
        Class.FORGERY,
        apply=_restored(_edited(edits.party_swapped, "party 2")),
    ),
    Operation("account swapped", Class.FORGERY, apply=_edited(edits.account_swapped, "account")),
    Operation(
        "account swapped, appended revision",
        Class.FORGERY,
        apply=_appended(edits.account_swapped, "account 2"),
    ),
    Operation("ToUnicode of 1 and 9 swapped", Class.FORGERY, apply=_edited(edits.to_unicode_swapped, "cmap")),
    Operation(
        "pictures of the pages",
        Class.FORGERY,
        apply=lambda genuine: Edited(rewriting.rasterised(genuine.pdf)),
    ),
    Operation("signature stripped", Class.FORGERY, apply=_signature_stripped, only_signed=True),
    Operation("edited in place, signed", Class.FORGERY, apply=_in_place(edits.digit), only_signed=True),
    Operation(
        "edited in place", Class.UNDETECTABLE, apply=_in_place(edits.repaired_digits), only_unsigned=True
    ),
    Operation("same writer, other data", Class.UNDETECTABLE, apply=_other_data, only_unsigned=True),
)
