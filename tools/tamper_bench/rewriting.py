"""Other ways to write a file: programs that print it again, appended revisions, bytes changed in place."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pikepdf

from tools.tamper_bench.programs import (
    BROWSER,
    NO_NETWORK,
    ProgramFailed,
    many_through,
    run,
    through,
    workshop,
)

MOST_PADDING = 12
SINGLE = {
    "qpdf": ("qpdf", "IN", "OUT"),
    "qpdf-linearized": ("qpdf", "--linearize", "IN", "OUT"),
    "ghostscript": (
        "gs",
        "-q",
        "-dBATCH",
        "-dNOPAUSE",
        "-dSAFER",
        "-sDEVICE=pdfwrite",
        "-sOutputFile=OUT",
        "IN",
    ),
    "mutool-clean": ("mutool", "clean", "-gggg", "IN", "OUT"),
    "cairo": ("pdftocairo", "-pdf", "IN", "OUT"),
}


def printed_again(pdf: bytes, program: str) -> bytes:
    """Write a file anew with one of the programs of `SINGLE`."""
    return through(pdf, *SINGLE[program], allowed=(0, 3) if program.startswith("qpdf") else (0,))


def exported_by_draw(pdfs: Sequence[bytes]) -> list[bytes | None]:
    """Open files in LibreOffice Draw and export them."""

    def convert(out: Path, files: list[Path]) -> None:
        command = ("soffice", f"-env:UserInstallation=file://{out.parent}/profile", "--headless")
        kinds = ("--infilter=draw_pdf_import", "--convert-to", "pdf:draw_pdf_Export", "--outdir", out)
        run(*command, *kinds, *files, folder=out.parent)

    return many_through(pdfs, convert)


def printed_by_chromium(pdfs: Sequence[bytes]) -> list[bytes | None]:
    """Turn files into web pages with positioned text, and print those with Chromium."""

    def convert(out: Path, files: list[Path]) -> None:
        for file in files:
            run(
                "pdftohtml",
                "-q",
                "-c",
                "-s",
                "-noframes",
                "-i",
                file,
                file.with_suffix(".html"),
                folder=out.parent,
            )
            page = file.with_suffix(".html")
            made = page if page.exists() else file.with_name(f"{file.stem}-html.html")
            run(
                "chromium",
                *BROWSER,
                *NO_NETWORK,
                f"--user-data-dir={out.parent}/browser",
                f"--print-to-pdf={out / file.name}",
                made.as_uri(),
                folder=out.parent,
            )

    return many_through(pdfs, convert)


def rasterised(pdf: bytes) -> bytes:
    """Make pictures of the pages and a file of the pictures."""
    with workshop() as folder:
        (folder / "in.pdf").write_bytes(pdf)
        run("pdftoppm", "-r", "100", "-png", "in.pdf", "page", folder=folder)
        pictures = sorted(folder.glob("page*.png"))
        run("mutool", "convert", "-o", "out.pdf", *pictures, folder=folder)
        return (folder / "out.pdf").read_bytes()


def with_metadata_of(original: bytes, pdf: bytes) -> bytes:
    """Give a file the information and the header comment of another."""
    with workshop() as folder:
        for name, data in (("original", original), ("changed", pdf)):
            (folder / f"{name}.pdf").write_bytes(data)
            run("qpdf", "--qdf", f"{name}.pdf", f"{name}.qdf", folder=folder, allowed=(0, 3))
        wanted = _info((folder / "original.qdf").read_bytes())
        qdf = (folder / "changed.qdf").read_bytes()
        begin, end = _info_span(qdf)
        (folder / "restored.qdf").write_bytes(qdf[:begin] + wanted + qdf[end:])
        (folder / "mended.pdf").write_bytes(run("fix-qdf", "restored.qdf", folder=folder))
        run("qpdf", "mended.pdf", "out.pdf", folder=folder, allowed=(0, 3))
        made = (folder / "out.pdf").read_bytes()
    comments = [re.match(rb"%PDF-[0-9.]+[\r\n]+(%[^\r\n]*)", data) for data in (original, made)]
    theirs, ours = comments
    if theirs and ours and len(theirs[1]) == len(ours[1]):
        made = made[: ours.start(1)] + theirs[1] + made[ours.end(1) :]
    return made


def _info(qdf: bytes) -> bytes:
    begin, end = _info_span(qdf)
    return qdf[begin:end]


def _info_span(qdf: bytes) -> tuple[int, int]:
    number = re.search(rb"/Info (\d+) 0 R", qdf)
    at = number and re.search(rb"\n%s 0 obj\n(.*?)\nendobj" % number[1], qdf, re.DOTALL)
    if not at:
        raise ProgramFailed("the file has no information")
    return at.span(1)


def appended(pdf: bytes, objects: dict[int, bytes]) -> bytes:
    """Append a revision with other bodies of objects, as editors save; the old ones stay in the file."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    with pikepdf.open(BytesIO(pdf)) as opened:
        root, size = opened.Root.objgen[0], int(opened.trailer["/Size"])
        info = opened.trailer.get("/Info")
        info_number = None if info is None else info.objgen[0]
    out, offsets = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n"), {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n"
    for number, offset in offsets.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, offset)
    more = b"" if info_number is None else b" /Info %d 0 R" % info_number
    out += b"trailer\n<< /Size %d /Root %d 0 R%s /Prev %d >>\n" % (
        max(size, *[n + 1 for n in objects]),
        root,
        more,
        start,
    )
    out += b"startxref\n%d\n%%%%EOF\n" % xref
    return bytes(out)


def page_parts(pdf: bytes, page: int) -> tuple[int, bytes, int, bytes]:
    """Return number and text of a page's object, number of its content, and the content itself."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        found = opened.pages[page - 1].obj
        content = found["/Contents"]
        if isinstance(content, pikepdf.Array):
            if len(content) != 1:
                raise ProgramFailed("the page has several content streams")
            content = content[0]
        return found.objgen[0], found.unparse(resolved=True), content.objgen[0], content.read_bytes()


def stream(content: bytes) -> bytes:
    """Return the body of a compressed stream object."""
    packed = zlib.compress(content)
    return b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)


class InPlace:
    """A page whose compressed bytes can be changed without moving a byte around them."""

    def __init__(self, pdf: bytes, page: int) -> None:
        self._pdf = pdf
        with pikepdf.open(BytesIO(pdf)) as opened:
            content = opened.pages[page - 1].obj["/Contents"]
            if isinstance(content, pikepdf.Array):
                content = content[0]
            self._raw, self._plain = content.read_raw_bytes(), content.read_bytes()
        self._pack = next((pack for pack in PACKERS if pack(self._plain) == self._raw), None)
        if self._pack is None or pdf.count(self._raw) != 1:
            raise ProgramFailed("nothing here makes the same compressed bytes again")

    def changed(self, content: bytes) -> bytes | None:
        """Return the file with another content of the page; `None`, if that does not come out as long."""
        assert self._pack is not None
        for padding in range(MOST_PADDING):
            packed = self._pack(content + b" " * padding + self._plain[len(self._plain.rstrip()) :])
            if len(packed) == len(self._raw):
                return self._pdf.replace(self._raw, packed)
            if len(packed) > len(self._raw):
                return None
        return None


def _packer(level: int, *, as_text: bool) -> Callable[[bytes], bytes]:
    def pack(content: bytes) -> bytes:
        packed = zlib.compress(content, level)
        return base64.a85encode(packed) + b"~>" if as_text else packed

    return pack


PACKERS = tuple(_packer(level, as_text=as_text) for as_text in (False, True) for level in range(10))
