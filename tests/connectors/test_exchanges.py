from __future__ import annotations

from pathlib import Path

import pytest
from tests.connectors.exchanges import FOLDER, exchanges, expected_import, read_exchange, rendered, replayed

EVERY = exchanges()


@pytest.mark.parametrize("path", EVERY, ids=[str(path.relative_to(FOLDER)) for path in EVERY])
async def test_a_recorded_exchange_gives_the_import_beside_it(path: Path) -> None:
    brought, left = await replayed(read_exchange(path))
    assert rendered(brought).decode() == expected_import(path).read_text()
    assert left == []


def test_every_bank_has_a_recorded_exchange() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/target.py")}
    assert folders == {path.parent.parent.name for path in EVERY}
