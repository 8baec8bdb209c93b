"""Requests that bring a PDF: multipart, JSON or an ordinary form, all read into parameters and one file."""

from __future__ import annotations

import asyncio
import binascii
from dataclasses import dataclass

import msgspec

from kontora.api.bodies import SMALL_BODY, read_body
from kontora.api.multipart import content_type, parse_multipart
from kontora.api.parameters import MOST_PARAMETERS, Parameters, parse_form
from kontora.api.visits import Visit
from kontora.errors import InvalidParameter, NotPdf, PdfTooLarge, UnsupportedMediaType

MOST_FILE_BYTES = 10 * 1024 * 1024
FORM_BODY = 15 * 1024 * 1024
"""A file of 10 MiB as Base64, percent-encoded, and the fields beside it."""
MOST_FIELD_BYTES = 16 * 1024
LONGEST_FILE_NAME = 200
FILE_PART, ENCODED = "pdf", "pdfAsBase64"
ONLY_IN_BODY = (ENCODED, "password")

MULTIPART, JSON, URLENCODED = (
    b"multipart/form-data",
    b"application/json",
    b"application/x-www-form-urlencoded",
)
READ_IN_PLACE = 128 * 1024
# A multiple of four characters: each piece is Base64 of its own, and decoded before others wait for long.
PIECE = 256 * 1024
_ESCAPES = ((b"%2B", b"+"), (b"%2b", b"+"), (b"%2F", b"/"), (b"%2f", b"/"), (b"%3D", b"="), (b"%3d", b"="))


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file as it was sent. `name`: as the sender calls it, without folders."""

    name: str | None
    content: bytes

    def __repr__(self) -> str:
        return f"UploadedFile({len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Form:
    """The parameters of a request and its file."""

    parameters: Parameters
    file: UploadedFile | None

    def required_file(self) -> UploadedFile:
        """Return the file.

        Raises: InvalidParameter, if there is none; NotPdf, if it is empty; PdfTooLarge, over 10 MiB.
        """
        if self.file is None:
            raise InvalidParameter(f"Send the PDF as the file {FILE_PART}, or as {ENCODED}.")
        if not self.file.content:
            raise NotPdf("The file is empty.")
        if len(self.file.content) > MOST_FILE_BYTES:
            raise PdfTooLarge
        return self.file


class _Document(msgspec.Struct, rename="camel", omit_defaults=True):
    """What a JSON body may hold; anything else is passed over."""

    pdf_as_base64: str | None = None
    owner_external_id: str | None = None
    file_name: str | None = None
    password: str | None = None
    accept_inconsistent: bool | str | None = None
    evidence: bool | str | None = None


async def read_form(visit: Visit) -> Form:
    """Read the body of a request that brings a file, and the parameters of its URL.

    Raises: InvalidParameter, UnsupportedMediaType, BodyTooLarge, RequestTimeout, PdfTooLarge.
    """
    if (visit.header(b"content-encoding") or b"identity").strip().lower() != b"identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.")
    kind, boundary = content_type(visit.header(b"content-type") or b"")
    if kind not in {MULTIPART, JSON, URLENCODED}:
        raise UnsupportedMediaType("Send the PDF as multipart/form-data, or as JSON with pdfAsBase64.")
    body = await read_body(visit)
    if len(body) <= READ_IN_PLACE:
        return parse_upload(kind, boundary, body, visit.query)
    return await asyncio.to_thread(parse_upload, kind, boundary, body, visit.query)


def parse_upload(kind: bytes, boundary: bytes, body: bytes, query: bytes) -> Form:
    """Read a whole body of one of the three kinds, and the query.

    Raises: InvalidParameter, PdfTooLarge.
    """
    in_url = parse_form(query)
    for name in ONLY_IN_BODY:
        if name in in_url:
            raise InvalidParameter(f"Send {name} in the body, never in the URL.")
    if kind == MULTIPART:
        fields, encoded, file = _multipart(body, boundary)
    elif kind == JSON:
        (fields, encoded), file = _json(body), None
    else:
        (fields, encoded), file = _urlencoded(body), None
    if encoded is not None:
        if file is not None:
            raise InvalidParameter(f"Send one of the file {FILE_PART} and {ENCODED}, not both.")
        file = UploadedFile(None, decoded(encoded))
    return Form(Parameters.joined(in_url, fields), file)


def decoded(encoded: bytes) -> bytes:
    """Read strict Base64: one way to write each file, with its padding, without line breaks.

    Raises: InvalidParameter; PdfTooLarge, before anything is decoded.
    """
    if len(encoded) > (MOST_FILE_BYTES + 2) // 3 * 4:
        raise PdfTooLarge
    malformed = InvalidParameter(f"{ENCODED} is not Base64: A-Z, a-z, 0-9, + and /, padded, no line breaks.")
    if b"=" in encoded[:-2]:
        raise malformed
    try:
        content = b"".join(
            binascii.a2b_base64(encoded[start : start + PIECE], strict_mode=True)
            for start in range(0, len(encoded), PIECE)
        )
    except (binascii.Error, ValueError) as error:
        raise malformed from error
    tail = content[-(len(content) % 3 or 3) :]
    if encoded and binascii.b2a_base64(tail, newline=False) != encoded[-4:]:
        raise malformed
    return content


def _json(body: bytes) -> tuple[dict[str, list[str]], bytes | None]:
    try:
        told = msgspec.json.decode(body, type=_Document)
    except (msgspec.DecodeError, RecursionError):
        # The cause is dropped: it quotes what was sent.
        raise InvalidParameter(
            "The body is not a JSON object as the description of the API has it."
        ) from None
    fields = {
        name: [value if isinstance(value, str) else "true" if value else "false"]
        for name, value in msgspec.to_builtins(told).items()
        if name != ENCODED
    }
    if any("\0" in value for values in fields.values() for value in values):
        raise InvalidParameter("A parameter holds the character NUL. Remove it.")
    return fields, None if told.pdf_as_base64 is None else told.pdf_as_base64.encode()


def _urlencoded(body: bytes) -> tuple[dict[str, list[str]], bytes | None]:
    """Read a form. The file is so large that only what Base64 needs is decoded in it.

    A plus sign in it is one: a space, which it means elsewhere in forms, is no Base64.
    """
    if body.count(b"&") > MOST_PARAMETERS:
        raise InvalidParameter(f"There are more than {MOST_PARAMETERS} parameters.")
    marked = ENCODED.encode() + b"="
    pairs = body.split(b"&")
    files = [pair.removeprefix(marked) for pair in pairs if pair.startswith(marked)]
    if len(files) > 1:
        raise InvalidParameter(f"Parameter {ENCODED} is given more than once. Send it once.")
    rest = b"&".join(pair for pair in pairs if not pair.startswith(marked))
    if len(rest) > SMALL_BODY:
        raise InvalidParameter(f"The parameters beside {ENCODED} are over {SMALL_BODY} bytes.")
    fields = parse_form(rest)
    if not files:
        return fields, None
    file = files[0]
    for escaped, character in _ESCAPES if b"%" in file else ():
        file = file.replace(escaped, character)
    return fields, file


def _multipart(
    body: bytes, boundary: bytes
) -> tuple[dict[str, list[str]], bytes | None, UploadedFile | None]:
    fields: dict[str, list[str]] = {}
    large: dict[str, tuple[str | None, bytes]] = {}
    for part in parse_multipart(body, boundary):
        if part.name not in {FILE_PART, ENCODED}:
            fields.setdefault(part.name, []).append(_text(part.data))
        elif part.name in large:
            raise InvalidParameter(f"The part {part.name} is there twice.")
        else:
            large[part.name] = (part.file_name, bytes(part.data))
    name, content = large.get(FILE_PART, (None, None))
    _, encoded = large.get(ENCODED, (None, None))
    return fields, encoded, None if content is None else UploadedFile(plain_name(name), content)


def _text(data: bytearray) -> str:
    if len(data) > MOST_FIELD_BYTES:
        raise InvalidParameter(f"A parameter is over the limit of {MOST_FIELD_BYTES} bytes.")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise InvalidParameter("The parameters are not UTF-8 text.") from None
    if "\0" in text:
        raise InvalidParameter("A parameter holds the character NUL. Remove it.")
    return text


def plain_name(name: str | None) -> str | None:
    """Return the name of a file without folders and control characters, at most 200 characters."""
    if name is None:
        return None
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:LONGEST_FILE_NAME] or None
