"""The parts of the pages that are made from the program, so that they cannot differ from it.

A page holds them between two comments; what is between is replaced:

    <!-- generated: settings -->
    ...
    <!-- end -->
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kontobank.scenarios import PASSWORD, listed
from kontora import connectors
from kontora.connectors.catalogue import Catalogue, Target, found_facts
from kontora.connectors.protocol import ReadsCreditCards, SealsBodies
from kontora.settings import Settings
from kontora.statements.layout import Layout, Order, Running
from kontora.statements.library import layouts
from kontora.statements.profiles import Profile, load_profiles
from kontora.statements.readings import EvidenceGrade
from tools.docs.analytics_tables import features_table, income_table, segments_table
from tools.docs.labels_table import labels_tables

PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
PLANNED = Path(connectors.__path__[0]) / "planned.csv"
PRACTICE_URL = "http://127.0.0.1:8790"
SPECIFICATION = re.compile(r" \(pdf\.md[^)]*\)")
GRADES = {
    EvidenceGrade.MEASURED: "a real export, measured",
    EvidenceGrade.PARSERS: "programs that read real files",
    EvidenceGrade.ASSUMED: "descriptions alone",
}
ORDERS = {
    Order.OLDEST_FIRST: "oldest first",
    Order.NEWEST_FIRST: "newest first",
    Order.UNORDERED: "not in the order of booking",
}
PROOFS = {
    "opening_and_closing": "opening and closing balance",
    "sums": "sums",
    "counts": "counts",
    "carry": "page carry",
    "amount_in_text": "amounts in descriptions",
}


def filled(page: str, parts: Mapping[str, str]) -> str:
    """Return the page with the parts that are given; parts that are not given stay as they are."""

    def part(found: re.Match[str]) -> str:
        head, name, end = found.groups()
        return f"{head}\n{parts[name]}\n\n{end}" if name in parts else found[0]

    return PART.sub(part, page)


def part_names(page: str) -> set[str]:
    """Return the names of the generated parts of a page."""
    return {found[2] for found in PART.finditer(page)}


def committed_parts(_root: Path) -> dict[str, str]:
    """Return the parts that stand in the repository, by name."""
    targets = tuple(Catalogue.load(practice=True, practice_bank_url=PRACTICE_URL))
    return {
        "settings": settings_table(),
        "targets": targets_table(targets),
        "real-banks": real_banks_table(),
        "planned": planned_list(),
        "commands": commands_table(targets),
        "account-types": account_types_table(targets),
        "logins": logins_table(),
        "documents": documents_table(is_assumed=False),
        "assumed-documents": documents_table(is_assumed=True),
        "document-sources": document_sources_table(),
        "labels": labels_tables(),
        "income": income_table(),
        "segments": segments_table(),
        "features": features_table(),
    }


def site_parts(root: Path) -> dict[str, str]:
    """Return the parts that only the built site has: what was measured on this machine."""
    results = root / "bench" / "results"
    tables = {"benchmarks": ("bench.json", benchmarks_table), "tamper-bench": ("tamper.json", tamper_table)}
    return {
        name: make(json.loads((results / file).read_text(encoding="utf-8")))
        for name, (file, make) in tables.items()
        if (results / file).is_file()
    }


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; a bar in a cell is escaped."""
    head = list(head)
    lines = [head, ["---"] * len(head), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in lines)


def settings_table() -> str:
    """Return every setting with its default and meaning."""
    rows = (
        (f"`{name}`", f"`{default}`" if default else "", text) for name, default, text in Settings.variables()
    )
    return table(("Variable", "Default", "Meaning"), rows)


def targets_table(targets: Iterable[Target]) -> str:
    """Return every target with its bank, its kind, and what it is for."""
    rows = (
        (
            f"`{target.name}`",
            f"{target.institution.official_name} (`{target.institution.name}`)",
            target.country,
            "PSD2 API" if target.facts.psd2 else "web bank",
            "practice only" if target.facts.practice else "production",
            "yes" if target.reads_credit_cards else "no",
        )
        for target in targets
    )
    return table(("Target", "Institution", "Country", "Way in", "Where", "Credit cards"), rows)


def real_banks_table() -> str:
    """Return the targets of real banks, and where they have been tried."""
    real = sorted(
        (facts for facts in found_facts() if not facts.practice),
        key=lambda facts: (facts.institution.country, facts.name),
    )
    rows = (
        (
            f"`{facts.name}`",
            facts.institution.official_name,
            facts.institution.country,
            "PolishAPI" if issubclass(facts.connector, SealsBodies) else "Berlin Group",
            "yes" if issubclass(facts.connector, ReadsCreditCards) else "no",
            "beta" if facts.beta else "",
            facts.exercised,
        )
        for facts in real
    )
    return table(("Target", "Institution", "Country", "Standard", "Credit cards", "State", "Exercised"), rows)


