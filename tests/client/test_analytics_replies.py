"""Replies about sums, income, features, segments and scores are read strictly, without a network."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kontora.client import (
    Balances,
    Counterfactual,
    Evidence,
    Explanation,
    Operator,
    OwnerFeature,
    Segment,
    Sums,
    UnexpectedReply,
)
from kontora.client.analytics_replies import (
    parse_accounts_summary,
    parse_features,
    parse_income,
    parse_owner_summary,
    parse_profile,
    parse_summary_catalog,
)
from kontora.client.label_replies import parse_corrections, parse_labelled, parse_uploaded_owner
from kontora.client.score_replies import parse_model_card, parse_scores

HEAD = {"ownerExternalId": "o-1", "responseTimestamp": "2026-11-25T09:58:56Z"}
PERIOD = {"start": "2026-05-01", "end": "2026-10-31"}
AVERAGES = {"averageOverPeriod": 10, "averagePerTransaction": None}
FLOWS = {
    "category": "label:salary",
    "all": {"count": 2, "total": 5600.10, "average": 2800.05},
    "incoming": {"count": 2, "total": 5600.10, "average": 2800.05},
    "outgoing": {"count": 0, "total": 0.00, "average": None},
}
MONTH = {
    "month": "2026-05",
    **PERIOD,
    "activeDays": 20,
    "categories": [FLOWS],
    "balance": {"atEnd": 1.5, **AVERAGES},
}
SUMMED = {
    "currencyName": "PLN",
    "firstActiveOn": None,
    "activeDays": 89,
    "categories": [FLOWS],
    "activeSinceAtLeast": "2015-07-10",
    "balance": {"current": 1048.49, **AVERAGES},
    "months": [MONTH],
}
ACCOUNT = {
    "kind": "ACCOUNT",
    "target": "KontoBank",
    "institution": "KontoBank",
    "origin": "scraper",
    "name": "Konto 0",
    "iban": "PL1",
    "cardId": None,
    **SUMMED,
}
OWNERS = {"owners": [{"name": "Jan Kowalski", "kind": "OWNER"}]}
AMOUNTS = ("salary", "pension", "welfareAndAlimony", "invoicePayments", "otherIncome", "total")
INCOME_PERIOD = {"period": "M-0", **PERIOD, **dict.fromkeys(AMOUNTS, 1.10)}
INCOME = {"currencyName": "PLN", "iban": None, "periods": [INCOME_PERIOD]}
LABEL = {"category": "label:zus", "label": "zus", "group": "state", "parent": "tax", "alias": False}
CORRECTION = {
    "correctionId": "7",
    "party": None,
    "title": "czynsz",
    "direction": "outgoing",
    "add": ["rent"],
    "remove": [],
    "madeAt": "2026-11-25T09:58:56Z",
}

READERS: dict[str, tuple[Callable[[bytes], Any], dict[str, Any]]] = {
    "accounts": (
        parse_accounts_summary,
        {"content": {**HEAD, **PERIOD, **OWNERS, "accounts": [ACCOUNT]}},
    ),
    "owner": (
        parse_owner_summary,
        {"content": {**HEAD, **PERIOD, **OWNERS, "currencies": [{"accountsCount": 2, **SUMMED}]}},
    ),
    "catalog": (
        parse_summary_catalog,
        {
            "content": {
                "specials": ["balance"],
                "operators": [{"operator": "|", "meaning": "or"}],
                "labels": [{**LABEL, "countries": ["pl"]}],
            }
        },
    ),
    "income": (
        parse_income,
        {"content": {**HEAD, **OWNERS, "dataChangedAt": "2026-11-25T09:58:11Z", "incomes": [INCOME]}},
    ),
    "features": (
        parse_features,
        {
            "content": {
                **HEAD,
                "featureSet": "common-1",
                "currencyName": "PLN",
                "features": [{"name": "gamblingShare90d", "value": 0.01, "unit": "share"}],
            }
        },
    ),
    "profile": (
        parse_profile,
        {
            "content": {
                **HEAD,
                **PERIOD,
                "segments": [
                    {
                        "name": "saver",
                        "strength": 0.83,
                        "evidence": [{"label": "savings", "count": 5, "total": -6934.85}],
                    }
                ],
            }
        },
    ),
    "upload": (
        parse_uploaded_owner,
        {"requestId": "8812345678901234567", "warnings": [{"path": "accounts", "message": "?"}]},
    ),
    "labelled": (
        parse_labelled,
        {
            "content": {
                "moneyTransactions": [
                    {"id": "t1", "labels": ["rent"], "vendors": [{"label": "a", "name": "b"}]}
                ]
            }
        },
    ),
    "corrections": (parse_corrections, {"corrections": [CORRECTION]}),
}
SCORE = """<reply status="200 OK"><models><model id="m-1" retrainedAt="2026-11-25T07:42:12Z"
  featuresVersion="score-1" inputsSha256="18d5" scoredOn="2026-11-26" card="/v1/score-model-card?model=m-1">
