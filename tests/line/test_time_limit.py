"""An import that runs out of time keeps what came, and marks what was cut, and only that (S13)."""

from __future__ import annotations

import pytest
from tests.harness.callers import Reply
from tests.harness.gates import Exchange
from tests.harness.towns import Town
from tests.line.conftest import OpenTown

PAGES = 25
PAGE_LENGTH = 200
IMPORT_SECONDS = 4.0
CUT = '<account partialDueToTimeout="true">'


def cut_at_page(town: Town, page: int) -> Reply:
    """Import 5,000 money transactions from a bank that falls silent at a page."""
    town.gate.clear()
    asked = 0

    def is_the_page(exchange: Exchange) -> bool:
        nonlocal asked
        asked += exchange.method == "GET" and "/transactions" in exchange.path
        return asked == page

    silence = town.gate.hold(is_the_page)
    try:
        return town.imported("large", f"cut at {page}")
    finally:
        # Thrown away: let through, it would be answered and counted during the next import.
        silence.release(drop=True)


@pytest.fixture
def hasty(open_town: OpenTown) -> Town:
    """A town whose imports may take four seconds."""
    return open_town(import_seconds=str(IMPORT_SECONDS))


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_an_import_is_partial_when_and_only_when_pages_were_cut(hasty: Town) -> None:
    for page in (1, 2, 13, PAGES, PAGES + 1):
        ended = cut_at_page(hasty, page)
        assert ended.state == "successful"
        served = hasty.gate.served()
        assert served == min(page - 1, PAGES) * PAGE_LENGTH
        assert ended.body.count("<moneyTransaction>") == served
        was_cut = page <= PAGES
        assert ended.body.count(CUT) == int(was_cut)


@pytest.mark.slow
def test_a_slow_bank_is_cut_where_the_time_is_over_and_nothing_served_is_lost(hasty: Town) -> None:
    pair = hasty.caller.session("large", "slow")
    hasty.gate.clear()
    hasty.bank.behave(delay_ms=250)
    ended = hasty.caller.ended(hasty.caller.start(pair).command_id)
    hasty.bank.behave(delay_ms=0)
    imported = ended.body.count("<moneyTransaction>")
    assert 0 < imported < PAGES * PAGE_LENGTH
    assert imported == hasty.gate.served()
    assert ended.body.count(CUT) == 1
    data = hasty.caller.send("GET", "/v1/data.xml", {"ownerExternalId": "slow"})
    assert data.body.count("<moneyTransaction>") == imported


@pytest.mark.slow
def test_a_bank_that_lists_nothing_in_time_is_unavailable_and_nothing_is_stored(hasty: Town) -> None:
    pair = hasty.caller.session("single", "silent")
    hasty.bank.behave(delay_ms=5_000)
    ended = hasty.caller.ended(hasty.caller.start(pair).command_id)
    hasty.bank.behave(delay_ms=0)
    assert (ended.state, ended.failure) == ("error", "ServiceTemporarilyUnavailable")
    data = hasty.caller.send("GET", "/v1/data.xml", {"ownerExternalId": "silent"})
    assert data.failure == "InvalidOwnerExternalId"
