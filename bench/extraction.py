"""Reading PDFs: CPU of words against a C loop over the same library and pdfplumber; CPU of everything."""

from __future__ import annotations

import gc
import io
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pdfplumber
import pypdfium2_raw

from bench.extraction_papers import print_by_chromium, statement
from bench.rows import Row, row
from kontora.statements.extraction import open_document, pdfium
from kontora.statements.extraction.painting import painting_order
from kontora.statements.extraction.styling import FontNames
from kontora.statements.extraction.words import page_words

ROUNDS = 7
PAGES_A_ROUND = 100
PDFPLUMBER_PAGES = 10
STATEMENT_PAGES = 3
STATEMENT_MILLISECONDS = 18
LIMIT_SOURCE = Path(__file__).with_name("extraction_limit.c")
LIBRARY = Path(pypdfium2_raw.__file__).with_name("libpdfium.so")


async def run(say: Callable[[str], None]) -> list[Row]:
    """Measure each file by every reader in turn, several times; medians of milliseconds of CPU a page."""
    with TemporaryDirectory() as name:
        where = Path(name)
        limit = _compiled(where)
        files = {"10 pages of reportlab": statement(10), "100 pages of reportlab": statement(100)}
        printed = print_by_chromium(10, where)
        if printed is None:
            say("there is no Chromium: its print is left out")
        else:
            files["10 pages' rows printed by Chromium"] = printed
        results = []
        for what, pdf in files.items():
            results += _compared(what, pdf, where, limit, say)
    return [*results, _whole(say)]


def _compared(what: str, pdf: bytes, where: Path, limit: Path, say: Callable[[str], None]) -> list[Row]:
    path = where / "read.pdf"
    path.write_bytes(pdf)
    pages, words = _words(pdf)
    times = max(1, PAGES_A_ROUND // pages)
    ours, least = [], []
    for _ in range(ROUNDS):
        least.append(_limit(limit, path, times))
        ours.append(_cpu(lambda: _words(pdf), times) / pages)
    own, bound = statistics.median(ours), statistics.median(least)
    say(f"{what}: {pages} pages, {words} words: {own:.2f} ms a page, the C loop {bound:.2f} ms")
    results = [
        row(
            f"words, {what}, CPU a page / C loop over all characters",
            own,
            "ms",
            compared_to=bound,
            target="<= 2.0",
        )
    ]
    if pages <= 4 * PDFPLUMBER_PAGES:
        slow = _cpu(lambda: _plumbed(pdf), 1) / min(pages, PDFPLUMBER_PAGES)
        say(f"pdfplumber {slow:.1f} ms a page")
        results.append(
            row(
                f"words, {what}, CPU of pdfplumber / CPU of Kontora",
                own,
                "ms",
                compared_to=slow,
                ratio=slow / own,
                target=">= 20",
            )
        )
    return results


def _whole(say: Callable[[str], None]) -> Row:
    pdf = statement(STATEMENT_PAGES)
    spent = [_cpu(lambda: open_document(pdf), 10) for _ in range(ROUNDS)]
    say(f"whole extraction, {STATEMENT_PAGES} pages: {', '.join(f'{each:.1f}' for each in spent)} ms")
    return row(
        f"words, painting and anatomy of {STATEMENT_PAGES} pages of 40 rows, CPU (median of {ROUNDS})",
        statistics.median(spent),
        "ms",
        target=f"<= {STATEMENT_MILLISECONDS}",
    )


def _words(pdf: bytes) -> tuple[int, int]:
    """Read the words of a file with their places and styles; return how many pages and words."""
    count, fonts = 0, FontNames()
    with pdfium.opened_document(pdf, None) as document:
        pages = pdfium.page_count(document)
        for index in range(pages):
            with pdfium.opened_page(document, index) as (page, text):
                count += len(page_words(text, painting_order(page, 100_000), fonts).words)
    return pages, count


def _plumbed(pdf: bytes) -> int:
    with pdfplumber.open(io.BytesIO(pdf), pages=range(1, PDFPLUMBER_PAGES + 1)) as file:
        return sum(len(page.extract_words()) for page in file.pages)


def _cpu(work: Callable[[], object], times: int) -> float:
    """Return the milliseconds of CPU that work takes, with nothing collected meanwhile, as when reading."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - began) * 1000 / times
    finally:
        gc.enable()


def _compiled(where: Path) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        raise FileNotFoundError("there is no C compiler (cc) to measure against")
    program = where / "limit"
    arguments = ("-O2", "-o", str(program), str(LIMIT_SOURCE), str(LIBRARY), f"-Wl,-rpath,{LIBRARY.parent}")
    subprocess.run((compiler, *arguments), check=True, timeout=60)
    return program


def _limit(program: Path, path: Path, times: int) -> float:
    told = subprocess.run(
        (str(program), str(path), str(times)), check=True, capture_output=True, text=True, timeout=60
    )
    return float(told.stdout.split()[0])
