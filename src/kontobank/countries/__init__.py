"""The countries KontoBank works in: currency, account numbers, and the words of its people and shops."""

from __future__ import annotations

from kontobank.countries.country import Country, Phrase
from kontobank.countries.cz import CZECHIA
from kontobank.countries.es import SPAIN
from kontobank.countries.pl import POLAND

COUNTRIES: dict[str, Country] = {country.code: country for country in (POLAND, CZECHIA, SPAIN)}

__all__ = ["COUNTRIES", "Country", "Phrase"]
