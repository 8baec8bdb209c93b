"""The list of an account as camt.052, for banks that answer in XML.

Source: ISO 20022 camt.052.001.02, BankToCustomerAccountReport.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol
from xml.sax.saxutils import escape

from kontobank.bodies import money, owner_name
from kontobank.books import Listing
from kontobank.ledger import Account, Item


class Wanted(Protocol):
    """What a request for a list says."""

    @property
    def status(self) -> str:
        """Return booked, pending or both."""

    @property
    def first(self) -> date:
        """Return the first day."""

    @property
    def last(self) -> date:
        """Return the last day."""


def account_report(account: Account, listing: Listing, request: Wanted, at: datetime, bic: str) -> bytes:
    """Return the document: booked and pending entries as asked for, newest first, in one page."""
    start, end = listing.between(request.first, request.last)
    booked = listing.booked_items[start:end] if request.status != "pending" else ()
    pending = listing.pending_items if request.status != "booked" else ()
    stamp = at.isoformat(timespec="seconds")
    number = (
        f"<IBAN>{account.number}</IBAN>" if account.has_iban else f"<Othr><Id>{account.number}</Id></Othr>"
    )
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.02"><BkToCstmrAcctRpt>',
        f"<GrpHdr><MsgId>KB{at:%Y%m%d%H%M%S}</MsgId><CreDtTm>{stamp}</CreDtTm></GrpHdr>",
        f"<Rpt><Id>R{at:%Y%m%d}</Id><CreDtTm>{stamp}</CreDtTm>",
        f"<Acct><Id>{number}</Id><Ccy>{account.currency}</Ccy><Nm>{escape(account.name)}</Nm>",
        f"<Ownr><Nm>{escape(owner_name(account.owners))}</Nm></Ownr>",
        f"<Svcr><FinInstnId><BIC>{bic}</BIC></FinInstnId></Svcr></Acct>",
        _balance("ITBD", listing.booked_cents, account.currency, at.date()),
        *_entries((*pending, *booked), account.currency),
        "</Rpt></BkToCstmrAcctRpt></Document>",
    ]
    return "".join(parts).encode()


def _balance(code: str, cents: int, currency: str, day: date) -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f"<Bal>{kind}{_amount(cents, currency)}<Dt><Dt>{day}</Dt></Dt></Bal>"


def _amount(cents: int, currency: str) -> str:
    side = "DBIT" if cents < 0 else "CRDT"
    return f'<Amt Ccy="{currency}">{money(abs(cents))}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _entries(items: Iterable[Item], currency: str) -> Iterable[str]:
    for item in items:
        booked = f"<BookgDt><Dt>{item.booked_on}</Dt></BookgDt>" if item.booked_on else ""
        kind = escape(item.entry.kind or "NTAV")
        yield (
            f"<Ntry>{_amount(item.cents, currency)}<Sts>{'BOOK' if item.booked_on else 'PDNG'}</Sts>{booked}"
            f"<ValDt><Dt>{item.value_on}</Dt></ValDt><AcctSvcrRef>{item.id}</AcctSvcrRef>"
            f"<BkTxCd><Prtry><Cd>{kind}</Cd></Prtry></BkTxCd>"
            f"<NtryDtls><TxDtls><Refs><AcctSvcrRef>{item.id}</AcctSvcrRef></Refs>{_parties(item)}"
            f"<RmtInf><Ustrd>{escape(item.title)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )


def _parties(item: Item) -> str:
    side = "Cdtr" if item.cents < 0 else "Dbtr"
    name = f"<{side}><Nm>{escape(item.party)}</Nm></{side}>" if item.party else ""
    iban = item.entry.party_iban
    account = f"<{side}Acct><Id><IBAN>{iban}</IBAN></Id></{side}Acct>" if iban else ""
    return f"<RltdPties>{name}{account}</RltdPties>" if name or account else ""
