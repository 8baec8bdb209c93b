"""Texts of banks as the dictionary sees them: upper case, no diacritics, single spaces."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LONGEST = 2_000
BREAK = "\n"
SHORTEST_WORD = 3
_DIGITS = "0123456789"
_KEPT = "+"
_LETTERS = {"ß": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "İ": "I"}


class _Plain(dict[int, str]):
    """Maps each character to upper-case ASCII, or to a space; learned as characters come."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _plain(chr(code))
        return found


def _plain(char: str) -> str:
    if char in _KEPT or char == BREAK:
        return char
    if char == "\u00ad" or unicodedata.combining(char):
        return ""
    upper = char.upper()
    if upper in _LETTERS:
        return _LETTERS[upper]
    parts = unicodedata.normalize("NFKD", upper)
    kept = "".join(part.upper() for part in parts if part.isascii() and part.isalnum())
    return kept or " "


_TABLE = _Plain()


def plain(text: str) -> str:
    """Return a text without case, diacritics and punctuation, its words parted by one space.

    "Oplata  za kartę (VISA)" -> "OPLATA ZA KARTE VISA"; "500+" stays "500+". Numbers that are glued to a word
    of three letters or more leave it: "LIDL1234" -> "LIDL 1234"; "4F", "P24", "Z7421" stay.
    """
    return _spaced(text[:LONGEST].replace(BREAK, " ").translate(_TABLE))


def _spaced(text: str) -> str:
    return " ".join([word if word.isalpha() or word.isdigit() else _parted(word) for word in text.split()])


def _parted(word: str) -> str:
    head = word.rstrip(_DIGITS)
    if len(head) < len(word):
        return f"{head} {word[len(head) :]}" if len(head) >= SHORTEST_WORD and head.isalpha() else word
    tail = word.lstrip(_DIGITS)
    is_glued = len(tail) < len(word) and len(tail) >= SHORTEST_WORD and tail.isalpha()
    return f"{word[: -len(tail)]} {tail}" if is_glued else word


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a money transaction in one text: of kind, party and title, each with spaces around it.

    `text` is " KIND \\n PARTY \\n TITLE "; `party_at` and `title_at` are where those fields begin.
    """

    text: str
    party_at: int
    title_at: int

    @property
    def kind(self) -> str:
        """The bank's own kind."""
        return self.text[: self.party_at].strip(" \n")

    @property
    def party(self) -> str:
        """The other side."""
        return self.text[self.party_at : self.title_at].strip(" \n")

    @property
    def title(self) -> str:
        """What it is for, in somebody's words."""
        return self.text[self.title_at :].strip()


def words_of(kind: str | None, party: str | None, title: str | None) -> Words:
    """Return the words of three fields; a missing one is empty."""
    whole = BREAK.join(
        (field[:LONGEST].replace(BREAK, " ") if BREAK in field else field[:LONGEST]) if field else ""
        for field in (kind, party, title)
    )
    kind, party, title = (_spaced(field) for field in whole.translate(_TABLE).split(BREAK))
    party_at = len(kind) + 3
    return Words(f" {kind} {BREAK} {party} {BREAK} {title} ", party_at, party_at + len(party) + 3)
