"""The catalogues: complete, alike in their places for values, compiled, and used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools.locales.__main__ import FOLDER, stale

from kontora.errors import BankError, OperatorError, OwnerError, StatementError
from kontora.errors import failures as named_failures
from kontora.widget.texts import LOCALES, known_locale, language_of, texts_of

WIDGET = FOLDER.parent
ENGLISH = texts_of("en")
# Words that a language may have in common with English.
SAME_WORDS = {"beta", "kind_STATIC_LOGIN"}


def _places(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_lacks_no_text(locale: str) -> None:
    texts = texts_of(locale)
    assert list(texts) == list(ENGLISH)
    assert [key for key, text in texts.items() if not text.strip()] == []
    assert [key for key, text in texts.items() if _places(text) != _places(ENGLISH[key])] == []
    if locale != "en":
        untranslated = {key for key, text in texts.items() if text == ENGLISH[key]}
        assert untranslated <= SAME_WORDS


def test_the_compiled_catalogues_are_those_of_the_gettext_files() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.po")) == sorted(LOCALES)
    assert stale() == ()


def _sources() -> str:
    files = [*WIDGET.glob("assets/**/*.js"), *WIDGET.glob("templates/*.html")]
    return "\n".join(Path(file).read_text(encoding="utf-8") for file in files)


def test_every_text_that_the_pages_name_is_there() -> None:
    named = set(re.findall(r"\bt(?:extOrNull)?\('(\w+)'", _sources()))
    named |= set(re.findall(r"texts\.(\w+)", _sources())) - {"get"}
    assert len(named) > 60
    assert named - set(ENGLISH) == set()


def test_no_text_is_left_over() -> None:
    sources = _sources()
    built = ("kind_", "help_", "failure_", "pdf_failure_", "type_", "closed_", "refused_", "picture_")
    assert [key for key in ENGLISH if not key.startswith(built) and f"{key}" not in sources] == []


def test_every_failure_of_owner_bank_or_operator_has_words() -> None:
    ending = (WIDGET / "assets/signin/views/ending.js").read_text(encoding="utf-8")
    shared = dict(re.findall(r"(\w+): '(\w+)'", ending.split("const SHARED")[1].split("};")[0]))
    for name, failure in named_failures().items():
        if issubclass(failure, OwnerError | BankError | OperatorError):
            assert f"failure_{shared.get(name, name)}" in ENGLISH, name


def test_every_refusal_of_a_file_has_words() -> None:
    row = (WIDGET / "assets/pdf/row.js").read_text(encoding="utf-8")
    shared = dict(re.findall(r"(\w+): '(\w+)'", row.split("const SHARED")[1].split("};")[0]))
    for name, failure in named_failures().items():
        if issubclass(failure, StatementError):
            assert f"pdf_failure_{shared.get(name, name)}" in ENGLISH, name


@pytest.mark.parametrize(
    ("asked", "locale", "language"),
    [
        (None, "pl", "pl"),
        ("cz", "cz", "cs"),
        ("cs-CZ", "cz", "cs"),
        ("ee", "ee", "et"),
        ("br", "pt", "pt"),
        ("mx", "es", "es"),
        ("ru", "en", "en"),
        ("EN", "en", "en"),
        ("../../etc/passwd", "en", "en"),
    ],
)
def test_a_locale_leads_to_a_catalogue(asked: str | None, locale: str, language: str) -> None:
    assert known_locale(asked) == locale
    assert language_of(asked) == language
