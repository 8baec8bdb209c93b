"""Copies of pages that were not understood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kontora.connectors.unknown_pages import MOST_OF_A_TARGET, UnknownPages

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Ticks:
    """A clock that moves a second at each look."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


async def test_a_copy_is_for_the_operator_alone(tmp_path: Path) -> None:
    folder = tmp_path / "unknown-pages"
    await UnknownPages(folder, Ticks().now).keep("KontoBank", "show/History", "<p>xxx</p>")
    (copy,) = folder.iterdir()
    assert copy.read_text() == "<p>xxx</p>"
    assert (folder.stat().st_mode & 0o777, copy.stat().st_mode & 0o777) == (0o700, 0o600)
    assert copy.name == "KontoBank.20261120T120001.000000Z.show-History.html"


async def test_the_latest_copies_of_each_target_are_kept(tmp_path: Path) -> None:
    pages = UnknownPages(tmp_path / "pages", Ticks().now)
    for number in range(MOST_OF_A_TARGET + 5):
        await pages.keep("KontoBank", "list", f"<p>{number}</p>")
    await pages.keep("KontoBank_cz", "list", "<p>x</p>")
    kept = [copy.read_text() for copy in sorted((tmp_path / "pages").glob("KontoBank.*"))]
    assert kept == [f"<p>{number}</p>" for number in range(5, MOST_OF_A_TARGET + 5)]
    assert len(list((tmp_path / "pages").glob("KontoBank_cz.*"))) == 1


async def test_a_folder_that_cannot_be_written_does_not_hide_the_banks_failure(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file, not a folder")
    await UnknownPages(tmp_path / "pages", Ticks().now).keep("KontoBank", "list", "<p>x</p>")
    assert (tmp_path / "pages").is_file()


@pytest.mark.parametrize("step", ["../../etc/passwd", "a b", "ż", "x" * 60])
async def test_no_step_leads_out_of_the_folder(tmp_path: Path, step: str) -> None:
    await UnknownPages(tmp_path / "pages", Ticks().now).keep("../KontoBank", step, "<p>x</p>")
    assert [path.parent for path in tmp_path.rglob("*.html")] == [tmp_path / "pages"]
