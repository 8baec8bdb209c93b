from __future__ import annotations

from pathlib import Path

import pytest
from tests.connectors.exchanges import FOLDER, exchanges, expected_import, read_exchange, rendered, replayed

from kontora.connectors.catalogue import found_facts
from kontora.connectors.target import NEVER_AT_THE_BANK
from kontora.model.truths import violations

EVERY = exchanges()
COMPOSED = [path for path in EVERY if read_exchange(path).source]


@pytest.mark.parametrize("path", EVERY, ids=[str(path.relative_to(FOLDER)) for path in EVERY])
async def test_a_recorded_exchange_gives_the_import_beside_it(path: Path) -> None:
    brought, left = await replayed(read_exchange(path))
    assert rendered(brought).decode() == expected_import(path).read_text()
    assert left == []


@pytest.mark.parametrize("path", COMPOSED, ids=[str(path.relative_to(FOLDER)) for path in COMPOSED])
async def test_a_composed_exchange_says_that_it_never_took_place_and_gives_a_sound_import(path: Path) -> None:
    exchange = read_exchange(path)
    assert exchange.exercised == NEVER_AT_THE_BANK
    assert exchange.recorded_at is None
    brought, _ = await replayed(exchange)
    assert violations(brought) == ()


def test_exchanges_of_real_banks_are_all_composed_and_those_of_practice_banks_recorded() -> None:
    practice = {facts.name for facts in found_facts() if facts.practice}
    for path in EVERY:
        exchange = read_exchange(path)
        assert bool(exchange.source) is (exchange.target not in practice)
        assert bool(exchange.recorded_at) is (exchange.target in practice)


def test_every_bank_has_a_recorded_exchange() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/target.py")}
    assert folders == {path.parent.parent.name for path in EVERY}
