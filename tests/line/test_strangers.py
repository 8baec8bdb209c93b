"""Nobody without both factors gets in, and nobody sees what is another's, on any route there is (Show 7)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from starlette.routing import Route
from tests.harness.callers import Caller, Pair, Reply
from tests.harness.towns import Town

from kontora.commands.retention import ClockGuard, Retention
from kontora.engine import running_engine
from kontora.main import EventWriter, api_of, desks
from kontora.metrics import Metrics
from kontora.settings import Settings

PUBLIC = {
    "/v1/health",
    "/v1/health/live",
    "/v1/health/ready",
    "/isItWorking",
    "/openapi.json",
    "/.well-known/jwks.json",
}
# The owner's browser has no key: the widget's pages, assets and questions, and the way back from a bank.
WIDGET = re.compile(r"/|/(signin|popup/signin|assets|pdf)/.*")
FOREIGN_SOURCE = "127.0.0.2"


@dataclass(frozen=True)
class Served:
    """A method of a path, as the router of the real application has it."""

    method: str
    path: str

    @property
    def is_public(self) -> bool:
        """Whether it is one of the public ones that the specification names."""
        return self.path in PUBLIC or self.is_widget

    @property
    def is_widget(self) -> bool:
        """Whether the owner's browser asks for it."""
        return WIDGET.fullmatch(self.path) is not None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@pytest.fixture(scope="session")
def served(town: Town, tmp_path_factory: pytest.TempPathFactory) -> list[Served]:
    """Every method and path of the router that `kontora serve` serves."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("router"),
        database_url=town.database_url,
        practice=True,
        practice_bank_url=town.gate.url,
    )

    async def routes() -> list[Served]:
        async with running_engine(settings, Metrics(CollectorRegistry())) as engine:
            retention = Retention(engine.room, ClockGuard())
            async with desks(engine) as opened:
                writer = EventWriter(engine.database)
                door = api_of(engine, writer, retention, more=opened.endpoints)
            found: list[Any] = door.app.router.routes  # type: ignore[attr-defined]  # it is a FastAPI
        assert all(isinstance(route, Route) for route in found), (
            "a mounted application needs a test of its own"
        )
        return [
            Served(method, route.path)
            for route in found
            for method in sorted((route.methods or set()) - {"HEAD"})
        ]

    return asyncio.run(routes())


@pytest.fixture(scope="session")
def described(town: Town) -> dict[Served, dict[str, Any]]:
    """What `/openapi.json` says of each."""
    document = town.caller.send("GET", "/openapi.json")
    return {
        Served(method.upper(), path): operation
        for path, methods in json.loads(document.body)["paths"].items()
        for method, operation in methods.items()
    }


@dataclass(frozen=True)
class Belongings:
    """What client A has: a session, a command that has ended, an owner with data, a correction of labels."""

    pair: Pair
    command_id: str
    owner: str
    correction_id: str


@pytest.fixture(scope="session")
def belongings(town: Town) -> Belongings:
    """Client A's."""
    used = town.caller.session("single", "owner of A")
    started = town.caller.start(used)
    town.caller.ended(started.command_id)
    said = b'{"party": "owner of A", "direction": "outgoing", "add": ["rent"]}'
    headers = {"Content-Type": "application/json"}
    corrected = town.caller.send("POST", "/v1/label-correction", headers=headers, body=said)
    return Belongings(
        town.caller.session("single", "owner of A"),
        started.command_id,
        "owner of A",
        json.loads(corrected.body)["correctionId"],
    )


@pytest.fixture
def keyless(town: Town) -> Iterator[Caller]:
    """A caller at the right address without a key."""
    caller = Caller(town.kontora.url, None)
    yield caller
    caller.close()


@pytest.fixture
def abroad(town: Town) -> Iterator[Caller]:
    """Client A's key at an address that is not on its list."""
    caller = Caller(town.kontora.url, town.key, source=FOREIGN_SOURCE)
    yield caller
    caller.close()


@pytest.fixture
def keyless_abroad(town: Town) -> Iterator[Caller]:
    """Neither."""
    caller = Caller(town.kontora.url, "0" * 64, source=FOREIGN_SOURCE)
    yield caller
    caller.close()


def sent(caller: Caller, route: Served, belongings: Belongings) -> Reply:
    """Send a request to a route, with all the ids of client A wherever they may stand."""
    path = route.path.replace("{id}", belongings.command_id)
    assert "{" not in path, f"{route} has an id that this test does not know"
    form = {
        **belongings.pair.form,
        "ownerExternalId": belongings.owner,
        "correctionId": belongings.correction_id,
    }
    return caller.send(route.method, path, form)


