"""What is unsafe is refused at the start, with a word on what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from kontora.connectors.catalogue import Catalogue
from kontora.connectors.target_settings import TargetSettings
from kontora.engine import key_store, signing_keys
from kontora.errors import ConfigurationError
from kontora.hardening import may_lock_memory, swap_is_on
from kontora.settings import Settings, read_settings
from kontora.start_checks import check_clients, check_clock, check_start

PRODUCTION = Settings(
    trusted_proxies=read_settings({"KONTORA_TRUSTED_PROXIES": "10.0.0.1/32"}).trusted_proxies
)
KONTORA = Path(sys.executable).with_name("kontora")


# As the kernel writes them: a heading, and a line for each place that memory may be written to.
HEADING = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
SWAP = HEADING + "/dev/sda2                               partition\t2097148\t\t0\t\t-2\n"


def start(
    settings: Settings, *, user_id: int = 1000, swaps: Path = Path("/none"), may_lock: bool = False
) -> None:
    check_start(
        settings,
        user_id=user_id,
        serves=True,
        swap_is_on=lambda: swap_is_on(swaps),
        may_lock_memory=lambda: may_lock,
    )


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


@pytest.fixture
def swaps(tmp_path: Path) -> Path:
    """The kernel's list on a machine that swaps."""
    path = tmp_path / "swaps"
    path.write_text(SWAP)
    return path


def test_a_machine_that_swaps_is_refused_unless_memory_may_be_locked(swaps: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        start(PRODUCTION, swaps=swaps)
    for way_out in ("LimitMEMLOCK=infinity", "switch swap off", "KONTORA_SWAP_ALLOWED=on"):
        assert way_out in str(refused.value)
    start(PRODUCTION, swaps=swaps, may_lock=True)


def test_a_machine_without_swap_is_started_on_though_memory_may_not_be_locked(swaps: Path) -> None:
    swaps.write_text(HEADING)
    start(PRODUCTION, swaps=swaps)
    swaps.unlink()  # a kernel that was built without swap
    start(PRODUCTION, swaps=swaps)


def test_a_machine_that_swaps_is_started_on_if_the_operator_allows_it(swaps: Path) -> None:
    for word in ("on", "off"):
        told = read_settings({"KONTORA_SWAP_ALLOWED": word})
        settings = replace(PRODUCTION, swap_allowed=told.swap_allowed)
        if word == "on":
            start(settings, swaps=swaps)
        else:
            with pytest.raises(ConfigurationError, match="swaps"):
                start(settings, swaps=swaps)


def test_where_no_owner_types_a_credential_swap_does_no_harm(swaps: Path) -> None:
    start(Settings(practice=True), swaps=swaps)
    check_start(
        PRODUCTION,
        user_id=1000,
        serves=False,
        swap_is_on=lambda: swap_is_on(swaps),
        may_lock_memory=lambda: False,
    )


def test_what_is_asked_by_default_is_this_machine() -> None:
    check = partial(check_start, PRODUCTION, user_id=1000, serves=True)
    if swap_is_on() and not may_lock_memory():
        with pytest.raises(ConfigurationError, match="swaps"):
            check()
    else:
        check()


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


@pytest.mark.parametrize(
    ("written", "told"),
    [(None, "cannot be read"), ("{}", "is no score model")],
)
def test_serve_refuses_a_score_model_that_it_cannot_use_and_says_why(
    tmp_path: Path, written: str | None, told: str
) -> None:
    file = tmp_path / "model.json"
    if written is not None:
        file.write_text(written)
    environment = {"KONTORA_PRACTICE": "on", "KONTORA_SCORE_MODEL": str(file)}
    ended = ran(["serve"], environment | {"KONTORA_PORT": "0", "KONTORA_METRICS_PORT": "0"}, tmp_path)
    assert ended.returncode != 0
    assert str(file) in ended.stderr.replace("\n", "") and told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_running_server_leaves_no_core_and_gains_no_privileges(tmp_path: Path) -> None:
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
