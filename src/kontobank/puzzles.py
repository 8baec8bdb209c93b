"""What an owner is asked beside the password, and the published rules by which people and tests answer.

Every puzzle also takes `Test123`, the password of every login.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from kontobank.pictures import READABLE

TOKEN_DIGITS = 8
LIST_CODES = 40
CODE_DIGITS = 6
PICTURE_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Puzzle:
    """One puzzle of one sign-in. `asked` is what the owner sees, `answer` what they should type."""

    asked: str
    answer: str


def token_puzzle(seed: str) -> Puzzle:
    """Make the digits to type into the token. Rule: it answers with the digits backwards.

    Example: 40718823 -> 32881704
    """
    digits = str(_random(seed).randrange(10 ** (TOKEN_DIGITS - 1), 10**TOKEN_DIGITS))
    return Puzzle(digits, digits[::-1])


def list_puzzle(seed: str) -> Puzzle:
    """Choose a code of the list. Rule: code n is n, in two digits, three times.

    Example: 7 -> 070707
    """
    number = _random(seed).randrange(1, LIST_CODES + 1)
    return Puzzle(str(number), f"{number:02d}" * (CODE_DIGITS // 2))


def picture_puzzle(seed: str) -> Puzzle:
    """Choose the letters of a picture, which are the answer."""
    text = "".join(_random(seed).choices(READABLE, k=PICTURE_LETTERS))
    return Puzzle(text, text)


def _random(seed: str) -> Random:
    return Random(seed)  # noqa: S311  # a practice bank, nothing secret


def mask_places(seed: str, length: int) -> tuple[int, ...]:
    """Choose which characters of a password are asked for: three or four places, from 1."""
    rng = _random(seed)
    return tuple(sorted(rng.sample(range(1, length + 1), rng.choice((3, 4)))))


def masked(password: str, places: tuple[int, ...]) -> str:
    """Return the characters of a password at these places, joined."""
    return "".join(password[place - 1] for place in places)
