"""Pages that paint without end: recursion, loops, and more operators than a page needs."""

from __future__ import annotations

from functools import partial

from tools.hostile_pdfs.recipe import Kitchen, Menu
from tools.hostile_pdfs.writing import PAGE, WORDS, document, stream

MENU = Menu("painting")
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "


@MENU.recipe(quick=True)
def form_in_itself(kitchen: Kitchen) -> bytes:
    """A form that paints itself."""
    form = stream(b"/X1 Do", FORM + b"/Resources << /XObject << /X1 10 0 R >> >>")
    return document(WORDS + b" /X1 Do", resources=b"/XObject << /X1 10 0 R >>", more={10: form})


@MENU.recipe()
def forms_in_each_other(kitchen: Kitchen) -> bytes:
    """Two forms that paint each other, twice each time."""
    more = {
        10: stream(b"/X2 Do /X2 Do", FORM + b"/Resources << /XObject << /X2 11 0 R >> >>"),
        11: stream(b"/X1 Do /X1 Do", FORM + b"/Resources << /XObject << /X1 10 0 R >> >>"),
    }
    return document(WORDS + b" /X1 Do", resources=b"/XObject << /X1 10 0 R >>", more=more)


@MENU.recipe(quick=True)
def forms_that_double_30_times(kitchen: Kitchen) -> bytes:
    """A billion forms from thirty."""
    more = {
        number: stream(b"/X Do /X Do", FORM + b"/Resources << /XObject << /X %d 0 R >> >>" % (number + 1))
        for number in range(10, 40)
    }
    more[40] = stream(WORDS, FORM + b"/Resources << /Font << /F1 5 0 R >> >>")
    return document(WORDS + b" /X Do", resources=b"/XObject << /X 10 0 R >>", more=more)


def _deep_forms(depth: int, kitchen: Kitchen) -> bytes:
    more = {
        number: stream(b"/X Do", FORM + b"/Resources << /XObject << /X %d 0 R >> >>" % (number + 1))
        for number in range(10, 10 + depth)
    }
    more[10 + depth] = stream(WORDS, FORM)
    return document(WORDS + b" /X Do", resources=b"/XObject << /X 10 0 R >>", more=more)


for depth in (100, 20_000):
    MENU.add(f"forms-{depth}-deep", partial(_deep_forms, depth))


@MENU.recipe()
def pattern_in_itself(kitchen: Kitchen) -> bytes:
    """A pattern that is painted with itself."""
    pattern = stream(
        b"/Pattern cs /P1 scn 0 0 9 9 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 "
        b"/Resources << /Pattern << /P1 10 0 R >> >>",
    )
    content = WORDS + b" /Pattern cs /P1 scn 0 0 595 842 re f"
    return document(content, resources=b"/Pattern << /P1 10 0 R >>", more={10: pattern})


@MENU.recipe()
def pattern_of_tiny_steps(kitchen: Kitchen) -> bytes:
    """A page full of tiles that are a billionth of a point wide."""
    pattern = stream(
        b"0 0 9 9 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 1e-9 /YStep 1e-9",
    )
    content = WORDS + b" /Pattern cs /P1 scn 0 0 595 842 re f"
    return document(content, resources=b"/Pattern << /P1 10 0 R >>", more={10: pattern})


@MENU.recipe()
def soft_mask_in_itself(kitchen: Kitchen) -> bytes:
    """A graphics state whose mask is a group painted in that state."""
    state = b"<< /Type /ExtGState /SMask << /S /Luminosity /G 11 0 R >> >>"
    group = stream(
        b"/G1 gs 0 0 9 9 re f",
        FORM + b"/Group << /S /Transparency >> /Resources << /ExtGState << /G1 10 0 R >> >>",
    )
    return document(b"/G1 gs " + WORDS, resources=b"/ExtGState << /G1 10 0 R >>", more={10: state, 11: group})


@MENU.recipe()
def image_that_is_its_own_mask(kitchen: Kitchen) -> bytes:
    """A mask in a circle."""
    image = stream(
        bytes(300),
        b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/SMask 10 0 R /Mask 10 0 R",
    )
    return document(WORDS + b" /I1 Do", resources=b"/XObject << /I1 10 0 R >>", more={10: image})


@MENU.recipe()
def function_in_itself(kitchen: Kitchen) -> bytes:
    """A shading by a function that is stitched of itself."""
    function = (
        b"<< /FunctionType 3 /Domain [0 1] /Functions [10 0 R 10 0 R] /Bounds [0.5] /Encode [0 1 0 1] >>"
    )
    shading = b"<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 595 842] /Function 10 0 R >>"
    return document(
        WORDS + b" /S1 sh", resources=b"/Shading << /S1 11 0 R >>", more={10: function, 11: shading}
    )


@MENU.recipe()
def colour_space_in_itself(kitchen: Kitchen) -> bytes:
    """A space of colours that is based on itself."""
    return document(
        WORDS + b" /C1 cs 0 0 9 9 re f",
        resources=b"/ColorSpace << /C1 10 0 R >>",
        more={10: b"[/Indexed 10 0 R 255 (x)]"},
    )


