from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from tests.analytics.accounts import SECOND_IBAN, account, entry, owners

from kontora.analytics.catalogue import summary_catalogue
from kontora.analytics.categories import parse_categories
from kontora.analytics.profile import SEGMENTS, Profile, profile_of
from kontora.analytics.sources import Entry, Source
from kontora.labels.taxonomy import ALIASES, BY_NAME, LABELS

TODAY = date(2026, 11, 20)


def monthly(amount: str, *labels: str, months: int = 6, times: int = 1) -> list[Entry]:
    """Book something in each of the last months, oldest first."""
    return [
        entry(str(TODAY - timedelta(days=30 * back + 5)), amount, *labels)
        for back in reversed(range(months))
        for _ in range(times)
    ]


def profile(*entries: Entry) -> Profile:
    return profile_of([account(*sorted(entries, key=lambda one: one.on))], TODAY)


def strengths(*entries: Entry) -> dict[str, float]:
    return {one.name: one.strength for one in profile(*entries).segments}


def test_a_wage_in_every_month_makes_a_regular_earner_with_evidence() -> None:
    found = profile(*monthly("2800", "regular wage"))
    (segment,) = found.segments
    assert (segment.name, segment.strength) == ("regularEarner", 1.0)
    assert [(one.label, one.count, one.total) for one in segment.evidence] == [
        ("regular wage", 6, Decimal("16800.00"))
    ]
    assert (found.period.start, found.period.end) == (date(2026, 5, 24), TODAY)


def test_a_wage_in_half_of_the_months_is_half_as_strong_and_in_fewer_is_none() -> None:
    history = monthly("-5", "grocery")
    assert strengths(*history, *monthly("2800", "salary", months=3)) == {"regularEarner": 0.5}
    assert strengths(*history, *monthly("2800", "salary", months=2)) == {}


def test_a_short_history_counts_as_three_months() -> None:
    assert strengths(*monthly("2800", "salary", months=1)) == {}
    assert strengths(*monthly("2800", "salary", months=2)) == {"regularEarner": 0.67}


@pytest.mark.parametrize(
    ("amount", "label", "times", "segment", "strength"),
    [
        ("900", "freelance income", 1, "selfEmployed", 1.0),
        ("-1600", "zus", 1, "selfEmployed", 0.8),
        ("2100", "pension", 1, "pensioner", 1.0),
        ("500", "scholarship", 1, "student", 1.0),
        ("500", "housing benefit", 1, "benefitReceiver", 1.0),
        ("800", "child benefit", 1, "parent", 1.0),
        ("-800", "alimony", 1, "parent", 0.8),
        ("-400", "education and childcare", 1, "parent", 0.6),
        ("-1800", "rent", 1, "tenant", 1.0),
        ("-1800", "mortgage", 1, "homeOwner", 1.0),
        ("-600", "housing fee", 1, "homeOwner", 0.7),
        ("-200", "fuel", 2, "driver", 1.0),
        ("-200", "fuel", 1, "driver", 0.5),
        ("-4", "public transport", 4, "publicTransportUser", 1.0),
        ("-110", "public transport", 1, "publicTransportUser", 0.8),
        ("-300", "savings", 1, "saver", 1.0),
        ("-450", "leasing", 1, "borrower", 1.0),
        ("-500", "cash withdrawal", 1, "cashUser", 1.0),
        ("-700", "travel", 1, "traveller", 1.0),
        ("-70", "payment processor", 6, "onlineShopper", 1.0),
        ("-70", "buy now pay later", 1, "onlineShopper", 0.7),
    ],
)
def test_each_segment_is_shown_by_its_clues(
    amount: str, label: str, times: int, segment: str, strength: float
) -> None:
    assert strengths(*monthly(amount, label, times=times))[segment] == strength


def test_segments_stand_strongest_first() -> None:
    found = profile(*monthly("2800", "regular wage"), *monthly("-600", "housing fee"))
    assert [one.name for one in found.segments] == ["regularEarner", "homeOwner"]


def test_only_accounts_in_the_main_currency_are_looked_at() -> None:
    main = account(*monthly("-5", "grocery"), currency="PLN")
    other = account(*monthly("2800", "salary", months=5), iban=SECOND_IBAN, currency="EUR")
    assert profile_of([main, other], TODAY).segments == ()


def test_what_lies_before_six_months_or_after_the_day_does_not_count() -> None:
    old = [entry(str(TODAY - timedelta(days=181 + n)), "-1800", "rent") for n in range(60)]
    future = [entry(str(TODAY + timedelta(days=n)), "-1800", "rent") for n in range(1, 60)]
    assert strengths(*old, *future) == {}


def test_an_owner_without_data_has_no_segments() -> None:
    assert profile_of([], TODAY).segments == ()


def test_every_segment_is_made_of_known_labels_and_may_reach_one() -> None:
    assert len(SEGMENTS) == 15
    for name, clues in SEGMENTS.items():
        assert max(clue.weight for clue in clues) == 1.0, name
        assert {label for clue in clues for label in clue.labels} <= set(BY_NAME), name


@given(owners())
def test_strengths_stay_between_a_half_and_one_and_have_evidence(sources: tuple[Source, ...]) -> None:
    for segment in profile_of(sources, date(2026, 10, 20)).segments:
        assert 0.5 <= segment.strength <= 1.0
        assert segment.evidence


def test_the_catalogue_lists_every_name_that_an_expression_may_have() -> None:
    found = summary_catalogue()
    assert [one.label for one in found.labels] == [*BY_NAME, *ALIASES]
    assert len(parse_categories([*found.specials, *(one.category for one in found.labels)])) == 3 + 78 + 8
    assert [one.operator for one in found.operators] == ["|", "&", "~"]
    zus = next(one for one in found.labels if one.label == "zus")
    assert (zus.category, zus.group, zus.parent, zus.alias) == ("label:zus", "state", "tax", False)


def test_the_catalogue_tells_what_clients_names_stand_for_and_where() -> None:
    aliases = {one.label: one for one in summary_catalogue().labels if one.alias}
    assert aliases["invoice"].stands_for == ("freelance income", "business income")
    assert aliases["500+"].countries == ("pl",)
    assert aliases["welfare"].countries == ("pl", "es", "cz", "pt")
    assert set(aliases["bank"].stands_for) == {"loan payout", "loan repayment"}
    assert len(LABELS) == 78
