"""How far back a bank is asked to give, by the bank's own need for one more confirmation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.commands.conftest import Line

from kontora.commands.bank_choice import BankChoice
from kontora.commands.conversation_options import parse_options
from kontora.commands.conversation_standings import Live
from kontora.commands.health import Choice
from kontora.connectors.protocol import Psu
from kontora.store.conversations import ConversationRow

ROW = ConversationRow(
    1,
    "lender-test",
    b"",
    b"",
    None,
    None,
    None,
    None,
    "choose",
    0,
    0,
    None,
    None,
    None,
    None,
    None,
    None,
    0.0,
)


@pytest.mark.parametrize(
    ("bank_needs_sca", "force_sca", "days"),
    [(False, False, 300), (True, False, 90), (True, True, 300)],
)
async def test_a_bank_that_wants_another_confirmation_for_long_history_gives_it_only_if_that_is_forced(
    line: Line, bank_needs_sca: bool, force_sca: bool, days: int
) -> None:
    today = datetime.now(UTC).date()
    wanted = {
        "maxImportDate": (today - timedelta(days=300)).isoformat(),
        "forceSca": str(force_sca).lower(),
    }
    options = parse_options(wanted, today=today, environment="test", origins=())
    scripted = line.room.catalogue.target("ScriptedApi")
    target = replace(scripted, facts=replace(scripted.facts, long_history_needs_sca=bank_needs_sca))
    banks = BankChoice(line.room, choose_target=unused, signin_url=lambda: "https://signin.example")
    request = banks.request(Live(ROW, line.client, options), target, Psu())
    assert request.since == today - timedelta(days=days)


def unused(institution: str, mode: str | None) -> Choice:
    raise AssertionError("no target is chosen here")
