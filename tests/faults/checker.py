"""The checker: looks at what three parties recorded of a fault, and says what does not hold.

It imports nothing of the product. The parties are the client (what it sent and what it was answered), the
database (read by plain SQL) and the bank (its own log of calls).

    I1  no 202 without its command
    I2  every command is final within 60 seconds of the end of the fault; a final state never changes
    I3  a credential reaches the bank at most once for each time that the owner gave it
    I4  a successful import is stored once and holds what the bank has, or is marked partial
    I5  no secret stands in a log
    I6  nobody sees what is another client's
    I7  at most so many commands at once, one default import a session, one command a key
    I8  one ending is told of each command, and it is the right one
    I9  nothing is answered with an error of ours
    I10 what was deleted does not come back
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

FINAL = {"successful", "error", "fatal"}
ORDER = {"setup": 0, "in_progress": 1, "successful": 2, "error": 2, "fatal": 2}
DEFAULT_IMPORT = "DefaultImportCommand"
NO_PLACE = {"SignOutCommand", "EnterCredentialCommand"}

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """What is known.

    `history`: what the clients did, oldest first: `at`, `op` (`start`, `poll`, `credential`, `data`,
    `delete`), `client`, `status` (`None`: no answer), and by the kind of it `command`, `session`, `name`,
    `key`, `state`, `count`, `partial`, `owner`. `commands`, `imports`, `events`: rows of the database.
    `bank`: its log. `faults`: when each was over. `places`: commands at once. `expected`: money
    transactions that the bank has, by owner. `logs`: what was logged. `canaries`: what may stand nowhere.
    """

    history: tuple[Record, ...] = ()
    commands: tuple[Record, ...] = ()
    imports: tuple[Record, ...] = ()
    events: tuple[Record, ...] = ()
    bank: tuple[Record, ...] = ()
    faults: tuple[float, ...] = ()
    places: int = 8
    seconds: float = 60.0
    expected: Mapping[str, int] = field(default_factory=dict)
    logs: tuple[str, ...] = ()
    canaries: tuple[str, ...] = ()


def check(evidence: Evidence) -> list[str]:
    """Return a sentence for each thing that does not hold; nothing, if all holds."""
    return [complaint for rule in RULES for complaint in rule(evidence)]


def promises_are_kept(e: Evidence) -> Iterator[str]:
    """I1."""
    known = {row["id"] for row in e.commands}
    for entry in e.history:
        if (
            entry["op"] in {"start", "credential"}
            and entry["status"] == 202
            and entry["command"] not in known
        ):
            yield f"I1: command {entry['command']} was accepted and is lost"


def commands_end(e: Evidence) -> Iterator[str]:
    """I2."""
    last_fault = max(e.faults, default=None)
    for row in e.commands:
        if row["state"] not in FINAL:
            yield f"I2: command {row['id']} is still {row['state']}"
        elif last_fault is not None:
            late = row["finished_at"] - max(last_fault, row["created_at"])
            if late > e.seconds:
                yield f"I2: command {row['id']} was final only after {late:.0f} s"
    seen: dict[int, str] = {}
    for entry in e.history:
        if entry["op"] != "poll" or entry["status"] != 200:
            continue
        before, now = seen.get(entry["command"], "setup"), entry["state"]
        if ORDER[now] < ORDER[before] or (before in FINAL and now != before):
            yield f"I2: command {entry['command']} went from {before} to {now}"
        seen[entry["command"]] = now
    for row in e.commands:
        told = seen.get(row["id"])
        if told in FINAL and told != row["state"]:
            yield f"I2: command {row['id']} was told as {told} and is {row['state']}"


def credentials_go_once(e: Evidence) -> Iterator[str]:
    """I3."""
    given = Counter(entry["login"] for entry in e.history if entry["op"] == "credential")
    sent = Counter(
        call["login"] for call in e.bank if call["operation"] == "updateConsentsPsuData" and call["login"]
    )
    for login, times in sent.items():
        if times > given[login]:
            yield f"I3: {times} credentials of {login} reached the bank, {given[login]} were given"


def imports_are_whole(e: Evidence) -> Iterator[str]:
    """I4."""
    stored = Counter(row["id"] for row in e.imports)
    states = {row["id"]: row for row in e.commands}
    for command, row in states.items():
        if row["name"] in NO_PLACE:
            continue
        wanted = 1 if row["state"] == "successful" else 0
        if stored[command] != wanted:
            yield f"I4: command {command} is {row['state']} and has {stored[command]} imports"
    for command in stored.keys() - states.keys():
        yield f"I4: import {command} belongs to no command"
    for entry in e.history:
        expected = e.expected.get(entry.get("owner", ""))
        if entry["op"] == "poll" and entry.get("state") == "successful" and expected is not None:
            if entry["count"] != expected and not entry["partial"]:
                yield f"I4: command {entry['command']} brought {entry['count']} of {expected} silently"
            if entry["partial"] and entry["count"] >= expected:
                yield f"I4: command {entry['command']} is whole and called partial"


def secrets_stay_put(e: Evidence) -> Iterator[str]:
    """I5."""
    for canary in e.canaries:
        if any(canary in log for log in e.logs):
            yield "I5: a secret stands in a log"


def clients_are_apart(e: Evidence) -> Iterator[str]:
    """I6."""
    owners = {row["id"]: row["client_id"] for row in e.commands}
    for entry in e.history:
        owner = owners.get(entry.get("command"))
        if entry["op"] == "poll" and entry["status"] == 200 and owner not in {None, entry["client"]}:
            yield f"I6: {entry['client']} was told of command {entry['command']} of {owner}"


def quotas_hold(e: Evidence) -> Iterator[str]:
    """I7."""
    by_client: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for row in e.commands:
        if row["name"] not in NO_PLACE:
            end = row["finished_at"] if row["finished_at"] is not None else float("inf")
            # Where one ends as another begins, the place is free.
            by_client[row["client_id"]] += [(row["created_at"], 1), (end, -1)]
    for client, changes in by_client.items():
        running = most = 0
        for _, change in sorted(changes):
            running += change
            most = max(most, running)
        if most > e.places:
            yield f"I7: {client} ran {most} commands at once"
    sessions = Counter(row["session_id"] for row in e.commands if row["name"] == DEFAULT_IMPORT)
    for session, count in sessions.items():
        if count > 1:
            yield f"I7: session {session} had {count} default imports"
    keys: dict[str, set[int]] = defaultdict(set)
    for entry in e.history:
        if entry["op"] == "start" and entry["status"] == 202 and entry.get("key"):
            keys[entry["key"]].add(entry["command"])
    for key, made in keys.items():
        if len(made) > 1:
            yield f"I7: key {key} made {len(made)} commands"


def endings_are_told_once(e: Evidence) -> Iterator[str]:
    """I8."""
    told: dict[int, list[str]] = defaultdict(list)
    for event in e.events:
        if event["kind"] == "command_ended":
            told[event["command_id"]].append(event["outcome"])
    for row in e.commands:
        if row["state"] in FINAL:
            right = "successful" if row["state"] == "successful" else row["failure_name"]
            if told[row["id"]] != [right]:
                yield f"I8: command {row['id']} ended {right} and {told[row['id']]} is told"


def errors_are_named(e: Evidence) -> Iterator[str]:
    """I9."""
    for entry in e.history:
        if entry["status"] is not None and entry["status"] >= 500 and entry["status"] != 503:
            yield f"I9: {entry['op']} was answered with {entry['status']}"
    for row in e.commands:
        if row["state"] == "fatal":
            yield f"I9: command {row['id']} ended fatal"


def deleted_is_gone(e: Evidence) -> Iterator[str]:
    """I10."""
    gone: set[str] = set()
    for entry in e.history:
        if entry["op"] == "delete" and entry["status"] == 200:
            gone.add(entry["owner"])
        elif entry["op"] == "data" and entry["status"] == 200 and entry["owner"] in gone:
            yield f"I10: data of {entry['owner']} came back"


RULES: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    promises_are_kept,
    commands_end,
    credentials_go_once,
    imports_are_whole,
    secrets_stay_put,
    clients_are_apart,
    quotas_hold,
    endings_are_told_once,
    errors_are_named,
    deleted_is_gone,
)
