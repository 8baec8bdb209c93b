"""Texts of banks as the dictionary sees them: upper case, no diacritics, single spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import msgspec

LONGEST = 2_000
BREAK = "\n"
SHORTEST_WORD = 3
LINE = 35
LONGEST_WORDS = 60
CERTAIN = 26
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FULL = frozenset(LINE * lines for lines in range(1, 5))
_KEPT = "+"
_LATIN = {"ß": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "İ": "I"}
# Ukrainian as passports there write it, and what Russian has beside it; signs without a sound fall away.
_CYRILLIC = (
    "АA БB ВV ГH ҐG ДD ЕE ЄIE ЁE ЭE ЖZH ЗZ ИY ІI ЇI ЙI КK ЛL МM НN ОO ПP РR СS ТT УU ЎU ФF ХKH ЦTS ЧCH ШSH"
    " ЩSHCH ЫY Ь Ъ ЮIU ЯIA"
)
_LETTERS = {**_LATIN, **{pair[0]: pair[1:] for pair in _CYRILLIC.split()}}


class _Plain(dict[int, str]):
    """Maps each character to upper-case ASCII, or to a space; learned as characters come."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _plain(chr(code))
        return found


def _plain(char: str) -> str:
    if char == _KEPT:
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
_STRANGE = re.compile(r"[^\0-\x7f]").findall
MANY_STRANGE = 12
_ASCII = "".join(_plain(chr(code)) for code in range(128)).encode().ljust(256)
"""The same for texts of ASCII alone, which are most: bytes are looked up at once."""
_SHAPE = bytes(65 if 65 <= code <= 90 else 48 if 48 <= code <= 57 else 32 for code in range(256))
"""Letters as "A", digits as "0": tells in two looks whether a word and a number are glued."""


def plain(text: str) -> str:
    """Return a text without case, diacritics and punctuation, its words parted by one space.

    "Oplata  za kartę (VISA)" -> "OPLATA ZA KARTE VISA"; "500+" stays "500+", "TV+NET" is two words. Numbers
    that are glued to a word of three letters or more leave it: "LIDL1234" -> "LIDL 1234"; "4F", "P24" stay.
    """
    if len(text) > LONGEST:
        text = text[:LONGEST]
    bare = (text if text.isascii() else _in_ascii(text)).encode().translate(_ASCII)
    shape, words = bare.translate(_SHAPE), bare.decode().split()
    if b"+" in bare:
        words = [part for word in words for part in _unjoined(word)]
    if b"AAA0" in shape or b"0AAA" in shape:
        words = [word if word.isalpha() or word.isdigit() else _parted(word) for word in words]
    return " ".join(words)


def _in_ascii(text: str) -> str:
    """Return a text with its letters of other alphabets written in ASCII; most have a few."""
    strange = _STRANGE(text)
    if len(strange) > MANY_STRANGE:
        return text.translate(_TABLE)
    for char in strange:
        text = text.replace(char, _TABLE[ord(char)])
    return text


def _unjoined(word: str) -> list[str]:
    """Part words that a plus joins: "INTERNET+TV" -> "INTERNET", "TV"; one in front or behind stays."""
    return f"{word[0]}{word[1:-1].replace('+', ' ')}{word[1:][-1:]}".split()


def _parted(word: str) -> str:
    """Part a word from what begins with a digit, on either side of it."""
    rest = word.lstrip(_CAPITALS)
    head = len(word) - len(rest)
    if head:
        is_glued = head >= SHORTEST_WORD and rest[:1].isdigit()
        return f"{word[:head]} {_parted(rest)}" if is_glued else word
    number = word.rstrip(_CAPITALS)
    is_glued = len(word) - len(number) >= SHORTEST_WORD and number[-1:].isdigit()
    return f"{number} {word[len(number) :]}" if is_glued else word


class Words(msgspec.Struct, frozen=True, gc=False):
    """The words of a money transaction in one text: of kind, party and title, each with spaces around it.

    `text` is " KIND \n PARTY \n TITLE "; `party_at` and `title_at` are where those fields begin, `party_end`
    and `title_end` where they end. Behind each may stand words that a line's end has parted, put together
    again. `party`: the other side, which is asked for most. `cuts`: where words begin that a field's end may
    have cut.
    """

    text: str
    party_at: int
    title_at: int
    party_end: int
    title_end: int
    party: str
    cuts: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        """The bank's own kind."""
        return self.text[: self.party_at].strip(" \n")

    @property
    def title(self) -> str:
        """What it is for, in somebody's words."""
        return self.text[self.title_at : self.title_end].strip()


def words_of(
    kind: str | None, party: str | None, title: str | None, parties: dict[str, str] | None = None
) -> Words:
    """Return the words of three fields; a missing one is empty.

    `parties`: remembers how parties are normalised, for they come again and again in an import.
    """
    plain_kind = _plain_kind(kind) if kind else ""
    plain_party = "" if not party else plain(party) if parties is None else _remembered(party, parties)
    plain_title = plain(title) if title else ""
    party_at = len(plain_kind) + 3
    party_end = party_at + len(plain_party) + 2
    behind_party = _rejoined(party) if party and len(party) > LINE else ""
    title_at = party_end + len(behind_party) + 1
    title_end = title_at + len(plain_title) + 2
    behind_title = _rejoined(title) if title and len(title) > LINE else ""
    text = f" {plain_kind} {BREAK} {plain_party} {behind_party}{BREAK} {plain_title} {behind_title}"
    cuts: tuple[int, ...] = ()
    if len(party or "") in _FULL or len(title or "") in _FULL:
        cuts = _cuts(text, ((party, party_end), (title, title_end)))
    return Words(text, party_at, title_at, party_end, title_end, plain_party, cuts)


def _cuts(text: str, fields: Iterable[tuple[str | None, int]]) -> tuple[int, ...]:
    """Return where the last words of fields begin that end where a line does."""
    return tuple(
        text.rindex(" ", 0, end - 1) + 1
        for field, end in fields
        if field and len(field) in _FULL and field[-1].isalpha()
    )


def _remembered(party: str, parties: dict[str, str]) -> str:
    known = parties.get(party)
    if known is None:
        known = parties[party] = plain(party)
    return known


def name_key(party: str) -> str:
    """Return what a normalised name is compared by: lines break and cut what stands behind its beginning."""
    return party if len(party) < CERTAIN else party.replace(" ", "")[:CERTAIN]


@lru_cache(2_000)
def _plain_kind(kind: str) -> str:
    """Return a kind without case and the like; banks have few, so they are remembered."""
    return plain(kind)


def _rejoined(text: str) -> str:
    """Return the words that the end of a line has parted, whole, each with its neighbours.

    Banks break lines of 35 characters wherever they end: "… BIEDRON KA WARSZAWA" -> "\n BIEDRONKA WARSZAWA ".
    """
    found = ""
    for place in range(LINE, min(len(text), LONGEST) - 1, LINE + 1):
        if text[place] in " \n" and text[place - 1].isalnum() and text[place + 1].isalnum():
            before = text[max(0, place - LONGEST_WORDS) : place]
            behind = text[place + 1 : place + LONGEST_WORDS]
            left, right = " ".join(before.split()[-2:]), " ".join(behind.split()[:2])
            found += f"{BREAK} {plain(left + right)} "
    return found
