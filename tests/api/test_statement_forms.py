"""A PDF arrives as a part, in JSON or in a form: read alike, within bounds, and never as a bug of ours."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kontora.api.forms import JSON, MOST_FILE_BYTES, MULTIPART, URLENCODED, Form, decoded, parse_upload
from kontora.api.multipart import MOST_PARTS, content_type
from kontora.errors import InvalidParameter, KontoraError, NotPdf, PdfTooLarge

PDF = bytes(range(256)) * 4
ENCODED = base64.b64encode(PDF).decode()
BOUNDARY = b"xyz"


def part(name: str, content: bytes, *, file_name: str | None = None, more: bytes = b"") -> bytes:
    named = f'; filename="{file_name}"' if file_name is not None else ""
    head = f'Content-Disposition: form-data; name="{name}"{named}\r\n'.encode()
    return b"--" + BOUNDARY + b"\r\n" + head + more + b"\r\n" + content + b"\r\n"


def multipart(*parts: bytes, query: bytes = b"") -> Form:
    return parse_upload(MULTIPART, BOUNDARY, b"".join(parts) + b"--" + BOUNDARY + b"--\r\n", query)


def as_json(body: object, query: bytes = b"") -> Form:
    return parse_upload(JSON, b"", json.dumps(body).encode(), query)


def form(body: str | bytes, query: bytes = b"") -> Form:
    return parse_upload(URLENCODED, b"", body if isinstance(body, bytes) else body.encode(), query)


@pytest.mark.parametrize(
    "read",
    [
        lambda: multipart(part("ownerExternalId", b"o-1"), part("pdf", PDF, file_name="may.pdf")),
        lambda: multipart(part("pdfAsBase64", ENCODED.encode()), part("ownerExternalId", b"o-1")),
        lambda: as_json({"pdfAsBase64": ENCODED, "ownerExternalId": "o-1"}),
        lambda: form(urlencode({"pdfAsBase64": ENCODED, "ownerExternalId": "o-1"})),
        lambda: form(urlencode({"pdfAsBase64": ENCODED}), b"ownerExternalId=o-1"),
        lambda: form(f"pdfAsBase64={ENCODED}&ownerExternalId=o-1"),
    ],
    ids=["part", "text part", "json", "form", "owner in the URL", "plus signs that are not escaped"],
)
def test_each_way_to_send_a_file_brings_the_same(read: Callable[[], Form]) -> None:
    found = read()
    assert found.required_file().content == PDF
    assert found.parameters.optional("ownerExternalId") == "o-1"


def test_escapes_are_read_in_both_cases() -> None:
    content = b"\xfb\xff\xfe"
    assert base64.b64encode(content) == b"+//+"
    for written in ("%2B%2F%2f%2b", "+//+", "%2b//%2B"):
        assert form(f"pdfAsBase64={written}").required_file().content == content
    assert form("pdfAsBase64=QQ%3D%3d").required_file().content == b"A"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("wyciąg maj.pdf", "wyciąg maj.pdf"),
        ("C:\\Users\\jan\\may.pdf", "may.pdf"),
        ("../../etc/may.pdf", "may.pdf"),
        ("a\tb.pdf", "ab.pdf"),
        ("x" * 300, "x" * 200),
        ("", None),
    ],
)
def test_the_name_of_a_file_loses_folders_and_control_characters(sent: str, kept: str | None) -> None:
    assert multipart(part("pdf", PDF, file_name=sent)).required_file().name == kept


def test_flags_are_texts_or_booleans() -> None:
    assert as_json({"evidence": True, "acceptInconsistent": "false"}).parameters.flag("evidence", False)
    assert multipart(part("evidence", b"true")).parameters.flag("evidence", default=False)
    with pytest.raises(InvalidParameter, match="evidence must be true or false"):
        as_json({"evidence": "yes"}).parameters.flag("evidence", default=False)


@pytest.mark.parametrize(
    "encoded",
    [
        ENCODED[:-1],
        ENCODED + "\n",
        ENCODED[:76] + "\r\n" + ENCODED[76:],
        " " + ENCODED,
        ENCODED.replace("A", "*", 1),
        "QQ==QQ==",
        "QR==",  # the same byte as QQ==, with bits that mean nothing
        "-_-_",
        "=",
        "ąąąą",
        "QQ",
        "%%%%",
    ],
)
def test_base64_is_strict(encoded: str) -> None:
    with pytest.raises(InvalidParameter, match="pdfAsBase64 is not Base64"):
        as_json({"pdfAsBase64": encoded})


@given(st.binary(max_size=200))
@example(b"")
def test_every_file_has_one_base64_and_it_is_read(content: bytes) -> None:
    assert decoded(base64.b64encode(content)) == content


@given(st.binary(max_size=12))
def test_what_is_read_as_base64_is_what_would_be_written(encoded: bytes) -> None:
    try:
        content = decoded(encoded)
    except InvalidParameter:
        return
    assert base64.b64encode(content) == encoded


def test_base64_in_pieces_is_read_as_a_whole() -> None:
    content = bytes(range(251)) * 5000
    assert decoded(base64.b64encode(content)) == content
    with pytest.raises(InvalidParameter):
        decoded(base64.b64encode(content[:196608]) + b"=" + base64.b64encode(content))


@pytest.mark.parametrize("size", [MOST_FILE_BYTES, MOST_FILE_BYTES + 1])
def test_both_edges_of_the_largest_file(size: int) -> None:
    content = b"%" * size
    sent = (
        lambda: multipart(part("pdf", content)),
        lambda: as_json({"pdfAsBase64": base64.b64encode(content).decode()}),
        lambda: form(b"pdfAsBase64=" + base64.b64encode(content)),
    )
    for read in sent:
        if size == MOST_FILE_BYTES:
            assert len(read().required_file().content) == size
        else:
            with pytest.raises(PdfTooLarge):
                read().required_file()


def test_a_file_that_is_missing_or_empty_is_told_apart() -> None:
    with pytest.raises(InvalidParameter, match="Send the PDF"):
        as_json({"ownerExternalId": "o"}).required_file()
    with pytest.raises(NotPdf):
        multipart(part("pdf", b"")).required_file()
    with pytest.raises(NotPdf):
        as_json({"pdfAsBase64": ""}).required_file()


@pytest.mark.parametrize(
    "read",
    [
        lambda: multipart(part("pdf", PDF), part("pdf", PDF)),
        lambda: multipart(part("pdf", PDF), part("pdfAsBase64", ENCODED.encode())),
        lambda: form(f"pdfAsBase64={ENCODED}&pdfAsBase64={ENCODED}"),
        lambda: form("", b"pdfAsBase64=QUJD"),
        lambda: form(f"pdfAsBase64={ENCODED}", b"password=geheim"),
        lambda: multipart(part("password", b"\xff")),
        lambda: multipart(part("password", b"a\0b")),
        lambda: multipart(part("password", b"a" * 16_385)),
        lambda: multipart(*[part(f"p{place}", b"") for place in range(MOST_PARTS + 1)]),
        lambda: as_json({"password": "a\0b"}),
        lambda: as_json({"password": 7}),
        lambda: as_json([]),
        lambda: parse_upload(JSON, b"", b'{"ownerExternalId": "\\ud800"}', b""),
        lambda: parse_upload(JSON, b"", b"[" * 200_000, b""),
        lambda: parse_upload(JSON, b"", b'{"x": ' + b"[" * 200_000, b""),
        lambda: parse_upload(MULTIPART, b"x" * 300, b"--x", b""),
        lambda: parse_upload(MULTIPART, b"", b"--", b""),
        lambda: parse_upload(MULTIPART, b"x", b"", b""),
        lambda: form("x=" + "a" * 70_000),
        lambda: form("&".join("ab=" for _ in range(200))),
        lambda: form("x=%ff"),
    ],
)
def test_what_is_malformed_is_told_so(read: Callable[[], Form]) -> None:
    with pytest.raises(InvalidParameter) as failure:
        read()
    assert "geheim" not in failure.value.message


def test_a_parameter_that_differs_or_is_repeated_is_refused_when_it_is_asked_for() -> None:
    twice = multipart(
        part("fileName", b"a"), part("fileName", b"b"), part("unknown", b""), part("unknown", b"")
    )
    with pytest.raises(InvalidParameter, match="fileName is given more than once"):
        twice.parameters.optional("fileName")
    differs = as_json({"ownerExternalId": "a"}, b"ownerExternalId=b")
    with pytest.raises(InvalidParameter, match="differs"):
        differs.parameters.optional("ownerExternalId")


def test_nothing_that_was_sent_is_shown_by_repr() -> None:
    shown = repr(as_json({"pdfAsBase64": ENCODED, "password": "geheim"}))
    assert "geheim" not in shown
    assert ENCODED[:20] not in shown and "bytes" in shown


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (URLENCODED, b"pdfAsBase64=" + b"%" * 13_900_000),
        (URLENCODED, b"%41=" * 3_000_000),
        (URLENCODED, b"&" * 14_000_000),
        (JSON, b"{" + b",".join(b'"%d":""' % place for place in range(1_000_000)) + b"}"),
        (MULTIPART, b"--xyz\r\n" + b"a" * 14_000_000),
        (MULTIPART, b"--xyz\r\nA: b\r\n\r\n" + b"\r\n--xy" * 2_000_000),
        (MULTIPART, b"--xyz\r\nA: b\r\n\r\n\r\n" * 500_000),
    ],
    ids=["escapes", "names", "ampersands", "keys", "header", "almost boundaries", "parts"],
)
def test_a_hostile_body_of_full_size_is_done_with_at_once(kind: bytes, body: bytes) -> None:
    began = time.process_time()
    try:
        found = parse_upload(kind, BOUNDARY, body, b"")
    except KontoraError:
        pass
    else:
        assert found.file is None
    assert time.process_time() - began < 2


@given(st.binary(max_size=300), st.sampled_from([MULTIPART, JSON, URLENCODED]))
@example(
    b'--xyz\r\nContent-Disposition: form-data; name="pdf"; filename="\xff\xc4"\r\n\r\n\r\n--xyz--', MULTIPART
)
@example(b"--xyz\r\nContent-Disposition: \xff;\xff=\xff\r\n\r\n\r\n--xyz--", MULTIPART)
def test_no_body_at_all_is_a_failure_of_ours(body: bytes, kind: bytes) -> None:
    try:
        parse_upload(kind, BOUNDARY, body, b"")
    except KontoraError:
        return


@given(st.binary(max_size=200))
@example(b"multipart/form-data; boundary*=UTF-8''x")
def test_no_content_type_is_a_failure_of_ours(header: bytes) -> None:
    kind, boundary = content_type(header)
    assert isinstance(kind, bytes) and isinstance(boundary, bytes)