<scores><score><value>0.7475219660484649</value></score><scorePercentile><value>0.08</value></scorePercentile>
<scoreTier><value>C</value></scoreTier></scores>
<explanations base="3.92158"><explanation label="cash withdrawal" feature="cash90d" value="0.1"
  contribution="-0.5" words="Cash: 10 %"/>
<explanation label="" feature="other" value="" contribution="1e-05" words="All else"/>
</explanations>
<counterfactuals><counterfactual name="lessSpent" score="0.97" gain="0.2225" words="Had less been spent"/>
</counterfactuals></model></models></reply>"""


def read(reader: str, *path: str | int, value: Any = None) -> Any:
    """Read a sound reply; or one whose part at the path is another value, or is missing."""
    parse, sound = READERS[reader]
    document = copy.deepcopy(sound)
    if path:
        *way, last = path
        inside: Any = document
        for step in way:
            inside = inside[step]
        if value is MISSING:
            del inside[last]
        else:
            inside[last] = value
    return parse(json.dumps(document).encode())


MISSING = object()


def test_sums_are_read_with_money_as_decimal() -> None:
    [account] = read("accounts").accounts
    [flows] = account.categories
    assert flows.all == Sums(count=2, total=Decimal("5600.1"), average=Decimal("2800.05"))
    assert flows.outgoing == Sums(count=0, total=Decimal("0.0"), average=None)
    assert account.balance == Balances(
        current=Decimal("1048.49"), average_over_period=Decimal(10), average_per_transaction=None
    )
    [month] = account.months
    assert (month.month, month.start, month.balance.at_end) == ("2026-05", date(2026, 5, 1), Decimal("1.5"))
    assert account.active_since_at_least == date(2015, 7, 10)
    [currency] = read("owner").currencies
    assert (currency.accounts_count, currency.months) == (2, account.months)


@pytest.mark.parametrize("name", ["balance", "activeSinceAtLeast", "months"])
def test_what_was_not_asked_for_may_be_absent(name: str) -> None:
    [currency] = read("owner", "content", "currencies", 0, name, value=MISSING).currencies
    absent = {
        "balance": currency.balance,
        "activeSinceAtLeast": currency.active_since_at_least,
        "months": currency.months,
    }[name]
    assert not absent


def test_everything_else_is_read_as_it_was_written() -> None:
    assert read("income").data_changed_at == datetime(2026, 11, 25, 9, 58, 11, tzinfo=UTC)
    assert read("income").incomes[0].periods[0].welfare_and_alimony == Decimal("1.1")
    assert read("features").features == (
        OwnerFeature(name="gamblingShare90d", value=Decimal("0.01"), unit="share"),
    )
    assert read("features", "content", "features", 0, "value", value=None).features[0].value is None
    saving = Evidence(label="savings", count=5, total=Decimal("-6934.85"))
    assert read("profile").segments == (Segment(name="saver", strength=Decimal("0.83"), evidence=(saving,)),)
    assert (
        read("catalog").operators == (Operator(operator="|", meaning="or"),)
        and read("catalog").labels[0].stands_for == ()
    )
    [correction] = read("corrections")
    assert (correction.title, correction.add, correction.remove) == ("czynsz", ("rent",), ())


@pytest.mark.parametrize(
    ("reader", "path", "value"),
    [
        ("accounts", ("content",), MISSING),
        ("accounts", ("content", "start"), None),
        ("accounts", ("content", "end"), "31.10.2026"),
        ("accounts", ("content", "accounts"), {}),
        ("accounts", ("content", "accounts", 0, "kind"), MISSING),
        ("accounts", ("content", "accounts", 0, "activeDays"), "89"),
        ("accounts", ("content", "accounts", 0, "activeDays"), True),
        ("accounts", ("content", "accounts", 0, "balance"), 7),
        ("accounts", ("content", "accounts", 0, "categories", 0, "all"), None),
        ("accounts", ("content", "accounts", 0, "categories", 0, "all", "total"), None),
        ("accounts", ("content", "accounts", 0, "categories", 0, "all", "count"), 2.5),
        ("accounts", ("content", "accounts", 0, "months", 0, "month"), 5),
        ("owner", ("content", "currencies", 0, "accountsCount"), None),
        ("owner", ("content", "responseTimestamp"), "now"),
        ("owner", ("content", "owners", 0, "name"), None),
        ("catalog", ("content", "specials"), [7]),
        ("catalog", ("content", "labels", 0, "alias"), "false"),
        ("income", ("content", "dataChangedAt"), MISSING),
        ("income", ("content", "incomes", 0, "periods", 0, "salary"), "1.10"),
        ("features", ("content", "features", 0, "value"), "0.01"),
        ("features", ("content", "features", 0, "unit"), MISSING),
        ("profile", ("content", "segments", 0, "strength"), None),
        ("upload", ("requestId",), 8812345678901234567),
        ("upload", ("warnings", 0, "path"), MISSING),
        ("labelled", ("content", "moneyTransactions", 0, "id"), MISSING),
        ("labelled", ("content", "moneyTransactions", 0, "labels"), "rent"),
        ("labelled", ("content", "moneyTransactions", 0, "vendors", 0, "name"), None),
        ("corrections", ("corrections", 0, "madeAt"), None),
        ("corrections", ("corrections", 0, "add"), [None]),
    ],
)
def test_a_part_that_is_not_what_it_must_be_is_refused(
    reader: str, path: tuple[str | int, ...], value: Any
) -> None:
    read(reader)
    with pytest.raises(UnexpectedReply):
        read(reader, *path, value=value)


def test_a_score_is_read_with_its_reasons() -> None:
    [score] = parse_scores(SCORE.encode())
    assert (score.model_id, score.value, score.percentile, score.tier) == (
        "m-1",
        0.7475219660484649,
        0.08,
        "C",
    )
    assert score.retrained_at == datetime(2026, 11, 25, 7, 42, 12, tzinfo=UTC)
    assert (score.scored_on, score.base) == (date(2026, 11, 26), 3.92158)
    assert (score.features_version, score.inputs_sha256) == ("score-1", "18d5")
    assert score.explanations == (
        Explanation(
            label="cash withdrawal", feature="cash90d", value=0.1, contribution=-0.5, words="Cash: 10 %"
        ),
        Explanation(label=None, feature="other", value=None, contribution=1e-05, words="All else"),
    )
    assert score.counterfactuals == (
        Counterfactual(name="lessSpent", score=0.97, gain=0.2225, words="Had less been spent"),
    )


@pytest.mark.parametrize(
    ("sound", "broken"),
    [
        ("<value>0.08</value>", "<value>nan</value>"),
        ("<value>0.08</value>", ""),
        ('base="3.92158"', 'base="1e999"'),
        ('base="3.92158"', ""),
        ('contribution="-0.5"', 'contribution="-0,5"'),
        ('value="0.1"', ""),
        ('gain="0.2225"', ""),
        ("2026-11-26", "26.11.2026"),
        ("2026-11-25T07:42:12Z", "yesterday"),
        ('id="m-1"', ""),
        ("<scoreTier><value>C</value></scoreTier>", ""),
    ],
)
def test_a_score_that_is_not_sound_is_refused(sound: str, broken: str) -> None:
    assert sound in SCORE
    with pytest.raises(UnexpectedReply):
        parse_scores(SCORE.replace(sound, broken).encode())


def test_a_model_card_is_a_text() -> None:
    assert parse_model_card("# Karta: ł".encode()) == "# Karta: ł"
    with pytest.raises(UnexpectedReply):
        parse_model_card(b"\xff\xfe")
