"""The health of targets: whose failure it is, the rule, and the way that the next sign-in takes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping

import pytest

from kontora.commands.health import (
    RULE,
    choose,
    class_of,
    judge,
    outcomes_of,
    runs_of,
    was_answered,
)
from kontora.commands.health_board import HealthBoard
from kontora.connectors.catalogue import Catalogue
from kontora.connectors.protocol import Connector
from kontora.connectors.target import Target
from kontora.errors import ServiceTemporarilyUnavailable, failures
from kontora.store.database import Database
from kontora.store.target_health import Outcomes, Run, Standing

CATALOGUE = Catalogue.load(practice=True, practice_bank_url="http://127.0.0.1:1")


def standing(**given: object) -> Standing:
    """A standing in which nothing is wrong, but for what is given."""
    usual: dict[str, object] = {
        "target": "KontoBankApi",
        "unanswered": 0,
        "answered": 0,
        "reason": None,
        "changed_seconds": 1000.0,
        "successes": 0,
        "bank_errors": 0,
    }
    return Standing(**(usual | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, None),
        ({"unanswered": 4}, None),
        ({"unanswered": 5}, "requests_unanswered"),
        ({"successes": 5, "bank_errors": 4}, None),
        ({"successes": 5, "bank_errors": 5}, "tasks_failed"),
        ({"successes": 6, "bank_errors": 5}, None),
        ({"bank_errors": 9}, None),
        ({"bank_errors": 10}, "tasks_failed"),
        ({"reason": "requests_unanswered", "unanswered": 1}, "requests_unanswered"),
        ({"reason": "requests_unanswered", "answered": 1}, "requests_unanswered"),
        ({"reason": "requests_unanswered", "answered": 2}, None),
        ({"reason": "tasks_failed", "answered": 50, "changed_seconds": 10.0}, "tasks_failed"),
        ({"reason": "tasks_failed", "changed_seconds": 45.0}, None),
    ],
)
def test_the_rule_is_what_the_docs_say(given: Mapping[str, object], reason: str | None) -> None:
    assert judge(standing(**given)) == reason


def test_every_failure_of_the_vocabulary_is_somebodys_or_not_counted() -> None:
    whose = {name: class_of(name) for name in failures()}
    assert {name for name, one in whose.items() if one == "bank_error"} == {
        "IO",
        "ServiceMaintenance",
        "ServiceTemporarilyUnavailable",
    }
    assert whose["BankChanged"] == whose["BankCertificateRefused"] == "our_error"
    assert whose["InvalidCredentials"] == whose["SessionExpired"] == "owner_error"
    assert whose["MultipleAccessLimitExceeded"] is None
    assert class_of(None) == "success"
    assert class_of("ZeroDivisionError") == "our_error"


@pytest.mark.parametrize(
    ("outcome", "answered"),
    [
        ("200", True),
        ("405", True),
        ("429", True),
        ("500", False),
        ("503", False),
        ("IO", False),
        ("ServiceTemporarilyUnavailable", False),
        ("BankChanged", True),
        ("cancelled", None),
        ("BankCertificateRefused", None),
    ],
)
def test_a_refusal_is_an_answer_and_a_failure_of_the_bank_is_none(
    outcome: str, answered: bool | None
) -> None:
    assert was_answered(outcome) is answered


def test_runs_count_the_latest_calls_in_a_row() -> None:
    calls = [("A", True), ("A", False), ("B", False), ("A", False), ("B", False)]
    assert runs_of(calls) == [Run("A", 2, 0, began_anew=True), Run("B", 2, 0, began_anew=False)]
    assert outcomes_of(Counter(), calls) == [Outcomes("A", "call", 1, 2), Outcomes("B", "call", 0, 2)]


@pytest.mark.parametrize(
    ("institution", "failing", "mode", "target"),
    [
        ("KontoBank", {}, None, "KontoBankApi"),
        ("KontoBank", {"KontoBankApi": "requests_unanswered"}, None, "KontoBank"),
        ("KontoBank", {"KontoBankApi": "requests_unanswered"}, "MIXED", "KontoBank"),
        ("KontoBank", {"KontoBankApi": "requests_unanswered"}, "MULTIPLE", "KontoBankApi"),
        ("KontoBank", {"KontoBank": "requests_unanswered"}, None, "KontoBankApi"),
        ("KontoBank", {"KontoBankApi_cz": "requests_unanswered"}, None, "KontoBankApi"),
        ("KontoBankPolish", {"KontoBankPolishApi": "requests_unanswered"}, None, "KontoBankPolishApi"),
    ],
)
def test_only_a_failing_api_whose_institution_allows_it_is_stood_in_for(
    institution: str, failing: dict[str, str], mode: str | None, target: str
) -> None:
    assert choose(CATALOGUE.institution(institution), failing, mode).target.name == target


class Probed:
    """A connector that is only probed."""

    def __init__(self) -> None:
        self.down = True
        self.probes = 0

    async def probe(self) -> None:
        self.probes += 1
        if self.down:
            raise ServiceTemporarilyUnavailable


def board_over(database: Database, connector: Probed) -> HealthBoard:
    """A board whose probes go to this connector."""

    def connect(target: Target) -> Connector:
        return connector  # type: ignore[return-value]

    return HealthBoard(database, CATALOGUE, connect)


async def test_all_processes_learn_of_five_unanswered_requests_wherever_they_were(database: Database) -> None:
    probed = Probed()
    one, other = board_over(database, probed), board_over(database, probed)
    for board in (one, other, one, other):
        board.called("KontoBankApi", "getAccountList", "503", 0.1)
        await board.turn()
    assert one.choose("KontoBank").reason is None
    one.called("KontoBankApi", "createConsent", "IO", 5.0)
    await one.turn()
    await other.turn()
    for board in (one, other):
        choice = board.choose("KontoBank")
        assert (choice.target.name, choice.reason) == ("KontoBank", "requests_unanswered")
        assert choice.detail == {"fallback_reason": "requests_unanswered"}
    for _ in range(2):
        other.called("KontoBankApi", "probe", "405", 0.1)
    await other.turn()
    await one.turn()
    assert one.choose("KontoBank").target.name == other.choose("KontoBank").target.name == "KontoBankApi"
    rows = await database.rows("select kind, outcome from event order by id")
    assert rows == [
        ("target_fails", "requests_unanswered"),
        ("target_answers_again", "requests_unanswered"),
    ]


async def test_an_answer_in_between_begins_the_count_anew(database: Database) -> None:
    board = board_over(database, Probed())
    for outcome in ("503", "503", "503", "503", "401", "503", "503", "503", "503"):
        board.called("KontoBankApi", "getAccountList", outcome, 0.1)
        await board.turn()
    assert board.choose("KontoBank").reason is None


async def test_an_answer_after_half_a_minute_is_none(database: Database) -> None:
    board = board_over(database, Probed())
    for _ in range(5):
        board.called("KontoBankApi", "getAccountList", "200", 30.5)
    await board.turn()
    assert board.choose("KontoBank").reason == "requests_unanswered"


async def test_one_of_many_processes_probes_and_more_often_in_trouble(database: Database) -> None:
    probed = Probed()
    boards = [board_over(database, probed) for _ in range(4)]
    await asyncio.gather(*(board.turn() for board in boards))
    assert probed.probes == 0  # just begun: nothing is due
    age = "update target_standing set probed_at = probed_at - interval '6 seconds' where target = %s"
    await database.execute(age, ("KontoBankApi",))
    await asyncio.gather(*(board.turn() for board in boards))
    assert probed.probes == 0
    boards[0].called("KontoBankApi", "getAccountList", "500", 0.1)
    await boards[0].turn()
    await asyncio.gather(*(board.turn() for board in boards))
    await asyncio.sleep(0.05)
    assert probed.probes == 1
    for board in boards:
        await board.close()


async def test_whose_failures_they_were_is_counted_by_product(database: Database) -> None:
    board = board_over(database, Probed())
    for failure in (None, None, "InvalidCredentials", "IO", "BankChanged", "MultipleAccessLimitExceeded"):
        board.ended("KontoBankApi", "sign_in", failure)
    await board.turn()
    await board.turn()
    rows = await database.rows(
        "select target, product, successes, bank_errors, our_errors, owner_errors from target_health"
    )
    assert rows == [("KontoBankApi", "sign_in", 2, 1, 1, 1)]


def test_the_rule_itself_is_data() -> None:
    assert (RULE.unanswered_in_row, RULE.answered_in_row, RULE.least_tasks) == (5, 2, 10)
