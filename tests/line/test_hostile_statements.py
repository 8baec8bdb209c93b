"""Hostile PDFs over HTTP: each is a named refusal, nothing is left of it, and others are served meanwhile."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.harness.callers import Reply
from tests.harness.towns import Town
from tests.line.test_statements import issued, owner, sent
from tools.hostile_pdfs.cookbook import RECIPES, kitchen
from tools.hostile_pdfs.recipe import Recipe

from kontora.errors import StatementError, failures

REFUSALS = {name for name, kind in failures().items() if issubclass(kind, StatementError)}
NOBODY = 9
LONGEST_SECONDS = 25.0


def descendants(pid: int) -> set[int]:
    """Return the processes below one."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(folder.name)] = int(fields[1])
    found, fresh = set(), {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def test_hostile_files_are_refused_by_name_while_others_are_served(town: Town) -> None:
    recipes = [recipe for recipe in RECIPES if recipe.quick]
    assert len(recipes) >= 20
    cook = kitchen(NOBODY)
    genuine = issued(town, "single", month="2026-10")
    assert sent(town.caller, "/v1/pdf/statement", genuine, ownerExternalId=owner()).status == 200
    before = descendants(town.kontora.pid)
    stopped = threading.Event()
    others: list[Reply] = []

    def ask() -> None:
        while not stopped.wait(0.1):
            others.append(town.rival.send("GET", "/v1/pdf-catalog"))

    def send(recipe: Recipe) -> tuple[Recipe, Reply, float]:
        began = time.monotonic()
        reply = sent(town.caller, "/v1/pdf/statement", recipe.make(cook), ownerExternalId=owner())
        return recipe, reply, time.monotonic() - began

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        with ThreadPoolExecutor(2) as threads:
            ended = list(threads.map(send, recipes))
    finally:
        stopped.set()
        asking.join()
    for recipe, reply, seconds in ended:
        assert seconds < LONGEST_SECONDS, recipe.name
        if reply.status == 200:
            assert recipe.may_be_read, recipe.name
        else:
            assert reply.status in {413, 422}, (recipe.name, reply.status, reply.body[:300])
            assert reply.failure in REFUSALS, (recipe.name, reply.failure)
    assert others and {reply.status for reply in others} == {200}
    assert sent(town.caller, "/v1/pdf/statement", genuine, ownerExternalId=owner()).status == 200
    deadline = time.monotonic() + 10
    while (left := descendants(town.kontora.pid) - before) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == set()
