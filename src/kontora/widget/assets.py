"""The files that pages load: read once at the start, compressed once, told apart by their content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kontora.api.endpoints import Endpoint
from kontora.api.visits import Answer, Visit
from kontora.connectors.catalogue import Catalogue, Target

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
# The part for clients' pages, under the name of each widget.
SCRIPT = "widgets.js"
SCRIPT_NAMES = ("signin-widget.js", "pdf-widget.js")


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


def favicon_path(target: Target) -> str | None:
    """Return where a bank's logo is served; `None`, if its folder has no `favicon.svg`."""
    return None if _favicon(target) is None else f"/assets/favicons/{target.institution.name}.svg"


def _favicon(target: Target) -> Path | None:
    file = Path(str(sys.modules[target.facts.connector.__module__].__file__)).with_name("favicon.svg")
    return file if file.is_file() else None


def _asset(path: str, body: bytes, suffix: str) -> Asset:
    kind = TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    packed = gzip.compress(body, 9, mtime=0) if suffix in COMPRESSED else None
    etag = b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
    return Asset(path, kind, body, packed, etag)


def found_assets(folder: Path, *, practice: bool) -> Iterator[Asset]:
    """Read every file of the folder. Only in practice may a page name another server for the widget."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith("."):
            body = file.read_bytes()
            names = [file.relative_to(folder).as_posix()]
            if file == folder / SCRIPT:
                names = list(SCRIPT_NAMES)
                body = b"window.kontoraTestEnvironment=true;\n" * practice + body
            for name in names:
                yield _asset(f"/assets/{name}", body, file.suffix)


def found_favicons(catalogue: Catalogue) -> Iterator[Asset]:
    """Read the logo of each bank that has one in its folder."""
    seen = set()
    for target in catalogue:
        file, path = _favicon(target), favicon_path(target)
        if file is not None and path is not None and path not in seen:
            seen.add(path)
            yield _asset(path, file.read_bytes(), file.suffix)


def asset_endpoints(catalogue: Catalogue, *, practice: bool, folder: Path = FOLDER) -> tuple[Endpoint, ...]:
    """Return one endpoint a file, for anyone to read."""
    return tuple(
        Endpoint(
            method="GET",
            path=asset.path,
            name=f"asset {asset.path}",
            handle=asset.read,
            summary="A file of the widget",
            public=True,
            json=True,
            described=False,
        )
        for asset in (*found_assets(folder, practice=practice), *found_favicons(catalogue))
    )
