"""The files that reading PDFs is measured on: pages of 40 rows of Polish text, two writers."""

from __future__ import annotations

import html
import io
import random
import shutil
import subprocess
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import kontobank

ROWS = 40
FONT = "Bench"
FONT_FILE = Path(kontobank.__file__).parent / "statements" / "fonts" / "DejaVuSansCondensed.ttf"
CHROMIUM_SECONDS = 60
WORDS = (
    *(
        "Przelew",
        "wychodzący",
        "płatność",
        "kartą",
        "źródło",
        "łąka",
        "Żabka",
        "opłata",
        "miesięczna",
        "tytuł",
    ),
    *("faktura", "nadawca", "odbiorca", "Kraków", "Łódź", "Gdańsk", "zakup", "zwrot", "prowizja", "odsetki"),
)
STYLE = """
body { font: 12px sans-serif } table { width: 100%; border-collapse: collapse }
td { padding: 6px; border-bottom: 1px solid #eaeaea } .money { text-align: right; white-space: nowrap }
"""

Row = tuple[str, str, str, str, str, str]


def rows(count: int) -> list[Row]:
    """Make rows: two dates, two lines of text, an amount and a balance."""
    chance = random.Random(1)

    def words(number: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(number))

    def money() -> str:
        return f"{chance.randint(1, 9)} {chance.randint(0, 999):03},{chance.randint(0, 99):02}"

    days = [f"2026-05-{place % 28 + 1:02}" for place in range(count)]
    return [(day, day, words(6), words(5), f"-{money()}", money()) for day in days]


def statement(pages: int) -> bytes:
    """Draw a statement by reportlab: each cell a piece of text of its own, a line under each row."""
    pdfmetrics.registerFont(TTFont(FONT, str(FONT_FILE)))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595.276, 841.89), invariant=True)
    everything = rows(pages * ROWS)
    for page in range(pages):
        canvas.setFont(FONT, 8)
        for place, row in enumerate(everything[page * ROWS : (page + 1) * ROWS]):
            _draw(canvas, row, 800 - 19 * place)
        canvas.drawString(280, 20, f"Strona {page + 1} z {pages}")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw(canvas: Canvas, row: Row, y: float) -> None:
    booked, done, title, more, amount, balance = row
    for x, text in ((40, booked), (100, done), (160, title)):
        canvas.drawString(x, y, text)
    canvas.drawRightString(491, y, amount)
    canvas.drawRightString(551, y, balance)
    canvas.drawString(160, y - 9, more)
    canvas.line(40, y - 12, 555, y - 12)


def print_by_chromium(pages: int, where: Path) -> bytes | None:
    """Print the rows of so many pages by Chromium; `None`, if there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        return None
    cells = "".join(
        f"<tr><td>{booked}<td>{done}<td>{html.escape(title)}<br>{html.escape(more)}"
        f"<td class=money>{amount} PLN<td class=money>{balance}"
        for booked, done, title, more, amount, balance in rows(pages * ROWS)
    )
    source, target = where / "rows.html", where / "rows.pdf"
    source.write_text(f"<meta charset=utf-8><style>{STYLE}</style><table>{cells}</table>", encoding="utf-8")
    arguments = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
        *(f"--user-data-dir={where / 'profile'}", f"--print-to-pdf={target}", source.as_uri()),
    )
    subprocess.run((program, *arguments), check=True, capture_output=True, timeout=CHROMIUM_SECONDS)
    return target.read_bytes()
