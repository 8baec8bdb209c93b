"""Account numbers in text: Polish ones and IBANs of elsewhere."""

from __future__ import annotations

import re
from typing import NamedTuple

from stdnum import iban

_POLISH = re.compile(r"(?:PL ?)?((?:[0-9] ?){25}[0-9])(?![0-9])")
# In one piece or in groups of four, over two lines where it is wrapped.
_WITHIN = re.compile(r"(?<![0-9A-Z])(?:PL ?)?([0-9]{2}(?:[ \n]?[0-9]{4}){6})(?![0-9])")
_FOREIGN = re.compile(r"([A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)(?![A-Z0-9])")


class Account(NamedTuple):
    """An account number within a text: the number, and where it begins and ends."""

    number: str
    begin: int
    end: int


def account_at_start(text: str) -> Account | None:
    """Read the account number that a text begins with, in any grouping; `None` where there is none.

    A Polish number comes as `PL` and 26 digits, an IBAN of elsewhere as it is; whether the check digits are
    right is not asked here.
    """
    found = _POLISH.match(text)
    if found is not None:
        return Account("PL" + found[1].replace(" ", ""), 0, found.end())
    found = _FOREIGN.match(text)
    if found is not None:
        return Account(found[1].replace(" ", ""), 0, found.end())
    return None


def account_within(text: str) -> Account | None:
    """Find a Polish account number anywhere in a text, or any on a line of its own."""
    found = _WITHIN.search(text)
    if found is not None:
        return Account("PL" + "".join(found[1].split()), *found.span())
    return account_line(text)


def account_line(text: str) -> Account | None:
    """Find an account number on a line of its own."""
    begin = 0
    for line in text.split("\n"):
        account = account_at_start(line)
        if account is not None and account.end == len(line.rstrip()) and _is_account(account.number):
            return Account(account.number, begin, begin + len(line))
        begin += len(line) + 1
    return None


def _is_account(number: str) -> bool:
    """Say whether a number without a label is one: a foreign IBAN without its check digits is any code."""
    return number.startswith("PL") or bool(iban.is_valid(number))
