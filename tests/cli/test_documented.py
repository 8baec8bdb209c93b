"""Nothing on the command line or in the client is left out of the docs."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from kontora import client
from kontora.cli.app import app
from kontora.client import AsyncKontora, Kontora

DOCS = Path(__file__).parents[2] / "docs"


def _commands(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for part, inner in command.commands.items():
        yield from _commands(inner, f"{name} {part}".strip())


COMMANDS = dict(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    text = (DOCS / "cli.md").read_text()
    group, _, last = name.rpartition(" ")
    assert f"kontora {name}" in text or (f"kontora {group} add" in text and f"`{last}`" in text)
    for parameter in COMMANDS[name].params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert option in text, f"{name} {option}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    assert COMMANDS[name].help
    assert all(parameter.help for parameter in COMMANDS[name].params if parameter.name != "help")


def _public(kind: type) -> dict[str, Any]:
    return {name: value for name, value in vars(kind).items() if not name.startswith("_") and callable(value)}


@pytest.mark.parametrize("name", sorted(_public(Kontora).keys() - {"close"}))
def test_every_method_of_the_client_is_documented(name: str) -> None:
    assert f"`{name}" in (DOCS / "client.md").read_text()


def test_both_clients_have_the_same_methods_with_the_same_parameters() -> None:
    blocking, asynchronous = _public(Kontora), _public(AsyncKontora)
    assert blocking.keys() == asynchronous.keys()
    for name, method in blocking.items():
        assert inspect.signature(method) == inspect.signature(asynchronous[name]), name
        assert inspect.iscoroutinefunction(asynchronous[name]), name


def test_every_failure_of_the_client_is_documented() -> None:
    text = (DOCS / "client.md").read_text()
    for name in client.__all__:
        kind = getattr(client, name)
        if isinstance(kind, type) and issubclass(kind, Exception):
            assert f"`{name}`" in text
