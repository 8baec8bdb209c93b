"""The profiles beside the layouts: what is measured of banks, all of the practice bank."""

from __future__ import annotations

import msgspec
import pytest
from tests.statements.profiles.practice_files import (
    CONFIRMATION,
    NOW,
    OTHERS,
    STATEMENT,
    confirmations,
    learned,
    opened,
    statements,
)

from kontora.statements.checks import verify
from kontora.statements.library import layout_of
from kontora.statements.profiles import load_profiles
from kontora.statements.rows.confirmation import parse_confirmations
from kontora.statements.rows.statement import parse_statement

MAKERS = {STATEMENT: statements, CONFIRMATION: confirmations}
SHIPPED = load_profiles()


def refused(document, name):
    layout = layout_of(name)
    is_confirmation = name == CONFIRMATION
    statement = None if is_confirmation else parse_statement(document, layout)
    confirmed = parse_confirmations(document, layout) if is_confirmation else ()
    found = verify(document, layout, SHIPPED.of(name), statement, confirmed, today=NOW.date())
    return [(each.name.value, each.message) for each in found if each.severity.refuses]


@pytest.mark.parametrize("name", [STATEMENT, CONFIRMATION])
def test_the_practice_banks_profile_is_what_its_files_teach(name):
    # `python -m tests.statements.profiles.practice_files` learns it anew.
    assert SHIPPED.of(name) == learned(name)


@pytest.mark.parametrize("name", [STATEMENT, CONFIRMATION])
def test_other_files_of_the_practice_bank_pass(name):
    for pdf in MAKERS[name](OTHERS):
        assert refused(opened(pdf), name) == []


def test_a_sealed_statement_whose_seal_was_cut_off_is_found():
    _, _, sealed, _ = list(statements(OTHERS))[:4]
    cut = sealed[: sealed.index(b"%%EOF") + 5]
    assert ("signature", "The digital signature of the bank is missing.") in refused(opened(cut), STATEMENT)


@pytest.mark.parametrize("name", ["mbank-statement", "erste-list", "velobank-history"])
def test_of_other_banks_only_what_was_measured_is_known(name):
    profile = SHIPPED.of(name)
    known = {field for field in profile.__struct_fields__ if getattr(profile, field)}
    assert known <= {
        *("layout", "source", "grade", "producers", "creators", "page_sizes", "font_families"),
        "header_comments",
    }
    assert "real export" in profile.source


def test_a_genuine_producer_of_a_later_version_passes():
    profile = SHIPPED.of("mbank-statement")
    assert profile.strangers("producers", frozenset({"Ibex PDF Creator 5.0"})) == frozenset()
    assert profile.strangers("producers", frozenset({"iText 5.0"})) == {"iText 5.0"}
    assert msgspec.structs.replace(profile, producers=None).strangers("producers", frozenset({"x"})) == set()
