"""The programs that re-save and forge: found on the machine, each run in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PACKAGES = {
    "qpdf": "qpdf",
    "fix-qdf": "qpdf",
    "gs": "ghostscript",
    "mutool": "mupdf-tools",
    "pdftocairo": "poppler-utils",
    "pdftohtml": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "soffice": "libreoffice-draw",
    "chromium": "chromium",
}
LONGEST_SECONDS = 120
BROWSER = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer")
NO_NETWORK = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


class ProgramFailed(Exception):
    """A program could not make its file; the operation does not apply to this one."""


def missing() -> tuple[str, ...]:
    """Return the Debian packages whose programs are not there."""
    return tuple(sorted({package for name, package in PACKAGES.items() if shutil.which(name) is None}))


@contextmanager
def workshop() -> Iterator[Path]:
    """Give a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tamper-bench-") as folder:
        yield Path(folder)


def run(*command: str | Path, folder: Path, allowed: Sequence[int] = (0,)) -> bytes:
    """Run a program and return its output.

    Raises: ProgramFailed.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ProgramFailed(f"{command[0]} took too long") from error
    if done.returncode not in allowed:
        raise ProgramFailed(f"{command[0]}: {done.stderr[-300:].decode(errors='replace')}")
    return done.stdout


def through(pdf: bytes, *command: str, allowed: Sequence[int] = (0,)) -> bytes:
    """Send a file through a program: `IN` and `OUT` in the command are its files."""
    with workshop() as folder:
        (folder / "in.pdf").write_bytes(pdf)
        run(
            *(part.replace("IN", "in.pdf").replace("OUT", "out.pdf") for part in command),
            folder=folder,
            allowed=allowed,
        )
        out = folder / "out.pdf"
        if not out.exists():
            raise ProgramFailed(f"{command[0]} wrote nothing")
        return out.read_bytes()


def many_through(pdfs: Sequence[bytes], convert: Callable[[Path, list[Path]], None]) -> list[bytes | None]:
    """Send many files through a program that is slow to start; `None` where it wrote nothing."""
    with workshop() as folder:
        files = [folder / f"{number}.pdf" for number in range(len(pdfs))]
        for file, pdf in zip(files, pdfs, strict=True):
            file.write_bytes(pdf)
        out = folder / "out"
        out.mkdir()
        convert(out, files)
        made = [out / file.name for file in files]
        return [file.read_bytes() if file.exists() else None for file in made]


def main() -> int:
    """Say which packages are missing: in a sentence, or with `--packages` as words; 1, if any is."""
    packages = " ".join(missing())
    if "--packages" in sys.argv:
        print(packages)
    elif packages:
        print(f"The tamper bench needs programs. Install: apt-get install {packages}")
    return 1 if packages and "--packages" not in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
