"""What a bank calls a name or a title is data everywhere: in the reply, in the store, in the log (X07)."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import msgspec
import pytest
import structlog
from lxml import etree
from tests.commands.conftest import Line, pair
from tests.commands.scripted_bank import money_transactions

from kontora.commands.requests import DefaultImport
from kontora.logs import configure_logging
from kontora.wire.xml import render_owner_data

HOSTILE = (
    "]]></title><result/>",
    "</script><script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "'; drop table command; --",
    "one\r\ntwo: forged",
    "\u202egnp.exe",
    "a\x00b\x1b[31m",
    "lone \ud800 half",
    "&lt;&amp;&#0;<!DOCTYPE x>",
    "{{7*7}} ${jndi:ldap://x}",
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What all loggers write during a test."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, structlog.get_config())
    written = io.StringIO()
    configure_logging("DEBUG", stream=written)
    yield written
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.configure(**before[2])


def arrived(text: str) -> str:
    """How a reader of XML sees a text: as it was, save the characters that XML forbids."""
    kept = "".join(c if c in "\t\n\r" or ord(c) >= 32 else "\ufffd" for c in text)
    return "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in kept)


async def test_hostile_titles_and_parties_go_through_the_whole_line_as_text(
    line: Line, log: io.StringIO
) -> None:
    plain = money_transactions(len(HOSTILE))
    line.bank.pages = (
        tuple(
            msgspec.structs.replace(item, title=encodable(text), party=encodable(text))
            for item, text in zip(plain, HOSTILE, strict=True)
        ),
    )
    session = await line.session()
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        status = await line.ended(started.command_id)
    assert status.result is not None
    items = etree.fromstring(status.result).findall("accounts/account/moneyTransactions/moneyTransaction")
    assert [item.findtext("title") for item in items] == [arrived(encodable(text)) for text in HOSTILE]
    assert [item.findtext("party") for item in items] == [arrived(encodable(text)) for text in HOSTILE]
    assert all({child.tag for child in item}.isdisjoint({"result", "script"}) for item in items)

    data = await line.intake.owner_data(line.client, "o-1")
    stored = data.imports[0].accounts[0].money_transactions
    assert [item.title for item in stored] == [encodable(text) for text in HOSTILE]
    merged = etree.fromstring(
        render_owner_data(
            data.imports,
            owner_external_id=HOSTILE[0],
            created_at=data.created_at,
            last_change_at=data.last_change_at,
            origin=data.origin,
            official_names={},
        )
    )
    assert merged.get("externalId") == HOSTILE[0]
    assert [title.text for title in merged.iterfind("target/accounts//title")] == [
        arrived(encodable(text)) for text in HOSTILE
    ]

    for written in log.getvalue().splitlines():
        json.loads(written)
        assert not any(text in written for text in HOSTILE)
    async with line.database.connection() as db:
        cursor = await db.execute("select count(*) from command")
        assert await cursor.fetchone() == (1,)


def encodable(text: str) -> str:
    """Lone surrogates cannot be stored; the readers of banks' answers let none in."""
    return text.encode("utf-8", "replace").decode()