@MENU.recipe()
def sampled_function_of_2_31(kitchen: Kitchen) -> bytes:
    """A table of samples with 2^31 in each of four directions."""
    function = stream(
        bytes(100),
        b"/FunctionType 0 /Domain [0 1 0 1 0 1 0 1] /Range [0 1 0 1 0 1] "
        b"/Size [2147483647 2147483647 2147483647 2147483647] /BitsPerSample 32",
    )
    shading = b"<< /ShadingType 1 /ColorSpace /DeviceRGB /Function 10 0 R >>"
    return document(
        WORDS + b" /S1 sh", resources=b"/Shading << /S1 11 0 R >>", more={10: function, 11: shading}
    )


@MENU.recipe()
def calculator_without_end(kitchen: Kitchen) -> bytes:
    """A function of PostScript with braces 50,000 deep."""
    function = stream(b"{" * 50_000 + b"}" * 50_000, b"/FunctionType 4 /Domain [0 1] /Range [0 1 0 1 0 1]")
    shading = b"<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 595 842] /Function 10 0 R >>"
    return document(
        WORDS + b" /S1 sh", resources=b"/Shading << /S1 11 0 R >>", more={10: function, 11: shading}
    )


def _operators(operator: bytes, count: int, kitchen: Kitchen) -> bytes:
    return document(WORDS + b" " + operator * count)


for label, operator, count in (
    ("states-saved", b"q ", 3_000_000),
    ("states-restored", b"Q ", 3_000_000),
    ("text-objects", b"BT ET ", 2_000_000),
    ("letters", b"BT /F1 1 Tf (a) Tj ET ", 2_500_000),
    ("rectangles", b"0 0 9 9 re f ", 3_000_000),
    ("path-points", b"1 1 l ", 5_000_000),
    ("clips", b"0 0 9 9 re W n ", 1_000_000),
    ("clips-within", b"q 0 0 9 9 re W n ", 500_000),
    ("unknown-words", b"foo ", 5_000_000),
    ("fonts-set", b"/F1 9 Tf ", 2_000_000),
    ("inline-images", b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI ", 500_000),
    ("marked-content", b"/P << /MCID 1 >> BDC ", 1_000_000),
    ("operands", b"1 ", 10_000_000),
    ("matrices", b"2 0 0 2 0 0 cm ", 500_000),
):
    MENU.add(f"millions-of-{label}", partial(_operators, operator, count), quick=label in {"letters"})


@MENU.recipe()
def one_text_of_2_million_letters(kitchen: Kitchen) -> bytes:
    """One string, painted at once."""
    return document(b"BT /F1 1 Tf (" + b"Saldo " * 400_000 + b") Tj ET")


@MENU.recipe()
def letters_of_every_size(kitchen: Kitchen) -> bytes:
    """Every letter has a style of its own."""
    letters = b" ".join(b"/F1 %d.%03d Tf (a) Tj" % divmod(size, 1000) for size in range(1000, 200_000))
    return document(b"BT 40 780 Td " + letters + b" ET")


@MENU.recipe()
def letters_all_over_each_other(kitchen: Kitchen) -> bytes:
    """A hundred thousand words at one place."""
    return document(b"BT /F1 9 Tf " + b"1 0 0 1 50 500 Tm (Saldo) Tj " * 100_000 + b"ET")


@MENU.recipe()
def letters_under_as_many_boxes(kitchen: Kitchen) -> bytes:
    """Words, and as many white rectangles over them."""
    words = b"".join(b"1 0 0 1 %d %d Tm (Saldo) Tj " % (n % 500, n % 800) for n in range(20_000))
    boxes = b"1 g " + b"".join(b"%d %d 30 10 re f " % (n % 500, n % 800) for n in range(20_000))
    return document(b"BT /F1 9 Tf " + words + b"ET " + boxes)


@MENU.recipe()
def words_on_lines_of_their_own(kitchen: Kitchen) -> bytes:
    """Fifty thousand lines, a hundredth of a point apart."""
    words = b"".join(b"1 0 0 1 50 %d.%02d Tm (2026-05-01 1,00) Tj " % divmod(n, 100) for n in range(50_000))
    return document(b"BT /F1 9 Tf " + words + b"ET")


for label, matrix in {
    "huge": b"1e30 0 0 1e30 0 0",
    "zero": b"0 0 0 0 0 0",
    "not-a-number": b"1e999 -1e999 1e999 1 1e999 0",
    "tiny": b"1e-30 0 0 1e-30 0 0",
}.items():
    MENU.add(f"matrix-{label}", lambda kitchen, matrix=matrix: document(matrix + b" cm " + WORDS))


@MENU.recipe(quick=True)
def two_hundred_pages_of_a_million_words(kitchen: Kitchen) -> bytes:
    """As many pages as may be, each with as much as fits."""
    content = b"BT /F1 1 Tf 40 780 Td " + b"(a b c d e f g h) Tj " * 20_000 + b"ET"
    kids = b" ".join(b"%d 0 R" % number for number in range(10, 210))
    return document(
        content,
        more={2: b"<< /Type /Pages /Kids [" + kids + b"] /Count 200 >>"}
        | dict.fromkeys(range(10, 210), PAGE),
    )
