"""A layout that is half finished, or whose facts do not fit together, cannot be built."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.statements.rows.layout_parts import COLUMNS, CONFIRMATION, FIELDS, PARTS, READING, TABLE

from kontora.statements.layout import Layout
from kontora.statements.library import LAYOUTS_DIR, LayoutBroken, layout_of, layouts
from kontora.statements.readings import DocumentType, EvidenceGrade

GRID = TABLE["grid"]


def without(part: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != name}


def test_the_parts_that_tests_change_make_a_layout() -> None:
    assert msgspec.convert(PARTS, Layout).has_balances
    assert msgspec.convert(CONFIRMATION, Layout).is_confirmation


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": None}, r"\$\.name"),
        ({"colour": "red"}, "colour"),
        ({"grade": "certain"}, r"\$\.grade"),
        ({"dates": []}, "how dates are written"),
        ({"dates": ["mm/dd/yyyy"]}, r"\$\.dates"),
        ({"recognise": {"all": []}}, "needs a mark"),
        ({"recognise": {"all": ["Wyciąg"], "none": [" "]}}, r"a label is empty - at `\$\.recognise`"),
        ({"table": {**TABLE, "foot": [""]}}, "a label is empty"),
        ({"description": {"kind": "none", "rest": "title", "title": [""]}}, "a label is empty"),
        ({"amounts": {}}, "minus"),
        ({"amounts": {"minus": "somewhere"}}, r"\$\.amounts\.minus"),
        ({"amounts": {"minus": "before", "thousands": ","}}, "the same sign"),
        ({"page_number": "(a+)+"}, "repeats a group"),
        ({"fields": without(FIELDS, "iban")}, "iban"),
        ({"fields": {**FIELDS, "iban": {"labels": []}}}, "needs a label"),
        ({"fields": {**FIELDS, "iban": {"labels": ["Konto"], "lable": "x"}}}, "lable"),
        ({"fields": without(FIELDS, "currency")}, "currency"),
        ({"fields": without(FIELDS, "opening_balance")}, "opening_and_closing"),
        ({"table": {**TABLE, "header": []}}, "has a header"),
        ({"table": without(TABLE, "grid")}, "either a grid or a reading"),
        ({"table": {**TABLE, "reading": READING["reading"]}}, "either a grid or a reading"),
        ({"table": {**TABLE, "grid": {**GRID, "columns": COLUMNS[:3]}}}, "column amount"),
        ({"table": {**TABLE, "grid": {**GRID, "columns": COLUMNS[:4]}}}, "running balance"),
        ({"table": {**TABLE, "grid": {**GRID, "columns": COLUMNS[::-1]}}}, "left to right"),
        ({"table": {**TABLE, "grid": {**GRID, "columns": [*COLUMNS, COLUMNS[0]]}}}, "different names"),
        ({"table": {**TABLE, "one_date": True}}, "one_date"),
        ({"table": {**TABLE, "brought_forward": "Saldo z przeniesienia"}}, "carry"),
        ({"arithmetic": {"running": "none", "opening_and_closing": True}}, "running balance"),
        ({"arithmetic": {"running": "chain"}}, "opening_and_closing"),
        ({"arithmetic": {**PARTS["arithmetic"], "sums": True}}, "sums needs the fields"),
        ({"arithmetic": {**PARTS["arithmetic"], "amount_in_text": True}}, "amount_in_text"),
        ({"order": "unordered"}, "do not chain"),
        ({"order": None}, "a statement has order"),
        ({"description": {"kind": "known", "rest": "title"}}, "known kinds"),
        ({"description": {"kind": "none", "rest": "kind"}}, "title or party"),
        ({"confirmation": CONFIRMATION["confirmation"]}, "no confirmation"),
        ({"document_type": "CONFIRMATION"}, "nothing of a statement"),
    ],
)
def test_a_layout_whose_facts_do_not_fit_together_cannot_be_built(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert({**PARTS, **changes}, Layout)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sign": "kind"}, "kinds are listed"),
        ({"sign": "printed", "debit_kinds": ["X"]}, "do not tell it"),
        ({"booked": ["tak"]}, "need the field"),
        ({"starts": []}, "begins with a title"),
    ],
)
def test_a_confirmation_whose_facts_do_not_fit_together_cannot_be_built(
    changes: dict[str, Any], message: str
) -> None:
    parts = {**CONFIRMATION, "confirmation": {**CONFIRMATION["confirmation"], **changes}}
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(parts, Layout)


def copy_of(bank: str, folder: Path) -> Path:
    """Copy one bank's folder to another place."""
    target = folder / bank
    target.mkdir(parents=True)
    for file in (LAYOUTS_DIR / bank).glob("*.toml"):
        (target / file.name).write_bytes(file.read_bytes())
    return target


