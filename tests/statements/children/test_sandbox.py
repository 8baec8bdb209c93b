"""Every layer of the sandbox stops its part alone: a system may lack the others."""

from __future__ import annotations

import subprocess
import sys

from kontora.statements.children import landlock
from kontora.statements.children.sandbox import Layers
from kontora.statements.children.syscalls import this_machine

TRY = """
import json, os, socket, sys
from pathlib import Path
from kontora.hardening import harden_process
from kontora.statements.children import landlock, seccomp, sandbox
harden_process()
{enter}
def tried(attempt):
    try:
        attempt()
    except OSError as error:
        return type(error).__name__
    return "it worked"
def reach():
    with socket.socket() as knocking:
        try:
            knocking.connect(("127.0.0.1", 9))
        except ConnectionRefusedError:
            pass
def fork():
    if os.fork() == 0:
        os._exit(0)
    os.wait()
sys.stdout.write(json.dumps([
    tried(lambda: Path("/etc/passwd").read_bytes()), tried(reach), tried(fork),
    tried(lambda: os.kill(os.getppid(), 0)),
]))
sys.stdout.flush()
"""


def tried(enter: str) -> str:
    """What a process says that has entered one layer: of a file, the network, a fork, a signal."""
    code = TRY.replace("{enter}", enter)
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_a_layer_everything_works() -> None:
    assert tried("") == '["it worked", "it worked", "it worked", "it worked"]'


def test_landlock_stops_files_the_network_and_signals_as_far_as_the_kernel_has_it() -> None:
    version = landlock.version()
    stopped = sum(version >= since for since in (1, 4, 6))
    said = tried(f"assert landlock.deny_everything() == {version}")
    assert said.count("PermissionError") == stopped


def test_the_filter_of_calls_stops_all_on_machines_whose_calls_are_known() -> None:
    is_known = this_machine() is not None
    said = tried(f"assert seccomp.filter_calls() is {is_known}")
    assert said.count("PermissionError") == (4 if is_known else 0)


def test_the_namespaces_stop_the_network() -> None:
    said = tried("print(sandbox.leave_network())")
    assert said.startswith("False\n") or '"it worked", "OSError"' in said


def test_layers_are_told_by_name() -> None:
    assert str(Layers()) == "limits"
    assert str(Layers(True, 7, True, True)) == "limits, namespaces, landlock 7, seccomp, user nobody"
