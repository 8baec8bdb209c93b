"""What forgers change on a page: digits, rows, names, accounts, covers; each says where it did."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from tools.tamper_bench.drawing import Drawing, Run
from tools.tamper_bench.figures import in_the_form_of, value_of
from tools.tamper_bench.ledgers import Figures, PrintedRow, consequences, figures_of
from tools.tamper_bench.programs import ProgramFailed

MOST_TRIES = 200
DESCENT = 2.5
WIDTH_OF_A_CHARACTER = 0.62
WEIGHTS = (3, 9, 7, 1, 3, 9, 7)

Mask = tuple[int, float, float, float, float]
"""Page, and a box in points: where something was changed."""


@dataclass
class Scene:
    """A genuine file under a forger's hands. `masks`: where they were so far."""

    drawing: Drawing
    expected: dict[str, Any]
    rng: Random
    masks: list[Mask]

    @classmethod
    def of(cls, pdf: bytes, expected: dict[str, Any], seed: str) -> Scene:
        """Open a file."""
        return cls(Drawing(pdf), expected, Random(seed), [])

    def figures(self) -> Figures:
        """Find the figures; there must be some.

        Raises: ProgramFailed.
        """
        figures = figures_of(self.expected, self.drawing.runs())
        if not figures.rows:
            raise ProgramFailed("no row was found on the pages")
        return figures

    def mark(self, run: Run, characters: int | None = None) -> None:
        """Note that a run was changed."""
        width = (characters or len(run.text)) * run.size * WIDTH_OF_A_CHARACTER
        self.masks.append((run.page, run.x, run.y - DESCENT, run.x + width, run.y + run.size))

    def retype(self, changes: dict[int, str], runs: list[Run]) -> None:
        """Give runs another text of the same length, in their own fonts."""
        characters = {}
        for run in runs:
            if id(run) not in changes:
                continue
            text = changes[id(run)]
            if len(text) != len(run.text):
                raise ProgramFailed("the new text is not as long as the old")
            for glyph, char in zip(run.glyphs, text, strict=True):
                if glyph.char != char:
                    characters[run.page, glyph.span, glyph.index] = (glyph.font, char)
            self.mark(run)
        self.drawing.rewrite(characters)


def digit(scene: Scene) -> None:
    """Change one digit of an amount; the arithmetic breaks."""
    row = scene.rng.choice(scene.figures().rows)
    text = row.amount.text
    place = scene.rng.choice([place for place, char in enumerate(text) if char.isdigit()])
    other = scene.rng.choice([digit for digit in "123456789" if digit != text[place]])
    scene.retype({id(row.amount): text[:place] + other + text[place + 1 :]}, [row.amount])


def repaired_changes(scene: Scene) -> tuple[dict[int, str], list[Run]]:
    """Find a change of one amount after which all figures can be corrected at the same length.

    Raises: ProgramFailed, if none is found.
    """
    figures = scene.figures()
    runs = {id(run): run for row in figures.rows for run in (row.amount, row.balance) if run is not None}
    runs |= {id(run): run for run in figures.around}
    for _ in range(MOST_TRIES):
        row = scene.rng.choice(figures.rows)
        cents = scene.rng.choice((1, 10, 100, 1000, 10000, 100000)) * scene.rng.randrange(1, 10)
        delta = Decimal(cents) / 100 * scene.rng.choice((1, -1))
        values = consequences(figures, row, delta)
        amount = value_of(row.amount.text)
        if amount is None or (amount > 0) != (amount + delta > 0):
            continue
        texts = {key: in_the_form_of(runs[key].text, value) for key, value in values.items()}
        if all(len(text) == len(runs[key].text.strip()) for key, text in texts.items()):
            padded = {
                key: runs[key].text.replace(runs[key].text.strip(), text) for key, text in texts.items()
            }
            return padded, list(runs.values())
    raise ProgramFailed("no change keeps the length of every figure")


def repaired_digits(scene: Scene) -> None:
    """Change an amount and every figure that follows from it, in their own fonts."""
    scene.retype(*repaired_changes(scene))


def other_font(scene: Scene) -> None:
    """Take an amount away and type another in Helvetica."""
    row = scene.rng.choice(scene.figures().rows)
    run = row.amount
    scene.drawing.remove(run.page, {glyph.span for glyph in run.glyphs})
    scene.drawing.append(run.page, _typed(run, _other_amount(scene, run)))
    scene.drawing.elsewhere(add_helvetica(run.page))
    scene.mark(run)


