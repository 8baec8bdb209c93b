"""The API over real HTTP, with an intake and a directory of clients that live in memory."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
import pytest
from lxml import etree
from prometheus_client import CollectorRegistry
from tests.api.labels_in_memory import InMemoryLabels
from tests.api.owners_in_memory import REPLY_KEYS, InMemoryAnalytics
from tests.commands.scripted_reader import CONFIRMATION, confirmations, reading

from kontora.api import ApiSettings, SecurityEvent, build_api
from kontora.api.contents import Contents
from kontora.api.descriptions import Descriptions
from kontora.api.door import Door
from kontora.api.envelope import Envelope
from kontora.api.external_labels import ExternalLabels
from kontora.api.guarded_protocol import Bounds
from kontora.api.incomes import Incomes
from kontora.api.label_corrections import LabelCorrections
from kontora.api.pdf_catalog import PdfCatalog
from kontora.api.scores import Scores
from kontora.api.serving import Listening, serving
from kontora.api.statements import Statements
from kontora.api.summaries import Summaries
from kontora.commands.answers import (
    Client,
    CommandState,
    CommandStatus,
    OpenedSession,
    OwnerData,
    SessionPair,
    StartedCommand,
)
from kontora.commands.labelled_owners import LabelledOwner
from kontora.commands.statement_details import (
    KeptStatement,
    StatementDetails,
    StatementRequest,
    TakenStatement,
)
from kontora.connectors.catalogue import Catalogue
from kontora.errors import (
    InvalidCommandId,
    InvalidOwnerExternalId,
    InvalidSessionId,
    InvalidSessionIdSignature,
    KontoraError,
)
from kontora.labels.together import country_of
from kontora.metrics import Metrics
from kontora.statements.imports import to_import
from kontora.statements.library import layout_of, layouts
from kontora.statements.readings import StatementReading
from kontora.wire.merge import merge_imports

KEY = "f7" + "0" * 60 + "1f"
OTHER_KEY = "a1" * 32
SIGNATURE = "c" * 64
SESSION_ID = 6_000_000_000_000_000_001
COMMAND_ID = 7_000_000_000_000_000_001
STATEMENT_ID = 8_000_000_000_000_000_001
AT_ONCE = 3
NOW = 1_779_521_946.5  # 2026-05-23T07:39:06.5Z
PAIR = {"sessionId": str(SESSION_ID), "sessionIdSignature": SIGNATURE}


class InMemoryDirectory:
    """Clients by the prefix of their keys."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.keys: dict[str, tuple[bytes, Client]] = {}
        self.looks = 0
        self.failure: KontoraError | None = None
        self.add(KEY, Client("acme-test", "test", ("127.0.0.1",), features=("labels",)))
        self.add(OTHER_KEY, Client("other-test", "test", ("127.0.0.1",)))

    def add(self, key: str, client: Client) -> None:
        self.keys[key[:12]] = (hashlib.sha256(key.encode()).digest(), client)

    async def find_by_key_prefix(self, prefix: str) -> tuple[bytes, Client] | None:
        self.looks += 1
        if self.failure is not None:
            raise self.failure
        return self.keys.get(prefix)


