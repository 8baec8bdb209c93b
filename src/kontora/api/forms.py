"""Requests that bring a file: multipart, JSON or an ordinary form, all read into fields and one file."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from kontora.api.bodies import read_body
from kontora.api.parameters import Parameters
from kontora.api.visits import Visit
from kontora.errors import InvalidParameter, NotPdf, PdfTooLarge, UnsupportedMediaType

MOST_FILE_BYTES = 10 * 1024 * 1024
FORM_BODY = 15 * 1024 * 1024
"""A file of 10 MiB as Base64, percent-encoded, and the fields beside it."""
MOST_PARTS = 20
MOST_FIELD_BYTES = 16 * 1024
FILE_PART, ENCODED = "pdf", "pdfAsBase64"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file as it was sent. `name`: as the sender calls it, without folders."""

    name: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a request and its file. `repr` shows no value."""

    fields: Mapping[str, str]
    file: UploadedFile | None

    def __repr__(self) -> str:
        return f"Form({sorted(self.fields)}, file={self.file is not None})"

    def flag(self, name: str) -> bool:
        """Read `true` or `false`; missing is false.

        Raises: InvalidParameter.
        """
        value = self.fields.get(name, "false")
        if value not in {"true", "false"}:
            raise InvalidParameter(f"Parameter {name} must be true or false.")
        return value == "true"

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


async def read_form(visit: Visit) -> Form:
    """Read the body of a request that brings a file, and the parameters of its URL.

    Raises: InvalidParameter, UnsupportedMediaType, BodyTooLarge, RequestTimeout.
    """
    content_type = visit.header(b"content-type") or b""
    if (visit.header(b"content-encoding") or b"identity").strip().lower() != b"identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.")
    kind, options = parse_options_header(content_type)
    body = await read_body(visit)
    in_url = dict(Parameters.of(visit.query, b"").values)
    if kind == b"multipart/form-data":
        fields, file = _multipart(body, options.get(b"boundary", b""))
    elif kind == b"application/json":
        fields, file = _json(body), None
    elif kind == b"application/x-www-form-urlencoded":
        fields, file = dict(Parameters.of(b"", body).values), None
    else:
        raise UnsupportedMediaType("Send the PDF as multipart/form-data, or as JSON with pdfAsBase64.")
    if both := {name for name in fields.keys() & in_url.keys() if fields[name] != in_url[name]}:
        raise InvalidParameter(f"{', '.join(sorted(both))} differs between URL and body.")
    fields = in_url | fields
    encoded = fields.pop(ENCODED, None)
    if encoded is not None:
        if file is not None:
            raise InvalidParameter(f"Send one of the file {FILE_PART} and {ENCODED}, not both.")
        file = UploadedFile(None, _decoded(encoded))
    return Form(fields, file)


def _decoded(encoded: str) -> bytes:
    """Read strict Base64; line breaks are not part of it."""
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidParameter(f"{ENCODED} is not Base64.") from error


def _json(body: bytes) -> dict[str, str]:
    try:
        told = msgspec.json.decode(body, type=dict[str, str | bool | None])
    except (msgspec.DecodeError, RecursionError):
        # The cause is dropped: it quotes what was sent.
        raise InvalidParameter("The body is not a JSON object of texts and flags.") from None
    return {
        name: value if isinstance(value, str) else "true" if value else "false"
        for name, value in told.items()
        if value is not None
    }


@dataclass
class _Part:
    headers: dict[str, str] = field(default_factory=dict)
    data: bytearray = field(default_factory=bytearray)

    def disposition(self) -> dict[str, str]:
        kind, options = parse_options_header(self.headers.get("content-disposition", ""))
        if kind != b"form-data":
            return {}
        return {name.decode("latin-1"): value.decode("utf-8", "replace") for name, value in options.items()}


class _Parts:
    """Collects the parts of a multipart body as its parser finds them."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self._name, self._value = bytearray(), bytearray()
        self.is_whole = False

    def on_part_begin(self) -> None:
        if len(self.parts) >= MOST_PARTS:
            raise InvalidParameter(f"There are more than {MOST_PARTS} parts.")
        self.parts.append(_Part())

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].data += data[start:end]

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        self.parts[-1].headers[self._name.decode("latin-1").lower()] = self._value.decode("utf-8", "replace")
        self._name.clear()
        self._value.clear()

    def on_end(self) -> None:
        self.is_whole = True


def _multipart(body: bytes, boundary: bytes) -> tuple[dict[str, str], UploadedFile | None]:
    found = _Parts()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": found.on_part_begin,
                "on_part_data": found.on_part_data,
                "on_header_field": found.on_header_field,
                "on_header_value": found.on_header_value,
                "on_header_end": found.on_header_end,
                "on_end": found.on_end,
            },
        )
        parser.write(body)
    except MultipartParseError:
        found.is_whole = False
    if not boundary or not found.is_whole:
        raise InvalidParameter("The body is not the multipart/form-data that its header announces.")
    fields: dict[str, str] = {}
    file = None
    for part in found.parts:
        named = part.disposition()
        name = named.get("name", "")
        if name == FILE_PART:
            if file is not None:
                raise InvalidParameter(f"The file {FILE_PART} is there twice.")
            file = UploadedFile(_plain_name(named.get("filename")), bytes(part.data))
        elif name in fields:
            raise InvalidParameter(f"Parameter {name[:40]} is given twice.")
        else:
            fields[name] = _text(name, part.data)
    return fields, file


def _text(name: str, data: bytearray) -> str:
    if name != ENCODED and len(data) > MOST_FIELD_BYTES:
        raise InvalidParameter(f"Parameter {name[:40]} is over the limit of {MOST_FIELD_BYTES} bytes.")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise InvalidParameter(f"Parameter {name[:40]} is not UTF-8 text.") from None
    if "\0" in text:
        raise InvalidParameter(f"Parameter {name[:40]} holds the character NUL. Remove it.")
    return text


def _plain_name(name: str | None) -> str | None:
    """Return the name of a file without folders and control characters, at most 200 characters."""
    if name is None:
        return None
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:200] or None
