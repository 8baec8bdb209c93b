"""Every command but the demo, without a database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from kontora.settings import Settings

Run = Callable[..., Result]
KONTORA = str(Path(sys.executable).with_name("kontora"))


def test_adding_a_client_prints_only_the_key_on_stdout(kontora: Run, composition: Any) -> None:
    done = kontora("client", "add", "acme-test", "--ip", "203.0.113.7", "--ip", "2001:db8::/48", "--test")
    assert done.exit_code == 0
    assert done.stdout == "ab12cd34ef56" + "0" * 52 + "\n"
    assert "203.0.113.7/32, 2001:db8::/48" in done.stderr
    assert composition.administration.clients["acme-test"].environment == "test"


def test_a_client_is_a_production_client_unless_told(kontora: Run, composition: Any) -> None:
    kontora("client", "add", "acme", "--ip", "203.0.113.7")
    assert composition.administration.clients["acme"].environment == "production"


def test_a_client_needs_an_address(kontora: Run) -> None:
    assert kontora("client", "add", "acme").exit_code == 2


def test_the_whole_internet_is_refused_in_one_line_that_says_why(kontora: Run, composition: Any) -> None:
    done = kontora("client", "add", "acme", "--ip", "0.0.0.0/0")
    assert done.exit_code == 2
    assert done.stderr.startswith("InvalidArgument: 0.0.0.0/0 admits the whole internet")
    assert done.stderr.count("\n") == 1
    assert not composition.administration.clients


def test_a_client_of_that_name_is_not_added_twice(kontora: Run) -> None:
    kontora("client", "add", "acme", "--ip", "203.0.113.7")
    done = kontora("client", "add", "acme", "--ip", "203.0.113.7")
    assert (done.exit_code, done.stderr) == (2, "InvalidArgument: There is a client 'acme' already.\n")


def test_setting_replaces_lists_and_changes_features_one_by_one(kontora: Run, composition: Any) -> None:
    kontora("client", "add", "acme", "--ip", "203.0.113.7")
    kontora(
        "client", "set", "acme", "--enable", "score", "--enable", "labels", "--origin", "https://a.example"
    )
    done = kontora("client", "set", "acme", "--disable", "score", "--ip", "203.0.113.8")
    assert done.exit_code == 0
    client = composition.administration.clients["acme"]
    assert (client.ips, client.origins, client.features) == (
        ("203.0.113.8/32",),
        ("https://a.example",),
        ("labels",),
    )


def test_the_word_none_empties_a_list(kontora: Run, composition: Any) -> None:
    kontora("client", "add", "acme", "--ip", "203.0.113.7")
    kontora("client", "set", "acme", "--origin", "https://a.example")
    kontora("client", "set", "acme", "--origin", "none")
    assert composition.administration.clients["acme"].origins == ()


def test_only_a_test_client_may_have_a_local_origin(kontora: Run) -> None:
    kontora("client", "add", "acme", "--ip", "203.0.113.7")
    kontora("client", "add", "acme-test", "--ip", "203.0.113.7", "--test")
    assert kontora("client", "set", "acme", "--origin", "http://localhost:3000").exit_code == 2
    assert kontora("client", "set", "acme-test", "--origin", "http://localhost:3000").exit_code == 0


def test_setting_nothing_says_what_can_be_set(kontora: Run) -> None:
    done = kontora("client", "set", "acme")
    assert done.exit_code == 2
    assert "--redirect-uri" in done.stderr


def test_setting_an_unknown_client_is_refused(kontora: Run) -> None:
    done = kontora("client", "set", "nobody", "--enable", "pdf")
    assert (done.exit_code, "kontora client list" in done.stderr) == (2, True)


def test_clients_are_listed(kontora: Run) -> None:
    assert "kontora client add" in kontora("client", "list").stderr
    kontora("client", "add", "acme-test", "--ip", "203.0.113.7", "--test")
    shown = kontora("client", "list").stdout
    assert "acme-test" in shown and "203.0.113.7/32" in shown


def test_keys_are_added_listed_and_revoked(kontora: Run) -> None:
    kontora("client", "add", "acme", "--ip", "203.0.113.7")
    assert len(kontora("key", "add", "acme").stdout.strip()) == 64
    assert "ab12cd34ef56  2026-05-23 07:35:00  -" in kontora("key", "list", "acme").stdout
    assert kontora("key", "revoke", "acme", "ab12cd34ef56").exit_code == 0
    shown = kontora("key", "list", "acme").stdout
    assert "2026-05-24 00:00:00" in shown
    assert "0" * 20 not in shown


def test_serve_worker_and_migrate_are_given_the_settings(kontora: Run, composition: Any) -> None:
    given = replace(composition, environment={"KONTORA_PORT": "8888"})
    kontora("serve", obj=given)
    kontora("worker", obj=given)
    assert [(what, settings.port) for what, settings in given.asked] == [("serve", 8888), ("work", 8888)]
    assert kontora("migrate").stdout == "The database stands at head.\n"
    assert kontora("migrate", "--revision", "0001").stdout == "The database stands at 0001.\n"
    assert kontora("migrate", "--revision", "nonsense").exit_code == 2


def test_an_unknown_setting_stops_every_command_with_one_line(kontora: Run, composition: Any) -> None:
    done = kontora("serve", obj=replace(composition, environment={"KONTORA_PRT": "1"}))
    assert (done.exit_code, done.stderr) == (
        2,
        "ConfigurationError: KONTORA_PRT is not a setting. `kontora settings` lists them.\n",
    )


def test_settings_shows_every_variable_and_no_secret(kontora: Run, composition: Any) -> None:
    environment = {
        "KONTORA_DATABASE_URL": "postgresql://kontora:hunter2@db.internal:5433/kontora?password=hunter2",
        "KONTORA_KEYS_URL": "postgresql://kontora:hunter2@keys.internal/keys",
        "KONTORA_KEYS_MASTER": "hunter2" * 9,
        "KONTORA_SIGNING_KEYS": "k1:hunter2",
        "KONTORA_PORT": "8888",
    }
    shown = kontora("settings", obj=replace(composition, environment=environment)).stdout
    assert "hunter2" not in shown
    assert "postgresql://…@db.internal:5433" in shown
    assert "now 8888" in shown
    for variable, _, _ in Settings.variables():
        assert variable in shown


def test_settings_are_shown_even_where_they_are_wrong(kontora: Run, composition: Any) -> None:
    done = kontora("settings", obj=replace(composition, environment={"KONTORA_PORT": "many"}))
    assert done.exit_code == 2
    assert "KONTORA_PORT" in done.stdout
    assert "KONTORA_PORT is malformed" in done.stderr


def test_the_markdown_table_has_one_row_for_every_setting(kontora: Run) -> None:
    rows = kontora("settings", "--markdown").stdout.splitlines()
    assert len(rows) == len(Settings.variables()) + 2
    assert all(row.count("|") - row.count("\\|") == 4 for row in rows)


def test_help_imports_neither_the_database_nor_the_web_framework() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from kontora.cli.app import app;"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0;"
        "heavy = {'psycopg', 'fastapi', 'aiohttp', 'lxml', 'procrastinate', 'schwifty'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("arguments", [["version"], ["--help"], ["client", "--help"], ["demo", "--help"]])
def test_the_installed_command_answers(arguments: list[str]) -> None:
    environment = {**os.environ, "COLUMNS": "80"}
    done = subprocess.run(
        [KONTORA, *arguments], capture_output=True, text=True, timeout=30, check=True, env=environment
    )
    assert "kontora" in done.stdout.lower()
    assert done.stderr == ""
