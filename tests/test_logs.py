"""The logs: named fields only, nothing secret, one line an event."""

from __future__ import annotations

import ast
import asyncio
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from kontora.errors import InvalidSince
from kontora.logs import FIELDS, REDACTED, access_log, configure_logging, redacted, redacted_text

HEX = "0123456789abcdef" * 4
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The stream that all logs of the process go to during a test."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, structlog.get_config())
    out = io.StringIO()
    configure_logging("DEBUG", stream=out)
    yield out
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.configure(**before[2])


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    """Read what was written so far, one JSON object a line."""
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_its_time_in_utc(lines: Lines) -> None:
    structlog.get_logger("kontora.test").info("command_started", command_id=1, name="DefaultImportCommand")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "command_started",
        "level": "info",
        "logger": "kontora.test",
        "command_id": 1,
        "name": "DefaultImportCommand",
    }


def test_a_field_that_is_not_on_the_list_is_dropped_and_its_name_told(lines: Lines) -> None:
    structlog.get_logger("kontora.test").info("e", title="CANARY", balance=3)
    (line,) = lines()
    assert line["dropped_fields"] == ["balance", "title"]
    assert "CANARY" not in json.dumps(line)


def test_every_field_that_the_program_logs_is_on_the_list() -> None:
    named = set()
    for file in (Path(__file__).parents[1] / "src" / "kontora").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name("log"))):
                    named |= {keyword.arg for keyword in node.keywords}
    assert len(named) > 20
    assert named - FIELDS == {"exc_info"}


def test_an_exception_is_told_by_type_and_place_without_values_and_locals(lines: Lines) -> None:
    def step() -> None:
        password = "CANARY-LOCAL"
        raise ValueError("CANARY-MESSAGE " + password)

    try:
        try:
            step()
        except ValueError as error:
            raise InvalidSince("since must be a day") from error
    except InvalidSince:
        structlog.get_logger("kontora.test").exception("failed", name="x")
    (line,) = lines()
    assert "CANARY" not in json.dumps(line)
    assert line["exception"][0] == "kontora.errors.client.InvalidSince: since must be a day"
    assert any("test_logs.py" in place and "step" in place for place in line["exception"])
    assert "builtins.ValueError" in line["exception"]


def test_a_group_of_exceptions_and_a_chain_that_bites_its_tail_are_told(lines: Lines) -> None:
    first, second = ValueError("CANARY"), KeyError("CANARY")
    first.__cause__, second.__cause__ = second, first
    try:
        raise ExceptionGroup("CANARY", [first])
    except ExceptionGroup:
        structlog.get_logger("kontora.test").exception("failed")
    (line,) = lines()
    assert "builtins.KeyError" in line["exception"]
    assert "CANARY" not in json.dumps(line)


def test_libraries_speak_through_the_same_door_from_warning_on(lines: Lines) -> None:
    logger = logging.getLogger("asyncio")
    logger.info("not told")
    try:
        raise ValueError("CANARY")
    except ValueError:
        logger.exception("Task exception was never retrieved\nfuture: <Task exception=ValueError('CANARY')>")
    logger.warning("connecting to %s", "postgresql://user:CANARY@db/kontora")
    first, second = lines()
    assert first["event"] == "Task exception was never retrieved"
    assert first["exception"][0] == "builtins.ValueError"
    assert "CANARY" not in json.dumps([first, second])


def test_line_ends_and_escapes_cannot_forge_a_line(stream: io.StringIO) -> None:
    structlog.get_logger("kontora.test").info("e", reason="a\r\nINFO forged\x1b[31m\u2028\x9b")
    assert len(stream.getvalue().splitlines()) == 1
    assert all(0x20 <= ord(character) < 0x7F for character in stream.getvalue().rstrip("\n"))


def test_the_console_style_escapes_line_ends_too(stream: io.StringIO) -> None:
    configure_logging("INFO", style="console", stream=stream)
    structlog.get_logger("kontora.test").info("started", reason="a\nb\x1b")
    assert stream.getvalue().count("\n") == 1
    assert "\\n" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_an_object_is_written_by_its_type_only() -> None:
    class Secretive:
        def __repr__(self) -> str:
            return "CANARY"

    assert redacted("reason", Secretive()) == "<Secretive>"
    assert redacted("reason", [{"a": b"CANARY"}]) == [{"a": "<bytes>"}]


