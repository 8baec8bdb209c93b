"""The description tells the truth: every path and method, and every kind of answer."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.api.conftest import COMMAND_ID, KEY, PAIR, RunningApi, StartApi, running_status

from kontora.api import ApiSettings
from kontora.errors import (
    InvalidParameter,
    JobsQuotaExceeded,
    KontoraError,
    StatementError,
    StoreUnavailable,
    failures,
)

PRACTICE = ApiSettings(practice=True)
PRODUCTION = ApiSettings()
BOTH_MODES = pytest.mark.parametrize("settings", [PRACTICE, PRODUCTION], ids=["practice", "production"])


def description(api: RunningApi) -> Any:
    return json.loads(api.get("/openapi.json").body)


@BOTH_MODES
def test_the_description_is_valid_openapi(start_api: StartApi, settings: ApiSettings) -> None:
    OpenAPIV31SpecValidator(description(start_api(settings))).validate()


@BOTH_MODES
def test_every_route_is_described_and_nothing_else(start_api: StartApi, settings: ApiSettings) -> None:
    api = start_api(settings)
    app: Any = api.door.app
    routes = {(route.path, method) for route in app.routes for method in route.methods - {"HEAD"}}
    described = {
        (path, method.upper()) for path, item in description(api)["paths"].items() for method in item
    }
    assert described == routes


def test_the_description_is_public_in_practice_mode_only(api: RunningApi, production_api: RunningApi) -> None:
    assert api.get("/openapi.json", key=None).status == 200
    assert production_api.get("/openapi.json", key=None).status == 401
    assert production_api.get("/openapi.json").status == 200


def test_public_paths_are_described_as_such(api: RunningApi) -> None:
    document = description(api)
    public = {path for path, item in document["paths"].items() if item.popitem()[1].get("security") == []}
    assert public == {path for path, known in api.door.paths.items() if known.public}


def test_every_parameter_of_a_command_is_described(api: RunningApi) -> None:
    operation = description(api)["paths"]["/v1/command/default-import.xml"]["post"]
    form = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert list(form["properties"]) == ["sessionId", "sessionIdSignature", "since"]
    assert form["required"] == ["sessionId", "sessionIdSignature"]


def test_every_reference_leads_somewhere(api: RunningApi) -> None:
    document = description(api)
    referred = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert referred == set(document["components"]["schemas"])


def declared(document: Any, path: str, method: str) -> set[int]:
    return {int(status) for status in document["paths"][path][method.lower()]["responses"]}


OF_COMMANDS = [one for one in failures().values() if not issubclass(one, StatementError)]


@pytest.mark.parametrize("failure", [*OF_COMMANDS, ValueError])
def test_every_failure_of_a_command_has_a_status_that_is_described(
    api: RunningApi, failure: type[Exception]
) -> None:
    document = description(api)
    api.desk.failure = failure("x") if issubclass(failure, KontoraError) else failure()
    reply = api.post("/v1/command/default-import.xml", PAIR)
    assert reply.status in declared(document, "/v1/command/default-import.xml", "post")


@BOTH_MODES
def test_what_is_answered_has_a_described_status_and_type(start_api: StartApi, settings: ApiSettings) -> None:
    api = start_api(settings)
    document = description(api)
    api.desk.statuses[COMMAND_ID] = running_status()
    for template, item in document["paths"].items():
        path = template.replace("{id}", str(COMMAND_ID))
        for method, operation in item.items():
            for options in (
                {},
                {"key": None},
                {"body": b"x" * 70_000},
                {"body": b"x"},
                {"failure": StoreUnavailable()},
                {"failure": InvalidParameter("x")},
                {"failure": JobsQuotaExceeded()},
                {"failure": ValueError()},
            ):
                given: dict[str, Any] = dict(options)
                api.reset()
                api.desk.failure = given.pop("failure", None)
                reply = api.send(method.upper(), path, **({"key": KEY} | given))
                told = operation["responses"].get(str(reply.status))
                if told is None:
                    assert (reply.status, method) in {(429, "get"), (429, "delete"), (429, "put")}, (
                        path,
                        options,
                    )
                    continue
                assert reply.headers["content-type"].partition(";")[0] in told["content"], (path, options)
        if "patch" not in item:
            reply = api.send("PATCH", path)
            assert reply.status == 405
            assert set(reply.headers["allow"].split(", ")) == {method.upper() for method in item}


@BOTH_MODES
def test_whatever_takes_an_idempotency_key_by_its_description_refuses_a_wrong_one(
    start_api: StartApi, settings: ApiSettings
) -> None:
    api = start_api(settings)
    taking = [
        path
        for path, methods in description(api)["paths"].items()
        for operation in methods.values()
        if any(one["name"] == "Idempotency-Key" for one in operation["parameters"])
    ]
    assert "/v1/command/default-import.xml" in taking and "/v1/command/enter-credential.xml" not in taking
    for path in taking:
        if path.endswith(".xml"):
            reply = api.post(path, PAIR, headers={"Idempotency-Key": "two words"})
            assert (reply.status, b"Idempotency-Key" in reply.body) == (400, True), path
