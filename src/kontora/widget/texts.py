"""The widget's words: one catalogue a locale, read once, complete by a test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

# Locales of the original are named after countries; pages need names of languages (BCP 47).
_LANGUAGES = {
    "pl": "pl",
    "cz": "cs",
    "en": "en",
    "es": "es",
    "pt": "pt",
    "ro": "ro",
    "lt": "lt",
    "lv": "lv",
    "ee": "et",
}
_ALIASES = {"br": "pt", "mx": "es", "cs": "cz", "et": "ee"}
DEFAULT_LOCALE = "pl"
FOREIGN_LOCALE = "en"

LOCALES: tuple[str, ...] = tuple(_LANGUAGES)


def known_locale(locale: str | None) -> str:
    """Return the locale whose catalogue is used: Polish if none is asked for, English for an unknown one.

    "cz" and "cs-CZ" -> "cz"; "br" -> "pt"; "ru" -> "en".
    """
    if not locale:
        return DEFAULT_LOCALE
    name = locale.strip().lower().replace("_", "-").split("-")[0]
    name = _ALIASES.get(name, name)
    return name if name in _LANGUAGES else FOREIGN_LOCALE


def language_of(locale: str | None) -> str:
    """Return the BCP 47 name of the language, for `lang` attributes: "cz" -> "cs"."""
    return _LANGUAGES[known_locale(locale)]


def texts_of(locale: str | None) -> Mapping[str, str]:
    """Return the words by their keys; `{name}` in them are places for values."""
    return _catalogue(known_locale(locale))


def texts_beside(locale: str | None, prefix: str) -> dict[str, str]:
    """Return the words without those of a prefix: what a page does not need is not sent."""
    return {key: text for key, text in texts_of(locale).items() if not key.startswith(prefix)}


@cache
def _catalogue(locale: str) -> Mapping[str, str]:
    text = (files("kontora.widget") / "locale" / f"{locale}.json").read_text(encoding="utf-8")
    return MappingProxyType(json.loads(text))
