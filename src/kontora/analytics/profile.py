"""Behavioural segments of an owner, each with how strong it is and what shows it.

A segment has one or more clues. The strength of a clue is `weight x min(1, measured / full)`; that of a
segment is its strongest clue's. What a clue measures is one of the four functions below.
Source: wire.md, 9.9.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from kontora.analytics.amounts import Sums, total
from kontora.analytics.periods import Period
from kontora.analytics.sources import Entry, Source, SourceKind
from kontora.labels.taxonomy import descendants

MONTH_DAYS = 30
MONTHS = 6
FEWEST_MONTHS = 3
WEAKEST = 0.5
_NOT_SPENT = frozenset({"own transfer", "investment", "currency exchange", "verification"})


class Window(msgspec.Struct, frozen=True):
    """Six months of 30 days until `end`, and the day before. `months`: how many are known, at least three."""

    end: date
    entries: tuple[Entry, ...]
    months: int

    def labelled(self, labels: Iterable[str]) -> list[Entry]:
        """Return what carries one of these labels."""
        wanted = frozenset(labels)
        return [entry for entry in self.entries if not wanted.isdisjoint(entry.labels)]


def months_share(window: Window, labels: frozenset[str]) -> float:
    """Return the part of the months that have such a money transaction."""
    found = {min((window.end - one.on).days // MONTH_DAYS, MONTHS - 1) for one in window.labelled(labels)}
    return len(found) / window.months


def per_month(window: Window, labels: frozenset[str]) -> float:
    """Return how many such money transactions a month has."""
    return len(window.labelled(labels)) / window.months


def times(window: Window, labels: frozenset[str]) -> float:
    """Return how many such money transactions there are."""
    return float(len(window.labelled(labels)))


def outgoing_share(window: Window, labels: frozenset[str]) -> float:
    """Return the part of all that is spent that goes out by such money transactions."""
    whole = total(
        one.amount for one in window.entries if one.amount < 0 and _NOT_SPENT.isdisjoint(one.labels)
    )
    part = total(one.amount for one in window.labelled(labels) if one.amount < 0)
    return float(part / whole) if whole else 0.0


class Clue(msgspec.Struct, frozen=True):
    """What shows a segment. `full`: the measure from which on the clue has its whole weight."""

    measure: Callable[[Window, frozenset[str]], float]
    labels: frozenset[str]
    full: float
    weight: float = 1.0

    def strength(self, window: Window) -> float:
        """Return how strong it is, 0 to its weight."""
        return self.weight * min(1.0, self.measure(window, self.labels) / self.full)


def _any_of(*labels: str) -> frozenset[str]:
    return frozenset(labels)


SEGMENTS: dict[str, tuple[Clue, ...]] = {
    "regularEarner": (Clue(months_share, _any_of("salary", "regular wage"), 1.0),),
    "selfEmployed": (
        Clue(months_share, _any_of("freelance income", "business income"), 1.0),
        Clue(months_share, _any_of("zus", "vat"), 1.0, 0.8),
    ),
    "pensioner": (Clue(months_share, _any_of("pension"), 1.0),),
    "student": (Clue(months_share, _any_of("scholarship"), 0.5),),
    "benefitReceiver": (Clue(months_share, _any_of("social benefit"), 1.0),),
    "parent": (
        Clue(months_share, _any_of("child benefit"), 1.0),
        Clue(months_share, _any_of("alimony"), 1.0, 0.8),
        Clue(months_share, _any_of("education and childcare"), 1.0, 0.6),
    ),
    "tenant": (Clue(months_share, _any_of("rent"), 1.0),),
    "homeOwner": (
        Clue(months_share, _any_of("mortgage"), 1.0),
        Clue(months_share, _any_of("housing fee"), 1.0, 0.7),
    ),
    "driver": (Clue(per_month, _any_of("fuel"), 2.0), Clue(months_share, _any_of("car"), 1.0, 0.7)),
    "publicTransportUser": (
        Clue(per_month, _any_of("public transport"), 4.0),
        Clue(months_share, _any_of("public transport"), 1.0, 0.8),
    ),
    "saver": (
        Clue(months_share, _any_of("savings"), 1.0),
        Clue(months_share, _any_of("investment"), 1.0, 0.9),
    ),
    "borrower": (
        Clue(months_share, _any_of("loan repayment", "payday loan repayment"), 1.0),
        Clue(times, _any_of("loan payout", "payday loan payout"), 1.0, 0.7),
    ),
    "cashUser": (Clue(outgoing_share, _any_of("cash withdrawal"), 0.4),),
    "traveller": (
        Clue(per_month, _any_of("travel"), 1.0),
        Clue(times, _any_of("cash on foreign atm"), 2.0, 0.7),
    ),
    "onlineShopper": (
        Clue(per_month, _any_of("payment processor"), 6.0),
        Clue(per_month, _any_of("buy now pay later"), 1.0, 0.7),
    ),
}
"""What shows each segment; the table of docs/analytics.md is made of it."""


class Evidence(msgspec.Struct, frozen=True):
    """Money transactions of a label that show a segment. `label`: our name."""

    label: str
    count: int
    total: Decimal


class Segment(msgspec.Struct, frozen=True):
    """What an owner is like. `strength`: 0.5 to 1, two places."""

    name: str
    strength: float
    evidence: tuple[Evidence, ...]


class Profile(msgspec.Struct, frozen=True):
    """The segments of an owner over a period, strongest first."""

    period: Period
    segments: tuple[Segment, ...]


def profile_of(sources: Sequence[Source], today: date) -> Profile:
    """Tell the segments of an owner whose strength is at least 0.5, as known on that day.

    Looks at accounts in the currency with most money transactions, over six months of 30 days.
    """
    window = _window(sources, today)
    found = []
    for name, clues in SEGMENTS.items():
        strength = max(clue.strength(window) for clue in clues)
        if strength >= WEAKEST:
            found.append(Segment(name, round(strength, 2), _evidence(window, clues)))
    period = Period(today - timedelta(days=MONTHS * MONTH_DAYS), today)
    return Profile(period, tuple(sorted(found, key=lambda segment: -segment.strength)))


def _window(sources: Sequence[Source], today: date) -> Window:
    accounts = [one for one in sources if one.kind is SourceKind.ACCOUNT]
    many: Counter[str] = Counter()
    for account in accounts:
        many[account.currency_name] += len(account.entries)
    main = min(many, key=lambda name: (-many[name], name), default=None)
    start = today - timedelta(days=MONTHS * MONTH_DAYS)
    known = [
        entry
        for account in accounts
        if account.currency_name == main
        for entry in account.entries
        if entry.on <= today
    ]
    first = min((entry.on for entry in known), default=today)
    months = min(MONTHS, -(-((today - first).days + 1) // MONTH_DAYS))
    return Window(today, tuple(one for one in known if one.on >= start), max(FEWEST_MONTHS, months))


def _evidence(window: Window, clues: Iterable[Clue]) -> tuple[Evidence, ...]:
    """Return what was found of each label of the clues; a parent only if nothing of its children was."""
    labels = dict.fromkeys(label for clue in clues for label in sorted(clue.labels))
    found = {label: entries for label in labels if (entries := window.labelled([label]))}
    told = {label: entries for label, entries in found.items() if descendants(label).isdisjoint(found)}
    sums = {label: Sums.of(entry.amount for entry in entries) for label, entries in told.items()}
    return tuple(Evidence(label, one.count, one.total) for label, one in sums.items())
