"""The sample generators: the same every time, sound in themselves, and one for every layout."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from tools.statement_samples import LAYOUTS, Difficulty, chromium, make
from tools.statement_samples.committed import by_hand, committed
from tools.statement_samples.numbers import account_number, is_account_number

SAMPLES = Path(__file__).parent / "samples"
TOOLS = Path(__file__).parents[2] / "tools" / "statement_samples"
DESCRIBED = {
    "mbank-statement",
    "mbank-list",
    "mbank-confirmation",
    "erste-list",
    "santander-statement",
    "santander-confirmation",
    "velobank-history",
    "velobank-statement-2018",
    "velobank-statement-2024",
    "pko-statement",
    "pko-confirmation",
    "ing-statement",
    "millennium-statement",
    "millennium-confirmation",
    "alior-statement",
    "alior-history",
    "alior-confirmation",
    "pekao-statement",
    "pekao-confirmation",
    "bnp-statement",
}
PREFIXES = {
    "mbank": "1140",
    "erste": "1090",
    "santander": "1090",
    "velobank": "1560",
    "pko": "1020",
    "ing": "1050",
    "millennium": "1160",
    "alior": "2490",
    "pekao": "1240",
    "bnp": "2030",
}
WITHOUT_CHROMIUM = tuple(layout for layout in LAYOUTS if layout != "erste-list")
CHAINED = (
    "mbank-statement",
    "santander-statement",
    "velobank-history",
    "velobank-statement-2018",
    "velobank-statement-2024",
    "pko-statement",
    "millennium-statement",
    "alior-statement",
    "bnp-statement",
)
ALL = Difficulty(
    wraps=True,
    pending=2,
    foreign=True,
    hard_spaces=True,
    glued=True,
    lost_diacritics=True,
    promo=True,
    traps=True,
    account_tail=True,
    shifted=True,
    missing=True,
    several=3,
)


@pytest.fixture(scope="module", autouse=True)
def _chromium_is_here() -> None:
    """Install Chromium where there is none, as the browser tests do."""
    from tests.browser.chromium import chromium as install

    install()


def rows_of(expected: dict[str, Any]) -> list[dict[str, Any]]:
    return expected["accounts"][0]["moneyTransactions"]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def squeezed(text: str) -> str:
    return "".join(text.split())


def ibans_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [each for key, each in value.items() if key in ("iban", "partyIban") and each]
        return own + [iban for each in value.values() for iban in ibans_in(each)]
    if isinstance(value, list):
        return [iban for each in value for iban in ibans_in(each)]
    return []


def test_every_layout_that_is_described_has_a_generator() -> None:
    assert set(LAYOUTS) == DESCRIBED


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(layout: str) -> None:
    first, again, other = make(layout, 7, rows=6), make(layout, 7, rows=6), make(layout, 8, rows=6)
    assert first == again
    assert first.pdf != other.pdf
    assert first.expected != other.expected


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("difficulty", [Difficulty(), ALL], ids=["plain", "all difficulties"])
def test_account_numbers_pass_both_checks_and_have_the_prefix_of_the_bank(
    layout: str, difficulty: Difficulty
) -> None:
    expected = make(layout, 3, rows=25, difficulty=difficulty).expected
    ibans = ibans_in(expected)
    assert ibans
    for iban in ibans:
        if iban.startswith("PL"):
            assert is_account_number(iban[2:]), "a made-up number fails its own checks"
        else:
            moved = iban[4:] + iban[:4]
            assert int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1
    if "accounts" in expected:
        assert expected["accounts"][0]["iban"][4:8] == PREFIXES[layout.partition("-")[0]]


def test_an_account_number_with_one_wrong_digit_is_told() -> None:
    good = account_number("1140", 12_345_678)
    assert is_account_number(good)
    for place in range(26):
        changed = good[:place] + str((int(good[place]) + 1) % 10) + good[place + 1 :]
        assert not is_account_number(changed)


@pytest.mark.parametrize("layout", CHAINED)
@pytest.mark.parametrize("seed", range(3))
def test_balances_chain_from_the_newest_row_to_the_oldest(layout: str, seed: int) -> None:
    expected = make(layout, seed, rows=40, difficulty=ALL).expected
    booked = [row for row in rows_of(expected) if row["bookedOn"]]
    assert len(booked) == 40
    assert booked[0]["currencyBalance"] == expected["accounts"][0]["currencyBalance"]
    for newer, older in pairwise(booked):
        assert newer["currencyBalance"] - newer["currencyAmount"] == older["currencyBalance"]


def test_the_balances_of_the_unordered_list_chain_as_a_multiset_only() -> None:
    rows = rows_of(make("erste-list", 5, rows=55, difficulty=Difficulty()).expected)
    after = Counter(row["currencyBalance"] for row in rows)
    before = Counter(row["currencyBalance"] - row["currencyAmount"] for row in rows)
    assert sum((before - after).values()) == sum((after - before).values()) == 1
    pairs = pairwise(rows)
    assert any(new["currencyBalance"] - new["currencyAmount"] != old["currencyBalance"] for new, old in pairs)


@pytest.mark.parametrize("layout", ["ing-statement", "pekao-statement", "mbank-statement", "pko-statement"])
def test_the_printed_opening_and_the_rows_make_the_closing_balance(layout: str) -> None:
    sample = make(layout, 11, rows=30, difficulty=Difficulty())
    total = sum((row["currencyAmount"] for row in rows_of(sample.expected)), Decimal(0))
    opening = sample.expected["accounts"][0]["currencyBalance"] - total
    separator = "." if layout == "pekao-statement" else " "
    printed = f"{opening:,.2f}".replace(",", separator)
    assert squeezed(f"{printed[:-3]},{printed[-2:]}") in squeezed(text_of(sample.pdf))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("difficulty", [Difficulty(), ALL], ids=["plain", "all difficulties"])
def test_whatever_is_expected_stands_on_the_page(layout: str, difficulty: Difficulty) -> None:
    sample = make(layout, 2, rows=20, difficulty=difficulty)
    page = squeezed(text_of(sample.pdf))
    items = sample.expected.get("confirmations") or rows_of(sample.expected)
    assert items
    texts = [item[key] for item in items for key in ("title", "party", "kind") if item.get(key)]
    texts += [owner["name"] for owner in sample.expected.get("owners", [])]
    for text in texts:
        assert all(squeezed(word) in page for word in text.split())
    for item in items:
        amount = f"{abs(item['currencyAmount']):.2f}"
        assert f"{amount[-6:-3]},{amount[-2:]}" in page


@pytest.mark.parametrize("layout", LAYOUTS)
def test_rows_stand_newest_first(layout: str) -> None:
    expected = make(layout, 4, rows=60).expected
    rows = rows_of(expected) if "accounts" in expected else []
    unbooked = "9999"
    by_booking = [row["bookedOn"] or unbooked for row in rows]
    by_day = [row["transactionOn"] for row in rows]
    assert by_booking == sorted(by_booking, reverse=True) or by_day == sorted(by_day, reverse=True)


@pytest.mark.parametrize("layout", [each for each in LAYOUTS if not each.endswith("-confirmation")])
@pytest.mark.parametrize("rows", [0, 1, 120])
def test_none_one_and_many_rows_can_be_printed(layout: str, rows: int) -> None:
    sample = make(layout, 9, rows=rows, difficulty=Difficulty())
    assert len(rows_of(sample.expected)) == rows
    document = pypdfium2.PdfDocument(sample.pdf)
    assert (len(document) > 1) == (rows == 120)


def test_each_difficulty_changes_what_some_layout_prints() -> None:
    never_drawn = {"older": True, "password": "tajne"}
    for field in fields(Difficulty):
        value = never_drawn.get(field.name, getattr(ALL, field.name))
        harder = Difficulty(**{field.name: value})
        changed = [
            layout
            for layout in WITHOUT_CHROMIUM
            if make(layout, 2, rows=20, difficulty=harder).pdf
            != make(layout, 2, rows=20, difficulty=Difficulty()).pdf
        ]
        assert changed, f"no layout heeds {field.name}"


def test_hard_spaces_are_read_as_such() -> None:
    hard = make("mbank-statement", 2, rows=20, difficulty=Difficulty(hard_spaces=True))
    soft = make("mbank-statement", 2, rows=20, difficulty=Difficulty())
    assert "\u00a0" in text_of(hard.pdf)
    assert "\u00a0" not in text_of(soft.pdf)
    assert hard.expected == soft.expected


def test_the_encrypted_statement_opens_with_its_password_only() -> None:
    sample = make("mbank-statement", 2, rows=3, difficulty=Difficulty(password="tajne"))
    assert sample.password == "tajne"
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(sample.pdf)
    page = pypdfium2.PdfDocument(sample.pdf, password="tajne")[0]
    assert "Elektroniczne zestawienie operacji" in page.get_textpage().get_text_range()


def test_columns_touch_where_they_are_asked_to() -> None:
    sample = make("alior-statement", 2, rows=20, difficulty=Difficulty(glued=True))
    row = max(rows_of(sample.expected), key=lambda row: row["currencyBalance"])
    printed = f"{row['currencyAmount']:,.2f}{row['currencyBalance']:,.2f}"
    assert printed.replace(",", " ").replace(".", ",") in text_of(sample.pdf)


def test_the_producer_is_the_measured_one_where_one_was_measured() -> None:
    producers = {}
    for layout in ("mbank-statement", "velobank-history", "erste-list", "pekao-statement"):
        document = pypdfium2.PdfDocument(make(layout, 1, rows=3).pdf)
        producers[layout] = document.get_metadata_dict()["Producer"]
    assert producers["mbank-statement"] == "Ibex PDF Creator 4.3"
    assert producers["velobank-history"] == "Qt 4.8.7"
    assert producers["erste-list"].startswith("Skia/PDF")
    assert producers["pekao-statement"] == ""


def test_no_file_tells_that_reportlab_wrote_it() -> None:
    for layout in WITHOUT_CHROMIUM:
        assert b"reportlab" not in make(layout, 1, rows=2).pdf.lower()


def test_without_chromium_the_error_says_what_to_do() -> None:
    with pytest.raises(chromium.ChromiumIsMissing, match="Install it"):
        chromium.started(None)


def test_the_committed_data_is_what_the_generators_expect() -> None:
    for layout, sample in committed():
        folder = SAMPLES / layout
        assert (folder / f"{sample.name}.json").read_bytes() == sample.json
        committed_pdf = (folder / f"{sample.name}.pdf").read_bytes()
        assert squeezed(text_of(committed_pdf)) == squeezed(text_of(sample.pdf))


def test_what_was_written_by_hand_from_the_pages_agrees_with_the_generators() -> None:
    names = set()
    for layout, sample in by_hand():
        written = json.loads(
            (SAMPLES / layout / f"{sample.name}.json").read_text(encoding="utf-8"), parse_float=Decimal
        )
        assert written == sample.expected
        assert (SAMPLES / layout / f"{sample.name}.pdf").exists()
        names.add(layout)
    assert len(names) >= 5


def test_every_committed_file_has_its_data_and_all_are_small() -> None:
    pdfs = sorted(SAMPLES.rglob("*.pdf"))
    assert {pdf.parent.name for pdf in pdfs} >= DESCRIBED
    assert all(pdf.with_suffix(".json").exists() for pdf in pdfs)
    assert sum(file.stat().st_size for file in SAMPLES.rglob("*.*")) < 3_000_000


def test_the_generators_share_nothing_with_what_they_test() -> None:
    for file in TOOLS.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert "import kontora" not in text
        assert "from kontora" not in text
        assert "kontobank" not in text
