"""Texts as the dictionary sees them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontora.labels.normalising import plain, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Opłata  za kartę (VISA)", "OPLATA ZA KARTE VISA"),
        ("Świadczenie 500+", "SWIADCZENIE 500+"),
        ("H&M  Łódź", "H M LODZ"),
        ("BIEDRONKA3417 LIDL*1234 3417ZABKA", "BIEDRONKA 3417 LIDL 1234 3417 ZABKA"),
        ("PIT37 500plus Bet365", "PIT 37 500 PLUS BET 365"),
        ("INTERNET+TV Canal+ +48600100200 500+1", "INTERNET TV CANAL+ +48600100200 500 1"),
        ("BET365SPORT 1KLM2ABC", "BET 365 SPORT 1KLM2 ABC"),
        ("4F P24 Z7421 O2 A4B C&A 5.10.15", "4F P24 Z7421 O2 A4B C A 5 10 15"),
        ("Příspěvek na bydlení", "PRISPEVEK NA BYDLENI"),
        ("Nómina año", "NOMINA ANO"),
        ("Weiße Straße", "WEISSE STRASSE"),
        ("ﬁrma №7", "FIRMA NO7"),
        ("Олександр Шевченко", "OLEKSANDR SHEVCHENKO"),
        ("Оренда квартири, червень", "ORENDA KVARTYRY CHERVEN"),
        ("Юлія Щасна / Сергей Объедков", "IULIIA SHCHASNA SERHEI OBEDKOV"),
        ("", ""),
        ("— ’ „", ""),
        ("s\u00f3l\u0301", "SOL"),
    ],
)
def test_case_diacritics_and_punctuation_are_gone(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_fields_are_kept_apart_in_one_text() -> None:
    words = words_of("Płatność\nkartą", "ŻABKA  Z123", "zakupy; w sobotę")
    assert (words.kind, words.party, words.title) == ("PLATNOSC KARTA", "ZABKA Z123", "ZAKUPY W SOBOTE")
    assert words.text[words.party_at :].startswith(" ZABKA")
    assert words.text[words.title_at :] == " ZAKUPY W SOBOTE "


def test_what_is_missing_is_empty() -> None:
    words = words_of(None, None, "x")
    assert (words.kind, words.party, words.title) == ("", "", "X")


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_each_field_is_what_it_is_alone(kind: str, party: str, title: str) -> None:
    words = words_of(kind, party, title)
    assert (words.kind, words.party, words.title) == (plain(kind), plain(party), plain(title))


@given(st.text(max_size=200))
def test_a_normalised_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
