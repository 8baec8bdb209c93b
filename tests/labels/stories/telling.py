"""Import a story of the practice bank over HTTP, label it, and write it as lines.

`python -m tests.labels.stories.telling` writes the golden files anew; read them before you keep them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from tests.connectors.walking import practice_bank, read_everything, sign_in

from kontobank.stories import STORIES
from kontora.connectors.bank_http import BankHttp
from kontora.connectors.catalogue import Catalogue
from kontora.labels.labelling import Labeller, knowledge_of
from kontora.model import Import, MoneyTransaction

GOLDEN = Path(__file__).parent / "golden"
TODAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SINCE = (TODAY - timedelta(days=200)).date()
TARGETS = {"pl": "KontoBankApi", "cz": "KontoBankApi_cz", "es": "KontoBankApi_es"}
EVERY = tuple((country, story) for country in TARGETS for story in STORIES)
CLOCK = ("--now", TODAY.isoformat().replace("+00:00", "Z"))


async def imported(bank_url: str, country: str, story: str) -> Import:
    """Sign a story's owner in and read everything, as the bank tells it on the golden day."""
    target = Catalogue.load(practice=True, practice_bank_url=bank_url).target(TARGETS[country])
    http = BankHttp()
    try:
        connector = target.connector(http, now=lambda: TODAY)
        brought = await read_everything(connector, target, await sign_in(connector, story), SINCE, TODAY)
    finally:
        await http.close()
    return msgspec.structs.replace(brought, country=country)


def told(brought: Import) -> str:
    """Label an import of a country and write a line for each money transaction, newest first."""
    assert brought.country is not None
    labelled = Labeller(knowledge_of(brought.country)).label(brought).imported
    return "".join(
        f"{line}\n" for account in labelled.accounts for line in _lines(account.money_transactions)
    )


def _lines(items: tuple[MoneyTransaction, ...]) -> Iterator[str]:
    for item in items:
        texts = " | ".join(text for text in (item.kind, item.party, item.title) if text)
        vendors = ", ".join(dict.fromkeys(vendor.name for vendor in item.vendors))
        labels = ", ".join(item.labels) or "-"
        yield (
            f"{item.transaction_on} {item.currency_amount:>10}  {texts}\n"
            f"{'':23}{labels}{f'  [{vendors}]' if vendors else ''}"
        )


def golden(country: str, story: str) -> Path:
    """Return the golden file of a story."""
    return GOLDEN / f"{country}-{story}.txt"


async def _write(bank_url: str) -> None:
    GOLDEN.mkdir(exist_ok=True)
    for country, story in EVERY:
        golden(country, story).write_text(told(await imported(bank_url, country, story)), encoding="utf-8")


if __name__ == "__main__":
    with practice_bank(*CLOCK) as url:
        asyncio.run(_write(url))
