"""An undocumented error, setting, command or endpoint fails the build."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import typer
from prometheus_client import CollectorRegistry
from tools.docs.__main__ import PAGES, ROOT

from kontora.api import ApiSettings, build_api
from kontora.api.envelope import Envelope
from kontora.api.owner_upload import OwnerUploads
from kontora.api.pdf_catalog import PdfCatalog
from kontora.api.statements import Statements
from kontora.cli.app import app
from kontora.connectors.catalogue import Catalogue
from kontora.errors import failures
from kontora.metrics import Metrics
from kontora.settings import Settings
from kontora.statements.findings import Verification
from kontora.statements.library import layouts
from kontora.statements.readings import EvidenceGrade

BANK = "http://127.0.0.1:8790"
SOURCE = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "src" / "kontora").rglob("*.py"))


def page(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def test_every_failure_is_in_the_catalogue() -> None:
    text = page("errors.md")
    assert [name for name in failures() if f"`{name}`" not in text] == []


def test_every_setting_is_explained() -> None:
    text = page("settings.md")
    assert [name for name, _, _ in Settings.variables() if f"| `{name}` |" not in text] == []


def test_every_endpoint_is_described() -> None:
    nobody: Any = None
    door = build_api(
        desk=nobody,
        directory=nobody,
        catalogue=Catalogue.load(practice=True, practice_bank_url=BANK),
        settings=ApiSettings(practice=True),
        metrics=Metrics(CollectorRegistry()),
        access_log=lambda _fields: None,
        more=(
            *Statements(nobody, Envelope("", lambda: 0.0)).endpoints(),
            *PdfCatalog(layouts(), Envelope("", lambda: 0.0), practice=True).endpoints(),
            *OwnerUploads(nobody, {}, lambda: datetime.now(UTC)).endpoints(),
        ),
    )
    text = page("api.md")
    served = [(method, path) for path, known in door.paths.items() for method in known.methods]
    assert len(served) > 15
    assert [(method, path) for method, path in served if path not in text or method not in text] == []


def test_every_verification_is_explained_with_a_sentence_that_it_says() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (?:HIGH|MEDIUM).*\| \"(.+\.)\" \|$", page("tampering.md"), re.MULTILINE
    )
    assert {name for name, _ in rows} == {one.value for one in Verification}
    assert [sentence for _, sentence in rows if f'"{sentence}"' not in SOURCE] == []


def test_what_is_only_assumed_is_not_among_the_documents_that_are_read() -> None:
    read, _, assumed = page("statement-layouts.md").partition("## Only assumed")
    known = {layout.name: layout.grade for layout in layouts()}
    assert len(known) > 15
    for name, grade in known.items():
        assert (f"<br>`{name}` |" in read) is (grade is not EvidenceGrade.ASSUMED)
        assert f"`{name}`" in assumed


def test_every_command_of_the_command_line_is_described() -> None:
    text = page("cli.md")
    assert [name for name in _commands(typer.main.get_command(app)) if not _told(name, text)] == []


def test_every_metric_is_described() -> None:
    registry = CollectorRegistry()
    Metrics(registry)
    text = page("operations.md")
    assert [metric.name for metric in registry.collect() if f"`{metric.name}" not in text] == []


def _commands(group: Any, before: str = "kontora") -> list[str]:
    found = []
    for name, command in group.commands.items():
        full = f"{before} {name}"
        found += _commands(command, full) if hasattr(command, "commands") else [full]
    return found


def _told(command: str, text: str) -> bool:
    head, _, last = command.rpartition(" ")
    return f"`{command}" in text or re.search(rf"`{re.escape(head)} \w+`[^|]*/ `{last}`", text) is not None


def test_every_kind_of_event_is_explained() -> None:
    text = page("concepts.md")
    kinds = set(re.findall(r'kind="(\w+)"', SOURCE)) | set(re.findall(r'SecurityEvent\(\s*"(\w+)"', SOURCE))
    assert len(kinds) > 10
    assert {kind for kind in kinds - {"probe"} if f"`{kind}`" not in text} == set()


def test_every_log_event_and_metric_that_operators_are_told_of_is_written() -> None:
    table = page("operations.md").partition("## Logs")[2].partition("## When the disk")[0]
    told = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", table))
    assert len(told) > 8
    assert {name for name in told if f'"{name}"' not in SOURCE} == set()
