"""What the web bank knows of a person beside name and address: invented from the name, always the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from kontobank.countries import Country
from kontobank.ledger import Person

_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_PREFIXES = {"pl": "+48", "cz": "+420", "es": "+34"}


@dataclass(frozen=True, slots=True)
class Identity:
    """The masked phone number; in Poland the PESEL of a person, or the NIP of a company."""

    phone: str
    pesel: str | None = None
    nip: str | None = None


def identity(person: Person, country: Country) -> Identity:
    """Invent the identity of an owner."""
    seed = int.from_bytes(sha256(f"{person.name}/{person.address}".encode()).digest()[:12])
    phone = f"{_PREFIXES[country.code]} *** *** {seed % 1000:03d}"
    if country.code != "pl":
        return Identity(phone)
    if person.is_company:
        return Identity(phone, nip=_nip(seed))
    return Identity(phone, pesel=_pesel(seed, is_woman=person.name.partition(" ")[0].endswith("a")))


def _pesel(seed: int, *, is_woman: bool) -> str:
    born_on = date(1955, 1, 1) + timedelta(days=seed % 16_000)
    series = f"{seed // 16_000 % 1000:03d}"
    sex = 2 * (seed % 5) + (0 if is_woman else 1)
    digits = f"{born_on:%y%m%d}{series}{sex}"
    total = sum(weight * int(digit) for weight, digit in zip(_PESEL_WEIGHTS, digits, strict=True))
    return f"{digits}{-total % 10}"


def _nip(seed: int) -> str:
    """A number whose check digit would be 10 does not exist; the next one is taken."""
    while True:
        digits = f"{100_000_000 + seed % 899_999_999}"
        check = sum(weight * int(digit) for weight, digit in zip(_NIP_WEIGHTS, digits, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
        seed += 1
