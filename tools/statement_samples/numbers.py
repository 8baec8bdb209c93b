"""Account numbers that pass every check and belong to nobody, and the references that banks print."""

from __future__ import annotations

from random import Random

SORT_CODE_WEIGHTS = (3, 9, 7, 1, 3, 9, 7)
POLAND = "2521"


def sort_code(prefix: str, unit: str = "000") -> str:
    """Return eight digits: the bank's four, its unit's three, and their own check digit."""
    seven = prefix + unit
    total = sum(int(digit) * weight for digit, weight in zip(seven, SORT_CODE_WEIGHTS, strict=True))
    return seven + str(-total % 10)


def account_number(prefix: str, number: int) -> str:
    """Return 26 digits. `number`: below 10**9; the rest is zeros, as no bank has given it to anybody."""
    body = f"{sort_code(prefix)}{number:016d}"
    return f"{98 - int(body + POLAND + '00') % 97:02d}{body}"


def foreign_iban(country: str, number: int, length: int) -> str:
    """Return an IBAN of another country that passes mod 97; `length`: of what follows the check digits."""
    body = f"{number:0{length}d}"
    letters = "".join(str(ord(letter) - 55) for letter in country)
    return f"{country}{98 - int(body + letters + '00') % 97:02d}{body}"


def is_account_number(digits: str) -> bool:
    """Tell whether 26 digits pass both checks."""
    whole = int(digits[2:] + POLAND + digits[:2]) % 97 == 1
    return len(digits) == 26 and whole and sort_code(digits[2:6], digits[6:9]) == digits[2:10]


def grouped(digits: str) -> str:
    """Write 26 digits as people read them: two, and six groups of four; an IBAN in groups of four."""
    if not digits.isdigit():
        return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
    return " ".join([digits[:2], *(digits[place : place + 4] for place in range(2, 26, 4))])


def digits(rng: Random, count: int) -> str:
    """Return that many random digits."""
    return "".join(rng.choices("0123456789", k=count))
