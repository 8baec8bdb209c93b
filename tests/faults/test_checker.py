"""The checker is checked: sound evidence passes, each planted bug is found by the rule that it breaks."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.faults import checker
from tests.faults.checker import Evidence, check


def command(number: int, **changed: Any) -> dict[str, Any]:
    """A default import that succeeded."""
    row = {
        "id": number,
        "client_id": "lender",
        "session_id": 1000 + number,
        "name": "DefaultImportCommand",
        "state": "successful",
        "failure_name": None,
        "created_at": 100.0 + number,
        "finished_at": 110.0 + number,
    }
    return row | changed


def told(number: int, outcome: str = "successful") -> dict[str, Any]:
    return {"kind": "command_ended", "command_id": number, "outcome": outcome}


def polled(number: int, state: str, **changed: Any) -> dict[str, Any]:
    entry = {"at": 1.0, "op": "poll", "client": "lender", "status": 200, "command": number, "state": state}
    if state == "successful":
        entry |= {"owner": "o-1", "count": 72, "partial": False}
    return entry | changed


SOUND = Evidence(
    history=(
        {"at": 1.0, "op": "credential", "client": "lender", "status": 200, "login": "test", "command": None},
        {"at": 1.0, "op": "credential", "client": "lender", "status": 200, "login": "test", "command": None},
        {"at": 2.0, "op": "start", "client": "lender", "status": 202, "command": 1, "key": "k"},
        {"at": 2.1, "op": "start", "client": "lender", "status": 202, "command": 1, "key": "k"},
        {"at": 2.2, "op": "start", "client": "lender", "status": None, "command": None, "key": "k"},
        {"at": 2.3, "op": "start", "client": "lender", "status": 503, "command": None, "key": "other"},
        polled(1, "setup"),
        polled(1, "in_progress"),
        polled(1, "successful"),
        polled(2, "error"),
        {"at": 3.0, "op": "data", "client": "lender", "status": 200, "owner": "o-1"},
        {"at": 3.0, "op": "delete", "client": "lender", "status": 200, "owner": "o-9"},
        {"at": 3.1, "op": "data", "client": "lender", "status": 404, "owner": "o-9"},
    ),
    commands=(command(1), command(2, state="error", failure_name="IO")),
    imports=({"id": 1},),
    events=(told(1), told(2, "IO")),
    bank=(
        {"operation": "updateConsentsPsuData", "login": "test"},
        {"operation": "updateConsentsPsuData", "login": "test"},
        {"operation": "getAccountList", "login": "test"},
    ),
    faults=(105.0,),
    expected={"o-1": 72},
    logs=('{"event": "command_ended"}',),
    canaries=("Test123",),
)


def more(evidence: Evidence, **added: Any) -> Evidence:
    """Return the evidence with entries added to some of its lists."""
    return replace(evidence, **{name: (*getattr(evidence, name), *value) for name, value in added.items()})


def changed_poll(**changed: Any) -> Evidence:
    return replace(
        SOUND,
        history=tuple(e | changed if e.get("state") == "successful" else e for e in SOUND.history),
    )


PLANTED: dict[str, tuple[str, Callable[[], Evidence]]] = {
    "a lost acknowledgement": ("I1", lambda: replace(SOUND, commands=SOUND.commands[1:], imports=())),
    "a command that never ends": (
        "I2",
        lambda: more(SOUND, commands=(command(3, state="in_progress", finished_at=None),)),
    ),
    "a command that ends too late": (
        "I2",
        lambda: replace(SOUND, commands=(command(1, finished_at=170.1), SOUND.commands[1])),
    ),
    "a command that goes back": ("I2", lambda: more(SOUND, history=(polled(1, "in_progress"),))),
    "a final state that changes": (
        "I2",
        lambda: more(SOUND, history=(polled(2, "successful", owner="o-2"),)),
    ),
    "a final state that was told otherwise": (
        "I2",
        lambda: replace(SOUND, history=(*SOUND.history[:6], polled(1, "error"), polled(2, "error"))),
    ),
    "a double login": (
        "I3",
        lambda: more(SOUND, bank=({"operation": "updateConsentsPsuData", "login": "test"},)),
    ),
    "an import twice": ("I4", lambda: more(SOUND, imports=({"id": 1},))),
    "a lost import": ("I4", lambda: replace(SOUND, imports=())),
    "an import of a failure": ("I4", lambda: more(SOUND, imports=({"id": 2},))),
    "a silent truncation": ("I4", lambda: changed_poll(count=71)),
    "a whole import called partial": ("I4", lambda: changed_poll(partial=True)),
    "a leaked canary": ("I5", lambda: more(SOUND, logs=("password=Test123",))),
    "the wrong tenant": ("I6", lambda: more(SOUND, history=(polled(1, "successful", client="rival"),))),
    "a ninth place": (
        "I7",
        lambda: more(
            SOUND,
            commands=tuple(command(number) for number in range(10, 19)),
            imports=tuple({"id": number} for number in range(10, 19)),
            events=tuple(told(number) for number in range(10, 19)),
        ),
    ),
    "a second default import of a session": (
        "I7",
        lambda: more(SOUND, commands=(command(3, session_id=1001),), imports=({"id": 3},), events=(told(3),)),
    ),
    "a key that makes two commands": (
        "I7",
        lambda: more(SOUND, history=({**SOUND.history[2], "command": 2},)),
    ),
    "a failure billed as a success": (
        "I8",
        lambda: replace(SOUND, events=(told(1), told(2, "successful"))),
    ),
    "a success billed twice": ("I8", lambda: more(SOUND, events=(told(1),))),
    "an ending that nobody tells": ("I8", lambda: replace(SOUND, events=(told(1),))),
    "an internal error": ("I9", lambda: more(SOUND, history=(polled(1, "successful", status=500),))),
    "a late deletion": (
        "I10",
        lambda: more(
            SOUND, history=({"at": 4.0, "op": "data", "client": "lender", "status": 200, "owner": "o-9"},)
        ),
    ),
}


def test_sound_evidence_passes() -> None:
    assert check(SOUND) == []


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: str) -> None:
    rule, plant = PLANTED[bug]
    assert rule in {complaint.partition(":")[0] for complaint in check(plant())}


def test_eight_at_once_are_no_violation() -> None:
    seven = range(10, 17)
    evidence = more(
        SOUND,
        commands=tuple(command(number, created_at=111.5, finished_at=115.0) for number in seven),
        imports=tuple({"id": number} for number in seven),
        events=tuple(told(number) for number in seven),
    )
    assert check(evidence) == []


def test_the_checker_knows_nothing_of_the_product() -> None:
    tree = ast.parse(Path(checker.__file__).read_text())
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [n.name for n in node.names]
        )
    }
    assert imported <= {"__future__", "collections", "collections.abc", "dataclasses", "typing"}
