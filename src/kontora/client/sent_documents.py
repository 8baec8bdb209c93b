"""JSON documents that are sent: from what a caller has to the bytes that travel."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kontora.client.requests import Pairs

Document = Mapping[str, Any] | bytes | Path
_LARGE = 64 * 1024
_GZIP = b"\x1f\x8b"


def encoded(document: Document) -> bytes:
    """Return a document as JSON; bytes, and what a file holds, are sent as they are.

    `Decimal` becomes a text, as no number of JSON is sure to stay exact, and a day `2026-05-22`.
    Raises: OSError, if the file cannot be read; TypeError, ValueError, if a value has no place in JSON.
    """
    if isinstance(document, bytes):
        return document
    if isinstance(document, Path):
        return document.read_bytes()
    return json.dumps(document, default=_text, ensure_ascii=False, allow_nan=False).encode()


def packed(content: bytes) -> tuple[bytes, Pairs]:
    """Return a large document in gzip, and the header that says so; a small one as it is.

    What is gzip already, such as a file `o-1.json.gz`, stays.
    """
    is_packed = content.startswith(_GZIP)
    if not is_packed and len(content) < _LARGE:
        return content, ()
    return content if is_packed else gzip.compress(content, mtime=0), (("Content-Encoding", "gzip"),)


def _text(value: object) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a document")
