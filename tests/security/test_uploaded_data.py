"""What clients upload, correct and have labelled stands nowhere in plain, and goes with its owner."""

from __future__ import annotations

import gzip
import json
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from msgspec import inspect
from tests.harness.callers import Reply
from tests.harness.canaries import Canary, files_in, open_files, temporary_files_since
from tests.harness.databases import OwnPostgres
from tests.harness.towns import Town, opened_town
from tests.security.test_client_keys import everything

from kontora.wire.external_data import ExternalData
from kontora.wire.uploaded_parts import UploadedData

JSON = {"Content-Type": "application/json"}
# What has a fixed form, by a part of its pattern.
PATTERNED = {"[A-Z]{3}$": "PLN", "[A-Za-z]{2}$": "pl", "[0-9]{4}$": "5411", "(?!.*": "4251****"}
POSTGRES = "postgres"
READ = ("owner-income-confirmation", "owner-features", "profile", "owner-scores.xml", "data.xml")


class Aviary:
    """Makes bodies whose every text holds the same random word, and whose amounts are their own."""

    def __init__(self) -> None:
        self.word = f"Kanarek{secrets.token_hex(6)}"
        self.owner = f"o-{self.word}"
        self.amounts: list[str] = []
        self._number = secrets.randbelow(100_000) + 100_000

    def body(self, kind: type[msgspec.Struct]) -> Any:
        """Return a body with all fields that a description knows."""
        made = self._made(inspect.type_info(kind))
        known = {"ownerExternalId": self.owner, "country": "pl"}
        return made | {name: value for name, value in known.items() if name in made}

    def _made(self, kind: inspect.Type) -> Any:
        match kind:
            case inspect.Metadata(type=inner):
                return self._made(inner)
            case inspect.UnionType(types=types):
                return self._made(next(one for one in types if not isinstance(one, inspect.NoneType)))
            case inspect.StructType(fields=fields):
                return {field.encode_name: self._made(field.type) for field in fields}
            case inspect.VarTupleType(item_type=item):
                return [self._made(item)]
            case inspect.EnumType(cls=choices):
                return next(iter(choices)).value
            case inspect.DateType():
                return "2026-05-22"
            case inspect.BoolType():
                return False
            case inspect.DecimalType():
                self._number += 1
                self.amounts.append(f"{self._number}.17")
                return float(self.amounts[-1])
            case inspect.StrType(pattern=pattern):
                fixed = next((text for part, text in PATTERNED.items() if part in (pattern or "")), "")
                return fixed if fixed and not fixed.endswith("*") else fixed + self.word
        raise AssertionError(f"no value for {kind}")


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a body, the parts before the whole."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from places(part, (*path, name))
    if path:
        yield path


def spoilt(body: Any, path: tuple[str | int, ...], wrong: Any) -> Any:
    """The body with something else at one place."""
    copy = json.loads(json.dumps(body))
    parent = copy
    for name in path[:-1]:
        parent = parent[name]
    parent[path[-1]] = wrong
    return copy


def posted(town: Town, path: str, body: Any, *, packed: bool = False) -> Reply:
    plain = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = JSON | ({"Content-Encoding": "gzip"} if packed else {})
    return town.caller.send(
        "POST", f"/v1/{path}", headers=headers, body=gzip.compress(plain) if packed else plain
    )


def ask_everything(town: Town, owner: str) -> None:
    """Ask every question about the owner."""
    asked = {"start": "2026-01-01", "end": "2026-12-31", "categories": ["allTransactions", "balance"]}
    for path in ("accounts-summary-with-monthly", "owner-summary"):
        assert posted(town, path, asked | {"ownerExternalId": owner}).status == 200
    for path in READ:
        town.caller.send("GET", f"/v1/{path}", {"ownerExternalId": owner})


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[OwnPostgres]:
    """A PostgreSQL of the test's own, for a look into all its files."""
    server = OwnPostgres(tmp_path / POSTGRES)
    yield server
    server.end()


@pytest.fixture
def aviary() -> Aviary:
    return Aviary()