NAMES = [
    "password", "Password", "passwd", "pwd", "passcode", "user_password", "secret", "client_secret", "token",
    "access_token", "refresh_token", "id_token", "credential", "credentials", "credentialKind", "signature",
    "session_id_signature", "sessionIdSignature", "api_key", "apiKey", "x-api-key", "apikey", "key",
    "owner_key",
    "private", "private_key", "master", "keys_master", "authorization", "Authorization", "authorisation",
    "cookie",
    "set-cookie", "Cookie", "bearer", "otp", "sms_otp", "pin", "cvv", "cvc", "tan", "code", "sms_code",
    "iban",
    "party_iban", "pesel", "polish_pesel", "card_number", "cardNumber", "psu", "psu_id", "email",
    "owner_email",
    "phone", "owner_external_id", "multiple_access_id", "passphrase", "TOKEN", "PIN", "Otp",
]  # fmt: skip
VALUES = [
    HEX, HEX.upper(), HEX[:32], f"key {HEX}", f"'{HEX}'", f"kid:{HEX}", f"sha256:{HEX}",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_1", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "Bearer CANARY", "bearer CANARY", "Basic Q0FOQVJZ", "Authorization: Bearer CANARY",
    "postgresql://kontora:CANARY@db:5432/kontora", "https://u:CANARY@bank.example/", "amqp://:CANARY@host",
    "/v1/data.xml?ownerExternalId=CANARY", "https://b.example/cb?code=CANARY&state=CANARY",
    "GET /x?apiKey=CANARY",
    "password=CANARY", "password: CANARY", 'password="CANARY CANARY"', "'password': 'CANARY CANARY'",
    '{"password": "CANARY"}', "passwd=CANARY", "pwd=CANARY", "user_password=CANARY", "secret=CANARY",
    "client_secret=CANARY&x", "token=CANARY", "access_token: CANARY", '"refresh_token":"CANARY"',
    "credential=CANARY", "signature=CANARY", "api_key=CANARY", "api-key: CANARY", "apikey=CANARY",
    "X-Api-Key: CANARY", "cookie: CANARY", "otp=CANARY", "pin=CANARY", "set-cookie: CANARY=1",
    "PL61109010140000071219812874", "PL61 1090 1014 0000 0712 1981 2874", "CZ6508000000192000145399",
    "ES9121000418450200051332", "iban PL61109010140000071219812874.", "DE89370400440532013000",
    "GB29 NWBK 6016 1331 9268 19", "4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444",
    "378282246310005 4", "jan@example.invalid", "mail jan.kowalski+x@example.co.uk now",
    "-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_field_with_the_name_of_a_secret_is_never_written(name: str) -> None:
    assert redacted(name, "CANARY") == REDACTED
    assert redacted("reason", {name: "CANARY"}) == {name: REDACTED}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("around", ["{}", "refused: {}", "{} (step 3)"])
def test_a_value_that_looks_like_a_secret_is_never_written(value: str, around: str) -> None:
    written = redacted_text(around.format(value))
    assert REDACTED in written
    assert "CANARY" not in written
    assert HEX[:32] not in written.lower()
    digits = "".join(character for character in value if character.isdigit())
    assert len(digits) < 12 or digits not in "".join(c for c in written if c.isdigit())


def test_there_are_more_than_200_variants_of_secrets_above() -> None:
    assert len(NAMES) + 3 * len(VALUES) > 200


@pytest.mark.parametrize(
    "text",
    ["DefaultImportCommand ended", "KontoBankApi_cz", "/v1/command/default-import.xml",
    "2026-05-23T07:35:07Z",
     "127.0.0.1:8700", "kontora.store.clients", "5 of 8 commands", "ServiceTemporarilyUnavailable"],
)  # fmt: skip
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert redacted_text(text) == text


@given(st.text())
def test_whatever_the_text_a_line_is_short_and_one_line(text: str) -> None:
    assert len(redacted_text(text)) <= 500


def test_the_access_log_writes_one_json_line_a_request() -> None:
    out = io.StringIO()
    access_log(out)({"access": "GET", "route": "/v1/command/{id}.xml", "status": 200})
    assert json.loads(out.getvalue()) == {"access": "GET", "route": "/v1/command/{id}.xml", "status": 200}
    assert out.getvalue().endswith("\n")
    assert sys.stderr is not out


async def test_inside_a_loop_the_lines_of_a_moment_are_written_together() -> None:
    out = io.StringIO()
    write = access_log(out)
    write({"status": 200})
    write({"status": 404})
    assert out.getvalue() == ""
    await asyncio.sleep(0.3)
    assert [json.loads(line)["status"] for line in out.getvalue().splitlines()] == [200, 404]


async def test_a_flood_of_lines_is_not_kept_waiting() -> None:
    out = io.StringIO()
    write = access_log(out)
    for _ in range(1200):
        write({"status": 200})
    assert len(out.getvalue().splitlines()) >= 1000
    await asyncio.sleep(0.3)
    assert len(out.getvalue().splitlines()) == 1200
