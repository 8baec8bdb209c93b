"""Who the other side is: a natural person by their first name, or the owner themselves."""

from __future__ import annotations

from functools import cache
from itertools import dropwhile, takewhile
from pathlib import Path

from kontora.labels.normalising import plain
from kontora.labels.rules import EVERYWHERE

FOLDER = Path(__file__).parent / "rulebook"
MOST_WORDS = 5
_PARTICLES = frozenset({"DE", "DA", "DO", "DOS", "DAS", "E", "DEL", "LA", "Y", "VON", "VAN"})
_TO_OR_FROM = frozenset({"P", "PARA", "DE", "A", "O", "AO", "TO", "FROM", "IN", "FAVOR", "NA", "OD", "PRO"})
_BEFORE_NAMES = _TO_OR_FROM | {"IMEDIATA", "IMED", "INST", "SEPA", "SEPA+"}
_COMPANY = frozenset(
    {"LDA", "SA", "UNIPESSOAL", "LTD", "SL", "SLU", "SRO", "GMBH", "SPOLKA", "SP", "LIMITED"}
)
_STREETS = frozenset({"UL", "ULICA", "AL", "ALEJA", "OS", "OSIEDLE", "RUA", "AVENIDA", "CALLE", "ULICE"})


@cache
def first_names(country: str) -> frozenset[str]:
    """Return the first names met in a country, normalised: its own, and those of people from elsewhere.

    One a line in `first_names.txt`; `#` begins a note.
    """
    files = [FOLDER / name / "first_names.txt" for name in (EVERYWHERE, country)]
    lines = [
        line for file in files if file.exists() for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return frozenset(plain(line) for line in lines if line.strip() and not line.startswith("#"))


def is_person(party: str, names: frozenset[str]) -> bool:
    """Tell whether a normalised party looks like a person: a few words, one of them a first name.

    An address may follow: "ANNA NOWAK UL LIPOWA 1 2 00 001 WARSZAWA" is one, and so is "ANNA NOWAK LIPOWA 1".
    Particles do not count: "MARIA DA GRACA DOS SANTOS PEREIRA DA SILVA" is one, too.
    """
    words = person_name(party)
    if not 2 <= sum(word not in _PARTICLES for word in words) <= MOST_WORDS:
        return False
    return (words[0] in names or words[1] in names or words[-1] in names) and all(
        word.isalpha() for word in words[:3]
    )


def person_name(party: str) -> list[str]:
    """Return the words of a normalised party before an address."""
    return list(takewhile(_is_of_a_name, party.split()))


def named_behind(words: str) -> str:
    """Return who is named behind a bank's word for a transfer: "P O MARTA REIS 0012" -> "MARTA REIS"."""
    rest = list(dropwhile(lambda word: word in _BEFORE_NAMES or word.isdigit(), words.split()))
    return " ".join(takewhile(str.isalpha, rest))


def begins_with_a_person(words: str, names: frozenset[str]) -> bool:
    """Tell whether words begin with a first name and go on: "MARTA REIS", not "MARTA LIMPEZAS LDA"."""
    name = words.split()
    return len(name) > 1 and name[0] in names and not _COMPANY.intersection(name)


def _is_of_a_name(word: str) -> bool:
    return not word.isdigit() and word not in _STREETS


def same_person(party: str, owner: str) -> bool:
    """Tell whether a party is the owner: all words of the shorter name, in any order; both normalised.

    "KOWALSKI JAN" and "JAN KOWALSKI" are; "JAN KOWALSKI LIPOWA 1" and "JAN KOWALSKI" are, too. A middle name
    may be missing: "ANNA WISNIEWSKA" is "ANNA MARIA WISNIEWSKA", "MARIA WISNIEWSKA" is somebody else.
    """
    ours = owner.split()
    # Most parties are somebody else: their words need not be parted.
    if len(ours) < 2 or ours[0] not in party or ours[-1] not in party:
        return False
    theirs = party.split()
    if len(theirs) < 2:
        return False
    if len(theirs) == len(ours) - 1:
        return {ours[0], ours[-1]} <= set(theirs) <= set(ours)
    return set(ours) <= set(theirs[: len(ours) + 1])
