"""From a camt.052 report (or camt.053 statement) to the model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec
from lxml import etree

from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.parse_transactions import Page, Reading
from kontora.connectors.standards.items import finished
from kontora.connectors.standards.json_fields import a_date, a_decimal, a_text
from kontora.connectors.strict_xml import parse_xml
from kontora.errors import BankChanged
from kontora.model import MoneyTransaction, TransactionStatus

_STATES = {
    "BOOK": TransactionStatus.DONE,
    "PDNG": TransactionStatus.PENDING,
    "INFO": TransactionStatus.PLANNED,
}
_ORDER = (TransactionStatus.PENDING, TransactionStatus.DONE)
_SIGNS = {"CRDT": 1, "DBIT": -1}


def parse_camt(body: bytes, reading: Reading, dialect: Dialect) -> Page:
    """Read the entries of a camt.052 report: pending first, then booked, in the bank's order.

    Amounts: debit negative, by `CdtDbtInd`, turned by `RvslInd`. All versions, whatever their namespace.
    Raises: BankChanged, if it is not such a report, or an entry lacks amount, sign or state.
    Source: ISO 20022 camt.052.001.02 and .08, `Rpt/Ntry`.
    """
    root = parse_xml(body)
    entries = [entry for report in _all(root, "Rpt", "Stmt") for entry in _all(report, "Ntry")]
    if not entries and next(_all(root, "Rpt", "Stmt"), None) is None:
        raise BankChanged("the XML body is not a camt report")
    items = [_entry(entry, f"Ntry[{index}]", reading, dialect) for index, entry in enumerate(entries)]
    return Page(
        tuple(item for state in _ORDER for item in items if item is not None and item.status is state)
    )


def _entry(entry: etree._Element, at: str, reading: Reading, dialect: Dialect) -> MoneyTransaction | None:
    amount_element = next(_all(entry, "Amt"), None)
    sign = _SIGNS.get(_text(entry, "CdtDbtInd") or "")
    state = _STATES.get(_text(entry, "Sts") or _text(entry, "Sts", "Cd") or "")
    if amount_element is None or sign is None or state is None:
        raise BankChanged(f"{at} lacks Amt, CdtDbtInd or Sts")
    if amount_element.get("Ccy") != (reading.handle.currency or reading.currency):
        if reading.handle.currency is not None:
            return None
        raise BankChanged(f"{at}.Amt is not in the account's currency")
    amount = sign * a_decimal(amount_element.text, f"{at}.Amt")
    pending = state is not TransactionStatus.DONE
    booked_on, valued_on = _date(entry, "BookgDt", at), _date(entry, "ValDt", at)
    on = valued_on or booked_on or (reading.today if pending else None)
    if on is None:
        raise BankChanged(f"{at} is booked but has no date")
    details = next((found for group in _all(entry, "NtryDtls") for found in _all(group, "TxDtls")), entry)
    party, party_iban = _party(details, amount)
    return finished(
        MoneyTransaction(
            transaction_on=on,
            booked_on=None if pending else booked_on or valued_on,
            currency_amount=amount,
            status=state,
            title=_title(details, dialect) or _text(entry, "AddtlNtryInf"),
            party=party,
            party_iban=party_iban,
            kind=_kind(entry, dialect),
            internal_id=_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef"),
            raw=msgspec.json.encode({"camt": etree.tostring(entry, encoding="unicode", with_tail=False)}),
        )
    )


def _party(details: etree._Element, amount: Decimal) -> tuple[str | None, str | None]:
    side = "Cdtr" if amount < 0 else "Dbtr"
    name = _text(details, "RltdPties", side, "Nm") or _text(details, "RltdPties", side, "Pty", "Nm")
    account = _text(details, "RltdPties", f"{side}Acct", "Id", "IBAN")
    return name, account or _text(details, "RltdPties", f"{side}Acct", "Id", "Othr", "Id")


def _title(details: etree._Element, dialect: Dialect) -> str | None:
    lines = [a_text(line.text, "Ustrd") for group in _all(details, "RmtInf") for line in _all(group, "Ustrd")]
    joined = dialect.remittance_joiner.join(line for line in lines if line)
    return joined or _text(details, "RmtInf", "Strd", "CdtrRefInf", "Ref")


def _kind(entry: etree._Element, dialect: Dialect) -> str | None:
    domain = [
        _text(entry, "BkTxCd", "Domn", "Cd"),
        _text(entry, "BkTxCd", "Domn", "Fmly", "Cd"),
        _text(entry, "BkTxCd", "Domn", "Fmly", "SubFmlyCd"),
    ]
    kinds = {
        "bankTransactionCode": "-".join(part for part in domain if part) or None,
        "proprietaryBankTransactionCode": _text(entry, "BkTxCd", "Prtry", "Cd"),
    }
    return next((kind for key in dialect.kinds if (kind := kinds.get(key))), None)


def _date(entry: etree._Element, name: str, at: str) -> date | None:
    return a_date(_text(entry, name, "Dt") or _text(entry, name, "DtTm"), f"{at}.{name}")


def _text(element: etree._Element, *path: str) -> str | None:
    """Return the text at the path of local names; the first element of each name counts."""
    current: etree._Element | None = element
    for name in path:
        current = next(_all(current, name), None) if current is not None else None
    return None if current is None else a_text(current.text, path[-1])


def _all(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield children, of the root also grandchildren, with one of these local names."""
    children = list(element)
    if element.getparent() is None:
        children += [grandchild for child in element for grandchild in child]
    for child in children:
        if isinstance(child.tag, str) and etree.QName(child).localname in names:
            yield child
