"""Vendors: how the companies behind labels call themselves, whatever a bank or a rule writes.

`rulebook/vendors.toml` says it, for every country and for each: `names`, a company and its other spellings;
`written`, names that are only to be written right; `nobody`, phrases that name no company.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from kontora.labels.normalising import plain
from kontora.labels.rules import COUNTRIES, EVERYWHERE, FOLDER, RulesBroken

VENDORS = FOLDER / "vendors.toml"
LONGEST_INITIALS = 4
"""Names of so many letters may be initials: their case is left as it is."""
_ENDS = ("COM", "PL", "ES", "NET")
_LEGAL_FORMS = (
    "SPOLKA AKCYJNA",
    "SP Z O O SP K",
    "SP Z O O",
    "SP ZOO",
    "SP K",
    "SP J",
    *("S A U", "S L U", "S A", "S L", "SAU", "SLU", "SA", "SL", "SAS", "SE", "AG", "AB", "BV", "B V"),
    *("GMBH", "LTD", "LIMITED", "INC", "LLC"),
)
Named = tuple[str | None, str]


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of a country's vendors. `names`: other spellings by the company's own name."""

    names: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    written: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()


class VendorNames:
    """The companies' own names; made once, with a dictionary.

    Raises: RulesBroken, where something is told twice, or names nothing.
    """

    def __init__(self, told: Iterable[Told] = ()) -> None:
        self._listed: dict[str, str | None] = {}
        self._written: dict[str, str] = {}
        for one in told:
            for name, spellings in one.names.items():
                for spelling in spellings:
                    self._list(spelling, name)
                self._write(name)
                if self._listed.setdefault(plain(name), name) != name:
                    raise RulesBroken(f"vendors.toml: {name!r} is another company's spelling, too")
            for name in one.written:
                self._write(name)
            for phrase in one.nobody:
                self._list(phrase, None)

    def _list(self, spelling: str, name: str | None) -> None:
        key = plain(spelling)
        if not key or key in self._listed:
            raise RulesBroken(f"vendors.toml: {spelling!r} is told twice, or has no words")
        self._listed[key] = name

    def _write(self, name: str) -> None:
        key = letters(name)
        if not key or self._written.get(key, name) != name:
            raise RulesBroken(f"vendors.toml: {name!r} is written in two ways, or has no words")
        self._written[key] = name

    def names(self, phrase: str) -> bool:
        """Tell whether a normalised phrase is listed as a company's name, in whatever rule it stands."""
        return self._listed.get(phrase) is not None

    def resolve(self, found: Mapping[Named, str]) -> dict[Named, str]:
        """Return the company's own name for each label and normalised phrase; none where it names nobody."""
        known = {letters(name) for name in (*found.values(), *self._written.values())}
        resolved = {
            named: name
            for named, writing in found.items()
            if (name := self._name(named[1], writing, known)) is not None
        }
        best = _best_writings(resolved.values())
        return {
            named: self._written.get(letters(name), best[letters(name)]) for named, name in resolved.items()
        }

    def _name(self, phrase: str, writing: str, known: set[str]) -> str | None:
        bare = _without_ends(writing, known)
        for key in (phrase, plain(writing), plain(bare)):
            if key in self._listed:
                return self._listed[key]
        return self._written.get(letters(bare)) or _in_case(bare)


NO_NAMES = VendorNames()


@cache
def vendor_names(country: str, file: Path = VENDORS) -> VendorNames:
    """Read what is told of the vendors of a country.

    Raises: RulesBroken.
    """
    told = read_vendors(file)
    return VendorNames(told[place] for place in (EVERYWHERE, country) if place in told)


def read_vendors(file: Path = VENDORS) -> dict[str, Told]:
    """Read the whole list, by country.

    Raises: RulesBroken.
    """
    try:
        told = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, Told])
        if unknown := told.keys() - {EVERYWHERE, *COUNTRIES}:
            raise RulesBroken(f"{file.name}: there is no country {', '.join(sorted(unknown))}")
        return told
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise RulesBroken(f"{file.name}: {error}") from error


def letters(name: str) -> str:
    """Return what all writings of a name share: "Media Markt", "MediaMarkt" -> "MEDIAMARKT"."""
    return plain(name).replace(" ", "")


def _without_ends(name: str, known: set[str]) -> str:
    """Return a name without its legal form, and without ".com" and the like where it is known without it."""
    for form in _LEGAL_FORMS:
        name = _without(name, form)
    for end in _ENDS:
        shorter = _without(name, end)
        if letters(shorter) in known:
            return shorter
    return name


def _without(name: str, end: str) -> str:
    """Take words from the end of a name, in whatever case and punctuation, if something is left."""
    if not plain(name).endswith(f" {end}"):
        return name
    place = len(name)
    while letters(name[place:]) != end.replace(" ", ""):
        place -= 1
    return name[:place].rstrip(" .,-")


def _in_case(name: str) -> str:
    """Write a name that is all in capitals, or has none, as names are written; short ones may be initials."""
    is_even = name.isupper() or name.islower()
    if not is_even or sum(map(str.isalpha, name)) <= LONGEST_INITIALS:
        return name
    return " ".join(word[:1].upper() + word[1:].lower() for word in name.split(" "))


def _best_writings(names: Iterable[str]) -> dict[str, str]:
    """Return one writing for all of the same letters: with diacritics, with words apart, before others."""
    writings: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        writings[letters(name)].add(name)
    return {
        key: min(found, key=lambda one: (one.isascii(), -one.count(" "), one))
        for key, found in writings.items()
    }