def test_a_folder_is_all_that_a_new_bank_needs(tmp_path: Path) -> None:
    bank = copy_of("pl_mbank", tmp_path)
    (bank / "notes.txt").write_text("not a layout", encoding="utf-8")
    (tmp_path / "no_bank").mkdir()
    assert [layout.name for layout in layouts(tmp_path)] == [
        "mbank-confirmation",
        "mbank-list",
        "mbank-statement",
    ]
    copied = layout_of("mbank-statement", tmp_path)
    assert copied == layout_of("mbank-statement")


def test_an_error_names_the_file_and_the_field(tmp_path: Path) -> None:
    bank = copy_of("pl_mbank", tmp_path)
    file = bank / "mbank-statement.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('minus = "before"', 'minus = "behind"'), encoding="utf-8")
    with pytest.raises(LayoutBroken, match=r"pl_mbank/mbank-statement\.toml.*amounts\.minus"):
        layouts(tmp_path)


def test_a_layout_that_is_no_toml_is_named(tmp_path: Path) -> None:
    bank = copy_of("pl_mbank", tmp_path)
    (bank / "mbank-list.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(LayoutBroken, match=r"pl_mbank/mbank-list\.toml"):
        layouts(tmp_path)


def test_a_layout_is_named_as_its_file(tmp_path: Path) -> None:
    bank = copy_of("pl_mbank", tmp_path)
    (bank / "mbank-list.toml").rename(bank / "other.toml")
    with pytest.raises(LayoutBroken, match="other"):
        layouts(tmp_path)


def test_two_layouts_of_one_name_are_refused(tmp_path: Path) -> None:
    copy_of("pl_mbank", tmp_path)
    other = copy_of("pl_pko", tmp_path)
    (other / "mbank-list.toml").write_bytes((tmp_path / "pl_mbank" / "mbank-list.toml").read_bytes())
    with pytest.raises(LayoutBroken, match="two layouts are named mbank-list"):
        layouts(tmp_path)


def test_nothing_but_the_folders_names_a_bank() -> None:
    names = {
        word.lower()
        for layout in layouts()
        for word in (layout.institution.target, layout.institution.institution)
        if not layout.institution.practice
    }
    machinery = LAYOUTS_DIR.parent
    files = [*machinery.glob("layout*.py"), machinery / "library.py", machinery / "recognising.py"]
    files += [machinery / "arithmetic.py", machinery / "imports.py", *machinery.glob("rows/*.py")]
    files += machinery.glob("forms/*.py")
    for file in files:
        words = set(file.read_text("utf-8").lower().replace("_", " ").replace(".", " ").split())
        assert not names & words, file.name


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_every_layout_says_how_it_is_known(layout: Layout) -> None:
    assert layout.source.endswith(".")
    assert layout.keywords
    if layout.institution.practice:
        return
    # Only three of the real ones were measured; the rest must not say so.
    measured = {"mbank-statement", "erste-list", "velobank-history"}
    assert (layout.grade is EvidenceGrade.MEASURED) == (layout.name in measured)
    assert layout.institution.sort_codes


def test_the_layouts_without_arithmetic_are_the_two_that_say_so_themselves() -> None:
    without_balances = {
        layout.name
        for layout in layouts()
        if layout.document_type is not DocumentType.CONFIRMATION and not layout.has_balances
    }
    assert without_balances == {"mbank-list", "alior-history"}


@pytest.mark.parametrize(
    "file", sorted(LAYOUTS_DIR.glob("*/*.toml")), ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_every_file_of_a_bank_is_data(file: Path) -> None:
    assert tomllib.loads(file.read_text("utf-8"))
