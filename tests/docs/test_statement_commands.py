"""What the page of statements tells people to type on the command line works, in the order of the page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tools.docs.__main__ import PAGES, ROOT

BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (.*)$", re.MULTILINE)
REFUSED = {"kontora statement changed.pdf", "kontora statement sealed.pdf"}
SEAL = ROOT / "src" / "kontora" / "statements" / "pins" / "practice" / "kontobank.pem"


def commands() -> list[str]:
    """Return what needs no server and no program that comes with neither Kontora nor a shell."""
    page = (PAGES / "statements.md").read_text(encoding="utf-8")
    found = [command for block in BLOCK.findall(page) for command in COMMAND.findall(block)]
    return [command for command in found if not command.startswith(("curl", "openssl"))]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder as a reader has it who has a password store, an inbox and a bank's certificate."""
    (tmp_path / "bin").mkdir()
    keeper = tmp_path / "bin" / "pass"
    keeper.write_text("#!/bin/sh\necho secret\n")
    keeper.chmod(0o755)
    (tmp_path / "inbox").mkdir()
    shutil.copy(SEAL, tmp_path / "seal.pem")
    return tmp_path


@pytest.mark.timeout(300)  # some twenty processes, one after another
def test_every_command_of_the_page_of_statements_works(desk: Path) -> None:
    told = commands()
    assert len(told) > 12 and set(told) >= REFUSED
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KONTORA_")}
    path = f"{desk / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    for command in told:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=desk,
            env={**kept, "PATH": path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == (command in REFUSED), f"{command}\n{done.stdout}{done.stderr}"
        if command.endswith("--out may.pdf"):
            for other in ("mail.pdf", "inbox/may.pdf"):
                shutil.copy(desk / "may.pdf", desk / other)
    read = (desk / "read.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(read) == 1 and '"isConsistent":true' in read[0]
    assert (desk / "profiles" / "kontobank-statement.profile.json").is_file()
