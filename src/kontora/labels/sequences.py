"""The sequence pass: what only the neighbours of a money transaction tell.

Source: labels.md, 1 and 10.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from kontora.labels.months import undated
from kontora.labels.persons import same_person
from kontora.labels.reasons import Reason, Stage
from kontora.labels.row import Row
from kontora.labels.rules import Fact
from kontora.labels.taxonomy import LABELS, MONTHLY, Sign

SHORTEST_MONTH, LONGEST_MONTH = 27, 34
FEWEST_MONTHS = 2
CARRIED = ("rent", "mortgage")
HOW = frozenset({"payment processor", "standing order", "person transfer"})
"""Labels that say how and to whom money went, not for what."""
NEVER_MONTHLY = frozenset({"grocery", "cash withdrawal", "cash deposit"})
FEWEST_WAGES = 3
FEWEST_PAYERS = 2
REFUND_DAYS = 180
NOT_SENT = frozenset({Fact.CARD, Fact.CASH})
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
        if not NOT_SENT.isdisjoint(row.facts):
            continue
        if row.iban is not None and row.iban in numbers:
            row.give(Reason("own transfer", Stage.SEQUENCE, "own number", row.iban[-4:]))
        elif any(same_person(row.words.party or row.named, owner) for owner in owners):
            row.give(Reason("own transfer", Stage.SEQUENCE, "own name", row.words.party or row.named))
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
    """Label wages that one employer paid three times or more.

    Where a bank names the payer in the title alone, titles that differ by month and number are one payer's.
    """
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        is_a_wage = not WAGES.isdisjoint(row.reasons) and NOT_A_WAGE.isdisjoint(row.reasons)
        if is_a_wage and Fact.PERSON not in row.facts:
            found[row.party_key or undated(row.words.title)].append(row)
    for payer, series in found.items():
        if payer and len(series) >= FEWEST_WAGES:
            for row in series:
                matched = row.words.party or payer
                row.give(Reason("regular wage", Stage.SEQUENCE, "three wages of one payer", matched))


def carried(rows: Sequence[Row]) -> None:
    """Let rent and mortgage go on: what is paid to the same, about as much, a month before or behind.

    A person transfer stays one: what more months tell takes nothing away.
    """
    for series in _by_party(row for row in rows if not row.is_credit):
        for label in CARRIED:
            ordered = sorted((row for row in series if _may_be(label, row)), key=lambda row: row.on)
            if any(label in row.reasons for row in ordered):
                _carry(label, ordered, [row.on.toordinal() for row in ordered])
                _carry(label, ordered[::-1], [-row.on.toordinal() for row in ordered[::-1]])


def _may_be(label: str, row: Row) -> bool:
    """Tell whether a row has the label, or nothing that says what the money was for."""
    return label in row.reasons or row.reasons.keys() <= HOW


def _carry(label: str, ordered: Sequence[Row], days: Sequence[int]) -> None:
    for row, has_earlier in zip(
        ordered, _have_earlier(ordered, days, lambda one: label in one.reasons), strict=True
    ):
        if has_earlier:
            row.give(Reason(label, Stage.SEQUENCE, "paid monthly to the same", row.words.party))


def refunds(rows: Sequence[Row]) -> None:
    """Label what a merchant returns of an earlier debit: the same other side, or a shop of the same name."""
    shops = [row for row in rows if Fact.PERSON not in row.facts and Fact.PHONE not in row.facts]
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in shops:
        for key in {*row.companies, row.party_key} - {None}:
            groups[key or ""].append(row)
    for series in groups.values():
        if any(row.is_credit for row in series):
            _refunds_of_one(sorted(series, key=lambda row: (row.on, row.is_credit)))


def _refunds_of_one(ordered: Sequence[Row]) -> None:
    """Label refunds among rows of one merchant, oldest first, debits of a day before its credits."""
    largest: deque[Row] = deque()
    for row in ordered:
        if not row.is_credit:
            while largest and largest[-1].cents >= row.cents:
                largest.pop()
            largest.append(row)
            continue
        while largest and (row.on - largest[0].on).days > REFUND_DAYS:
            largest.popleft()
        if largest and row.cents <= -largest[0].cents and not row.reasons.keys() & NOT_A_REFUND:
            matched = row.words.party or ", ".join(sorted(set(row.companies)))
            row.give(Reason("refund", Stage.SEQUENCE, "earlier debit", matched))


def monthly(rows: Sequence[Row]) -> None:
    """Label what comes or goes again after about a month, with the same other side."""
    for series in _by_party(row for row in rows if row.cents and NEVER_MONTHLY.isdisjoint(row.reasons)):
        for is_credit in (True, False):
            for row in _with_partners([row for row in series if row.is_credit is is_credit]):
                row.give(Reason(MONTHLY, Stage.SEQUENCE, MONTHLY, row.words.party))


def _with_partners(series: Sequence[Row]) -> list[Row]:
    """Return the rows, of one sign, that have another 27 to 34 days before or behind, of about the amount."""
    if len(series) < FEWEST_MONTHS:
        return []
    ordered = sorted(series, key=lambda row: row.on)
    behind = _have_earlier(ordered, [row.on.toordinal() for row in ordered])
    backwards = ordered[::-1]
    before = [*_have_earlier(backwards, [-row.on.toordinal() for row in backwards])][::-1]
    return [row for row, one, other in zip(ordered, behind, before, strict=True) if one or other]


def _have_earlier(
    ordered: Sequence[Row], days: Sequence[int], counts: Callable[[Row], bool] = bool
) -> Iterator[bool]:
    """Tell of each row whether one that counts lies a month earlier, with about its amount.

    Rows are asked whether they count when they are a month old: what was given meanwhile is seen. Linear,
    but for a window of sorted amounts.
    """
    window: list[int] = []
    inside: deque[int] = deque()
    enters = 0
    for row, day in zip(ordered, days, strict=True):
        while days[enters] <= day - SHORTEST_MONTH:
            if counts(ordered[enters]):
                insort(window, abs(ordered[enters].cents))
                inside.append(enters)
            enters += 1
        while inside and days[inside[0]] < day - LONGEST_MONTH:
            del window[bisect_left(window, abs(ordered[inside.popleft()].cents))]
        yield _has_alike(window, abs(row.cents))


def _has_alike(amounts: Sequence[int], amount: int) -> bool:
    """Tell whether one of the sorted amounts differs by at most a tenth of the larger of both."""
    place = bisect_left(amounts, -(-9 * amount // 10))
    return place < len(amounts) and 9 * amounts[place] <= 10 * amount


def _by_party(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Group the rows of an account by their other side; without one there is no series."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.party_key is not None:
            groups[row.party_key].append(row)
    yield from groups.values()


SERIES: tuple[Callable[[Sequence[Row]], None], ...] = (carried, freelance, wages, refunds)
"""What is asked of each account, in this order; own transfers come before, `monthly` at the very end."""
