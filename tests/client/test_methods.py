"""Both clients can do the same, and say how."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from kontora.client import AsyncKontora, Kontora

DOCS = Path(__file__).parents[2] / "docs" / "client.md"


def methods(client: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(method)
        for name, method in inspect.getmembers(client, inspect.isfunction)
        if not name.startswith("_")
    }


def test_both_clients_have_the_same_methods_with_the_same_parameters() -> None:
    ours, theirs = methods(Kontora), methods(AsyncKontora)
    assert ours.keys() == theirs.keys()
    for name, signature in ours.items():
        assert str(signature) == str(theirs[name]), name


@pytest.mark.parametrize("client", [Kontora, AsyncKontora])
def test_every_method_says_what_it_does_and_what_it_takes(client: type) -> None:
    for name, signature in methods(client).items():
        assert inspect.getdoc(getattr(client, name)), name
        assert next(iter(signature.parameters)) == "self", name
        assert "pacing" not in signature.parameters and "Conversation" not in str(signature), name


def test_only_the_methods_of_the_asynchronous_client_are_awaited() -> None:
    for name in methods(Kontora):
        assert inspect.iscoroutinefunction(getattr(AsyncKontora, name)), name
        assert not inspect.iscoroutinefunction(getattr(Kontora, name)), name


def test_every_method_is_documented() -> None:
    named = set(re.findall(r"`(\w+)(?:\([^`]*\))?`", DOCS.read_text(encoding="utf-8")))
    assert methods(Kontora).keys() - named == {"close"}
