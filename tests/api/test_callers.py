"""Both factors on every path that is not public, and one answer to all who fail (A01-A09, S03)."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

import pytest
from tests.api.conftest import COMMAND_ID, KEY, OTHER_KEY, PAIR, RunningApi, StartApi, running_status

from kontora.api import ApiSettings
from kontora.api.addresses import parse_networks
from kontora.api.callers import masked
from kontora.commands.answers import Client
from kontora.errors import StoreUnavailable

PUBLIC = {
    "/v1/health",
    "/v1/health/live",
    "/v1/health/ready",
    "/isItWorking",
    "/.well-known/jwks.json",
}
PRODUCTION = ApiSettings()
PRACTICE = ApiSettings(practice=True)
BOTH_MODES = pytest.mark.parametrize("settings", [PRACTICE, PRODUCTION], ids=["practice", "production"])


def routes(api: RunningApi) -> list[tuple[str, str]]:
    """Every method and path that the router serves, with an id in place of its template."""
    app: Any = api.door.app
    found = [
        (method, route.path.replace("{id}", str(COMMAND_ID)))
        for route in app.routes
        for method in sorted(route.methods)
    ]
    assert len(found) >= 16
    return found


def public(settings: ApiSettings) -> set[str]:
    return PUBLIC | {"/openapi.json"} if settings.practice else PUBLIC


@BOTH_MODES
def test_each_path_of_the_router_refuses_callers_without_both_factors_save_the_public_ones(
    start_api: StartApi, settings: ApiSettings
) -> None:
    api = start_api(settings)
    for method, path in routes(api):
        expects = path not in public(settings)
        for key, source in (
            (None, "127.0.0.1"),
            ("0" * 64, "127.0.0.1"),
            (KEY, "127.0.0.2"),
            (None, "127.0.0.2"),
        ):
            status = api.send(
                method, path, key=key, source=source, body=b"" if method == "POST" else None
            ).status
            assert (status == 401) is expects, (method, path, key, source, status)
    assert api.desk.asked == []


@BOTH_MODES
def test_the_door_knows_exactly_the_paths_of_the_router(start_api: StartApi, settings: ApiSettings) -> None:
    api = start_api(settings)
    app: Any = api.door.app
    assert {route.path for route in app.routes} == set(api.door.paths)
    assert {path for path, known in api.door.paths.items() if known.public} == public(settings)


def test_a_stranger_does_not_learn_which_paths_exist(api: RunningApi) -> None:
    assert api.get("/v1/no-such-path", key=None).status == 401
    assert api.get("/v1/no-such-path").status == 404


def test_the_refusal_says_who_called_in_stars_and_where_to_go(api: RunningApi) -> None:
    reply = api.get("/v1/catalog.xml", key="f7" + "9" * 60 + "1f")
    assert reply.status == 401
    root = reply.xml
    assert dict(root.attrib) == {"status": "401 Unauthorized", "responseTimestamp": "2026-05-23T07:39:06Z"}
    assert [child.tag for child in root] == ["comment"]
    assert '"f7**************1f"' in root.findtext("comment")
    assert "12**********.1," in root.findtext("comment")
    assert "https://kontora.example/support" in root.findtext("comment")
    assert "9999" not in root.findtext("comment")


def test_all_refusals_have_the_same_shape(api: RunningApi) -> None:
    api.directory.add("bb" * 32, Client("empty-test", "test"))
    replies = [
        api.get("/v1/catalog.xml", key=None),
        api.get("/v1/catalog.xml", key=""),
        api.get("/v1/catalog.xml", key="x"),
        api.get("/v1/catalog.xml", key="0" * 64),
        api.get("/v1/catalog.xml", key=KEY[:12] + "0" * 52),
        api.get("/v1/catalog.xml", key=KEY.upper()),
        api.get("/v1/catalog.xml", key=KEY + " x"),
        api.get("/v1/catalog.xml", key="bb" * 32),
        api.get("/v1/catalog.xml", source="127.0.0.9"),
    ]
    for reply in replies:
        assert reply.status == 401
        assert set(reply.xml.attrib) == {"status", "responseTimestamp"}
        assert reply.headers["content-type"] == "application/xml; charset=utf-8"
    comments = {reply.xml.findtext("comment").partition(". About")[2] for reply in replies}
    assert len(comments) == 1


@pytest.mark.parametrize(
    "key", ['"><x/>&amp;<!--\xff', "<x>" + "0" * 60 + "&", "]]>0000000]]>", "<!--00000000&<"]
)
def test_a_key_that_is_markup_leaves_the_refusal_well_formed(api: RunningApi, key: str) -> None:
    reply = api.get("/v1/catalog.xml", key=key)
    assert reply.status == 401
    assert [child.tag for child in reply.xml.iter()] == ["reply", "comment"]


def test_a_json_path_refuses_in_json(api: RunningApi) -> None:
    reply = api.send("PUT", "/practice/clock", key=None, body=b"{}")
    assert reply.status == 401
    assert json.loads(reply.body)["exception"]["name"] == "Unauthorized"


def test_a_repeated_key_header_is_refused(api: RunningApi) -> None:
    import http.client

    connection = http.client.HTTPConnection(api.url.removeprefix("http://"), timeout=5)
    connection.putrequest("GET", "/v1/catalog.xml")
    connection.putheader("X-Api-Key", KEY)
    connection.putheader("x-api-key", KEY)
    connection.endheaders()
    assert connection.getresponse().status == 401
    connection.close()


def test_a_revoked_key_is_refused_within_a_second(api: RunningApi) -> None:
    assert api.get("/v1/catalog.xml").status == 200
    del api.directory.keys[KEY[:12]]
    api.monotonic += 0.5
    api.get("/v1/catalog.xml")
    api.monotonic += 0.5
    assert api.get("/v1/catalog.xml").status == 401


def test_an_address_that_is_taken_off_the_list_is_refused_within_a_second(api: RunningApi) -> None:
    assert api.get("/v1/catalog.xml").status == 200
    api.directory.add(KEY, Client("acme-test", "test", ("192.0.2.1",)))
    api.monotonic += 1.0
    assert api.get("/v1/catalog.xml").status == 401


def test_a_new_key_that_was_tried_too_early_works_within_a_second(api: RunningApi) -> None:
    fresh = "dd" * 32
    assert api.get("/v1/catalog.xml", key=fresh).status == 401
    api.directory.add(fresh, Client("acme-test", "test", ("127.0.0.1",)))
    api.monotonic += 1.0
    assert api.get("/v1/catalog.xml", key=fresh).status == 200


def test_keys_are_looked_up_once_a_second_at_most(api: RunningApi) -> None:
    for key in (KEY, KEY, "0" * 64, "0" * 64, "0" * 64, KEY):
        api.get("/v1/catalog.xml", key=key)
    assert api.directory.looks == 2


def test_several_keys_of_a_client_work_at_once(api: RunningApi) -> None:
    api.directory.add("ee" * 32, Client("acme-test", "test", ("127.0.0.1",)))
    assert api.get("/v1/catalog.xml", key="ee" * 32).xml.get("user") == "acme-test"
    assert api.get("/v1/catalog.xml").xml.get("user") == "acme-test"


def test_while_the_store_is_away_callers_are_told_so_and_not_refused(api: RunningApi) -> None:
    api.directory.failure = StoreUnavailable()
    reply = api.get("/v1/catalog.xml")
    assert (reply.status, reply.failure, reply.headers["retry-after"]) == (503, "StoreUnavailable", "10")
    api.directory.failure = None
    assert api.get("/v1/catalog.xml").status == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP"])
def test_no_header_moves_a_caller_that_is_not_a_proxy(api: RunningApi, header: str) -> None:
    value = "for=127.0.0.1" if header == "Forwarded" else "127.0.0.1"
    assert api.get("/v1/catalog.xml", source="127.0.0.3", headers={header: value}).status == 401
    api.monotonic += 10
    away = "for=192.0.2.1" if header == "Forwarded" else "192.0.2.1"
    assert api.get("/v1/catalog.xml", headers={header: away}).status == 200


def test_behind_a_proxy_the_forwarded_address_decides_every_time(start_api: StartApi) -> None:
    settings = ApiSettings(practice=True, trusted_proxies=parse_networks(["127.0.0.8/32"]))
    api = start_api(settings)
    api.directory.add(KEY, Client("acme-test", "test", ("192.0.2.1", "127.0.0.1")))

    def status(forwarded_for: str | None, source: str = "127.0.0.8") -> int:
        headers = {} if forwarded_for is None else {"X-Forwarded-For": forwarded_for}
        return api.get("/v1/catalog.xml", source=source, headers=headers).status

    assert status("192.0.2.1") == 200
    assert status("192.0.2.2") == 401
    assert status("192.0.2.1, 192.0.2.2") == 401
    assert status("192.0.2.2, 192.0.2.1") == 200
    assert status("garbage") == 401
    assert status("") == 401
    assert status(None) == 401
    assert status(None, source="127.0.0.1") == 200
    assert status("192.0.2.2", source="127.0.0.1") == 200
    assert status("192.0.2.1", source="127.0.0.5") == 401


def test_the_legacy_parameter_is_ignored_unless_the_setting_allows_it(
    api: RunningApi, start_api: StartApi
) -> None:
    assert api.get(f"/v1/catalog.xml?apiKey={KEY}", key=None).status == 401
    legacy = start_api(ApiSettings(practice=True, legacy_api_key_parameter=True))
    assert legacy.get(f"/v1/catalog.xml?apiKey={KEY}", key=None).status == 200
    assert legacy.post("/v1/command/sign-out.xml", PAIR | {"apiKey": KEY}, key=None).status == 202
    assert legacy.get(f"/v1/catalog.xml?apiKey={KEY}", key="0" * 64).status == 401
    legacy.desk.statuses[COMMAND_ID] = running_status()
    assert legacy.get(f"/v1/command/{COMMAND_ID}.xml?apiKey={KEY}", key=None).status == 200
    assert legacy.get(f"/v1/command/{COMMAND_ID}.xml?apiKey={'0' * 64}", key=None).status == 401
    assert legacy.get("/v1/catalog.xml?apiKey=%ff", key=None).status == 401
    assert KEY not in json.dumps(legacy.access_lines)


@pytest.mark.parametrize(
    ("method", "path", "form", "status", "failure"),
    [
        ("GET", f"/v1/command/{COMMAND_ID}.xml", None, 404, "InvalidCommandId"),
        ("GET", "/v1/data.xml?ownerExternalId=o-1", None, 404, "InvalidOwnerExternalId"),
        ("DELETE", "/v1/data.xml?ownerExternalId=o-1", None, 404, "InvalidOwnerExternalId"),
        ("POST", "/v1/command/default-import.xml", PAIR, 404, "InvalidSessionId"),
        ("POST", "/v1/command/import-accounts.xml", PAIR | {"fast": "x"}, 404, "InvalidSessionId"),
        ("POST", "/v1/default-import.xml", PAIR | {"since": "x"}, 404, "InvalidSessionId"),
        ("POST", "/v1/command/sign-out.xml", PAIR, 404, "InvalidSessionId"),
    ],
)
def test_another_client_gets_404_for_what_is_not_its_own(
    api: RunningApi, method: str, path: str, form: dict[str, str] | None, status: int, failure: str
) -> None:
    api.desk.statuses[COMMAND_ID] = running_status()
    reply = api.send(method, path, key=OTHER_KEY, form=form)
    assert (reply.status, reply.failure) == (status, failure)
    assert reply.xml.get("ownerExternalId") in (None, "o-1")
    assert "ownerExternalId" not in reply.xml.attrib or "o-1" in path


def test_refusals_are_told_to_the_audit_by_reason_without_address_and_key(api: RunningApi) -> None:
    api.get("/v1/catalog.xml", key=None)
    api.get("/v1/catalog.xml", key="0" * 64)
    api.get("/v1/catalog.xml", source="127.0.0.7")
    assert [(event.reason, event.client_id) for event in api.events] == [
        ("no_key", None),
        ("unknown_key", None),
        ("address", "acme-test"),
    ]
    assert "127.0.0.7" not in repr(api.events)


def test_a_short_value_is_not_shown_at_all() -> None:
    assert masked("abcdef", 10) == "*" * 14
    assert masked("10.11.12.43", 10) == "10**********43"


def test_an_unknown_key_takes_about_as_long_as_a_known_one_from_a_foreign_address(api: RunningApi) -> None:
    def seconds(**options: Any) -> float:
        took = []
        for _ in range(60):
            began = time.perf_counter()
            api.get("/v1/catalog.xml", **options)
            took.append(time.perf_counter() - began)
        return statistics.median(took)

    seconds(key=KEY)
    unknown, foreign = seconds(key="0" * 64), seconds(source="127.0.0.2")
    assert 0.5 < unknown / foreign < 2.0
