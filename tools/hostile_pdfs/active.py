"""Files that want something done: scripts, programs, calls home, other files. Nothing of it may happen."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import pikepdf

from tools.hostile_pdfs.recipe import Kitchen, Menu
from tools.hostile_pdfs.writing import WORDS, document, flate_stream, stream

MENU = Menu("active")
Graft = Callable[[pikepdf.Pdf, str], None]
XFA = (
    '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template><subform><event activity="initialize">'
    '<submit target="{home}"/></event></subform></template></xdp:xdp>'
)


def _grafted(graft: Graft, kitchen: Kitchen) -> bytes:
    """Add something to the genuine statement and save it anew."""
    with pikepdf.open(io.BytesIO(kitchen.genuine)) as pdf:
        graft(pdf, f"http://127.0.0.1:{kitchen.port}/called")
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _action(make: Callable[[str], dict[str, object]], pdf: pikepdf.Pdf, home: str) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(make(home))


def _name(text: str) -> pikepdf.Name:
    return pikepdf.Name(text)


ACTIONS: dict[str, Callable[[str], dict[str, object]]] = {
    "opens-an-address": lambda home: {"/S": _name("/URI"), "/URI": home},
    "runs-a-script": lambda home: {
        "/S": _name("/JavaScript"),
        "/JS": f"app.launchURL('{home}');this.submitForm('{home}');while(1);",
    },
    "starts-a-program": lambda home: {
        "/S": _name("/Launch"),
        "/F": "/bin/sh",
        "/Win": pikepdf.Dictionary({"/F": "cmd.exe", "/P": f"/c curl {home}"}),
    },
    "goes-to-another-file": lambda home: {"/S": _name("/GoToR"), "/F": home, "/D": pikepdf.Array([0])},
    "goes-to-a-share": lambda home: {
        "/S": _name("/GoToR"),
        "/F": "\\\\127.0.0.1\\share\\file.pdf",
        "/D": pikepdf.Array([0]),
    },
    "sends-a-form": lambda home: {
        "/S": _name("/SubmitForm"),
        "/F": pikepdf.Dictionary({"/FS": _name("/URL"), "/F": home}),
    },
    "imports-data": lambda home: {"/S": _name("/ImportData"), "/F": home},
    "goes-on-for-ever": lambda home: {
        "/S": _name("/Named"),
        "/N": _name("/NextPage"),
        "/Next": pikepdf.Dictionary({"/S": _name("/URI"), "/URI": home}),
    },
}
for name, make in ACTIONS.items():
    MENU.add(
        f"{name}-at-the-opening",
        partial(_grafted, partial(_action, make)),
        may_be_read=True,
        quick=name in {"runs-a-script", "opens-an-address"},
    )


def _on_page(make: Callable[[str], dict[str, object]], pdf: pikepdf.Pdf, home: str) -> None:
    action = pikepdf.Dictionary(make(home))
    pdf.pages[0].obj.AA = pikepdf.Dictionary({"/O": action, "/C": action})


def _on_link(make: Callable[[str], dict[str, object]], pdf: pikepdf.Pdf, home: str) -> None:
    link = pikepdf.Dictionary(
        {
            "/Type": _name("/Annot"),
            "/Subtype": _name("/Link"),
            "/Rect": pikepdf.Array([0, 0, 500, 800]),
            "/A": pikepdf.Dictionary(make(home)),
        }
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(link)])


for name in ("opens-an-address", "runs-a-script", "starts-a-program"):
    MENU.add(f"{name}-on-a-page", partial(_grafted, partial(_on_page, ACTIONS[name])), may_be_read=True)
    MENU.add(f"{name}-on-a-link", partial(_grafted, partial(_on_link, ACTIONS[name])), may_be_read=True)


def graft(function: Graft) -> Graft:
    """Add what is done to the genuine file as a recipe."""
    MENU.add(function.__name__.replace("_", "-"), partial(_grafted, function), may_be_read=True)
    return function


@graft
def carries_a_program(pdf: pikepdf.Pdf, home: str) -> None:
    """An attachment that looks like a program."""
    pdf.attachments["invoice.exe"] = b"MZ" + bytes(100_000)


@graft
def carries_itself(pdf: pikepdf.Pdf, home: str) -> None:
    """An attachment that is a PDF with an attachment."""
    inner = pikepdf.new()
    inner.attachments["inner.pdf"] = document()
    out = io.BytesIO()
    inner.save(out)
    pdf.attachments["outer.pdf"] = out.getvalue()


@graft
def has_a_form_of_xml(pdf: pikepdf.Pdf, home: str) -> None:
    """XFA, which fetches its data."""
    xfa = pdf.make_stream(XFA.format(home=home).encode())
    pdf.Root.AcroForm = pikepdf.Dictionary({"/XFA": xfa, "/Fields": pikepdf.Array([])})


@graft
def has_a_script_by_name(pdf: pikepdf.Pdf, home: str) -> None:
    """A script of the document."""
    script = pikepdf.Dictionary({"/S": _name("/JavaScript"), "/JS": f"this.getURL('{home}')"})
    pdf.Root.Names = pikepdf.Dictionary(
        {"/JavaScript": pikepdf.Dictionary({"/Names": pikepdf.Array([pikepdf.String("a"), script])})}
    )


@graft
def has_a_field_that_calculates(pdf: pikepdf.Pdf, home: str) -> None:
    """A field of a form with a script for every occasion."""
    script = pikepdf.Dictionary({"/S": _name("/JavaScript"), "/JS": f"this.submitForm('{home}')"})
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            {
                "/FT": _name("/Tx"),
                "/T": "field",
                "/Type": _name("/Annot"),
                "/Subtype": _name("/Widget"),
                "/Rect": pikepdf.Array([0, 0, 10, 10]),
                "/AA": pikepdf.Dictionary({"/C": script, "/F": script, "/K": script, "/V": script}),
            }
        )
    )
    pdf.Root.AcroForm = pikepdf.Dictionary({"/Fields": pikepdf.Array([field]), "/CO": pikepdf.Array([field])})
    pdf.pages[0].obj.Annots = pikepdf.Array([field])


@graft
def has_a_film(pdf: pikepdf.Pdf, home: str) -> None:
    """Rich media from an address."""
    film = pikepdf.Dictionary(
        {
            "/Type": _name("/Annot"),
            "/Subtype": _name("/Screen"),
            "/Rect": pikepdf.Array([0, 0, 10, 10]),
            "/A": pikepdf.Dictionary(
                {
                    "/S": _name("/Rendition"),
                    "/OP": 0,
                    "/R": pikepdf.Dictionary(
                        {"/S": _name("/MR"), "/C": pikepdf.Dictionary({"/S": _name("/MCD"), "/D": home})}
                    ),
                }
            ),
        }
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(film)])


@graft
def has_a_base_address(pdf: pikepdf.Pdf, home: str) -> None:
    """What addresses are relative to."""
    pdf.Root.URI = pikepdf.Dictionary({"/Base": home})


@graft
def has_a_thread_and_a_portfolio(pdf: pikepdf.Pdf, home: str) -> None:
    """A collection with a flash navigator, and a thread of another file."""
    pdf.Root.Collection = pikepdf.Dictionary(
        {"/View": _name("/C"), "/Navigator": pikepdf.Dictionary({"/SWF": home})}
    )
    pdf.Root.OpenAction = pikepdf.Dictionary({"/S": _name("/Thread"), "/F": home, "/D": 0})


def _file_specification(kitchen: Kitchen) -> dict[str, bytes]:
    home = b"http://127.0.0.1:%d/called" % kitchen.port
    return {
        "address": b"<< /FS /URL /F (" + home + b") >>",
        "file": b"(/etc/passwd)",
        "share": b"(//127.0.0.1/share/data)",
    }


def _external_content(what: str, kitchen: Kitchen) -> bytes:
    entry = b"/F " + _file_specification(kitchen)[what]
    return document(more={4: stream(WORDS, entry)})


def _external_image(what: str, kitchen: Kitchen) -> bytes:
    entries = (
        b"/Type /XObject /Subtype /Image /Width 9 /Height 9 /ColorSpace /DeviceGray /BitsPerComponent 8 /F "
    )
    image = stream(b"", entries + _file_specification(kitchen)[what])
    return document(WORDS + b" /I1 Do", resources=b"/XObject << /I1 10 0 R >>", more={10: image})


def _reference_form(what: str, kitchen: Kitchen) -> bytes:
    form = stream(
        b"",
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /Page 0 /F "
        + _file_specification(kitchen)[what]
        + b" >>",
    )
    return document(WORDS + b" /X1 Do", resources=b"/XObject << /X1 10 0 R >>", more={10: form})


for what in ("address", "file", "share"):
    MENU.add(f"content-from-{what}", partial(_external_content, what), quick=what == "address")
    MENU.add(f"image-from-{what}", partial(_external_image, what))
    MENU.add(f"form-from-{what}", partial(_reference_form, what))


@MENU.recipe()
def postscript(kitchen: Kitchen) -> bytes:
    """PostScript where none may be any more."""
    program = stream(b"(%pipe%curl 127.0.0.1) (r) file", b"/Type /XObject /Subtype /PS")
    return document(WORDS + b" /X1 Do", resources=b"/XObject << /X1 10 0 R >>", more={10: program})


@MENU.recipe()
def script_in_a_stream_without_end(kitchen: Kitchen) -> bytes:
    """A script of 5 MB."""
    return document(
        catalog=b"/OpenAction << /S /JavaScript /JS 10 0 R >>",
        more={10: flate_stream(b"while(1){app.alert(1)}\n" * 200_000)},
    )
