"""The page about owner uploads: its examples are taken, and it tells every field."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec
import pytest
from tools.docs.__main__ import PAGES

from kontora.connectors.strict_json import parse_json
from kontora.wire.owner_upload import MOST_MONEY_TRANSACTIONS, read_upload
from kontora.wire.uploaded_parts import (
    UploadedAccount,
    UploadedCreditCard,
    UploadedData,
    UploadedMoneyTransaction,
)

PAGE = (PAGES / "owner-upload.md").read_text(encoding="utf-8")
AT = datetime(2026, 5, 24, tzinfo=UTC)


def test_the_example_is_an_upload_without_a_warning() -> None:
    (body,) = re.findall(r"<<'END'\n(.*?)\nEND\n", PAGE, re.DOTALL)
    upload = read_upload(parse_json(body.encode()), at=AT, institutions={})
    assert upload.warnings == ()
    assert len(upload.imports[0].accounts[0].money_transactions) == 1


@pytest.mark.parametrize(
    "kind", [UploadedData, UploadedAccount, UploadedCreditCard, UploadedMoneyTransaction]
)
def test_every_field_is_told_and_what_is_needed_is_said_to_be(kind: type[msgspec.Struct]) -> None:
    for field in msgspec.structs.fields(kind):
        if field.encode_name in {"labels", "vendors"}:
            assert "Labels and vendors are the only fields that are accepted and not kept" in PAGE
            continue
        rows = [
            line for line in PAGE.splitlines() if line.startswith("|") and f"`{field.encode_name}`" in line
        ]
        assert rows, field.encode_name
        if field.required:
            assert any(re.search(r"\| (yes|account|card) \|", row) for row in rows), field.encode_name


def test_the_limit_that_it_tells_is_the_one_that_holds() -> None:
    assert f"{MOST_MONEY_TRANSACTIONS:,} money transactions" in PAGE
