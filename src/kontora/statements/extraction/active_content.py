"""What in a file acts, calls somewhere or carries other files. It is named, never followed."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pikepdf

from kontora.statements.extraction.naming import name_of

MAX_ANNOTATIONS = 2_000

_ACTIONS = (
    "JavaScript",
    "Launch",
    "URI",
    "SubmitForm",
    "ImportData",
    "GoToR",
    "GoToE",
    "Rendition",
    "RichMedia",
)
_WRITTEN = re.compile(rb"/S\s*/(" + "|".join(_ACTIONS).encode() + rb")\b|/(JavaScript|EmbeddedFile)\b")


def active_content(
    root: pikepdf.Object, pages: Iterable[pikepdf.Object], heads: Iterable[bytes]
) -> tuple[str, ...]:
    """Name what acts, sorted. `heads`: the objects of the file as they lie in it, without their streams."""
    found = {key for key in ("OpenAction", "AcroForm", "AA", "Collection") if f"/{key}" in root}
    found |= _of_action(root.get("/OpenAction"))
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        found |= {key for key in ("JavaScript", "EmbeddedFiles") if f"/{key}" in names}
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        found.add("XFA")
    for page in pages:
        found |= _of_page(page)
    for head in heads:
        for action, name in _WRITTEN.findall(head):
            found.add(action.decode() or name.decode().replace("EmbeddedFile", "EmbeddedFiles"))
    return tuple(sorted(found))


def _of_page(page: pikepdf.Object) -> set[str]:
    found = {"AA"} if "/AA" in page else set()
    annotations = page.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return found
    for place in range(min(len(annotations), MAX_ANNOTATIONS)):
        annotation = annotations[place]
        if isinstance(annotation, pikepdf.Dictionary):
            found |= _of_action(annotation.get("/A"))
            if "/AA" in annotation:
                found.add("AA")
            if annotation.get("/Subtype") == "/FileAttachment":
                found.add("EmbeddedFiles")
    return found


def _of_action(action: pikepdf.Object | None) -> set[str]:
    if not isinstance(action, pikepdf.Dictionary):
        return set()
    kind = name_of(action.get("/S"))
    return {kind} if kind in _ACTIONS else set()