@pytest.mark.parametrize(
    ("path", "kind"), [("owner", UploadedData), ("external-data-labeling", ExternalData)]
)
def test_a_refused_body_is_not_repeated_whatever_part_of_it_is_wrong(
    town: Town, aviary: Aviary, path: str, kind: type[msgspec.Struct]
) -> None:
    body = aviary.body(kind)
    assert posted(town, path, body).status == 200
    refused = 0
    for place in places(body):
        for wrong in ({"x": aviary.word}, [aviary.word], f"\x00{aviary.word}" * 99, float(aviary.amounts[0])):
            reply = posted(town, path, spoilt(body, place, wrong))
            assert reply.status in {200, 400}
            if reply.status == 400:
                refused += 1
                assert aviary.word not in reply.body, place
                assert not [amount for amount in aviary.amounts if amount in reply.body], place
    assert refused > 2 * len(list(places(body)))


def test_a_day_of_uploads_corrections_and_labels_leaves_nothing_in_plain_and_nothing_without_its_owner(
    postgres: OwnPostgres, tmp_path: Path, aviary: Aviary
) -> None:
    began = time.time() - 1
    with opened_town(tmp_path, postgres.url, log_level="DEBUG") as town:
        work_a_day(town, aviary)
        seen = Canary.of_text(aviary.word)
        assert seen.files_among(open_files(town.kontora.pid)) == {}
        database = everything(town.database_url)
        town.caller.send("DELETE", "/v1/data.xml", {"ownerExternalId": aviary.owner})
        for path in READ:
            assert town.caller.send("GET", f"/v1/{path}", {"ownerExternalId": aviary.owner}).status == 404
        with psycopg.connect(town.database_url) as db:
            left = db.execute("select (select count(*) from import), (select count(*) from owner)").fetchone()
        assert left == (0, 0)
        town.kontora.end()  # and writes what it still holds
        logged = town.kontora.logged()
    for place, text in (("log", logged), ("database", database)):
        assert seen.form_in(text.encode()) is None, place
        assert not [amount for amount in aviary.amounts if amount in text], place
    assert "owner_uploaded" in database and '"route":"/v1/owner"' in logged
    kept = [*files_in(tmp_path), *temporary_files_since(began)]
    assert any("pg_wal" in path.parts for path in kept)
    assert [path for path in kept if aviary.word.encode() in read(path)] == []
    ours = [path for path in kept if POSTGRES not in path.parts]
    assert seen.files_among(ours) == {}
    assert [path for path in (*ours, *Path.cwd().iterdir()) if re.fullmatch(r"core(\.\d+)?", path.name)] == []


def work_a_day(town: Town, aviary: Aviary) -> None:
    """Upload, correct, have labelled and ask, in the right way and in wrong ones."""
    body = aviary.body(UploadedData)
    uploaded = posted(town, "owner", body, packed=True)
    assert uploaded.status == 200, uploaded.body
    cut = json.dumps(body).encode()[:-9]
    unknown = spoilt(body, (aviary.word,), aviary.word)
    for wrong, packed in ((spoilt(body, ("accounts", 0, "iban"), None), True), (unknown, False), (cut, True)):
        assert posted(town, "owner", wrong, packed=packed).status == 400
    headers = JSON | {"Content-Encoding": "gzip"}
    assert town.caller.send("POST", "/v1/owner", headers=headers, body=cut).status == 400
    labelled = posted(town, "external-data-labeling", aviary.body(ExternalData))
    assert labelled.status == 200 and aviary.word in labelled.body  # the caller's own id of the row
    said = {"party": aviary.word, "title": f"czynsz {aviary.word}", "direction": "outgoing", "add": ["rent"]}
    assert posted(town, "label-correction", said).status == 201
    assert posted(town, "label-correction", said | {"add": [aviary.word]}).status == 400
    assert aviary.word in town.caller.send("GET", "/v1/label-corrections").body
    ask_everything(town, aviary.owner)
    assert aviary.word in town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": aviary.owner}).body


def read(path: Path) -> bytes:
    """Return what a file holds; nothing, if it has gone meanwhile."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