def overlay(scene: Scene) -> None:
    """Type another amount over the old one."""
    run = scene.rng.choice(scene.figures().rows).amount
    scene.drawing.append(run.page, _typed(run, _other_amount(scene, run)))
    scene.drawing.elsewhere(add_helvetica(run.page))
    scene.mark(run)


def white_box(scene: Scene) -> None:
    """Cover an amount with a white box and draw another in the document's own font."""
    run = scene.rng.choice(scene.figures().rows).amount
    scene.drawing.append(run.page, _box(run) + _drawn(scene, run, _other_amount(scene, run)))
    scene.mark(run)


def hidden_text(scene: Scene) -> None:
    """Write an invisible amount over an amount, for those who copy the text."""
    run = scene.rng.choice(scene.figures().rows).amount
    scene.drawing.append(
        run.page, b"BT 3 Tr ET\n" + _drawn(scene, run, _other_amount(scene, run), mode=b"3 Tr ")
    )
    scene.mark(run)


def row_removed(scene: Scene) -> None:
    """Take a whole row away; the room stays white."""
    figures = scene.figures()
    row = scene.rng.choice(figures.rows)
    for run in _block(scene, figures, row):
        scene.drawing.remove(run.page, {glyph.span for glyph in run.glyphs})
        scene.mark(run)


def row_inserted(scene: Scene) -> None:
    """Draw a copy of a row below the last one, in the same fonts."""
    figures = scene.figures()
    row = scene.rng.choice(figures.rows)
    last = min(
        (one for one in figures.rows if one.amount.page == max(r.amount.page for r in figures.rows)),
        key=lambda one: one.amount.y,
    )
    block = _block(scene, figures, row)
    shift = last.amount.y - row.amount.y - 4 * row.amount.size
    drawing = b"".join(_again(run, scene, shift) for run in block)
    scene.drawing.append(last.amount.page, drawing)
    for run in block:
        scene.mark(Run(last.amount.page, run.x, run.y + shift, run.size, run.glyphs))


def party_swapped(scene: Scene) -> None:
    """Change the letters of a name in a row, or of the owner where rows have none."""
    wanted = {
        word
        for entry in _entries(scene.expected)
        if (party := entry.get("party") or (entry.get("recipient") or {}).get("name"))
        for word in party.split()
        if len(word) > 4
    }
    runs = [run for run in scene.drawing.runs() if any(word in run.text for word in wanted)]
    if not runs:
        raise ProgramFailed("no name was found on the pages")
    run = scene.rng.choice(runs)
    letters = sorted({char for char in run.text if char.isalpha()})
    turned = dict(zip(letters, letters[1:] + letters[:1], strict=True))
    scene.retype({id(run): "".join(turned.get(char, char) for char in run.text)}, [run])


def account_swapped(scene: Scene) -> None:
    """Put another valid account number of the same bank in the place of the owner's."""
    iban = scene.expected["accounts"][0]["iban"] if "accounts" in scene.expected else None
    if iban is None:
        sender = scene.expected["confirmations"][0]["sender"] or {}
        iban = sender.get("iban") or (scene.expected["confirmations"][0]["recipient"] or {}).get("iban")
    digits = (iban or "").removeprefix("PL")
    runs = [run for run in scene.drawing.runs() if digits and digits in re.sub(r"\D", "", run.text)]
    if not runs:
        raise ProgramFailed("no account number was found on the pages")
    other = _other_account(digits, scene.rng)
    changes = {id(run): _with_digits(run.text, digits, other) for run in runs}
    scene.retype(changes, runs)


def to_unicode_swapped(scene: Scene) -> None:
    """Let the fonts say 9 where they show 1, and 1 where they show 9."""

    def swap(qdf: bytes) -> bytes:
        def turned(match: re.Match[bytes]) -> bytes:
            body = match[0].replace(b"<0031>", b"<\0>").replace(b"<0039>", b"<0031>")
            return body.replace(b"<\0>", b"<0039>")

        swapped = re.sub(rb"begincmap.*?endcmap", turned, qdf, flags=re.DOTALL)
        if swapped == qdf:
            raise ProgramFailed("the fonts name no digits one by one")
        return swapped

    scene.drawing.elsewhere(swap)
    for row in scene.figures().rows:
        scene.mark(row.amount)


