"""A copy of a page without anything of the owner: the elements stay, the words and values go.

Letters become x and digits 9, so that the form of a date or amount can still be seen.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from kontora.connectors.standards.web_pages.documents import Document

LONGEST = 200_000
_KEPT = frozenset(
    {"class", "id", "name", "type", "rel", "method", "for", "lang", "role", "scope", "inputmode"}
)
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9:_-]{0,40}", re.ASCII)
_DROPPED = frozenset({"script", "style", "template", "noscript"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_LONGEST_TEXT = 60
_SEPARATORS = re.compile(r"[\W_]+")


def redacted(document: Document) -> str:
    """Return the copy, at most 200,000 characters."""
    root = document.tree.root
    parts: list[str] = []
    size = 0
    for part in _parts(root, _words_of(root)) if root is not None else ():
        size += len(part)
        if size > LONGEST:
            break
        parts.append(part)
    return "".join(parts)


def _words_of(root: LexborNode) -> frozenset[str]:
    """Return the words of the page's text: none of them may stand in a class or name that is kept."""
    return frozenset(_SEPARATORS.split(root.text()))


def _parts(root: LexborNode, words: frozenset[str]) -> Iterator[str]:
    """Write the tree without recursion, for pages may be nested deeper than the stack."""
    work: list[LexborNode | str] = [root]
    while work:
        item = work.pop()
        if isinstance(item, str):
            yield item
        elif item.is_text_node:
            text = (item.text_content or "").strip()
            if text:
                yield html.escape(shape(text))
        elif item.is_element_node and item.tag not in _DROPPED:
            tag = item.tag if item.tag and _NAME.fullmatch(item.tag) else "x"
            yield f"<{tag}{_attributes(item, words)}>"
            if tag not in _VOID:
                work.append(f"</{tag}>")
                work.extend(reversed(list(_children(item))))


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def _attributes(node: LexborNode, words: frozenset[str]) -> str:
    written = []
    for name, value in node.attributes.items():
        if not _NAME.fullmatch(name):
            continue
        kept = " ".join(_kept_word(word, words) for word in (value or "").split()) if name in _KEPT else "x"
        written.append(f' {name}="{kept}"')
    return "".join(written)


def _kept_word(word: str, words: frozenset[str]) -> str:
    is_ours = words.isdisjoint(_SEPARATORS.split(word))
    return word if is_ours and _WORD.fullmatch(word) else "x"


def shape(text: str) -> str:
    """Return the form of a text: letters as x, digits as 9, at most 60 characters.

    Example: Jan Kowalski, 31.01.2026 -> xxx xxxxxxxx, 99.99.9999
    """
    return "".join(
        "9" if letter.isdigit() else "x" if letter.isalpha() or not letter.isascii() else letter
        for letter in " ".join(text.split())[:_LONGEST_TEXT]
    )
