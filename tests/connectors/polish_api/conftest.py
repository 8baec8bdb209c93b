from __future__ import annotations

from dataclasses import replace

import pytest
from tests.connectors.polish_api.signing import Bank, SigningBank
from tests.connectors.scripted import ScriptedBank

from kontora.connectors.target import Surroundings


@pytest.fixture
def polish(bank: ScriptedBank) -> SigningBank:
    return SigningBank(bank)


@pytest.fixture
def connector(polish: SigningBank, surroundings: Surroundings) -> Bank:
    return Bank(replace(surroundings, bank_keys=polish.keys))
