"""What libraries put off until they meet it in a file is done before a child is forked: it cannot any more.

`warm_up.pdf` is a sealed statement of the practice bank, made by `kontobank statement test1 --signed
--from 2026-10-14 --to 2026-10-17 --now 2026-10-18T09:30:00Z`.
"""

from __future__ import annotations

import codecs
import io
import pkgutil
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path

from kontora.statements.children.child import Reader
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.readings import ReadingOptions

PACKAGES = ("encodings", "fontTools.encodings", "fontTools.ttLib.tables", "kontora.statements")
MODULES = (
    "fontTools.agl",
    "fontTools.cffLib",
    "fontTools.pens.recordingPen",
    "fontTools.t1Lib",
    "fontTools.ttLib",
    "stdnum.be.iban",
    "stdnum.es.iban",
    "stdnum.me.iban",
    "stdnum.no.iban",
    "stringprep",
    "unicodedata",
    "zoneinfo",
)
NOT_FOR_READING = ("kontora.statements.children",)
CODECS = ("extpdfdoc", "pdfdoc")
"""Of libraries; a codec is looked for as a module of its own the first time."""
WARM_UP_PDF = Path(__file__).with_name("warm_up.pdf")
WARM_UP_DAY = date(2026, 10, 18)
WORD = "warm"


def import_everything() -> None:
    """Import what reading any file may need."""
    for name in (*MODULES, *(found for package in PACKAGES for found in _below(package))):
        # Some encodings and tables exist on other systems, or with other packages, only.
        with suppress(ImportError):
            import_module(name)


def warmed(reader: Reader) -> Reader:
    """Return the reader after it has read: a plain file, a protected one, and with evidence drawn."""
    import pikepdf

    from kontora.statements.evidence import draw_evidence

    pdf, protected = WARM_UP_PDF.read_bytes(), io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.save(protected, encryption=pikepdf.Encryption(owner=WORD, user=WORD))
    for plain_or_not in (pdf, protected.getvalue()):
        # A reader that broke here would break at every file, and each would be told.
        with suppress(Exception):
            reader(plain_or_not, ReadingOptions(trusted=True, password=WORD, today=WARM_UP_DAY))
    finding = FailedVerification(Verification.LOGO, Severity.LOW, "Warm.", 1, (10, 10, 20, 20))
    draw_evidence(pdf, (finding,))
    for name in CODECS:
        codecs.lookup(name)
    return reader


def _below(package: str) -> list[str]:
    found = pkgutil.walk_packages(import_module(package).__path__, f"{package}.", onerror=lambda name: None)
    return [module.name for module in found if not module.name.startswith(NOT_FOR_READING)]
