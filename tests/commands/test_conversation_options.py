"""What the widget takes of a client's page: listed options of the right kind, nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontora.commands.conversation_options import (
    COLOURS,
    Options,
    embedded_origin,
    history_start,
    parse_options,
    parse_styles,
)
from kontora.commands.conversation_tokens import digest_of, new_token, open_under, seal_under
from kontora.errors import InvalidParameter, InvalidSince, MalformedOwnerExternalId

TODAY = date(2026, 5, 23)


def options(environment: str = "test", origins: tuple[str, ...] = (), **given_: str) -> Options:
    named = {name.replace("__", "[") + ("]" if "__" in name else ""): value for name, value in given_.items()}
    return parse_options(named, today=TODAY, environment=environment, origins=origins)


def test_what_is_not_listed_is_ignored() -> None:
    found = options(unknown="x", psd2__unknown="x", showFavicons="true", ownerExternalId="o-1")
    assert (found.show_favicons, found.owner_external_id) == (True, "o-1")


def test_an_owner_without_a_name_gets_one_for_the_whole_visit() -> None:
    assert options().owner_external_id.startswith("kontomatik-")


@pytest.mark.parametrize("name", ["accessMode", "maxImportDate", "forceSca", "autoImport", "since"])
def test_an_option_may_be_nested_and_the_flat_one_wins(name: str) -> None:
    days, flags = ("2026-05-01", "2026-04-01"), ("true", "false")
    values = {"accessMode": ("SINGLE", "MIXED"), "forceSca": flags, "autoImport": flags}
    flat, nested = values.get(name, days)
    alone = parse_options({name: flat, "ownerExternalId": "o"}, today=TODAY, environment="test", origins=())
    both = {name: flat, f"psd2[{name}]": nested, "ownerExternalId": "o"}
    assert parse_options(both, today=TODAY, environment="test", origins=()) == alone
    only = {f"psd2[{name}]": flat, "ownerExternalId": "o"}
    assert parse_options(only, today=TODAY, environment="test", origins=()) == alone


@pytest.mark.parametrize(
    ("text", "starts", "wanted"),
    [
        ("true", True, None),
        ("false", False, None),
        ("0", False, None),
        ("6", True, date(2025, 11, 23)),
        ("60", True, date(2021, 5, 23)),
        ("61", False, None),
        ("3", True, date(2026, 2, 23)),
    ],
)
def test_an_automatic_import_may_say_for_how_many_months(
    text: str, starts: bool, wanted: date | None
) -> None:
    found = options(autoImport=text)
    assert (found.auto_import, found.history_from) == (starts, wanted)


def test_months_end_where_the_shorter_month_does() -> None:
    found = parse_options({"autoImport": "3"}, today=date(2026, 5, 31), environment="test", origins=())
    assert found.history_from == date(2026, 2, 28)


@pytest.mark.parametrize("text", ["soon", "2026-02-30", "23.05.2026", "2026-5-1", "2027-01-01"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidSince):
        options(maxImportDate=text)
    with pytest.raises(InvalidSince):
        options(since=text)


def test_malformed_values_are_refused_by_name() -> None:
    with pytest.raises(InvalidParameter):
        options(accessMode="TWICE")
    with pytest.raises(MalformedOwnerExternalId):
        options(ownerExternalId="o" * 201)


def test_test_credentials_are_for_test_clients() -> None:
    assert options(forceTestCredentials="true").force_test_credentials
    assert not options("production", forceTestCredentials="true").force_test_credentials


def test_beta_labels_are_shown_in_test_only_unless_asked_for() -> None:
    assert options().show_beta_quality_labels
    assert not options("production").show_beta_quality_labels
    assert options("production", showBetaQualityLabels="true").show_beta_quality_labels


@pytest.mark.parametrize(
    ("wanted", "force_sca", "needs_sca", "days"),
    [
        (None, False, False, 90),
        (None, True, True, 90),
        (30, False, False, 30),
        (30, True, True, 30),
        (300, True, True, 300),
        (300, True, False, 300),
        (300, False, False, 300),
        (300, False, True, 90),
        (4000, True, False, 5 * 365 + 1),
    ],
)
def test_history_goes_as_far_back_as_asked_where_no_more_confirmations_are_needed_than_wanted(
    wanted: int | None, force_sca: bool, needs_sca: bool, days: int
) -> None:
    named = {"forceSca": str(force_sca).lower()}
    if wanted is not None:
        named["maxImportDate"] = (TODAY - timedelta(days=wanted)).isoformat()
    found = options(**named)
    assert history_start(found, TODAY, long_history_needs_sca=needs_sca) == TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://lender.example/a?b#c", "https://lender.example"),
        ("https://LENDER.example:443/", "https://lender.example"),
        ("http://localhost:3000/x", "http://localhost:3000"),
        ("file:///home/jan/page.html", "file:"),
        ("https://user:pw@lender.example/", "https://lender.example"),
        ("https://lender.example.evil.example/", None),
        ("https://evil.example/https://lender.example", None),
        ("javascript:alert(1)", None),
        ("https://[::1", None),
        ("", None),
        ("https://lender.example:99999/", None),
    ],
)
def test_the_page_around_the_widget_is_told_by_its_registered_origin(url: str, origin: str | None) -> None:
    origins = ("https://lender.example", "http://localhost:3000", "file:")
    assert embedded_origin(url, origins) == origin


@given(st.sampled_from(COLOURS), st.text(max_size=60))
def test_no_style_can_hold_more_than_a_colour(name: str, value: str) -> None:
    found = parse_styles({f"styles[{name}]": value})
    for kept in found.values():
        assert not any(mark in kept for mark in ("url(", "@", ";", "{", "}", "<", "\\", ":", "/*", '"'))
        assert len(kept) <= 50


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=60), max_size=5))
def test_any_text_makes_options_or_a_named_failure(given_: dict[str, str]) -> None:
    try:
        found = parse_options(given_, today=TODAY, environment="production", origins=())
    except (InvalidParameter, InvalidSince, MalformedOwnerExternalId):
        return
    assert found.locale is None or len(found.locale) <= 7


def test_what_is_sealed_under_a_token_opens_with_that_token_in_that_place_only() -> None:
    token = new_token()
    sealed = seal_under(token, b"options", "options/1")
    assert open_under(token, sealed, "options/1") == b"options"
    for other, context in ((new_token(), "options/1"), (token, "options/2")):
        with pytest.raises(ValueError, match="another token"):
            open_under(other, sealed, context)
    assert token.encode() not in digest_of(token) + sealed
