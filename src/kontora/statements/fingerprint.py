"""What a file tells of its writer, as sets of short texts: profiles are learned from it, and compared."""

from __future__ import annotations

import re
from collections.abc import Callable

from kontora.statements.document import Anatomy, Document, FontFile, Signature, Style

Facts = dict[str, frozenset[str]]
"""What was seen, by the name of the fact in a profile."""

INFO_FACTS = {
    "producers": "Producer",
    "creators": "Creator",
    "titles": "Title",
    "subjects": "Subject",
    "authors": "Author",
    "keywords": "Keywords",
}
"""Facts that are texts of the document information, and the key of each."""

UNSIGNED = "none"
"""The signer of a file without a signature."""

_SUBSET = re.compile(r"[A-Z]{6}\+")
_DIGITS = re.compile(r"[0-9]+")
_DIGIT = re.compile(r"[0-9]")


def fingerprint(document: Document) -> Facts:
    """Return every fact that a profile may hold, as this file has it.

    A fact of which a file has nothing is empty, but for texts: a missing one is the empty text.
    """
    said = dict(document.anatomy.info)
    facts = {name: frozenset({said.get(key, "")}) for name, key in INFO_FACTS.items()}
    facts |= {name: frozenset(read(document)) for name, read in _OF_DOCUMENT.items()}
    facts |= {name: frozenset(read(document.anatomy)) for name, read in _OF_ANATOMY.items()}
    return facts


def masked(text: str) -> str:
    """Replace every number by `#`, so that a version or a date in a text does not matter.

    Example: `Skia/PDF m126` becomes `Skia/PDF m#`.
    """
    return _DIGITS.sub("#", text)


def bare_name(font: str) -> str:
    """Return the name of a font without the prefix of a subset."""
    return _SUBSET.sub("", font, count=1)


def style_text(style: Style) -> str:
    """Return how a style is written in a profile: `Arial 8 #000000`."""
    red, green, blue, _ = style.fill
    return f"{style.font} {rounded_size(style.size):g} #{red:02x}{green:02x}{blue:02x}"


def rounded_size(size: float) -> float:
    """Round a size to the next twentieth of a point: no size that writers use is near a half of it."""
    return round(size * 20) / 20


def font_text(font: FontFile) -> str:
    """Return how a font is written in a profile: `Arial TrueType embedded WinAnsiEncoding`."""
    embedded = "embedded" if font.is_embedded else "named"
    return " ".join(filter(None, (bare_name(font.name), font.subtype, embedded, font.encoding)))


def signer_text(signature: Signature, *, is_pinned: bool) -> str:
    """Return how the signer of a file is written in a profile: its issuer, and if that is not pinned."""
    issuer = signature.issuer or ""
    return issuer if is_pinned else f"{issuer} (not pinned)"


def subsets_of_one_font(fonts: tuple[FontFile, ...]) -> bool:
    """Say whether two embedded programs carry one name but for the prefixes of their subsets."""
    files: dict[tuple[str, str], set[str]] = {}
    for font in fonts:
        if font.file_sha256 is not None:
            files.setdefault((bare_name(font.name), font.subtype), set()).add(font.file_sha256)
    return any(len(programs) > 1 for programs in files.values())


def _page_sizes(document: Document) -> set[str]:
    sizes = set()
    for page in document.pages:
        x0, y0, x1, y1 = page.media_box
        turned = f" turned {page.rotation}" if page.rotation else ""
        sizes.add(f"{round(x1 - x0, 1):g} x {round(y1 - y0, 1):g}{turned}")
    return sizes


def _styles(document: Document) -> set[str]:
    return {
        style_text(page.styles[number])
        for page in document.pages
        for number in {word.style for word in page.words}
    }


def _images(document: Document) -> set[str]:
    return {
        painted.image_sha256 for page in document.pages for painted in page.painted if painted.image_sha256
    }


def _annotations(document: Document) -> set[str]:
    return {annotation.subtype for page in document.pages for annotation in page.annotations}


def _signatures(document: Document) -> set[str]:
    signed = document.signatures
    return {signer_text(each, is_pinned=each.is_trusted) for each in signed} or {UNSIGNED}


def _dates(anatomy: Anatomy) -> set[str]:
    if anatomy.created_text is None or anatomy.modified_text is None:
        return {"created" if anatomy.created_text else "modified" if anatomy.modified_text else "none"}
    return {"same" if anatomy.created_text == anatomy.modified_text else "different"}


def _date_forms(anatomy: Anatomy) -> set[str]:
    texts = (anatomy.created_text, anatomy.modified_text)
    return {_DIGIT.sub("#", text.replace("-", "+")) for text in texts if text}


def _ids(anatomy: Anatomy) -> set[str]:
    if anatomy.ids is None:
        return {"none"}
    return {"equal" if anatomy.ids[0] == anatomy.ids[1] else "different"}


def _yes(fact: object) -> set[str]:
    return {"yes" if fact else "no"}


_OF_DOCUMENT: dict[str, Callable[[Document], set[str]]] = {
    "page_sizes": _page_sizes,
    "styles": _styles,
    "images": _images,
    "annotations": _annotations,
    "signatures": _signatures,
}
_OF_ANATOMY: dict[str, Callable[[Anatomy], set[str]]] = {
    "versions": lambda anatomy: {anatomy.version},
    "info_keys": lambda anatomy: {" ".join(key for key, _ in anatomy.info)},
    "xmp_keys": lambda anatomy: {" ".join(key for key, _ in anatomy.xmp)},
    "dates": _dates,
    "date_forms": _date_forms,
    "ids": _ids,
    "header_comments": lambda anatomy: {anatomy.header_comment or ""},
    "xref": lambda anatomy: {anatomy.xref},
    "object_streams": lambda anatomy: _yes(anatomy.has_object_streams),
    "linearised": lambda anatomy: _yes(anatomy.is_linearised),
    "encrypted": lambda anatomy: _yes(anatomy.is_encrypted),
    "out_of_order": lambda anatomy: _yes(anatomy.objects_out_of_order),
    "holes": lambda anatomy: _yes(anatomy.holes),
    "revisions": lambda anatomy: {str(len(anatomy.revisions))},
    "trailer_keys": lambda anatomy: set(anatomy.trailer_keys),
    "root_keys": lambda anatomy: set(anatomy.root_keys),
    "page_keys": lambda anatomy: set(anatomy.page_keys),
    "content_streams": lambda anatomy: set(map(str, anatomy.content_streams)),
    "filters": lambda anatomy: set(anatomy.filters),
    "resource_names": lambda anatomy: set(map(masked, anatomy.resource_names)),
    "text_operators": lambda anatomy: set(anatomy.text_operators),
    "deflates": lambda anatomy: {f"{found.header} {found.level}" for found in anatomy.deflates},
    "active": lambda anatomy: set(anatomy.active),
    "fonts": lambda anatomy: set(map(font_text, anatomy.fonts)),
    "several_subsets": lambda anatomy: _yes(subsets_of_one_font(anatomy.fonts)),
}
