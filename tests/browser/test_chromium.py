"""Where there is no Chromium, it is installed: once, before the tests; or a sentence says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.browser.chromium import NoChromium, chromium, install_debians, installed

ROOT = Path(__file__).parents[2]
INSTALLS = """
import sys, time
from pathlib import Path
from tests.browser.chromium import chromium
folder = Path(sys.argv[1])

def install():
    with (folder / "installations").open("a") as log:
        log.write("one ")
    time.sleep(1)  # whoever does not wait begins meanwhile
    (folder / "chromium").touch(0o755)

print("looks", flush=True)
sys.stdin.readline()
print(chromium([str(folder / "chromium")], install, folder / "lock"))
"""


def program(path: Path, lines: str = "") -> Path:
    """Write a program that can be run."""
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return path


def never() -> None:
    raise AssertionError("it was there already")


def test_the_first_candidate_that_can_be_run_is_taken(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no program")
    first, second = program(tmp_path / "first"), program(tmp_path / "second")
    candidates = [str(tmp_path / "absent"), str(tmp_path / "text"), str(first), str(second)]
    assert installed(candidates) == str(first)
    assert chromium(candidates, never, tmp_path / "lock") == str(first)


def test_where_there_is_no_candidate_it_is_installed_and_then_found(tmp_path: Path) -> None:
    wanted = tmp_path / "chromium"

    def install() -> None:
        program(wanted)

    assert installed([str(wanted)]) is None
    assert chromium([str(wanted)], install, tmp_path / "lock") == str(wanted)


def test_of_two_processes_that_miss_it_one_installs_and_the_other_waits(tmp_path: Path) -> None:
    command = (sys.executable, "-c", INSTALLS, str(tmp_path))
    both = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "looks\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    assert [one.communicate(timeout=30)[0].strip() for one in both] == [str(tmp_path / "chromium")] * 2
    assert (tmp_path / "installations").read_text() == "one "


def test_debians_is_installed_without_a_question(tmp_path: Path) -> None:
    apt_get = program(tmp_path / "apt-get", f'echo "$DEBIAN_FRONTEND: $*" >> {tmp_path}/asked')
    install_debians(str(apt_get), user_id=0)
    assert (tmp_path / "asked").read_text().splitlines() == [
        "noninteractive: update",
        "noninteractive: install -y --no-install-recommends chromium",
    ]


def test_an_installation_that_fails_says_what_failed(tmp_path: Path) -> None:
    apt_get = program(tmp_path / "apt-get", "echo E: Unable to locate package >&2; exit 100")
    with pytest.raises(NoChromium) as refused:
        chromium([str(tmp_path / "none")], lambda: install_debians(str(apt_get), 0), tmp_path / "lock")
    assert str(refused.value) == (
        "Chromium cannot be installed: apt-get update failed: E: Unable to locate package"
    )
    with pytest.raises(NoChromium, match=r"cannot be installed: .*No such file"):
        install_debians(str(tmp_path / "no-apt-get"), user_id=0)


def test_an_installation_that_brings_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoChromium, match=r"not to be found as .*/none"):
        chromium([str(tmp_path / "none")], lambda: None, tmp_path / "lock")


def test_who_may_not_install_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoChromium, match=r"apt-get install chromium.*CHROMIUM"):
        install_debians(str(program(tmp_path / "apt-get")), user_id=1000)


def step_before_the_tests(folder: Path, work: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run what `make test` runs, where no program is found but this `apt-get`."""
    (folder / "bin").mkdir()
    program(folder / "bin" / "apt-get", f"echo called >> {folder}/calls; {work}")
    return subprocess.run(
        [sys.executable, "-m", "tests.browser.chromium"],
        cwd=ROOT,
        env={"PATH": str(folder / "bin"), "TMPDIR": str(folder), **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may install")
def test_the_step_before_the_tests_installs_what_is_missing(tmp_path: Path) -> None:
    wanted = tmp_path / "bin" / "chromium"
    done = step_before_the_tests(tmp_path, f"echo '#!/bin/sh' > {wanted}; /bin/chmod 755 {wanted}")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "calls").read_text() == "called\n" * 2
    assert wanted.exists()


def test_the_step_before_the_tests_ends_with_one_sentence_where_it_fails(tmp_path: Path) -> None:
    done = step_before_the_tests(tmp_path, "exit 7")
    assert done.returncode == 1
    assert "Chromium" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_where_another_is_named_and_missing_nothing_is_installed(tmp_path: Path) -> None:
    done = step_before_the_tests(tmp_path, "exit 0", CHROMIUM="/opt/none")
    assert done.returncode == 1
    assert done.stderr == "CHROMIUM names /opt/none, which cannot be run.\n"
    assert not (tmp_path / "calls").exists()
