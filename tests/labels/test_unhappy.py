"""Requirement V07: what hostile texts and broken rules cannot do to labelling."""

from __future__ import annotations

import ast
from pathlib import Path
from re import _parser as re_parser

import pytest
from tests.labels.building import KNOWLEDGE, imported, labels, mt

from kontora.labels import rules
from kontora.labels.dictionary import Dictionary
from kontora.labels.labelling import Labeller, knowledge_of
from kontora.labels.normalising import LONGEST, Words, plain, words_of
from kontora.labels.rules import COUNTRIES, RulesBroken, read_rules, rules_of

ROOM = Path(rules.__file__).parent
MOST_HITS_A_CHARACTER = 2
GOOD = """[[rule]]
id = "pl.x.good"
label = "fuel"
phrases = ["Orlen"]
examples = [{ title = "ORLEN 12" }]
"""


def test_no_pattern_of_this_room_repeats_without_bound() -> None:
    """Rules are words, not patterns; the few patterns of the code have a bounded length and cannot run."""
    for file in ROOM.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {name.partition(".")[0] for node in ast.walk(tree) for name in _imported(node)}
        assert not names & {"regex", "fnmatch", "sre_compile"}, file
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_of_re(node.func)]
        assert bool(calls) == ("re" in names), file
        for call in calls:
            pattern = ast.literal_eval(call.args[0])
            assert "MAXREPEAT" not in str(re_parser.parse(pattern).data), (file, pattern)


def _is_of_re(called: ast.expr) -> bool:
    return (
        isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re"
    )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [one.name for one in node.names] if isinstance(node, ast.Import) else []


def test_what_stands_behind_2000_characters_is_not_looked_at() -> None:
    padding = "x " * (LONGEST // 2)
    assert labels(mt("-15", f"{padding}Orlen"), mt("-15", f"{padding[:-10]} Orlen")) == [set(), {"fuel"}]
    assert labels(mt("-15", "", f"{padding}Orlen"), mt("-15", kind=f"{padding}karta")) == [set(), set()]
    assert plain("a" * 10**6) == "A" * LONGEST


@pytest.mark.parametrize(
    "text",
    [
        "A" * 10**6,
        " " * 10**6,
        "\n" * 10**6,
        "\u0301" * 10**5,
        "\ufdfa" * 10**4,
        "PayU " * 10**5,
        "1A" * 10**5,
        "kredyt hipoteczny " * 10**4,
        "\x00\ud800\udfff" * 10**4,
        "a" * 34 + "- " * 10**4,
    ],
    ids=["word", "spaces", "breaks", "marks", "ligatures", "phrase", "borders", "nested", "broken", "wraps"],
)
def test_hostile_texts_are_labelled_like_any_other(text: str) -> None:
    found = Labeller(KNOWLEDGE).label(imported(mt("-15", text, text, kind=text)))
    assert len(found.reasons[0]) == 1
    once = words_of(text, text, text)
    assert words_of(text[:LONGEST], text[:LONGEST], text[:LONGEST]) == once


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_hits_in_a_text_grow_with_its_length_alone(country: str) -> None:
    dictionary = knowledge_of(country).dictionary
    empty = words_of(None, None, None)

    def hits(text: str) -> int:
        """Count what is found in a title, without what lines cut."""
        whole = f"{empty.text[: empty.title_at]} {text} "
        words = Words(whole, empty.party_at, empty.title_at, empty.party_end, len(whole), "")
        return len(dictionary.look_up(words)[0])

    for rule in rules_of(country):
        for phrase in rule.phrases:
            once = plain(phrase.removesuffix("*"))
            three, four, many = (hits(" ".join([once] * times)) for times in (3, 4, 40))
            assert many - four <= 36 * (four - three)
            assert four - three <= MOST_HITS_A_CHARACTER * len(once)


def test_a_dictionary_without_rules_finds_nothing() -> None:
    assert Dictionary(()).look_up(words_of("a", "b", "c")) == ([], set())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("id =", "name ="), r"rule\[0\]"),
        (('"fuel"', '"feul"'), "label: there is no feul"),
        (('"fuel"', '"fuel"\nfact = "card"'), "a label or a fact"),
        (('label = "fuel"', 'fact = "kard"'), r"rule\[0\]\.fact"),
        (('["Orlen"]', "[]"), "phrases: there is none"),
        (('["Orlen"]', '"Orlen"'), r"rule\[0\]\.phrases"),
        (('["Orlen"]', "[7]"), r"rule\[0\]\.phrases\[0\]"),
        (('["Orlen"]', '["—"]'), "a phrase has words"),
        (('["Orlen"]', '["(a+)+$"]'), "phrases: .* not a pattern"),
        (('["Orlen"]', '["Or.*len"]'), "not a pattern"),
        (('["Orlen"]', '["[O0]rlen"]'), "not a pattern"),
        (('["Orlen"]', f'["{"x" * 200}"]'), "at most 120"),
        (('["Orlen"]', '["Orlen"]\nunless = ["*"]'), "unless: .* has words"),
        (('["Orlen"]', '["Orlen"]\nfields = []'), "fields: there is none"),
        (('["Orlen"]', '["Orlen"]\nfields = ["memo"]'), r"rule\[0\]\.fields\[0\]"),
        (('["Orlen"]', '["Orlen"]\nsign = "plus"'), r"rule\[0\]\.sign"),
        (('["Orlen"]', '["Orlen"]\nleast = 5.0\nmost = 1.0'), "least: it is more than most"),
        (('["Orlen"]', '["Orlen"]\npattern = "(a+)+$"'), "unknown field `pattern`"),
        (('[{ title = "ORLEN 12" }]', "[]"), "examples: there is none"),
        (('{ title = "ORLEN 12" }', '{ titel = "ORLEN 12" }'), r"examples\[0\]"),
        (("[[rule]]", "[[rule]"), "line 1"),
        (("[[rule]]", "[rule]"), r"\$\.rule"),
    ],
)
def test_a_broken_rule_file_is_refused_with_its_name_and_field(
    change: tuple[str, str], said: str, tmp_path: Path
) -> None:
    file = tmp_path / "pl" / "debt.toml"
    file.parent.mkdir()
    assert GOOD.count(change[0]) == 1
    file.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(RulesBroken, match=rf"^pl/debt\.toml: [\s\S]*{said}"):
        read_rules(file)


def test_a_file_that_is_not_text_and_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "pl"
    folder.mkdir()
    (folder / "a.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RulesBroken, match=r"pl/a\.toml"):
        read_rules(folder / "a.toml")
    (folder / "a.toml").write_text(GOOD, encoding="utf-8")
    (folder / "b.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(RulesBroken, match=r"two rules are called pl\.x\.good"):
        rules_of("pl", tmp_path)


def test_a_phrase_that_is_written_over_and_over_counts_once_in_a_field() -> None:
    dictionary = knowledge_of("pl").dictionary
    hits, _ = dictionary.look_up(words_of(None, "PayU " * 400, "PayU " * 400))
    once, _ = dictionary.look_up(words_of(None, "PayU", "PayU"))
    assert len({(hit.rule.id, hit.phrase) for hit in hits}) == len(
        {(hit.rule.id, hit.phrase) for hit in once}
    )
    assert len(hits) <= 2 * len(once)
