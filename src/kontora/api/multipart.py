"""Bodies of `multipart/form-data`: parts with a name, read by the library's parser within bounds of ours.

Source: RFC 7578.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from kontora.errors import InvalidParameter

# It would log each malformed body, in a form of its own.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)

MOST_PARTS = 20
MOST_HEADERS, MOST_HEADER_BYTES = 8, 4 * 1024


@dataclass(slots=True)
class Part:
    """A part. `name` is empty where it has none; `file_name` is `None` where it is no file."""

    name: str = ""
    file_name: str | None = None
    data: bytearray = field(default_factory=bytearray)


def parse_multipart(body: bytes, boundary: bytes) -> list[Part]:
    """Return the parts of a whole body, in their order.

    Raises: InvalidParameter, if it is not well-formed, is cut off, or has too many parts or headers.
    """
    collected = _Collected()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": collected.begin,
                "on_part_data": collected.add,
                "on_header_field": collected.add_to_header_name,
                "on_header_value": collected.add_to_header_value,
                "on_header_end": collected.end_header,
                "on_end": collected.end,
            },
            max_header_count=MOST_HEADERS,
            max_header_size=MOST_HEADER_BYTES,
        )
        parser.write(body)
    except FormParserError as error:
        raise _malformed() from error
    if not boundary or not collected.is_whole:
        raise _malformed()
    return collected.parts


def content_type(header: bytes) -> tuple[bytes, bytes]:
    """Return type and boundary of a Content-Type header, in lower case and as it is; empty if not there."""
    kind, options = parse_options_header(header)
    return kind, options.get(b"boundary", b"")


def _malformed() -> InvalidParameter:
    return InvalidParameter("The body is not the multipart/form-data that its header announces.")


class _Collected:
    """Collects parts as the parser finds them."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.is_whole = False
        self._header_name, self._header_value = bytearray(), bytearray()

    def begin(self) -> None:
        if len(self.parts) >= MOST_PARTS:
            raise InvalidParameter(f"There are more than {MOST_PARTS} parts.")
        self.parts.append(Part())

    def add(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].data += data[start:end]

    def add_to_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def add_to_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def end_header(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._describe(bytes(self._header_value))
        self._header_name.clear()
        self._header_value.clear()

    def _describe(self, disposition: bytes) -> None:
        """Take the names of the part. Browsers write them as UTF-8, whatever the rules of headers are."""
        kind, options = parse_options_header(disposition)
        if kind == b"form-data":
            self.parts[-1].name = options.get(b"name", b"").decode("utf-8", "replace")
            if b"filename" in options:
                self.parts[-1].file_name = options[b"filename"].decode("utf-8", "replace")

    def end(self) -> None:
        self.is_whole = True