def test_the_router_is_described_and_not_empty(
    served: list[Served], described: dict[Served, dict[str, Any]]
) -> None:
    assert len(served) >= 15
    assert {route for route in served if not route.is_widget} == set(described)


@pytest.mark.parametrize("stranger", ["keyless", "abroad", "keyless_abroad"])
def test_both_factors_are_asked_for_on_every_route_that_is_not_public(
    served: list[Served], belongings: Belongings, stranger: str, request: pytest.FixtureRequest
) -> None:
    caller: Caller = request.getfixturevalue(stranger)
    closed = [route for route in served if not route.is_public]
    assert len(closed) >= 12
    for route in closed:
        reply = sent(caller, route, belongings)
        assert reply.status == 401, f"{route}: {reply.status}"
    for path in ("/v1/nothing.xml", "/v1/command/1/2.xml", "/docs", "/metrics"):
        assert caller.send("GET", path).status == 401, path


def test_what_is_public_tells_nothing_of_a_client(
    served: list[Served], belongings: Belongings, keyless: Caller
) -> None:
    public = [route for route in served if route.path in PUBLIC]
    assert {"/v1/health", "/isItWorking", "/openapi.json"} <= {route.path for route in public}
    for route in public:
        reply = sent(keyless, route, belongings)
        assert reply.status == 200, f"{route}: {reply.status}"
        for secret in (belongings.pair.id, belongings.command_id, "owner of A", "lender-test"):
            assert secret not in reply.body


def test_a_client_gets_404_for_every_id_of_another_on_every_route(
    town: Town, served: list[Served], described: dict[Served, dict[str, Any]], belongings: Belongings
) -> None:
    tried = 0
    for route in served:
        if route.is_widget or not takes_an_id(route, described[route]):
            continue
        for form in forms(belongings):
            reply = foreign(town.rival, route, described[route], belongings, form)
            tried += 1
            assert reply.status == 404, f"{route} {sorted(form)}: {reply.status} {reply.body}"
            if "data" not in route.path:  # there the rival itself names the owner
                assert "owner of A" not in reply.body
    assert tried >= 18
    kept = town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": belongings.owner})
    assert kept.status == 200
    assert town.caller.poll(belongings.command_id).state == "successful"
    assert belongings.correction_id in town.caller.send("GET", "/v1/label-corrections").body


def takes_an_id(route: Served, operation: dict[str, Any]) -> bool:
    """Tell whether a route acts on something that has an id: a session, a command, an owner's data."""
    names = set(
        re.findall(r"\w+", str(operation.get("parameters", "")) + str(operation.get("requestBody", "")))
    )
    acts_on_owner = route.method in {"GET", "DELETE"} and "ownerExternalId" in names
    return "{id}" in route.path or bool(names & {"sessionId", "correctionId"}) or acts_on_owner


def forms(belongings: Belongings) -> Iterator[dict[str, str]]:
    """Return ways to name what is another's: with the right signature, and with none that could be right."""
    yield belongings.pair.form
    yield {"sessionId": belongings.pair.id, "sessionIdSignature": "0" * 64}


def foreign(
    rival: Caller, route: Served, operation: dict[str, Any], belongings: Belongings, form: dict[str, str]
) -> Reply:
    """Ask for what is another's; commands get the parameters that they need."""
    path = route.path.replace("{id}", belongings.command_id)
    more = {"iban": "PL61109010140000071219812874", "cardNumber": "1", "credentialKind": "STATIC_LOGIN"}
    more["credential"] = "test"
    if route.method == "POST":
        return rival.send("POST", path, form | more)
    ids = {"ownerExternalId": belongings.owner, "correctionId": belongings.correction_id}
    asked = {one["name"] for one in operation["parameters"]}
    return rival.send(route.method, path, {name: ids[name] for name in ids if name in asked} or None)


def test_a_client_is_told_of_its_own_session_how_the_owner_is_named_and_of_no_other(
    town: Town, belongings: Belongings
) -> None:
    own = town.caller.start(belongings.pair, "default-import", since="1990-01-01")
    assert own.failure == "InvalidSince"
    assert "owner of A" in own.body
    other = town.rival.start(belongings.pair, "default-import", since="1990-01-01")
    assert "owner of A" not in other.body
