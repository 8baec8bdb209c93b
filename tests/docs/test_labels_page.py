"""The page about labels: every label is on it, and what it tells people to write works."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from tools.brands.choosing import LEFT_OUT, read_choices
from tools.docs.__main__ import PAGES
from tools.docs.labels_table import labels_tables, meanings

from kontora.labels.dictionary import Dictionary
from kontora.labels.labelling import Knowledge, Labeller, knowledge_of
from kontora.labels.reasons import Reason
from kontora.labels.rules import Example, Rule, RuleFile, rules_of
from kontora.labels.taxonomy import BY_NAME, LABELS
from kontora.model import Account, Import, MoneyTransaction, TransactionStatus

PAGE = (PAGES / "labels.md").read_text(encoding="utf-8")
TOML = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_each_label_has_a_sentence_in_its_category_and_nothing_else_has() -> None:
    told = meanings()
    assert {name: category for category, names in told.items() for name in names} == {
        label.name: label.category.value for label in LABELS
    }
    sentences = [sentence for names in told.values() for sentence in names.values()]
    assert len(set(sentences)) == len(LABELS) == 78
    assert all(sentence.endswith(".") and len(sentence) < 160 for sentence in sentences)


def test_the_tables_name_every_label_with_its_parent_and_its_other_names() -> None:
    tables = labels_tables()
    for label in LABELS:
        (row,) = [line for line in tables.splitlines() if line.startswith(f"| `{label.name}` |")]
        assert label.parent is None or f"| under `{label.parent}`" in row
    assert "| in | under `social benefit`, told as `500+` in PL |" in tables
    assert "| in | under `compensation`, told as `extra pay` |" in tables
    assert "| in | and `invoice` |" in tables
    assert "| both |  |" in tables


@pytest.fixture(scope="module")
def rule() -> Rule:
    (found,) = msgspec.convert(tomllib.loads(TOML[0]), RuleFile).rule
    return found


@pytest.fixture(scope="module")
def labeller(rule: Rule) -> Labeller:
    known = knowledge_of("pl")
    return Labeller(
        Knowledge(Dictionary([*rules_of("pl"), rule]), known.numbers, known.first_names, known.model)
    )


def reasons_of(labeller: Labeller, example: Example) -> dict[str, Reason]:
    item = MoneyTransaction(
        date(2026, 5, 4),
        Decimal(str(example.amount)),
        TransactionStatus.DONE,
        title=example.title,
        party=example.party,
        kind=example.kind,
        mcc=example.mcc,
    )
    account = Account("Konto", "", "PLN", money_transactions=(item,))
    imported = Import("T", "I", datetime(2026, 5, 5, tzinfo=UTC), accounts=(account,))
    return {reason.label: reason for reason in labeller.label(imported).reasons[0][0]}


def test_the_rule_that_the_page_adds_holds_where_it_says_and_not_where_it_is_missed(
    rule: Rule, labeller: Labeller
) -> None:
    for example in rule.examples:
        found = reasons_of(labeller, example)
        assert found["sport"].rule == rule.id, example
        assert "leisure" in found
    for example in rule.near_misses:
        assert "sport" not in reasons_of(labeller, example), example


def test_what_the_page_adds_is_not_known_yet(rule: Rule) -> None:
    plain = Labeller(knowledge_of("pl"))
    assert all("sport" not in reasons_of(plain, example) for example in rule.examples)


def test_the_fields_of_a_rule_that_the_page_tells_are_those_that_there_are() -> None:
    section = PAGE.split("## Add a rule")[1].split("## Add a brand")[0]
    told = {
        name
        for row in re.findall(r"^\| (.*?) \|", section, re.MULTILINE)
        for name in re.findall(r"`([a-z_]+)`", row)
    }
    assert told <= {field.encode_name for field in msgspec.structs.fields(Rule)}
    assert len(told) > 10


def test_the_entry_that_switches_a_brand_off_is_one_that_is_read(tmp_path: Path) -> None:
    file = tmp_path / "left_out.toml"
    file.write_text(LEFT_OUT.read_text(encoding="utf-8") + TOML[1], encoding="utf-8")
    assert read_choices(file) != read_choices()


def test_the_code_on_the_page_tells_why() -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    item = MoneyTransaction(date(2026, 5, 4), Decimal(-5), TransactionStatus.DONE, mcc="5411")
    account = Account("Konto", "", "PLN", money_transactions=(item,))
    imported = Import("T", "I", datetime(2026, 5, 5, tzinfo=UTC), accounts=(account,))
    lines: list[tuple[object, ...]] = []
    exec(code, {"imported": imported, "print": lambda *told: lines.append(told)})
    assert [line[0] for line in lines] == ["grocery"]
    assert lines[0][0] in BY_NAME
