"""How a layout writes dates, and reading them."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class DateForm(StrEnum):
    """How dates are written; `d mmm yyyy` has the Polish names of months, `28 wrz 2026`."""

    ISO = "yyyy-mm-dd"
    DOTS = "dd.mm.yyyy"
    YEAR_FIRST_DOTS = "yyyy.mm.dd"
    SLASHES = "dd/mm/yyyy"
    DASHES = "dd-mm-yyyy"
    MONTH_NAMES = "d mmm yyyy"


MONTHS = ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru")
_MONTHS = {name: place for place, name in enumerate(MONTHS, start=1)}
# The accent may be lost on the way out of the file.
_MONTHS |= {"paz": 10, "pa": 10}

_YEAR_FIRST = r"(?P<y>[0-9]{4})%s(?P<m>[0-9]{2})%s(?P<d>[0-9]{2})(?![0-9])"
_DAY_FIRST = r"(?P<d>[0-9]{2})%s(?P<m>[0-9]{2})%s(?P<y>[0-9]{4})(?![0-9])"
_PATTERNS = {
    DateForm.ISO: _YEAR_FIRST % ("-", "-"),
    DateForm.DOTS: _DAY_FIRST % (r"\.", r"\."),
    DateForm.YEAR_FIRST_DOTS: _YEAR_FIRST % (r"\.", r"\."),
    DateForm.SLASHES: _DAY_FIRST % ("/", "/"),
    DateForm.DASHES: _DAY_FIRST % ("-", "-"),
    DateForm.MONTH_NAMES: r"(?P<d>[0-9]{1,2}) ?(?P<m>[a-z]{2,3}|paź)\.? ?(?P<y>[0-9]{4})(?![0-9])",
}


class ReadDate(NamedTuple):
    """A date, and where it ends in the text that it began."""

    day: date
    end: int


@lru_cache(maxsize=4096)
def read_date(text: str, forms: tuple[DateForm, ...]) -> ReadDate | None:
    """Read the date that a text begins with; `None` where there is none or no such day exists."""
    for form in forms:
        found = _pattern(form).match(text)
        if found is None:
            continue
        month = found["m"].lower()
        number = _MONTHS.get(month) if form is DateForm.MONTH_NAMES else int(month)
        if number is None:
            continue
        try:
            return ReadDate(date(int(found["y"]), number, int(found["d"])), found.end())
        except ValueError:
            continue
    return None


def find_dates(text: str, forms: tuple[DateForm, ...]) -> tuple[date, ...]:
    """Find the dates in a text, in its order."""
    found = []
    place = 0
    starts = re.compile(r"(?<![0-9])[0-9]")
    while (start := starts.search(text, place)) is not None:
        read = read_date(text[start.start() : start.start() + 12], forms)
        if read is not None:
            found.append(read.day)
        place = start.end() if read is None else start.start() + read.end
    return tuple(found)


@lru_cache(maxsize=16)
def _pattern(form: DateForm) -> re.Pattern[str]:
    return re.compile(_PATTERNS[form], re.IGNORECASE)