def documents_table(*, is_assumed: bool) -> str:
    """Return the documents that are read, or those that are only assumed, with what proves them whole."""
    rows = (
        (
            layout.institution.official_name + (" (practice)" if layout.institution.practice else ""),
            f"{layout.title}<br>`{layout.name}`",
            layout.document_type.value.lower()
            + ("" if layout.order is None else f", {ORDERS[layout.order]}"),
            ", ".join(_proofs(layout)) or "nothing",
            "its own documents" if layout.institution.practice else GRADES[layout.grade],
        )
        for layout in _by_bank()
        if (layout.grade is EvidenceGrade.ASSUMED) is is_assumed
    )
    return table(("Bank", "Document and layout", "Type and order", "Proved whole by", "Known from"), rows)


def document_sources_table() -> str:
    """Return how each layout is known, and what of its writer a profile comes with Kontora."""
    profiles = load_profiles()
    rows = (
        (f"`{layout.name}`", _plain(layout.source), _profile_words(profiles.of(layout.name)))
        for layout in _by_bank()
    )
    return table(("Layout", "How it is known", "What is known of its writer"), rows)


def _by_bank() -> list[Layout]:
    return sorted(layouts(), key=lambda layout: (layout.institution.official_name.lower(), layout.name))


def _plain(source: str) -> str:
    """Return a source without its places in the specification: `Labels (pdf.md, 3.1).` is `Labels.`"""
    return SPECIFICATION.sub("", source)


def _profile_words(profile: Profile | None) -> str:
    if profile is None:
        return "nothing; learn it"
    if profile.files:
        return f"all, learned from {profile.files} files"
    named = {"source", "layout", "grade", "files", "always"}
    facts = [name.replace("_", " ") for name in Profile.__struct_fields__ if name not in named]
    facts = [name for name in facts if profile.values(name.replace(" ", "_")) is not None]
    return f"{', '.join(facts)}; learn the rest"


def _proofs(layout: Layout) -> Iterable[str]:
    """Name the arithmetic that a layout carries."""
    arithmetic = layout.arithmetic
    if arithmetic is None:
        return
    if arithmetic.running is not Running.NONE:
        yield "running balance"
    for name in ("opening_and_closing", "sums", "counts", "carry", "amount_in_text"):
        if getattr(arithmetic, name):
            yield PROOFS[name]


def planned_list() -> str:
    """Return the targets that are planned, by country."""
    by_country: dict[str, list[str]] = {}
    with PLANNED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_country.setdefault(row["country"], []).append(f"`{row['name']}`")
    rows = ((country, ", ".join(names)) for country, names in sorted(by_country.items()))
    return "Planned, and not in the catalogue:\n\n" + table(("Country", "Targets"), rows)


def commands_table(targets: Iterable[Target]) -> str:
    """Return which target offers which command."""
    targets = list(targets)
    commands = list(dict.fromkeys(command for target in targets for command in target.commands))
    rows = (
        (f"`{command}`", *("yes" if command in target.commands else "no" for target in targets))
        for command in commands
    )
    return table(("Command", *(f"`{target.name}`" for target in targets)), rows)


def account_types_table(targets: Iterable[Target]) -> str:
    """Return the kinds of accounts, and what the sign-in asks for, by target."""
    rows = (
        (
            f"`{target.name}`",
            ", ".join(f"`{kind}`" for kind in target.facts.account_types),
            ", ".join(f"`{kind.value}`" for kind in target.facts.credential_kinds),
        )
        for target in targets
    )
    return table(("Target", "Account types", "The sign-in starts with"), rows)


def logins_table() -> str:
    """Return the logins of the practice bank."""
    words = ((f"`{one.name}`", one.description, one.outcome) for one in listed())
    return f"Password and code of every login: `{PASSWORD}`.\n\n" + table(
        ("Login", "What is there", "What an import ends with"), words
    )


def benchmarks_table(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows that `make bench` wrote."""
    return table(
        ("Measure", "Value", "Compared with", "Ratio", "Target", "Holds"),
        (
            (
                str(row["name"]),
                f"{_number(row['value'])} {row['unit']}".strip(),
                _number(row.get("compared_to")),
                _number(row.get("ratio")),
                f"`{row['target']}`" if row.get("target") else "",
                ("yes" if row["holds"] else "**no**") if row.get("target") else "",
            )
            for row in rows
        ),
    )


def tamper_table(results: Mapping[str, Any]) -> str:
    """Return what `make tamper-bench` counted, by operation, with what saw it most often."""
    return table(
        ("Counted on this machine", "Refused", "Of", "Interval", "Seen by"),
        (
            (
                str(row["name"]),
                str(row["detected"]),
                str(row["files"]),
                f"{row['low']:.1%} to {row['high']:.1%}",
                ", ".join(f"`{name}` {count}" for name, count in list(row["by"].items())[:4]),
            )
            for row in results["shares"]
        ),
    )


def _number(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
