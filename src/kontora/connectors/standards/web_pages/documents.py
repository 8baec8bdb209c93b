"""A page of a bank as it came, parsed once; and forms, as a browser would fill them in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser, LexborNode
from yarl import URL

from kontora.connectors.bank_line import BankReply

Node = LexborNode
_HTML = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"\bcharset\s*=\s*\"?([\w-]+)")
_CHARSETS = ("utf-8", "iso-8859-1", "iso-8859-2", "windows-1250", "windows-1252")


class NotUnderstood(Exception):
    """A page is not what its description says: which element, and what is wrong with it."""

    def __init__(self, element: str, wrong: str = "is missing") -> None:
        super().__init__(f"{element} {wrong}")
        self.element = element


class Document:
    """One page. `url` is where it came from."""

    def __init__(self, status: int, url: str, html: str) -> None:
        self.status = status
        self.url = url
        self.tree = LexborHTMLParser(html)

    @classmethod
    def of(cls, reply: BankReply) -> Document | None:
        """Parse an answer; `None` if it is not HTML, or not written in the characters that it names."""
        kind, _, parameters = reply.headers.get("Content-Type", "").lower().partition(";")
        found = _CHARSET.search(parameters)
        charset = found[1] if found else "utf-8"
        if kind.strip() not in _HTML or charset not in _CHARSETS:
            return None
        try:
            return cls(reply.status, reply.url, reply.body.decode(charset))
        except UnicodeDecodeError:
            return None

    @property
    def path(self) -> str:
        """The path of the URL."""
        return URL(self.url, encoded=True).raw_path

    @property
    def language(self) -> str:
        """What the page says its language is, two letters; empty if it says nothing."""
        root = self.tree.root
        told = root.attributes.get("lang") if root is not None else None
        return (told or "")[:2].lower()

    def first(self, selector: str) -> Node | None:
        """Return the first element that a selector matches."""
        return self.tree.css_first(selector)

    def link(self, target: str) -> str:
        """Return an address on the page as a URL. Raises: NotUnderstood, if it is none."""
        try:
            return str(URL(self.url, encoded=True).join(URL(target, encoded=True)))
        except ValueError as error:
            raise NotUnderstood("a link", "is not a URL") from error


def text_of(node: Node) -> str:
    """Return the text of an element; every run of white space, also unbreakable, is one space."""
    return " ".join(node.text().split())


@dataclass(frozen=True, slots=True)
class Form:
    """A form: where it is sent, and the hidden fields that go with it."""

    action: str
    hidden: Mapping[str, str]

    def body(self, fields: Mapping[str, str]) -> bytes:
        """Return the form filled in, as a browser sends it."""
        return urlencode({**self.hidden, **fields}).encode()


def form_of(document: Document, selector: str, needed: tuple[str, ...]) -> Form:
    """Read a form that is sent with POST. `needed`: hidden fields that it must have, with a value.

    Raises: NotUnderstood.
    """
    found = document.first(selector)
    if found is None or found.tag != "form":
        raise NotUnderstood(selector)
    if (found.attributes.get("method") or "").lower() != "post":
        raise NotUnderstood(f"{selector}[method=post]")
    hidden = {
        node.attributes.get("name") or "": node.attributes.get("value") or ""
        for node in found.css("input[type=hidden]")
    }
    hidden.pop("", None)
    for name in needed:
        if not hidden.get(name):
            raise NotUnderstood(f"{selector} input[name={name}]")
    return Form(document.link(found.attributes.get("action") or ""), hidden)
