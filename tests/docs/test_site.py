"""The pages: what is made from the program is up to date, the site can be built, and no link is broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools.docs.__main__ import PAGES, ROOT, build
from tools.docs.generated import (
    benchmarks_table,
    committed_parts,
    filled,
    part_names,
    site_parts,
    tamper_table,
)
from tools.docs.links import check_site

ROOT_PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"]


def test_generated_parts_are_what_the_program_says() -> None:
    parts = committed_parts(ROOT)
    for page in PAGES.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert filled(text, parts) == text, f"{page.name} is out of date. Run: make docs"


def test_every_generated_part_stands_on_a_page() -> None:
    standing = {name for page in PAGES.rglob("*.md") for name in part_names(page.read_text(encoding="utf-8"))}
    assert standing == {*committed_parts(ROOT), "benchmarks", "tamper-bench"}


def test_the_site_is_built_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site, tmp_path / "work")
    found = check_site(site, ROOT_PAGES)
    assert found.complaints == []
    assert found.pages > 25
    navigation = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    for page in PAGES.rglob("*.md"):
        assert f'"{page.relative_to(PAGES)}"' in navigation, f"{page.name} is not in the navigation"


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="#here">1</a><a href="#gone">2</a><a href="b.html">3</a>'
        '<a href="https://elsewhere.example/">4</a><img src="https://elsewhere.example/x.png"></p>'
    )
    page = tmp_path / "README.md"
    page.write_text("[5](gone.md) [6](README.md) `[7](no-link.md)`\n```\n[8](no-link.md)\n```\n")
    found = check_site(tmp_path, [page])
    assert found.complaints == [
        "a.html: #gone leads to no anchor",
        "a.html: b.html leads to no file",
        "a.html: loads https://elsewhere.example/x.png from another host",
        "README.md: gone.md leads to no file",
    ]


def test_the_table_of_benchmarks_is_made_from_the_results_alone(tmp_path: Path) -> None:
    assert site_parts(tmp_path) == {}
    row = {"name": "import overhead", "value": 1.0432, "unit": "", "compared_to": 0.662, "ratio": 1.0432}
    table = benchmarks_table(
        [{**row, "target": "<= 1.10", "holds": True}, {**row, "target": None, "holds": True}]
    )
    assert "| import overhead | 1.043 | 0.662 | 1.043 | `<= 1.10` | yes |" in table
    assert table.splitlines()[-1].endswith("|  |  |")


def test_the_table_of_the_tamper_bench_tells_each_operation_with_its_interval() -> None:
    row = {"name": "row removed", "detected": 92, "files": 92, "low": 0.9607, "high": 1.0}
    found = {"structure": 71, "metadata": 63, "amounts": 29, "hiddenText": 26, "logo": 4}
    written = tamper_table({"shares": [{**row, "by": found}]}).splitlines()[-1]
    assert "| row removed | 92 | 92 | 96.1% to 100.0% | `structure` 71, `metadata` 63," in written
    assert "logo" not in written


def test_evidence_is_shown_of_three_forgeries_in_small_pictures() -> None:
    shown = (PAGES / "tampering.md").read_text(encoding="utf-8")
    pictures = sorted((PAGES / "pictures").glob("evidence-*.png"))
    assert [picture.name for picture in pictures if f"pictures/{picture.name}" not in shown] == []
    assert len(pictures) == 3
    assert all(5_000 < picture.stat().st_size < 200_000 for picture in pictures)


@pytest.mark.parametrize("page", sorted(PAGES.rglob("*.md")) + ROOT_PAGES, ids=lambda page: page.name)
def test_a_page_has_one_title_and_no_absolute_path_of_a_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert len(re.findall(r"^# ", prose, flags=re.MULTILINE)) == 1
    assert "/work/" not in text
    assert "/root/" not in text.replace("`/root`", "")
