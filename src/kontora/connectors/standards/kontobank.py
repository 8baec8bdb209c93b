"""The dialect of KontoBank, the practice bank, which its targets in several countries share."""

from __future__ import annotations

import re
from datetime import date

from kontora.connectors.standards.berlin_group.connector import BerlinGroupConnector, CreditCards, SignOut
from kontora.connectors.standards.berlin_group.dialect import Details, Dialect, Problem
from kontora.errors import KontoraError, failures

_NAMED = re.compile(r"KontoBank: ([A-Za-z]+)")
_DETAIL = re.compile(r"\s*(Owner address|Opened|Direct debit): ([^;]*)(?:;|$)")


def name_failure(problem: Problem) -> KontoraError | None:
    """Return the failure that KontoBank names, e.g. `KontoBank: AccessBlocked`; `None` if it names none."""
    found = _NAMED.search(problem.text)
    failure = failures().get(found[1]) if found else None
    return failure() if failure is not None else None


def parse_details(text: str) -> Details:
    """Read `Owner address: Lipowa 1, 00-001 Warszawa; Opened: 2019-03-01; Direct debit: yes`."""
    told = dict(_DETAIL.findall(text))
    try:
        opened_on = date.fromisoformat(told["Opened"].strip()) if "Opened" in told else None
    except ValueError:
        opened_on = None
    direct_debit = {"yes": True, "no": False}.get(told.get("Direct debit", "").strip())
    return Details(told.get("Owner address", "").strip() or None, opened_on, direct_debit)


KONTOBANK = Dialect(
    embedded=True,
    check_consent=False,
    client_id="kontora",
    owner_separator=", ",
    kinds=("proprietaryBankTransactionCode", "bankTransactionCode"),
    name_failure=name_failure,
    parse_details=parse_details,
)


class KontoBankConnector(BerlinGroupConnector, CreditCards, SignOut):
    """Everything that KontoBank offers."""

    dialect = KONTOBANK
