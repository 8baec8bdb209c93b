"""Links of the built site and of the pages at the root of the repository: where each of them leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html

MARKDOWN_LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


@dataclass
class Found:
    """What was looked at, and what is wrong with it."""

    pages: int = 0
    internal: int = 0
    external: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


def check_site(site: Path, root_pages: Iterable[Path]) -> Found:
    """Check every link of the site, and the relative links of the Markdown pages at the root."""
    found = Found()
    documents = {page: lxml.html.parse(str(page)).getroot() for page in sorted(site.rglob("*.html"))}
    anchors = {page: _anchors(document) for page, document in documents.items()}
    for page, document in documents.items():
        found.pages += 1
        for link, loaded in _links(document):
            _check(found, page, link, loaded=loaded, anchors=anchors, site=site)
    for page in root_pages:
        found.pages += 1
        _check_root_page(found, page, site, anchors)
    return found


def _anchors(document: lxml.html.HtmlElement) -> set[str]:
    return {str(name) for name in document.xpath("//@id | //a/@name")}


def _links(document: lxml.html.HtmlElement) -> Iterator[tuple[str, bool]]:
    """Yield each link, and whether the browser loads it by itself."""
    for link in document.xpath("//a/@href"):
        yield str(link), False
    loaded = "//img/@src | //script/@src | //source/@src | //link[not(@rel='canonical')]/@href"
    for link in document.xpath(loaded):
        yield str(link), True


def _check(
    found: Found, page: Path, link: str, *, loaded: bool, anchors: dict[Path, set[str]], site: Path
) -> None:
    where = page.relative_to(site)
    parts = urlsplit(link)
    if parts.scheme in {"data", "mailto"}:
        return
    if parts.scheme or parts.netloc:
        found.external.add(link)
        if loaded:
            found.complaints.append(f"{where}: loads {link} from another host")
        return
    found.internal += 1
    target = _resolved(page, unquote(parts.path), site)
    if target is None or not target.is_file():
        found.complaints.append(f"{where}: {link} leads to no file")
    elif parts.fragment and target in anchors and unquote(parts.fragment) not in anchors[target]:
        found.complaints.append(f"{where}: {link} leads to no anchor")


def _resolved(page: Path, path: str, site: Path) -> Path | None:
    if not path:
        return page
    target = (site / path.lstrip("/")) if path.startswith("/") else (page.parent / path)
    target = target.resolve()
    if not target.is_relative_to(site.resolve()):
        return None
    return target / "index.html" if target.is_dir() else target


def _check_root_page(found: Found, page: Path, site: Path, anchors: dict[Path, set[str]]) -> None:
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    for link in MARKDOWN_LINK.findall(text):
        parts = urlsplit(link)
        if parts.scheme:
            found.external.add(link)
            continue
        found.internal += 1
        target = page.parent / unquote(parts.path)
        if parts.path and not target.exists():
            found.complaints.append(f"{page.name}: {link} leads to no file")
        elif parts.fragment and parts.path.startswith("docs/") and parts.path.endswith(".md"):
            built = (site / parts.path.removeprefix("docs/")).with_suffix(".html").resolve()
            if parts.fragment not in anchors.get(built, set()):
                found.complaints.append(f"{page.name}: {link} leads to no anchor")
