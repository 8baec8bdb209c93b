"""Account numbers with right check digits: IBANs of Poland, Czechia and Spain, and masked card numbers."""

from __future__ import annotations

from random import Random

_SORT_CODE_WEIGHTS = (3, 9, 7, 1, 3, 9, 7)
_CZECH_WEIGHTS = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_SPANISH_WEIGHTS = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)


def iban(country: str, bban: str) -> str:
    """Return the IBAN of a national number. Source: ISO 13616, modulo 97."""
    digits = "".join(str(int(character, 36)) for character in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"


def broken_iban(good: str) -> str:
    """Return the same IBAN with check digits that fail."""
    return f"{good[:2]}{(int(good[2:4]) + 1) % 97:02d}{good[4:]}"


def polish_iban(rng: Random, bank: str) -> str:
    """Return a Polish IBAN at a bank (4 digits), with a sort code that checks out."""
    head = f"{bank}{rng.randrange(1000):03d}"
    check = -sum(int(digit) * weight for digit, weight in zip(head, _SORT_CODE_WEIGHTS, strict=True)) % 10
    return iban("PL", f"{head}{check}{rng.randrange(10**16):016d}")


def czech_iban(rng: Random, bank: str) -> str:
    """Return a Czech IBAN at a bank (4 digits), with an account number divisible by 11."""
    while True:
        number = f"{rng.randrange(10**9):09d}"
        total = sum(int(digit) * weight for digit, weight in zip(number, _CZECH_WEIGHTS, strict=False))
        check = -total % 11
        if check < 10:
            return iban("CZ", f"{bank}000000{number}{check}")


def spanish_iban(rng: Random, bank: str) -> str:
    """Return a Spanish IBAN at a bank (4 digits), with both control digits right."""
    branch, number = f"{rng.randrange(1, 10**4):04d}", f"{rng.randrange(10**10):010d}"
    return iban("ES", f"{bank}{branch}{_control('00' + bank + branch)}{_control(number)}{number}")


def _control(digits: str) -> int:
    rest = 11 - sum(int(d) * weight for d, weight in zip(digits, _SPANISH_WEIGHTS, strict=True)) % 11
    return {10: 1, 11: 0}.get(rest, rest)


def masked_card(rng: Random) -> str:
    """Return a masked card number: six digits, stars, the last four."""
    return f"{rng.choice(('424955', '516931', '554782'))}******{rng.randrange(10**4):04d}"
