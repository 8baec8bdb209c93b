"""The dialect of KontoBank, the practice bank, which its targets in several countries share."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from kontora.connectors.standards.berlin_group.connector import BerlinGroupConnector, CreditCards, SignOut
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.details import Details
from kontora.connectors.standards.problems import Problem
from kontora.errors import KontoraError, ManualActionRequired, failures

_NAMED = re.compile(r"KontoBank: ([A-Za-z]+)")
_PAGE = re.compile(r"https?://[\w.:/-]{1,200}[\w/]", re.ASCII)
_ACT = "Your bank wants you to do something in its own online banking first: {url}"
_DETAIL = re.compile(r"(?:^|; )(Owner address|Opened|Direct debit|Account|Interest|Due): ([^;]*)")
_INTEREST = re.compile(r"\d{1,3}(\.\d{1,4})?", re.ASCII)


def name_failure(problem: Problem) -> KontoraError | None:
    """Return the failure that KontoBank names, e.g. `KontoBank: AccessBlocked`; `None` if it names none."""
    found = _NAMED.search(problem.text)
    failure = failures().get(found[1]) if found else None
    if failure is None:
        return None
    page = _PAGE.search(problem.text) if failure is ManualActionRequired else None
    return failure(friendly_message=_ACT.format(url=page[0]) if page else None)


def parse_details(text: str) -> Details:
    """Read what KontoBank writes about accounts and cards; what is not understood is left out.

    Owner address: Lipowa 1, 00-001 Warszawa; Opened: 2019-03-01; Direct debit: yes
    Account: PL61109010140000071219812874; Interest: 12.5; Due: 2026-02-15
    """
    told = {name: value.strip() for name, value in _DETAIL.findall(text)}
    interest = told.get("Interest", "").removesuffix("%")
    return Details(
        owner_address=told.get("Owner address") or None,
        opened_on=_day(told.get("Opened", "")),
        direct_debit={"yes": True, "no": False}.get(told.get("Direct debit", "")),
        iban=told.get("Account") or None,
        interest=Decimal(interest) if _INTEREST.fullmatch(interest) else None,
        due_on=_day(told.get("Due", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


KONTOBANK = Dialect(
    embedded=True,
    check_consent=False,
    client_id="kontora",
    owner_separator=", ",
    kinds=("proprietaryBankTransactionCode", "bankTransactionCode"),
    unsigned_pending=True,
    name_failure=name_failure,
    parse_details=parse_details,
)


class KontoBankConnector(BerlinGroupConnector, CreditCards, SignOut):
    """Everything that KontoBank offers."""

    dialect = KONTOBANK