class InMemoryDesk:
    """An intake that knows one session and what it was told to know; it remembers what it was asked."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.failure: BaseException | None = None
        self.statuses: dict[int, CommandStatus] = {}
        self.owners: dict[str, OwnerData] = {}
        self.multiple_access_id: str | None = None
        self.owner_external_id = "o-1"
        self.wait = asyncio.sleep
        self.delay_seconds = 0.0

    async def _note(self, operation: str, **given: Any) -> None:
        self.asked.append((operation, given))
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)
        if self.failure is not None:
            raise self.failure

    def _check(self, client: Client, pair: SessionPair) -> None:
        if client.id != "acme-test" or pair.session_id != SESSION_ID:
            raise InvalidSessionId
        if pair.signature != SIGNATURE:
            raise InvalidSessionIdSignature

    async def open_session(self, client: Client, **given: Any) -> OpenedSession:
        await self._note("open_session", **given)
        return OpenedSession(SESSION_ID, SIGNATURE, given["owner_external_id"] or "kontomatik-1")

    async def mock_session(self, client: Client, **given: Any) -> OpenedSession:
        await self._note("mock_session", **given)
        owner = given["owner_external_id"] or "kontomatik-1"
        return OpenedSession(SESSION_ID, SIGNATURE, owner, self.multiple_access_id)

    async def reuse_multiple_access(self, client: Client, multiple_access_id: str) -> OpenedSession:
        await self._note("reuse_multiple_access", multiple_access_id=multiple_access_id)
        return OpenedSession(SESSION_ID, SIGNATURE, "o-1")

    async def delete_multiple_access(self, client: Client, multiple_access_id: str) -> None:
        await self._note("delete_multiple_access", multiple_access_id=multiple_access_id)

    async def enter_credential(self, client: Client, pair: SessionPair, **given: Any) -> StartedCommand:
        self._check(client, pair)
        await self._note("enter_credential", **given)
        return StartedCommand(COMMAND_ID, "EnterCredentialCommand", self.owner_external_id)

    async def check_session(self, client: Client, pair: SessionPair) -> None:
        self._check(client, pair)

    async def start(
        self, client: Client, pair: SessionPair, request: Any, *, idempotency: Any = None
    ) -> StartedCommand:
        self._check(client, pair)
        await self._note("start", request=request, idempotency=idempotency)
        return StartedCommand(COMMAND_ID, request.wire_name, self.owner_external_id)

    async def status(self, client: Client, command_id: int, pair: SessionPair | None) -> CommandStatus:
        await self._note("status", command_id=command_id, pair=pair)
        if client.id != "acme-test" or command_id not in self.statuses:
            raise InvalidCommandId
        if pair is not None and pair != SessionPair(SESSION_ID, SIGNATURE):
            raise InvalidSessionIdSignature
        return self.statuses[command_id]

    async def owner_data(self, client: Client, owner_external_id: str) -> OwnerData:
        await self._note("owner_data", owner_external_id=owner_external_id)
        if client.id != "acme-test" or owner_external_id not in self.owners:
            raise InvalidOwnerExternalId
        return self.owners[owner_external_id]

    async def labelled_owner(self, client: Client, owner_external_id: str) -> LabelledOwner:
        data = await self.owner_data(client, owner_external_id)
        targets = merge_imports(data.imports)
        return LabelledOwner(
            1,
            data.owner_external_id,
            data.created_at,
            data.last_change_at,
            data.origin,
            targets,
            country_of(targets),
            (),
        )

    async def delete_owner(self, client: Client, owner_external_id: str) -> None:
        await self._note("delete_owner", owner_external_id=owner_external_id)
        if client.id != "acme-test" or owner_external_id not in self.owners:
            raise InvalidOwnerExternalId
        del self.owners[owner_external_id]

    async def session_owner_external_id(self, client: Client, session_id: int) -> str | None:
        known = client.id == "acme-test" and session_id == SESSION_ID
        return self.owner_external_id if known else None

    async def set_clock(self, offset_seconds: float) -> None:
        await self._note("set_clock", offset_seconds=offset_seconds)


class InMemoryStatements:
    """A desk of statements that reads every file alike; it fails as the intake is told to."""

    def __init__(self, desk: InMemoryDesk) -> None:
        self._desk = desk
        self.reset()

    def reset(self) -> None:
        self.requests: list[StatementRequest] = []
        self.owners: dict[str, tuple[KeptStatement, ...]] = {}
        self.reading = reading()
        self.confirmations = confirmations(CONFIRMATION)
        self.evidence: bytes | None = None
        self.delay_seconds = 0.0

    async def take(self, client: Client, request: StatementRequest) -> TakenStatement:
        await self._asked(request)
        read = self.reading
        assert read.statement is not None
        known = layout_of(read.recognised.layout)
        assert known is not None
        return TakenStatement(
            STATEMENT_ID,
            request.owner_external_id or "kontomatik-1",
            StatementDetails.of(request, read, read.statement),
            to_import(read.statement, known, datetime.fromtimestamp(NOW, UTC)),
            self.evidence,
        )

    async def confirm(self, client: Client, request: StatementRequest) -> StatementReading:
        await self._asked(request)
        return msgspec.structs.replace(self.confirmations, evidence_pdf=self.evidence)

    async def _asked(self, request: StatementRequest) -> None:
        self.requests.append(request)
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)
        if self._desk.failure is not None:
            raise self._desk.failure

    async def of_owner(
        self, client: Client, owner_external_id: str, *, with_files: bool, only: int | None = None
    ) -> tuple[KeptStatement, ...]:
        await self._desk._note("of_owner", owner=owner_external_id, with_files=with_files, only=only)
        if client.id != "acme-test" or owner_external_id not in self.owners:
            raise InvalidOwnerExternalId
        return self.owners[owner_external_id]


def running_status(**changes: Any) -> CommandStatus:
    """A default import that is under way."""
    given: dict[str, Any] = {
        "command_id": COMMAND_ID,
        "name": "DefaultImportCommand",
        "state": CommandState.IN_PROGRESS,
        "progress": 20,
        "target": "KontoBankApi",
        "institution": "KontoBank",
    }
    return CommandStatus(**(given | changes))


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    repeated: list[tuple[str, str]] = field(default_factory=list)

    @property
    def xml(self) -> Any:
        return etree.fromstring(self.body)

    @property
    def failure(self) -> str | None:
        """The name of the failure."""
        found = self.xml.find("exception")
        return None if found is None else found.get("name")

    @property
    def message(self) -> str:
        return str(self.xml.findtext("exception/message"))


class RunningApi:
    """A served API, its fakes, and a way to talk to it."""

    def __init__(self, settings: ApiSettings) -> None:
        self.settings = settings
        self.desk = InMemoryDesk()
        self.directory = InMemoryDirectory()
        self.events: list[SecurityEvent] = []
        self.access_lines: list[dict[str, Any]] = []
        self.probes = {"store": True}
        self.now = NOW
        self.monotonic = 0.0
        self.metrics = Metrics(CollectorRegistry())
        self.url = ""
        self.statements = InMemoryStatements(self.desk)
        self.analytics = InMemoryAnalytics(self.desk)
        self.labels = InMemoryLabels()
        envelope = Envelope(settings.schema_base_url, lambda: self.now)
        contents = Contents(lambda: self.now)
        self.door: Door = build_api(
            desk=self.desk,
            directory=self.directory,
            catalogue=Catalogue.load(practice=True, practice_bank_url="http://127.0.0.1:1"),
            settings=settings,
            metrics=self.metrics,
            access_log=lambda line: self.access_lines.append(dict(line)),
            probes={"store": self._probe},
            notify=self.events.append,
            clock=lambda: self.now,
            monotonic=lambda: self.monotonic,
            more=(
                *Statements(self.statements, envelope, at_once=AT_ONCE).endpoints(),
                *PdfCatalog(layouts(), envelope, practice=settings.practice).endpoints(),
                *Summaries(self.analytics, contents).endpoints(),
                *Incomes(self.analytics, REPLY_KEYS, contents).endpoints(),
                *Descriptions(self.analytics, contents).endpoints(),
                *Scores(self.analytics, envelope).endpoints(),
                *LabelCorrections(self.labels).endpoints(),
                *ExternalLabels(
                    self.labels, lambda: datetime.fromtimestamp(self.now, UTC), at_once=AT_ONCE
                ).endpoints(),
            ),
        )

    async def _probe(self) -> bool:
        if self.probes["store"] is None:
            raise OSError("CANARY")
        return self.probes["store"]

    def reset(self) -> None:
        self.desk.reset()
        self.statements.reset()
        self.analytics.reset()
        self.labels.reset()
        self.directory.reset()
        self.events.clear()
        self.access_lines.clear()
        self.probes["store"] = True
        self.now = NOW
        self.monotonic += 10.0

    def send(
        self,
        method: str,
        path: str,
        *,
        key: str | None = KEY,
        form: dict[str, str] | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        source: str = "127.0.0.1",
    ) -> Reply:
        given = dict(headers or {})
        if key is not None:
            given["X-Api-Key"] = key
        if form is not None:
            body = urlencode(form).encode()
            given.setdefault("Content-Type", "application/x-www-form-urlencoded")
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(
            str(parts.hostname), parts.port, timeout=10, source_address=(source, 0)
        )
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            found = answer.getheaders()
            return Reply(answer.status, {name.lower(): value for name, value in found}, answer.read(), found)
        finally:
            connection.close()

    def get(self, path: str, **options: Any) -> Reply:
        return self.send("GET", path, **options)

    def post(self, path: str, form: dict[str, str] | None = None, **options: Any) -> Reply:
        return self.send("POST", path, form=form, **options)


StartApi = Callable[..., RunningApi]


@pytest.fixture(scope="session")
def start_api() -> Iterator[StartApi]:
    """Serve an API with these settings; the same settings share a server."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stack = AsyncExitStack()
    started: dict[tuple[ApiSettings, Bounds], RunningApi] = {}

    def start(settings: ApiSettings | None = None, bounds: Bounds | None = None) -> RunningApi:
        settings, bounds = settings or ApiSettings(practice=True), bounds or Bounds()
        if (settings, bounds) not in started:
            api = RunningApi(settings)

            async def serve() -> str:
                served = serving(api.door, Listening(), bounds=bounds, close_seconds=2)
                return await stack.enter_async_context(served)

            api.url = asyncio.run_coroutine_threadsafe(serve(), loop).result(10)
            started[(settings, bounds)] = api
        api = started[(settings, bounds)]
        api.reset()
        return api

    yield start
    asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def api(start_api: StartApi) -> RunningApi:
    """An API in practice mode."""
    return start_api()


@pytest.fixture
def production_api(start_api: StartApi) -> RunningApi:
    """An API without practice mode."""
    return start_api(ApiSettings())


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Wait, at most five seconds, until something holds."""

    def wait(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 5
        while not holds():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.005)

    return wait
