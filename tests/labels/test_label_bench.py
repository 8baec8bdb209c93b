"""The label bench counts right, harms texts the same way each time, and refuses a changed locked part."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from tools.label_bench.damage import LINE, damaged
from tools.label_bench.gold import (
    BLIND,
    COUNTRIES,
    GOLD,
    LOCKED,
    OPEN,
    GoldChanged,
    check_seal,
    imports,
    read_gold,
)
from tools.label_bench.measuring import Judged, measure, mistakes

from kontora.labels.reasons import Reason, Stage


def judged(name: str, right: set[str], given: set[str]) -> Judged:
    reasons = tuple(Reason(label, Stage.DICTIONARY, "a.rule", "WORDS") for label in sorted(given))
    return Judged(name, frozenset(right), reasons, ("title",), "-1.00")


def test_precision_and_recall_count_pairs_of_a_row_and_a_label() -> None:
    rows = [judged("a", {"grocery", "fee"}, {"grocery"}), judged("b", set(), {"fuel"})]
    counted = measure("both", rows)
    assert (counted.hits, counted.given, counted.right) == (1, 2, 2)
    assert (counted.precision, counted.recall, counted.coverage) == (0.5, 0.5, 1.0)
    assert measure("fuel alone", rows, frozenset({"fuel"})).precision == 0.0


def test_a_mistake_names_its_row_and_its_reason() -> None:
    wrong, missed = mistakes([judged("a", {"fee"}, {"fuel"})])
    assert (wrong.label, wrong.is_missed, wrong.why) == ("fuel", False, "dictionary: a.rule (WORDS) 1")
    assert (missed.label, missed.is_missed) == ("fee", True)


@pytest.mark.parametrize("part", [LOCKED, BLIND])
def test_a_changed_file_that_is_only_measured_is_refused(part: str, tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    shutil.copytree(GOLD, folder)
    check_seal(folder)
    with (folder / part / "pl.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(GoldChanged, match=rf"{part}/pl\.csv"):
        check_seal(folder)


@pytest.mark.parametrize("country", COUNTRIES)
def test_an_owner_has_one_import_and_every_row_stands_in_it_in_its_place(country: str) -> None:
    rows = read_gold(OPEN, country)
    seen = 0
    for imported, ordered in imports(rows, damaged):
        items = [item for account in imported.accounts for item in account.money_transactions]
        assert [item.currency_amount for item in items] == [row.item.currency_amount for row in ordered]
        assert [item.transaction_on for item in items] == [row.item.transaction_on for row in ordered]
        seen += len(items)
    assert seen == len(rows)


def test_damage_is_the_same_each_time_and_takes_diacritics_away() -> None:
    rows = read_gold(OPEN, "pl")
    once = [damaged(row.id, row.item) for row in rows]
    assert once == [damaged(row.id, row.item) for row in rows]
    assert all((item.title or "").isascii() for item in once)
    assert {
        row.item.currency_amount - item.currency_amount for row, item in zip(rows, once, strict=True)
    } == {Decimal(0)}
    longest = [row for row in rows if len(row.item.title or "") > LINE]
    assert any(len(damaged(row.id, row.item).title or "") <= LINE for row in longest)
