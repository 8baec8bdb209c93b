"""The demo from end to end, as a person runs it: a real bank, a real database, real HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path

import pytest

KONTORA = str(Path(sys.executable).with_name("kontora"))
SECONDS = 60

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


@contextmanager
def _demo(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run the demo with a foreign database in the environment, which it must not touch."""
    temporary = folder / "temporary"
    temporary.mkdir()
    environment = {
        **os.environ,
        "KONTORA_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/production",
        "TMPDIR": str(temporary),
        "COLUMNS": "80",
    }
    process = subprocess.Popen(
        [KONTORA, "demo", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=SECONDS)


def test_the_demo_imports_and_writes_the_data(tmp_path: Path) -> None:
    began = time.monotonic()
    with _demo(tmp_path, "--exit", "--json", str(tmp_path / "out.json")) as demo:
        output, complaints = demo.communicate(timeout=SECONDS)
    assert (demo.returncode, complaints) == (0, "")
    assert time.monotonic() - began < 20
    assert max(len(line) for line in output.splitlines() if "/" not in line) <= 80
    assert list((tmp_path / "temporary").iterdir()) == []
    document = json.loads((tmp_path / "out.json").read_text(), parse_float=Decimal)
    assert (document["ownerExternalId"], document["country"]) == ("demo-owner", "pl")
    assert len(document["owners"]) == 2
    assert len(document["creditCards"]) == 1
    items = [item for account in document["accounts"] for item in account["moneyTransactions"]]
    assert len(items) >= 60
    for item in items:
        assert isinstance(item["currencyAmount"], Decimal)
        assert item["currencyAmount"].as_tuple().exponent == -2
    for shown in (document["owners"][0]["name"], document["accounts"][0]["iban"], items[0]["transactionOn"]):
        assert shown in output


def test_the_shell_lines_of_the_demo_work_until_ctrl_c(tmp_path: Path) -> None:
    with _demo(tmp_path) as demo:
        lines = _lines_until_the_end(demo)
        children = _descendants(demo.pid)
        assert len(children) >= 3
        shell = [line for line in lines if re.match(r"(API|SESSION|COMMAND)=|curl ", line)]
        assert len(shell) == 6
        poll = shell.pop(3)
        shell.insert(
            3, f"for _ in $(seq 50); do {poll} | grep -q successful && break; sleep 0.2; done; {poll}"
        )
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail"],
            input="\n".join(f"{line}\necho" for line in shell),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
        assert re.search(r"^sessionId=\d+&sessionIdSignature=[0-9a-f]{64}$", done.stdout, re.MULTILINE)
        assert 'state="successful"' in done.stdout
        assert "<accounts><account>" in done.stdout
        assert '<owner externalId="demo-owner"' in done.stdout
        assert done.stdout.count('status="200 OK"') == 3
        demo.send_signal(signal.SIGINT)
        _, complaints = demo.communicate(timeout=SECONDS)
    assert (demo.returncode, complaints) == (0, "")
    _await(lambda: not any(_alive(pid) for pid in children))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_nothing_outlives_a_killed_demo(tmp_path: Path) -> None:
    with _demo(tmp_path) as demo:
        _lines_until_the_end(demo)
        children = _descendants(demo.pid)
        demo.kill()
        demo.wait(timeout=SECONDS)
        _await(lambda: not any(_alive(pid) for pid in children))


@pytest.mark.parametrize("after_seconds", [0.3, 1.2])
def test_a_terminated_demo_cleans_up_whatever_it_was_doing(tmp_path: Path, after_seconds: float) -> None:
    with _demo(tmp_path) as demo:
        time.sleep(after_seconds)
        children = _descendants(demo.pid)
        demo.terminate()
        demo.communicate(timeout=SECONDS)
    assert demo.returncode in {0, 143, -signal.SIGTERM}
    _await(lambda: not any(_alive(pid) for pid in children))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_demo_that_cannot_have_its_port_says_so(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        with _demo(tmp_path, "--port", str(held.getsockname()[1])) as demo:
            _, complaints = demo.communicate(timeout=SECONDS)
    assert demo.returncode == 1
    assert complaints.startswith("The demo failed.")
    assert "Traceback" not in complaints
    assert list((tmp_path / "temporary").iterdir()) == []


def _lines_until_the_end(demo: subprocess.Popen[str]) -> list[str]:
    """Read what the demo prints, up to its last shell line."""
    lines: list[str] = []
    assert demo.stdout is not None
    while not lines or "-X DELETE" not in lines[-1]:
        line = demo.stdout.readline()
        assert line, (lines, demo.stderr and demo.stderr.read())
        lines.append(line.rstrip("\n"))
    return lines


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        waiting.extend(parents.get(waiting[0], []))
        found.extend(parents.get(waiting.pop(0), []))
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _await(true_soon: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true_soon():
        assert time.monotonic() < deadline
        time.sleep(0.05)
