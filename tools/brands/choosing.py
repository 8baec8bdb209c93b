"""Which names are compiled, how they are written, and what they say where a list says several things."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kontora.labels.brands import Brand, Shown
from kontora.labels.normalising import plain
from kontora.labels.rules import COUNTRIES
from tools.brands.reading import Named

LEFT_OUT = Path(__file__).parent / "left_out.toml"
SHORTEST = 4


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names with the reason why they are treated apart."""

    why: str
    names: tuple[str, ...]
    countries: tuple[str, ...] = COUNTRIES


class Only(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The names of a label that are compiled alone."""

    why: str
    label: str
    names: tuple[str, ...]


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`left_out.toml`."""

    left_out: tuple[Entry, ...]
    in_purchases: tuple[Entry, ...]
    only: tuple[Only, ...]
    label: tuple[dict[str, str | tuple[str, ...]], ...]


@dataclass(frozen=True)
class Choices:
    """What is left out and what is shown only in purchases, by country and normalised name; chosen labels."""

    left_out: frozenset[tuple[str, str]]
    in_purchases: frozenset[tuple[str, str]]
    only: dict[str, frozenset[str]]
    labels: dict[str, str]


def read_choices(file: Path = LEFT_OUT) -> Choices:
    """Read `left_out.toml`.

    Raises: msgspec.ValidationError, tomllib.TOMLDecodeError.
    """
    told = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Told)
    return Choices(
        _by_country(told.left_out),
        _by_country(told.in_purchases),
        {one.label: frozenset(map(plain, one.names)) for one in told.only},
        {
            plain(name): label
            for entry in told.label
            for label, names in entry.items()
            if label != "why"
            for name in names
        },
    )


def unmet(named: Iterable[Named], choices: Choices) -> list[str]:
    """Return the normalised names of the choices that no list has: they choose nothing any more."""
    known = {plain(one.name) for one in named}
    told = {name for _, name in (*choices.left_out, *choices.in_purchases)}
    told |= {name for names in choices.only.values() for name in names} | choices.labels.keys()
    return sorted(told - known)


def chosen(named: Iterable[Named], choices: Choices) -> list[Brand]:
    """Return the brands, by label and name; a name that lists know as two trades only where one is chosen."""
    found: defaultdict[tuple[str, str], dict[str, list[Named]]] = defaultdict(lambda: defaultdict(list))
    for one in named:
        key = plain(one.name)
        if _is_kept(one, key, choices):
            label = choices.labels.get(key, one.label) if one.source == "nsi" else one.label
            found[one.country, key][label].append(one)
    by_brand: defaultdict[tuple[str, str, bool, str], set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    for (country, key), by_label in found.items():
        for label, items in _decided(by_label).items():
            restricted = (country, key) in choices.in_purchases
            by_brand[label, key, restricted, items[0].source].add(country)
            written.setdefault(key, _written([item.name for item in items]))
    brands = [
        Brand(label, tuple(c for c in COUNTRIES if c in places), _shown(restricted), written[key], source)
        for (label, key, restricted, source), places in by_brand.items()
    ]
    return sorted(_without_needless(brands), key=lambda one: (one.label, plain(one.name), one.countries))


def _by_country(entries: Sequence[Entry]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (country, plain(name)) for one in entries for name in one.names for country in one.countries
    )


def _is_kept(one: Named, key: str, choices: Choices) -> bool:
    if (one.country, key) in choices.left_out:
        return False
    if one.label in choices.only and key not in choices.only[one.label]:
        return False
    compact = key.replace(" ", "")
    is_long = len(compact) >= SHORTEST or (one.country, key) in choices.in_purchases
    return is_long and not compact.isdigit() and _is_latin(one.name)


def _is_latin(name: str) -> bool:
    """Tell whether the name is written in letters that banks know; the index has all the scripts."""
    return all(ord(char) < 0x250 or not char.isalpha() for char in name)


def _decided(by_label: dict[str, list[Named]]) -> dict[str, list[Named]]:
    """Return what a name says: the labels of the seed, maybe two by sign, else the one of the index."""
    of_seed = {label: items for label, items in by_label.items() if items[0].source == "seed"}
    return of_seed or (by_label if len(by_label) == 1 else {})


def _written(names: Sequence[str]) -> str:
    """Return a name as people write it: some are listed in small letters, those of the seed in capitals."""
    best = min(names, key=lambda name: (name.islower(), name.isupper(), name))
    if not (best.islower() or (best.isupper() and len(best) > SHORTEST)):
        return best
    return " ".join(word.capitalize() if word.isalpha() else word for word in best.split())


def _shown(restricted: bool) -> Shown:
    return Shown.IN_PURCHASES if restricted else Shown.ANYWHERE


def _without_needless(brands: Sequence[Brand]) -> list[Brand]:
    """Leave out names that go on where another ends which says the same: "Lidl Polska" beside "Lidl"."""
    known = {(one.label, one.shown, country, plain(one.name)) for one in brands for country in one.countries}
    return [one for one in brands if not all(_is_needless(one, c, known) for c in one.countries)]


def _is_needless(brand: Brand, country: str, known: set[tuple[str, Shown, str, str]]) -> bool:
    words = plain(brand.name).split()
    shorter = (" ".join(words[:size]) for size in range(1, len(words)))
    return any((brand.label, brand.shown, country, name) in known for name in shorter)
