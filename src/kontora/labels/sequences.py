"""The sequence pass: what only the neighbours of a money transaction tell.

Source: labels.md, 1 and 10.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from kontora.labels.persons import same_person
from kontora.labels.reasons import Reason, Stage
from kontora.labels.row import Row
from kontora.labels.rules import Fact
from kontora.labels.taxonomy import LABELS, MONTHLY, Sign

SHORTEST_MONTH, LONGEST_MONTH = 27, 34
MONTHLY_SHARE = 0.10
NEVER_MONTHLY = frozenset({"grocery", "cash withdrawal", "cash deposit"})
FEWEST_WAGES = 3
FEWEST_PAYERS = 2
REFUND_DAYS = 180
WAGES = frozenset({"compensation", "salary"})
NOT_A_WAGE = frozenset({"bonus", "salary advance", "business trip refund"})
"""Paid beside a wage, even where the bank calls it one: these do not count into a series."""
NOT_A_REFUND = frozenset(
    {
        label.name
        for label in LABELS
        if label.sign is Sign.CREDIT and label.name not in {"refund", "chargeback"}
    }
    | {
        "own transfer",
        "person transfer",
        "currency exchange",
        "verification",
        "loan",
        "pawnshop",
        "failed payment",
        "gambling",
        "investment",
        "alimony",
    }
)


def own_transfers(rows: Sequence[Row], numbers: frozenset[str], owners: Sequence[str]) -> None:
    """Label what goes between accounts of the same owner. `numbers`: the owner's; `owners`: as normalised."""
    for row in rows:
        if Fact.CARD in row.facts or Fact.CASH in row.facts:
            continue
        if row.iban is not None and row.iban in numbers:
            row.give(Reason("own transfer", Stage.SEQUENCE, "own number", row.iban[-4:]))
        elif any(same_person(row.words.party, owner) for owner in owners):
            row.give(Reason("own transfer", Stage.SEQUENCE, "own name", row.words.party))
        elif Fact.PERSON in row.facts:
            # What somebody else is sent "for savings" is theirs.
            row.reasons.pop("savings", None)


def freelance(rows: Sequence[Row]) -> None:
    """Take invoices of one payer alone for a wage; those of two or more are a freelancer's."""
    found = [row for row in rows if "freelance income" in row.reasons]
    if len({row.party_key for row in found}) >= FEWEST_PAYERS:
        return
    for row in found:
        reason = row.reasons.pop("freelance income")
        row.give(Reason("compensation", reason.stage, reason.rule, reason.matched, reason.confidence))


def wages(rows: Sequence[Row]) -> None:
    """Label wages that one employer paid three times or more."""
    found = (
        row
        for row in rows
        if row.reasons.keys() & WAGES and not row.reasons.keys() & NOT_A_WAGE and Fact.PERSON not in row.facts
    )
    for series in _by_party(found):
        if len(series) >= FEWEST_WAGES:
            for row in series:
                row.give(Reason("regular wage", Stage.SEQUENCE, "three wages of one payer", row.words.party))


def refunds(rows: Sequence[Row]) -> None:
    """Label what a merchant returns of an earlier debit."""
    for series in _by_party(row for row in rows if Fact.PERSON not in row.facts):
        debits = [row for row in series if not row.is_credit]
        for row in series:
            if not row.is_credit or row.reasons.keys() & NOT_A_REFUND:
                continue
            earlier = (
                debit
                for debit in debits
                if 0 <= (row.on - debit.on).days <= REFUND_DAYS and row.cents <= -debit.cents
            )
            if next(earlier, None) is not None:
                row.give(Reason("refund", Stage.SEQUENCE, "earlier debit", row.words.party))


def monthly(rows: Sequence[Row]) -> None:
    """Label what comes or goes again after about a month, with the same other side."""
    for series in _by_party(row for row in rows if not row.reasons.keys() & NEVER_MONTHLY):
        for one, other in _pairs(series):
            if _is_alike(one.cents, other.cents):
                for row in (one, other):
                    row.give(Reason(MONTHLY, Stage.SEQUENCE, MONTHLY, row.words.party))


def _pairs(series: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Return pairs that lie 27 to 34 days apart."""
    ordered = sorted(series, key=lambda row: row.on)
    first = 0
    for row in ordered:
        while (row.on - ordered[first].on).days > LONGEST_MONTH:
            first += 1
        for earlier in ordered[first:]:
            if (row.on - earlier.on).days < SHORTEST_MONTH:
                break
            yield earlier, row


def _is_alike(one: int, other: int) -> bool:
    return (one > 0) == (other > 0) and abs(one - other) <= MONTHLY_SHARE * max(abs(one), abs(other))


def _by_party(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Group the rows of an account by their other side; without one there is no series."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.party_key is not None:
            groups[row.party_key].append(row)
    yield from groups.values()


SERIES: tuple[Callable[[Sequence[Row]], None], ...] = (freelance, wages, refunds)
"""What is asked of each account, in this order; own transfers come before, `monthly` at the very end."""
