"""What is unsafe is refused at the start, with a word on what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kontora.connectors.catalogue import Catalogue
from kontora.connectors.target_settings import TargetSettings
from kontora.engine import key_store, signing_keys
from kontora.errors import ConfigurationError
from kontora.settings import Settings, read_settings
from kontora.start_checks import check_clients, check_clock, check_start

PRODUCTION = Settings(
    trusted_proxies=read_settings({"KONTORA_TRUSTED_PROXIES": "10.0.0.1/32"}).trusted_proxies
)
KONTORA = Path(sys.executable).with_name("kontora")


def start(settings: Settings, *, user_id: int = 1000) -> None:
    check_start(settings, user_id=user_id, serves=True)


def test_a_sound_production_start_is_accepted() -> None:
    start(PRODUCTION)


def test_practice_mode_starts_as_root_without_tls() -> None:
    start(Settings(practice=True), user_id=0)


@pytest.mark.parametrize(
    ("settings", "user_id", "words"),
    [
        (PRODUCTION, 0, "root"),
        (Settings(), 1000, "TLS"),
        (replace(PRODUCTION, log_level="DEBUG"), 1000, "DEBUG"),
        (replace(PRODUCTION, tls_key=Path("x")), 1000, "go together"),
        (replace(PRODUCTION, practice_bank_url="http://127.0.0.1:1"), 1000, "practice mode only"),
        (Settings(practice=True, host="0.0.0.0"), 1000, "127.0.0.1 only"),
    ],
)
def test_an_unsafe_start_is_refused_with_a_word_on_what_to_do(
    settings: Settings, user_id: int, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        start(settings, user_id=user_id)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"KONTORA_TRUSTED_PROXIES": "*"}, "networks"),
        ({"KONTORA_TRUSTED_PROXIES": "0.0.0.0/0"}, "whole internet"),
        ({"KONTORA_TRUSTED_PROXIES": "::/0"}, "whole internet"),
        ({"KONTORA_PRACTICE": "maybe"}, "on or off"),
        ({"KONTORA_PORT": "many"}, "whole number"),
        ({"KONTORA_PRACTISE": "on"}, "not a setting"),
        ({"KONTORA_SESSION_IDLE_SECONDS": "301"}, "between 1 and 300"),
        ({"KONTORA_RETENTION_SECONDS": "86401"}, "between 1 and 86400"),
        ({"KONTORA_IMPORT_SECONDS": "0"}, "more than 0"),
        ({"KONTORA_KEYS_URL": "postgresql://x/y"}, "go together"),
    ],
)
def test_a_malformed_or_unsafe_setting_is_refused_by_its_name(
    variables: Mapping[str, str], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words) as refused:
        read_settings(variables)
    assert next(iter(variables)) in str(refused.value)


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    for name in ("tls", "targets", "signing-keys"):
        (tmp_path / name).write_text("k1:" + "0123456789abcdef" * 4)
        (tmp_path / name).chmod(0o644)
    tls = replace(PRODUCTION, tls_certificate=tmp_path / "tls", tls_key=tmp_path / "tls")
    for settings in (tls, replace(PRODUCTION, targets_file=tmp_path / "targets")):
        with pytest.raises(ConfigurationError, match="chmod 600"):
            start(settings)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        signing_keys(Settings(data_dir=tmp_path))


def test_a_key_folder_that_others_can_read_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    with pytest.raises(ConfigurationError):
        key_store(Settings(data_dir=tmp_path))


def test_short_secrets_are_refused() -> None:
    with pytest.raises(ConfigurationError):
        signing_keys(Settings(signing_keys="k1:00"))
    with pytest.raises(ConfigurationError):
        key_store(Settings(keys_url="postgresql://x/y", keys_master="00"))


def test_signing_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    first = signing_keys(Settings(data_dir=tmp_path)).sign("test", "lender", 1)
    assert signing_keys(Settings(data_dir=tmp_path)).sign("test", "lender", 1) == first
    assert (tmp_path / "signing-keys").stat().st_mode & 0o777 == 0o600


def test_an_allow_list_of_the_whole_internet_is_refused() -> None:
    check_clients(["10.0.0.0/8"])
    for network in ("0.0.0.0/0", "::/0"):
        with pytest.raises(ConfigurationError, match="whole internet"):
            check_clients(["10.0.0.0/8", network])


def test_a_store_whose_clock_was_moved_is_refused_in_production() -> None:
    check_clock(PRODUCTION, 0.0)
    check_clock(Settings(practice=True), 3600.0)
    with pytest.raises(ConfigurationError, match="clock"):
        check_clock(PRODUCTION, 3600.0)


def test_production_has_no_practice_targets_and_refuses_settings_for_one() -> None:
    assert not any(target.facts.practice for target in Catalogue.load(practice=False))
    with pytest.raises(ConfigurationError, match="KontoBankApi"):
        Catalogue.load(practice=False, settings={"KontoBankApi": TargetSettings()})


def ran(arguments: list[str], variables: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "KONTORA_DATA_DIR": str(folder / "data")}
    return subprocess.run(
        [str(KONTORA), *arguments],
        env=environment | dict(variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_serve_refuses_a_wildcard_proxy_and_says_so_on_one_line(tmp_path: Path) -> None:
    ended = ran(["serve"], {"KONTORA_PRACTICE": "on", "KONTORA_TRUSTED_PROXIES": "*"}, tmp_path)
    assert ended.returncode != 0
    assert "KONTORA_TRUSTED_PROXIES" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_running_server_leaves_no_core_and_cannot_be_dumped(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "KONTORA_DATA_DIR": str(tmp_path / "data"),
        "KONTORA_PRACTICE": "on",
        "KONTORA_PORT": "0",
        "KONTORA_METRICS_PORT": "0",
    }
    with subprocess.Popen(
        [str(KONTORA), "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        assert "Kontora listens on http://127.0.0.1:" in server.stdout.readline()
        status = Path(f"/proc/{server.pid}/status").read_text()
        limits = Path(f"/proc/{server.pid}/limits").read_text()
        arguments = Path(f"/proc/{server.pid}/cmdline").read_bytes()
        server.send_signal(signal.SIGTERM)
        assert server.wait(40) == 0
    assert "NoNewPrivs:\t1" in status
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]
    assert b"forwarded" not in arguments
