"""Once per session, eight at once: exactly, also when all arrives in one moment (Show 6, S06, S07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.harness.callers import Caller, Pair, Reply
from tests.harness.towns import Town
from tests.line.conftest import OpenTown


def at_once(count: int, ask: Callable[[int], Reply]) -> list[Reply]:
    """Ask so many times in the same moment."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(ask, range(count)))


def outcomes(replies: list[Reply]) -> Counter[tuple[int, str | None]]:
    """Count statuses and failures."""
    return Counter((reply.status, reply.failure) for reply in replies)


def test_a_hundred_default_imports_on_one_session_make_one_command(town: Town) -> None:
    pair = town.caller.session("single", "once")
    crowd = Caller(town.kontora.url, town.key, connections=100)
    replies = at_once(100, lambda _: crowd.start(pair))
    crowd.close()
    assert outcomes(replies) == {(202, None): 1, (400, "DefaultImportAlreadyExecuted"): 99}
    accepted = next(reply for reply in replies if reply.status == 202)
    assert town.caller.ended(accepted.command_id).state == "successful"
    data = town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": "once"})
    assert data.body.count("<moneyTransaction>") == 72


def test_one_idempotency_key_sent_fifty_times_makes_one_command(town: Town) -> None:
    pair = town.caller.session("single", "idempotent")
    crowd = Caller(town.kontora.url, town.key, connections=50)
    replies = at_once(50, lambda _: crowd.start(pair, key="the-same-key"))
    crowd.close()
    assert {reply.status for reply in replies} == {202}
    assert len({reply.command_id for reply in replies}) == 1
    assert town.caller.ended(replies[0].command_id).state == "successful"
    other = town.caller.start(pair, "sign-out", key="the-same-key")
    assert (other.status, other.failure) == (409, "IdempotencyConflict")


def test_fifty_commands_of_one_client_take_eight_places_and_the_places_come_back(town: Town) -> None:
    pairs = [town.caller.session("single", f"place {number}") for number in range(50)]
    town.bank.behave(delay_ms=3_000)
    crowd = Caller(town.kontora.url, town.key, connections=50)
    replies = at_once(50, lambda number: crowd.start(pairs[number]))
    crowd.close()
    assert outcomes(replies) == {(202, None): 8, (429, "JobsQuotaExceeded"): 42}
    assert all(reply.headers["Retry-After"] for reply in replies if reply.status == 429)
    rival = town.rival.start(town.rival.session("single", "place"))
    assert rival.status == 202
    town.bank.behave(delay_ms=0)
    for reply in replies:
        if reply.status == 202:
            assert town.caller.ended(reply.command_id).state == "successful"
    refused = [pairs[number] for number, reply in enumerate(replies) if reply.status == 429]
    again = at_once(8, lambda number: town.caller.start(refused[number]))
    assert outcomes(again) == {(202, None): 8}
    for reply in again:
        town.caller.ended(reply.command_id)
    town.rival.ended(rival.command_id)


def test_places_come_back_when_the_process_that_ran_the_commands_is_killed(open_town: OpenTown) -> None:
    town = open_town(worker="off")
    worker = town.site.work()
    pairs = [town.caller.session("single", f"lost {number}") for number in range(10)]
    town.bank.behave(delay_ms=20_000)
    taken = at_once(9, lambda number: town.caller.start(pairs[number]))
    assert outcomes(taken) == {(202, None): 8, (429, "JobsQuotaExceeded"): 1}
    ids = [reply.command_id for reply in taken if reply.status == 202]
    worker.kill()
    town.bank.behave(delay_ms=0)
    town.site.work(name="heir")
    assert {town.caller.ended(command_id).state for command_id in ids} == {"successful"}
    assert town.caller.start(pairs[9]).status == 202


def test_commands_that_take_no_place_go_by_a_full_house(town: Town) -> None:
    pairs: list[Pair] = [town.caller.session("single", f"full {number}") for number in range(9)]
    town.bank.behave(delay_ms=2_000)
    running = [town.caller.start(pair) for pair in pairs[:8]]
    assert {reply.status for reply in running} == {202}
    signing_out = town.caller.start(pairs[8], "sign-out")
    assert signing_out.status == 202
    town.bank.behave(delay_ms=0)
    for reply in (*running, signing_out):
        assert town.caller.ended(reply.command_id).state == "successful"
