"""Pictures and puzzles: sound PNG files, and rules that a person can follow."""

from __future__ import annotations

import struct
import zlib

import pytest

from kontobank.countries import COUNTRIES
from kontobank.ledger import Person
from kontobank.pictures import READABLE, THINGS, text_picture, thing_picture
from kontobank.puzzles import list_puzzle, mask_places, masked, picture_puzzle, token_puzzle
from kontobank.web.persons import identity


def dots(png: bytes) -> tuple[int, int, bytes]:
    """Read a PNG as these are written; checks every chunk."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place, content = 8, b""
    width = height = 0
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length])[0] == zlib.crc32(
            kind + data
        )
        if kind == b"IHDR":
            width, height = struct.unpack(">II", data[:8])
        if kind == b"IDAT":
            content += data
        place += 12 + length
    return width, height, zlib.decompress(content)


@pytest.mark.parametrize("name", THINGS)
def test_a_thing_is_drawn_whole(name: str) -> None:
    width, height, content = dots(thing_picture(name))
    assert (width, height, len(content)) == (120, 120, 120 * (1 + 3 * 120))


def test_letters_that_people_confuse_are_never_asked() -> None:
    assert not set(READABLE) & set("0O1IlQGZ2S5B8")


def test_the_same_puzzle_gives_the_same_picture() -> None:
    text = picture_puzzle("seed").asked
    assert set(text) <= set(READABLE)
    assert text_picture(text, "seed") == text_picture(text, "seed")
    width, height, content = dots(text_picture(text, "seed"))
    assert len(content) == height * (1 + 3 * width)


@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_the_rules_are_those_that_are_published(seed: str) -> None:
    token, listed = token_puzzle(seed), list_puzzle(seed)
    assert token.answer == token.asked[::-1]
    assert listed.answer == f"{int(listed.asked):02d}" * 3
    assert picture_puzzle(seed).asked == picture_puzzle(seed).answer


def test_a_mask_asks_for_some_characters_in_their_order() -> None:
    assert masked("Test123", (2, 4, 7)) == "et3"
    assert all(1 <= place <= 7 for seed in "abcdef" for place in mask_places(seed, 7))


def test_an_invented_identity_has_check_digits_that_hold() -> None:
    pesel = identity(Person("Anna Nowak", "Lipowa 1"), COUNTRIES["pl"]).pesel or ""
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)
    assert sum(int(digit) * weight for digit, weight in zip(pesel, weights, strict=True)) % 10 == 0
    nip = identity(Person("Nordvik", "Lipowa 1", is_company=True), COUNTRIES["pl"]).nip or ""
    check = sum(int(digit) * weight for digit, weight in zip(nip, (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=False))
    assert check % 11 == int(nip[9])
    assert identity(Person("Jan Novák", "Lipová 1"), COUNTRIES["cz"]).pesel is None
