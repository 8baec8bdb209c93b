"""How the web bank writes amounts, dates and account numbers, by country."""

from __future__ import annotations

from datetime import date

from kontobank.countries import Country

_THOUSANDS = {"pl": "\N{NO-BREAK SPACE}", "cz": " ", "es": "."}


def amount(cents: int, country: Country) -> str:
    """Write an amount. Examples: -1 234,56 (pl, cz); −1.234,56 (es, with the sign of mathematics)"""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", _THOUSANDS[country.code])
    minus = "\N{MINUS SIGN}" if country.code == "es" else "-"
    return f"{minus if cents < 0 else ''}{grouped},{rest:02d}"


def day(value: date | None, country: Country, drift: str = "") -> str:
    """Write a date. Examples: 31.01.2026 (pl), 31. 1. 2026 (cz), 31/01/2026 (es); empty for none."""
    if value is None:
        return ""
    if drift == "date":
        return value.strftime("%b %d, %Y")
    if country.code == "cz":
        return f"{value.day}. {value.month}. {value.year}"
    return value.strftime("%d.%m.%Y" if country.code == "pl" else "%d/%m/%Y")


def number(value: str | None, country: Country) -> str:
    """Write an account number in groups of four; Polish ones as the country does, without PL.

    Example: 61 1090 1014 0000 0712 1981 2874
    """
    if not value:
        return ""
    plain = value.removeprefix("PL") if country.code == "pl" else value
    first = len(plain) % 4 if plain.isdigit() else 0
    groups = [plain[:first]] if first else []
    return " ".join(groups + [plain[start : start + 4] for start in range(first, len(plain), 4)])


def symbols(pairs: tuple[tuple[str, str], ...]) -> str:
    """Write Czech payment symbols. Example: VS 1234567890, KS 0308"""
    return ", ".join(f"{kind} {value}" for kind, value in pairs)