def add_helvetica(page: int) -> Callable[[bytes], bytes]:
    """Return a change that gives a page the font Helvetica as /Helv."""
    font = b"/Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"

    def add(qdf: bytes) -> bytes:
        at = re.search(rb"%% Page %d\n.*?endobj" % page, qdf, re.DOTALL)
        if at is None:
            raise ProgramFailed("the page is not there")
        inline = re.search(rb"/Font <<", at[0])
        if inline:
            place = at.start() + inline.end()
            return qdf[:place] + b" " + font + qdf[place:]
        shared = re.search(rb"/Font (\d+) 0 R", at[0])
        resources = re.search(rb"/Resources (\d+) 0 R", at[0])
        if shared is None and resources is not None:
            whole = re.search(rb"\n%s 0 obj\n.*?endobj" % resources[1], qdf, re.DOTALL)
            inside = whole and re.search(rb"/Font <<", whole[0])
            if whole and inside:
                place = whole.start() + inside.end()
                return qdf[:place] + b" " + font + qdf[place:]
            shared = whole and re.search(rb"/Font (\d+) 0 R", whole[0])
        if not shared:
            raise ProgramFailed("the page names no fonts")
        place = qdf.index(b"\n%s 0 obj\n<<" % shared[1]) + len(b"\n%s 0 obj\n<<" % shared[1])
        return qdf[:place] + b" " + font + qdf[place:]

    return add


def _other_amount(scene: Scene, run: Run) -> str:
    value = value_of(run.text) or Decimal(0)
    text = in_the_form_of(run.text, value + (1 if value > 0 else -1) * Decimal(scene.rng.randrange(100, 900)))
    return run.text.replace(run.text.strip(), text)


def _typed(run: Run, text: str) -> bytes:
    shown = text.replace("\u00a0", " ").encode("cp1252", "replace")
    return b"BT 0 g /Helv %.2f Tf 1 0 0 1 %.3f %.3f Tm (%s) Tj ET\n" % (run.size, run.x, run.y, shown)


def _box(run: Run) -> bytes:
    width = len(run.text) * run.size * WIDTH_OF_A_CHARACTER
    return b"q 1 1 1 rg %.3f %.3f %.3f %.3f re f Q\n" % (run.x - 1, run.y - DESCENT, width + 2, run.size + 1)


def _drawn(scene: Scene, run: Run, text: str, *, mode: bytes = b"") -> bytes:
    """Draw a text in the font of the run's first character."""
    name = run.glyphs[0].font
    font = scene.drawing.fonts[run.page][name]
    codes = [font.code_of(char) for char in text]
    if None in codes:
        raise ProgramFailed("the font lacks a character")
    data = b"".join(code.to_bytes(font.width, "big") for code in codes if code is not None).hex().encode()
    place = (run.size, run.x, run.y)
    return b"BT %s0 g %s %.2f Tf 1 0 0 1 %.3f %.3f Tm <%s> Tj ET\n" % (mode, name.encode(), *place, data)


def _again(run: Run, scene: Scene, shift: float) -> bytes:
    """Draw a run once more, `shift` higher."""
    parts, fonts = [], scene.drawing.fonts[run.page]
    for glyph in run.glyphs:
        font = fonts[glyph.font]
        code = font.code_of(glyph.char)
        if code is not None:
            data = code.to_bytes(font.width, "big").hex().encode()
            parts.append(b"%s %.2f Tf <%s> Tj" % (glyph.font.encode(), run.size, data))
    return b"BT 0 g 1 0 0 1 %.3f %.3f Tm %s ET\n" % (run.x, run.y + shift, b" ".join(parts))


def _block(scene: Scene, figures: Figures, row: PrintedRow) -> list[Run]:
    """Return the runs of a row: its line and what stands below it, to the next row."""
    below = [
        other.amount.y
        for other in figures.rows
        if other.amount.page == row.amount.page and other.amount.y < row.amount.y - 1
    ]
    bottom = max(below, default=row.amount.y - 3 * row.amount.size)
    return [
        run
        for run in scene.drawing.runs()
        if run.page == row.amount.page and bottom + 1 < run.y < row.amount.y + 1
    ]


def _entries(expected: dict[str, Any]) -> list[dict[str, Any]]:
    if "confirmations" in expected:
        return list(expected["confirmations"])
    return list(expected["accounts"][0]["moneyTransactions"])


def _other_account(digits: str, rng: Random) -> str:
    """Return another valid number with the same sort code."""
    rest = digits[2:10] + f"{rng.randrange(10**16):016d}"
    check = 98 - int(rest + "252100") % 97
    return f"{check:02d}{rest}"


def _with_digits(text: str, old: str, new: str) -> str:
    """Put the digits of `new` in the places of those of `old`, whatever stands between them."""
    places = [place for place, char in enumerate(text) if char.isdigit()]
    digits = "".join(text[place] for place in places)
    begin = digits.index(old)
    chars = list(text)
    for place, char in zip(places[begin : begin + len(old)], new, strict=True):
        chars[place] = char
    return "".join(chars)
