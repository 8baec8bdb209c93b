"""The desk of analytics over a real database: whom it answers, the events it leaves, where it works."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from tests.commands.conftest import Line

from kontora.analytics.categories import parse_categories
from kontora.analytics.periods import Period
from kontora.analytics.summary_parts import Question
from kontora.commands.answers import Client
from kontora.commands.labelled_owners import LabelledOwner, labelled_owner
from kontora.commands.owner_analytics import AnalyticsDesk, client_label
from kontora.commands.owners import known_owner
from kontora.commands.room import CommandRoom
from kontora.errors import CommandNotAvailable, InvalidOwnerExternalId, NoDataToCalculateScore
from kontora.model import Account, Import, MoneyTransaction, Owner, OwnerKind, TransactionStatus
from kontora.scores.history import History
from kontora.scores.scoring import Score, Scorer
from kontora.scores.served_model import ServedModel, served_model

CHANGED_AT = datetime(2026, 5, 23, 7, 35, 22, tzinfo=UTC)
QUESTION = Question(Period(date(2026, 1, 1), date(2026, 12, 31)), parse_categories(["allTransactions"]))
FEATURES = ("labels", "score")
Ask = Callable[[AnalyticsDesk, Client], Awaitable[Any]]
QUESTIONS: dict[str, Ask] = {
    "accounts_summary": lambda desk, client: desk.accounts_summary(client, "o-1", QUESTION),
    "owner_summary": lambda desk, client: desk.owner_summary(client, "o-1", QUESTION),
    "income": lambda desk, client: desk.income(client, "o-1"),
    "features": lambda desk, client: desk.features(client, "o-1"),
    "profile": lambda desk, client: desk.profile(client, "o-1"),
    "score": lambda desk, client: desk.score(client, "o-1", None),
}


def bank_data(today: date, *, days: int = 120) -> Import:
    """A wage earner's data, up to and with today."""
    items, balance = [], Decimal(500)
    for days_ago in range(days, -1, -1):
        pays = days_ago % 30 == 0
        amount = Decimal(2800) if pays else Decimal(-40)
        balance += amount
        items.append(
            MoneyTransaction(
                today - timedelta(days=days_ago),
                amount,
                TransactionStatus.DONE,
                currency_balance=balance,
                party="employer" if pays else f"shop {days_ago % 5}",
                labels=("compensation", "salary") if pays else ("grocery",),
            )
        )
    account = Account("Konto", "PL1", "PLN", balance, money_transactions=tuple(reversed(items)))
    owners = (Owner("Jan Kowalski", OwnerKind.OWNER),)
    return Import(
        "KontoBank", "KontoBank", datetime.now(UTC), owners=owners, accounts=(account,), country="pl"
    )


