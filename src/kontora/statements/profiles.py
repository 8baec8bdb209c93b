"""Profiles: how the writer of a layout makes its files, learned from genuine ones, as JSON.

A fact is a set of texts: a file may have no others. A fact that is missing is not compared, so that nothing
is refused for what nobody knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from kontora.statements.document import Document
from kontora.statements.fingerprint import INFO_FACTS, Facts, fingerprint, masked
from kontora.statements.library import LAYOUTS_DIR
from kontora.statements.readings import EvidenceGrade

SUFFIX = ".profile.json"
MIN_FILES = 3
SEEN_TWICE = 2
"""A set is learned only if each of its texts was seen in so many files: what one file alone has says that
the next may bring something new, too."""
ALWAYS_FROM = 8
"""From so many files on, what all of them have is missed where it is missing."""
ALWAYS_FACTS = ("fonts", "images", "root_keys", "page_keys", "trailer_keys", "filters")

Values = tuple[str, ...] | None
"""The texts that a fact may have; `None` where it is unknown."""


class ProfileBroken(ValueError):
    """A profile file cannot be built; says which file and which field."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What is known of the files of one layout. `source`: how, a sentence, with its `grade`, as layouts have
    it; `files`: of how many it was learned, 0 if of none.

    Texts are written as in a file, or with `#` for each number: `Skia/PDF m#`. A text that a file lacks is
    the empty one. `always`: by fact, what every file has.

    `page_sizes`: `595.3 x 841.9`. `info_keys`, `xmp_keys`: in their order, parted by spaces. `dates`:
    whether the dates of making and change are the `same`, `different`, only `created`, `modified`, or
    `none`. `date_forms`: with `#` for each digit. `ids`: whether the two are `equal`, `different`, `none`.
    `styles`: `Arial 8 #000000`. `fonts`: `Arial TrueType embedded WinAnsiEncoding`. `font_families`: what
    names of fonts in use begin with. `deflates`: zlib's header and level, `789c 6`. `signatures`: common
    names of issuers, or `none` for unsigned files. `signed_marks`: words that only signed files show.
    `text_operators` to `resource_names`: as in `Anatomy`; `xref` to
    `several_subsets`: `yes` or `no`.
    """

    layout: str
    source: str
    grade: EvidenceGrade | None = None
    files: int = 0
    producers: Values = None
    creators: Values = None
    titles: Values = None
    subjects: Values = None
    authors: Values = None
    keywords: Values = None
    versions: Values = None
    page_sizes: Values = None
    info_keys: Values = None
    xmp_keys: Values = None
    dates: Values = None
    date_forms: Values = None
    ids: Values = None
    header_comments: Values = None
    xref: Values = None
    object_streams: Values = None
    linearised: Values = None
    encrypted: Values = None
    out_of_order: Values = None
    holes: Values = None
    revisions: Values = None
    trailer_keys: Values = None
    root_keys: Values = None
    page_keys: Values = None
    content_streams: Values = None
    filters: Values = None
    resource_names: Values = None
    text_operators: Values = None
    deflates: Values = None
    active: Values = None
    annotations: Values = None
    fonts: Values = None
    font_families: Values = None
    styles: Values = None
    several_subsets: Values = None
    images: Values = None
    signatures: Values = None
    signed_marks: Values = None
    always: dict[str, tuple[str, ...]] = {}

    def values(self, fact: str) -> Values:
        """Return the texts that a fact may have, `None` where it is unknown."""
        found: Values = getattr(self, fact)
        return found

    def strangers(self, fact: str, seen: frozenset[str]) -> frozenset[str]:
        """Return what of a fact this profile does not know; nothing where the fact is unknown."""
        known = self.values(fact)
        if known is None:
            return frozenset()
        return frozenset(text for text in seen if text not in known and masked(text) not in known)

    def missing(self, fact: str, seen: frozenset[str]) -> frozenset[str]:
        """Return what of a fact every file has, and this one has not."""
        return frozenset(self.always.get(fact, ())) - seen


class Profiles:
    """The profiles at hand, by the names of their layouts."""

    def __init__(self, profiles: Sequence[Profile] = ()) -> None:
        self._by_layout = {profile.layout: profile for profile in profiles}

    def of(self, layout: str) -> Profile | None:
        """Return the profile of a layout; `None` where there is none."""
        return self._by_layout.get(layout)


def load_profiles(extra: Path | None = None, shipped: Path = LAYOUTS_DIR) -> Profiles:
    """Load the profiles beside the layouts, and those in the folder `extra`, which take their place.

    Raises: ProfileBroken, if a file cannot be built or `extra` is no folder.
    """
    if extra is not None and not extra.is_dir():
        raise ProfileBroken(f"{extra} is not a folder")
    files = sorted(shipped.glob(f"*/*{SUFFIX}"))
    files += sorted(extra.glob(f"*{SUFFIX}")) if extra is not None else []
    return Profiles([_loaded(file) for file in files])


def profile_json(profile: Profile) -> bytes:
    """Return a profile as its file holds it."""
    return msgspec.json.format(msgspec.json.encode(profile), indent=2) + b"\n"


def learn(layout: str, documents: Sequence[Document]) -> Profile:
    """Learn the profile of a layout from genuine files.

    Raises: ValueError, if there are fewer than three.
    """
    if len(documents) < MIN_FILES:
        raise ValueError(f"A profile is learned from {MIN_FILES} genuine files or more.")
    seen = [fingerprint(document) for document in documents]
    facts = {name: _learned(name, [facts[name] for facts in seen]) for name in seen[0]}
    always = {name: _always(name, seen) for name in ALWAYS_FACTS if len(seen) >= ALWAYS_FROM}
    return Profile(
        layout=layout,
        source=f"Learned from {len(documents)} files that were given as genuine.",
        grade=EvidenceGrade.MEASURED,
        files=len(documents),
        always={name: texts for name, texts in always.items() if texts},
        **facts,
    )


def _learned(fact: str, seen: list[frozenset[str]]) -> Values:
    known = _known_set(seen)
    if fact not in INFO_FACTS:
        return known
    masks = _known_set([frozenset(map(masked, texts)) for texts in seen])
    # Texts that differ in their numbers alone will have others next time.
    return masks if known is None or (masks is not None and len(masks) < len(known)) else known


def _known_set(seen: list[frozenset[str]]) -> Values:
    """Return all that was seen, unless something was seen in too few files."""
    counted = Counter(text for texts in seen for text in texts)
    if any(times < SEEN_TWICE for times in counted.values()):
        return None
    return tuple(sorted(counted))


def _always(fact: str, seen: list[Facts]) -> tuple[str, ...]:
    return tuple(sorted(frozenset.intersection(*(facts[fact] for facts in seen))))


def _loaded(file: Path) -> Profile:
    try:
        profile = msgspec.json.decode(file.read_bytes(), type=Profile)
    except msgspec.DecodeError as error:
        raise ProfileBroken(f"{file.name}: {error}") from error
    if file.name != profile.layout + SUFFIX:
        raise ProfileBroken(f"{file.name}: the profile is of {profile.layout}, and so must be the file")
    return profile
