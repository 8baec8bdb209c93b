"""A child that reads PDFs is shut off from the file system: nothing may be loaded when it has begun."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from tests.statements.extraction.drawing import drawn, edited, written
from tests.statements.extraction.test_fonts import HONEST, compact, of_glyphs, true_type
from tests.statements.extraction.test_signatures import Seal

PROGRAM = """
import sys
from pathlib import Path
from kontora.errors import PdfEncrypted
from kontora.statements.extraction import open_document
known = set(sys.modules)
for name in sys.argv[1:]:
    pins = (Path("pins.pem").read_bytes(),)
    if name == "secret.pdf":
        open_document(Path(name).read_bytes(), password="hasło", trusted_certificates=pins)
        try:
            open_document(Path(name).read_bytes(), password="zły")
        except PdfEncrypted:
            pass
    else:
        open_document(Path(name).read_bytes(), trusted_certificates=pins)
    new = sorted(set(sys.modules) - known)
    known |= set(new)
    print(name, *new)
"""


def with_metadata(file: pikepdf.Pdf) -> None:
    with file.open_metadata() as fields:
        fields["pdf:Producer"] = "Writer"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    plain, seal = drawn(written("saldo 0123456789")), Seal()
    secret = pikepdf.Encryption(user="hasło", owner="owner", R=4)
    pdfs = {
        "plain": plain,
        "true-type": of_glyphs(true_type(), HONEST),
        "compact": of_glyphs(compact(), HONEST),
        "signed": seal.sign(plain),
        "secret": edited(plain, lambda file: None, encryption=secret),
        "metadata": edited(plain, with_metadata),
    }
    for name, pdf in pdfs.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    (folder / "pins.pem").write_bytes(seal.pinned[0])
    return folder


def test_no_module_is_loaded_while_a_file_is_read(files: Path):
    names = sorted(path.name for path in files.glob("*.pdf"))
    told = subprocess.run(
        (sys.executable, "-c", PROGRAM, *names),
        cwd=files,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.stdout == "".join(f"{name}\n" for name in names)