class Reader:
    """Reads one owner of one client, whose data a test changes; the owner's row is real."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.kinds: list[str] = []
        self.changed_at = CHANGED_AT
        self.country: str | None = "pl"
        self.targets: tuple[Import, ...] = (bank_data(line.room.now().date()),)

    async def __call__(
        self, room: CommandRoom, client: Client, owner_external_id: str, *, kind: str
    ) -> LabelledOwner:
        self.kinds.append(kind)
        owner = await known_owner(room, client.id, owner_external_id)
        return LabelledOwner(
            owner_id=owner.id,
            owner_external_id=owner_external_id,
            created_at=CHANGED_AT,
            changed_at=self.changed_at,
            origin="scraper",
            targets=self.targets,
            country=self.country,
            reasons=(),
        )


@pytest.fixture
def reader(line: Line) -> Reader:
    return Reader(line)


@pytest.fixture
def desk(line: Line, reader: Reader) -> AnalyticsDesk:
    return AnalyticsDesk(line.room, served_model(), reader)


@pytest.fixture
def client(line: Line) -> Client:
    return replace(line.client, features=FEATURES)


async def events(line: Line, kind: str) -> list[tuple[str, Any]]:
    async with line.database.connection() as db:
        cursor = await db.execute(
            "select outcome, detail from event where kind = %s and client_id = 'lender-test'", (kind,)
        )
        return [(row[0], row[1]) for row in await cursor.fetchall()]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_each_question_reads_the_owner_under_a_kind_of_event_of_its_own(
    desk: AnalyticsDesk, reader: Reader, client: Client, question: str
) -> None:
    await QUESTIONS[question](desk, client)
    assert reader.kinds == [f"{question}_read"]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_client_without_labels_gets_nothing_and_is_told_how_to_get_it(
    desk: AnalyticsDesk, reader: Reader, client: Client, question: str
) -> None:
    with pytest.raises(CommandNotAvailable, match="kontora client set lender-test --enable labels"):
        await QUESTIONS[question](desk, replace(client, features=("score", "vendors", "pdf")))
    assert reader.kinds == []


async def test_a_client_without_scores_gets_no_score_and_no_card(
    desk: AnalyticsDesk, reader: Reader, client: Client
) -> None:
    without = replace(client, features=("labels",))
    with pytest.raises(CommandNotAvailable, match="--enable score"):
        await desk.score(without, "o-1", None)
    with pytest.raises(CommandNotAvailable, match="--enable score"):
        desk.model_card(without, None)
    assert reader.kinds == []
    assert desk.model_card(client, None) == served_model().card == desk.model_card(client, served_model().id)
    assert desk.model_card(client, "another") is None


@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_owner_of_nobody_or_of_another_client_is_unknown(
    line: Line, client: Client, question: str
) -> None:
    await known_owner(line.room, "rival-test", "o-1")
    desk = AnalyticsDesk(line.room, served_model(), labelled_owner)
    with pytest.raises(InvalidOwnerExternalId):
        await QUESTIONS[question](desk, client)


async def test_credits_without_labels_are_confirmed_as_nobodys_income(
    desk: AnalyticsDesk, reader: Reader, client: Client
) -> None:
    (polish,) = reader.targets
    foreign = msgspec.structs.replace(
        polish,
        target="Commerzbank_de",
        country="de",
        accounts=(msgspec.structs.replace(polish.accounts[0], iban="DE1"),),
    )
    reader.targets = (foreign, polish)
    assert [one.iban for one in (await desk.income(client, "o-1")).incomes] == [None, "PL1"]
    reader.targets = (foreign,)
    with pytest.raises(CommandNotAvailable, match=r"no country that has any: pl, es, cz, pt\."):
        await desk.income(client, "o-1")


class TestIncomeIsBilledOnce:
    async def test_for_an_owner_and_data_that_did_not_change(
        self, line: Line, desk: AnalyticsDesk, reader: Reader, client: Client
    ) -> None:
        for _ in range(3):
            await desk.income(client, "o-1")
        assert await events(line, "income_confirmed") == [("ok", None)]
        reader.changed_at += timedelta(seconds=1)
        await desk.income(client, "o-1")
        assert len(await events(line, "income_confirmed")) == 2
        await desk.income(client, "o-2")
        assert len(await events(line, "income_confirmed")) == 3

    async def test_also_when_it_is_asked_for_many_times_at_once(
        self, line: Line, desk: AnalyticsDesk, client: Client
    ) -> None:
        await known_owner(line.room, client.id, "o-1")
        await asyncio.gather(*(desk.income(client, "o-1") for _ in range(10)))
        assert len(await events(line, "income_confirmed")) == 1

    async def test_and_a_slow_answer_from_older_data_bills_nothing(
        self, line: Line, desk: AnalyticsDesk, reader: Reader, client: Client
    ) -> None:
        await desk.income(client, "o-1")
        reader.changed_at -= timedelta(seconds=5)
        await desk.income(client, "o-1")
        assert len(await events(line, "income_confirmed")) == 1


async def test_income_tells_names_the_change_of_the_data_and_periods_up_to_today(
    desk: AnalyticsDesk, client: Client, line: Line
) -> None:
    report = await desk.income(client, "o-1")
    assert [one.name for one in report.owners] == ["Jan Kowalski"]
    assert report.data_changed_at == CHANGED_AT
    assert report.incomes[0].periods[0].end == line.room.now().date()


class TestScores:
    async def test_each_call_leaves_an_event_with_the_model(
        self, line: Line, desk: AnalyticsDesk, client: Client
    ) -> None:
        for _ in range(2):
            await desk.score(client, "o-1", None)
        assert await events(line, "score_calculated") == [("ok", {"model": served_model().id})] * 2

    async def test_a_call_without_a_score_leaves_one_too_with_the_reason(
        self, line: Line, desk: AnalyticsDesk, reader: Reader, client: Client
    ) -> None:
        reader.targets = ()
        with pytest.raises(NoDataToCalculateScore, match="no booked money transaction"):
            await desk.score(client, "o-1", None)
        ((outcome, _),) = await events(line, "score_calculated")
        assert outcome == "NoDataToCalculateScore"

    @pytest.mark.parametrize("country", ["de", None])
    async def test_an_owner_whose_country_has_no_labels_has_no_score(
        self, desk: AnalyticsDesk, reader: Reader, client: Client, country: str | None
    ) -> None:
        reader.country = country
        with pytest.raises(NoDataToCalculateScore, match="no country that has labels"):
            await desk.score(client, "o-1", None)
        features = await desk.features(client, "o-1")
        assert features.values["gamblingShare90d"] is None
        assert features.values["balanceAverage90d"] is not None

    async def test_what_was_booked_today_is_known(
        self, line: Line, desk: AnalyticsDesk, reader: Reader, client: Client
    ) -> None:
        today = line.room.now().date()
        scored = (await desk.score(client, "o-1", None)).scored.score
        assert scored.day == today + timedelta(days=1)
        before = (await desk.features(client, "o-1")).values
        (data,) = reader.targets
        (account,) = data.accounts
        older = msgspec.structs.replace(account, money_transactions=account.money_transactions[1:])
        reader.targets = (msgspec.structs.replace(data, accounts=(older,)),)
        after = (await desk.features(client, "o-1")).values
        assert (before["salaryCount90d"], after["salaryCount90d"]) == (3, 2)

    async def test_the_features_are_those_of_the_published_set(
        self, desk: AnalyticsDesk, client: Client
    ) -> None:
        found = await desk.features(client, "o-1")
        assert (found.feature_set.name, found.currency_name, len(found.values)) == ("common-1", "PLN", 18)


class Watched(Scorer):
    """A scorer that takes its time and notes where it works and how many work at once."""

    def __init__(self) -> None:
        super().__init__(served_model().scorer.model)
        self.threads: set[int] = set()
        self.most = 0
        self._inside = 0
        self._lock = threading.Lock()

    def score(self, history: History, day: date) -> Score:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
            self.threads.add(threading.get_ident())
        time.sleep(0.05)
        try:
            return super().score(history, day)
        finally:
            with self._lock:
                self._inside -= 1


async def test_the_work_is_done_beside_the_event_loop_one_at_a_time_for_each_client(
    line: Line, reader: Reader, client: Client
) -> None:
    scorer = Watched()
    desk = AnalyticsDesk(line.room, ServedModel(scorer, ""), reader)
    await asyncio.gather(*(desk.score(client, "o-1", None) for _ in range(6)))
    assert threading.get_ident() not in scorer.threads
    assert scorer.most == 1
    others = [replace(client, id=name) for name in ("lender-test", "rival-test")]
    await asyncio.gather(*(desk.score(one, "o-1", None) for one in others * 2))
    assert scorer.most == 2


@pytest.mark.parametrize(
    ("label", "country", "told"),
    [
        ("bonus", "es", "extra pay"),
        ("child benefit", "pl", "500+"),
        ("child benefit", "cz", "child benefit"),
        ("payday loan repayment", "pl", "payday loan repayment"),
        ("grocery", "", "grocery"),
        ("", "pl", ""),
    ],
)
def test_labels_are_told_by_clients_names(label: str, country: str, told: str) -> None:
    assert client_label(label, country) == told
