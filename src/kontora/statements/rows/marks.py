"""Finding a bank's words in text that lost spaces, case or diacritics on its way out of the file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# One character for one character, so that places in folded text are places in the text itself.
_FOLDED = {
    code: unicodedata.normalize("NFD", chr(code))[0].lower()
    for code in range(0xC0, 0x250)
    if unicodedata.normalize("NFD", chr(code))[0].isascii()
}
_FOLDED |= {ord("ł"): "l", ord("Ł"): "l", ord("\n"): " ", ord("\u2212"): "-", ord("\u2013"): "-"}


def fold(text: str) -> str:
    """Take case and diacritics off, character by character: as long as it was, without line ends."""
    return text.translate(_FOLDED).lower()


def fold_tight(text: str) -> str:
    """Fold, and leave spaces out."""
    return fold("".join(text.split()))


_NOTHING = re.compile("(?!)")


class Mark:
    """A label or anchor as the bank prints it, found in folded text without spaces.

    Where letters with diacritics are lost or became others on the way out of the file, it is found, too.
    """

    __slots__ = ("_tolerant", "tight")

    def __init__(self, label: str) -> None:
        self.tight = fold_tight(label)
        source = tolerant_source("".join(label.split()))
        self._tolerant = re.compile(source) if source != re.escape(self.tight) else None

    def find(self, text: str, start: int = 0) -> tuple[int, int] | None:
        """Return where it stands first, from `start` on, as (begin, end); `None` where it does not."""
        place = text.find(self.tight, start)
        if place >= 0:
            return place, place + len(self.tight)
        found = self._tolerant.search(text, start) if self._tolerant else None
        return found.span() if found else None

    def begins(self, text: str) -> int:
        """Return where it ends in a text that it begins, or 0."""
        if text.startswith(self.tight):
            return len(self.tight)
        found = self._tolerant.match(text) if self._tolerant else None
        return found.end() if found else 0

    def all(self, text: str) -> Iterator[tuple[int, int]]:
        """Return every place, in order."""
        if self._tolerant is not None:
            yield from (found.span() for found in self._tolerant.finditer(text))
            return
        place = self.find(text)
        while place is not None:
            yield place
            place = self.find(text, place[1])


def tolerant_source(label: str) -> str:
    """Return the pattern of a label in folded text: letters with diacritics may be lost or changed.

    At the end, a letter of ASCII that is not the label's begins what follows.
    """
    last = len(label) - 1
    sources = []
    for place, character in enumerate(label):
        plain = re.escape(fold(character))
        if character.isascii() or not character.isalpha():
            sources.append(plain)
        else:
            sources.append(r"[^\W\d_]?" if place < last else rf"(?:{plain}|[^\x00-\x7f])?")
    return "".join(sources)


@lru_cache(maxsize=2048)
def mark(label: str) -> Mark:
    """Return the mark of a label; made once."""
    return Mark(label)


@lru_cache(maxsize=256)
def label_pattern(labels: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern that finds any of several labels in folded text that has its spaces.

    The group that matched is named `label_` and the label's place in `labels`. Longer labels go first, so
    that `Tytułem:` is not taken for `Tytuł`.
    """
    if not labels:
        return _NOTHING
    by_length = sorted(enumerate(labels), key=lambda item: len(item[1]), reverse=True)
    alternatives = (f"(?P<label_{place}>{_spaced(label)})" for place, label in by_length)
    return re.compile("(?<![a-z0-9])(?:" + "|".join(alternatives) + ")")


def _spaced(label: str) -> str:
    words = label.split()
    return " ?".join(tolerant_source(word) for word in words)
