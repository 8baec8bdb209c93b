"""`python -m tools.docs.evidence_pictures`: forge three statements, and draw what is found for the pages.

The genuine files are those of the practice bank and of the sample generators; the forger's hands are the
tamper bench's, which need qpdf. What is found and drawn is what `kontora statement FILE --evidence` writes.
The pictures are committed: look at them before they are.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from kontora.statements.evidence.frames import HEAD, MARGIN
from tools.tamper_bench.edits import Mask
from tools.tamper_bench.families import families
from tools.tamper_bench.operations import OPERATIONS, Edited

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
KONTORA = Path(sys.executable).with_name("kontora")
SCALE = 2.0
ABOVE, BELOW, GAP = 96.0, 58.0, 12.0
"""Points of the page around what was changed, and between the page and the sentences."""
COLOURS, EDGE = 96, "#d9d6cb"


@dataclass(frozen=True)
class Forgery:
    """A forged file to show: of which family, by which operation of the tamper bench, under which name."""

    picture: str
    family: str
    operation: str


FORGERIES = (
    Forgery("evidence-retyped", "mbank-statement", "amount retyped in Helvetica"),
    Forgery("evidence-white-box", "kontobank-statement", "white box and amount in its own font"),
    Forgery("evidence-annotation", "velobank-statement-2024", "free-text annotation"),
)


def forged(wanted: Forgery) -> Edited:
    """Forge a file as the tamper bench does; always the same one."""
    family = next(one for one in families() if one.name == wanted.family)
    operation = next(one for one in OPERATIONS if one.name == wanted.operation)
    assert operation.apply is not None
    return operation.apply(family.edited(1)[0])


def evidence(pdf: bytes) -> bytes:
    """Let the command line judge a file, and return the evidence that it writes."""
    with tempfile.TemporaryDirectory(prefix="kontora-docs-") as folder:
        file, out = Path(folder) / "statement.pdf", Path(folder) / "evidence.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(
            [KONTORA, "statement", file, "--evidence", out], capture_output=True, text=True, check=False
        )
        if done.returncode != 1:
            raise SystemExit(f"The forged file was not refused.\n{done.stdout}{done.stderr}")
        return out.read_bytes()


def cut(pdf: bytes, mask: Mask) -> Image.Image:
    """Return what lies around a changed place, and the sentences below its page. The legend is page 0."""
    page_number, _, bottom, _, top = mask
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[1 + _shown_before(document, page_number)]
        whole = page.render(scale=SCALE).to_pil().convert("RGB")
        height = page.get_height()
    foot = _sentences(whole)
    # Pages hang from the top: what is measured from their lower edge stands above the sentences.
    lower_edge = foot / SCALE
    high = max(HEAD, lower_edge - top - ABOVE)
    low = min(lower_edge, lower_edge - bottom + BELOW)
    assert HEAD < low <= height
    page_part = whole.crop((0, int(high * SCALE), whole.width, int(low * SCALE)))
    gap = int(GAP * SCALE)
    notes = whole.crop((0, foot + 2, whole.width, whole.height))
    _, first, _, last = ImageOps.invert(notes).getbbox() or (0, 0, 0, notes.height)
    notes = notes.crop((0, first, whole.width, last))
    made = Image.new("RGB", (whole.width, page_part.height + notes.height + 2 * gap), "white")
    made.paste(page_part, (0, 0))
    made.paste(notes, (0, page_part.height + gap))
    made = ImageOps.expand(made, border=2, fill=EDGE)
    return made.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _shown_before(document: pypdfium2.PdfDocument, page_number: int) -> int:
    """Return how many pages of the evidence stand before the one of a page: each has its number as title."""
    for place in range(1, len(document)):
        title = document[place].get_textpage().get_text_range().splitlines()[0].strip()
        if title == f"Page {page_number}":
            return place - 1
    raise SystemExit(f"The evidence does not show page {page_number}.")


def _sentences(whole: Image.Image) -> int:
    """Return the lower edge of the page's picture, in pixels: the end of its frame on the right."""
    x = whole.width - round(MARGIN * SCALE)
    column = [whole.getpixel((x, y)) for y in range(whole.height)]
    return max(y for y, colour in enumerate(column) if colour != (255, 255, 255))


def main() -> None:
    """Write the pictures, and say what they weigh."""
    for forgery in FORGERIES:
        edited = forged(forgery)
        target = PICTURES / f"{forgery.picture}.png"
        cut(evidence(edited.pdf), edited.masks[0]).save(target, optimize=True)
        print(f"{target.relative_to(PICTURES.parents[1])}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
