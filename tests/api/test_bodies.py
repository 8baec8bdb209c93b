"""Bodies and parameters: bounded, urlencoded, each given once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.conftest import PAIR, RunningApi

from kontora.api.bodies import SMALL_BODY
from kontora.api.parameters import Parameters, parse_form
from kontora.errors import InvalidParameter

SIGN_OUT = "/v1/command/sign-out.xml"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BODY = "&".join(f"{name}={value}" for name, value in PAIR.items()).encode()


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/x-www-form-urlencoded", 202),
        ("Application/X-WWW-Form-Urlencoded; charset=utf-8", 202),
        ("multipart/form-data; boundary=x", 415),
        ("application/json", 415),
        ("text/plain", 415),
        ("", 415),
    ],
)
def test_only_urlencoded_forms_are_read(api: RunningApi, content_type: str, status: int) -> None:
    assert api.send("POST", SIGN_OUT, body=BODY, headers={"Content-Type": content_type}).status == status


def test_a_compressed_form_is_refused(api: RunningApi) -> None:
    assert api.send("POST", SIGN_OUT, body=BODY, headers=FORM | {"Content-Encoding": "gzip"}).status == 415


def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not(api: RunningApi) -> None:
    room = SMALL_BODY - len(BODY) - len("&padding=")
    at_limit = BODY + b"&padding=" + b"x" * room
    assert api.send("POST", SIGN_OUT, body=at_limit, headers=FORM).status == 202
    reply = api.send("POST", SIGN_OUT, body=at_limit + b"x", headers=FORM)
    assert (reply.status, reply.failure) == (413, "BodyTooLarge")


def test_a_body_that_announces_itself_too_large_is_refused_before_anything_else(api: RunningApi) -> None:
    reply = api.send("POST", SIGN_OUT, key=None, body=b"", headers=FORM | {"Content-Length": "999999999"})
    assert reply.status == 413


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("sessionId=6000000000000000001", BODY, 202),
        ("sessionId=1", BODY, 400),
        ("", BODY + b"&sessionId=6000000000000000001", 400),
        ("x=1&x=1", BODY, 202),
        ("x=1", BODY + b"&x=2", 202),
        ("sessionId=6000000000000000001", BODY + b"&x=1", 202),
        ("", BODY + b"&x=%00", 400),
        ("", BODY + b"&x=%ff", 400),
        ("", BODY + b"&x=%ed%a0%80", 400),
        ("", BODY + b"&%ff=1", 400),
        ("", BODY + b"&unknown=1", 202),
        ("", BODY + b"&" + b"&".join(b"p%d=" % n for n in range(200)), 400),
    ],
)
def test_a_parameter_has_one_value_and_it_is_text(
    api: RunningApi, query: str, body: bytes, status: int
) -> None:
    reply = api.send("POST", f"{SIGN_OUT}?{query}", body=body, headers=FORM)
    assert (reply.status, reply.failure) == (status, None if status == 202 else "InvalidParameter")


def test_only_a_parameter_that_is_asked_for_must_have_one_value() -> None:
    parameters = Parameters.of(b"since=1&since=1&fast=true", b"fast=false&x=1&x=2")
    with pytest.raises(InvalidParameter, match="Parameter since is given more than once"):
        parameters.optional("since")
    with pytest.raises(InvalidParameter, match="Parameter fast differs between the URL and the body"):
        parameters.flag("fast", default=True)


def test_parameters_show_no_value() -> None:
    assert "CANARY" not in repr(Parameters.of(b"credential=CANARY", b""))


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
def test_any_text_without_nul_survives_the_way(values: dict[str, str]) -> None:
    from urllib.parse import urlencode

    try:
        encoded = urlencode(values).encode()
    except UnicodeEncodeError:
        return
    if any("\0" in name + value for name, value in values.items()):
        with pytest.raises(InvalidParameter):
            parse_form(encoded)
    else:
        assert parse_form(encoded) == {name: [value] for name, value in values.items()}


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_by_name(encoded: bytes) -> None:
    try:
        parse_form(encoded)
    except InvalidParameter as error:
        assert error.message.isascii()
