"""The files that pages load: read once at the start, compressed once, told apart by their content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kontora.api.endpoints import Endpoint
from kontora.api.visits import Answer, Visit

FOLDER = Path(__file__).parent / "assets"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
COMPRESSED = frozenset({".js", ".mjs", ".css", ".json", ".svg"})
KEPT_SECONDS = 300
SCRIPT = "signin-widget.js"


@dataclass(frozen=True)
class Asset:
    """One file."""

    path: str
    media_type: str
    body: bytes
    packed: bytes | None
    etag: bytes

    async def read(self, visit: Visit) -> Answer:
        """Return the file, or tell that the reader has it already."""
        headers = (
            (b"cache-control", b"public, max-age=%d" % KEPT_SECONDS),
            (b"cross-origin-resource-policy", b"cross-origin"),
            (b"etag", self.etag),
            (b"vary", b"accept-encoding"),
        )
        if visit.header(b"if-none-match") == self.etag:
            return Answer(304, b"", self.media_type, headers)
        if self.packed is not None and b"gzip" in (visit.header(b"accept-encoding") or b""):
            return Answer(200, self.packed, self.media_type, (*headers, (b"content-encoding", b"gzip")))
        return Answer(200, self.body, self.media_type, headers)


def found_assets(folder: Path, *, practice: bool) -> Iterator[Asset]:
    """Read every file of the folder. Only in practice may a page name another server for the widget."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith("."):
            body = file.read_bytes()
            if practice and file.name == SCRIPT:
                body = b"window.kontoraTestEnvironment=true;\n" + body
            kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            packed = gzip.compress(body, 9, mtime=0) if file.suffix in COMPRESSED else None
            etag = b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
            yield Asset(file.relative_to(folder).as_posix(), kind, body, packed, etag)


def asset_endpoints(folder: Path = FOLDER, *, practice: bool) -> tuple[Endpoint, ...]:
    """Return one endpoint a file, for anyone to read."""
    return tuple(
        Endpoint(
            method="GET",
            path=f"/assets/{asset.path}",
            name=f"asset {asset.path}",
            handle=asset.read,
            summary="A file of the widget",
            public=True,
            json=True,
            described=False,
        )
        for asset in found_assets(folder, practice=practice)
    )
