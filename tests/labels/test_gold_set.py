"""The gold set is sound: labels known, complete, of the right sign; series exact; what is measured sealed."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from stdnum import iban

GOLD = Path(__file__).parent.parent / "gold"
COUNTRIES = {"pl": "PLN", "es": "EUR", "cz": "CZK", "pt": "EUR"}
PARTS = ("open", "locked")
BLIND = "blind"
HEADER = "id,account,owner,date,amount,currency,title,party,party_iban,kind,mcc,labels,note"

# A label with its sign in front (+ credit, - debit, * either) and its parent behind.
TAXONOMY = """
* monthly; * payment processor; * verification; - fee; * own transfer; * person transfer; + refund;
+ chargeback < refund; * currency exchange; + interest income; - savings < own transfer; - standing order;

+ compensation; + salary < compensation; + regular wage < salary; + bonus < compensation;
+ salary advance < compensation; + business trip refund < compensation; + freelance income < compensation;
+ rental income; + business income;

* loan; + loan payout < loan; - loan repayment < loan; + payday loan payout < loan;
- payday loan repayment < loan; - mortgage < loan repayment; - credit card repayment < loan repayment;
- leasing < loan repayment; - buy now pay later < loan repayment; * pawnshop < loan; - debt collection;
- bailiff < debt collection; - late payment; * failed payment;

- tax; - zus < tax; - vat < tax; + tax refund; + social benefit; + child benefit < social benefit;
+ unemployment benefit < social benefit; + housing benefit < social benefit; + sick benefit < social benefit;
+ pension; + scholarship < social benefit; - fine;

- cash withdrawal; + cash deposit; - cash on foreign atm < cash withdrawal;

- leisure; - press < leisure; - subscription < leisure; - games < leisure; - sport < leisure; - nightlife;
- restaurant; - food with delivery; - alcohol and tobacco; - apparel; - electronics; - beauty; - travel;
* gambling; * investment;

- grocery; - household; - healthcare; - public transport; - fuel; - car; - rent; - housing fee; - utilities;
- telecom; - insurance; - education and childcare; * alimony
"""
_ENTRIES = [re.fullmatch(r"([-+*]) ([^<]+?)(?: < (.+))?", e.strip()) for e in TAXONOMY.split(";")]
SIGNS = {entry[2]: entry[1] for entry in _ENTRIES if entry}
PARENTS = {entry[2]: entry[3] for entry in _ENTRIES if entry}

# Short-term lenders outside banks do not operate in Portugal.
ABSENT = {"pt": {"payday loan payout", "payday loan repayment"}}
# A bonus, an advance or a trip refund is not part of the wage series; freelance income has a rule of its own.
OUTSIDE_WAGE_SERIES = {"bonus", "salary advance", "business trip refund", "freelance income"}
NEVER_MONTHLY = {"grocery", "cash withdrawal", "cash deposit"}
PAYROLL_CODE = re.compile(r"\bSALA\b", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    part: str
    country: str
    id: str
    account: str
    owner: str
    on: date
    amount: Decimal
    currency: str
    title: str
    party: str
    party_iban: str
    kind: str
    mcc: str
    labels: tuple[str, ...]
    note: str

    @property
    def counterparty(self) -> str:
        """The IBAN, else the normalised name; empty when nobody is named."""
        return self.party_iban or normalised(self.party)


def normalised(name: str) -> str:
    """Upper case, no diacritics, letters only: `ŻABKA Z7421` becomes `ZABKA Z`."""
    letters = unicodedata.normalize("NFD", name.upper().replace("Ł", "L"))
    return re.sub(r"[^A-Z]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


def path_of(part: str, country: str) -> Path:
    return (GOLD if part == "open" else GOLD / part) / f"{country}.csv"


def read_gold(part: str, country: str) -> Iterator[Row]:
    with path_of(part, country).open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file, strict=True):
            on = date.fromisoformat(cells.pop("date"))
            amount, labels = Decimal(cells.pop("amount")), cells.pop("labels")
            yield Row(
                part,
                country,
                on=on,
                amount=amount,
                labels=tuple(labels.split("|")) if labels else (),
                **cells,
            )


ROWS = [row for part in PARTS for country in COUNTRIES for row in read_gold(part, country)]
BLIND_ROWS = [row for country in COUNTRIES for row in read_gold(BLIND, country)]
both_sets = pytest.mark.parametrize("rows", [ROWS, BLIND_ROWS], ids=["gold", BLIND])


def by_account(rows: list[Row] = ROWS) -> Iterator[list[Row]]:
    accounts = defaultdict(list)
    for row in rows:
        accounts[row.account].append(row)
    yield from accounts.values()


def by_counterparty(rows: list[Row]) -> Iterator[list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        groups[row.counterparty].append(row)
    groups.pop("", None)
    yield from groups.values()


def ids(rows: Iterator[Row] | list[Row]) -> list[str]:
    return [row.id for row in rows]


def may_be_monthly(row: Row) -> bool:
    return bool(set(row.labels) - {"monthly"}) and not NEVER_MONTHLY & set(row.labels)


def test_the_taxonomy_has_78_labels_and_every_parent_is_one_of_them() -> None:
    assert len(SIGNS) == len(_ENTRIES) == 78
    assert {parent for parent in PARENTS.values() if parent} <= set(SIGNS)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("part", [*PARTS, BLIND])
def test_every_file_has_the_same_columns(part: str, country: str) -> None:
    with path_of(part, country).open(encoding="utf-8", newline="") as file:
        header, *table = csv.reader(file, strict=True)
    assert ",".join(header) == HEADER
    assert {len(cells) for cells in table} == {len(header)}


def test_ids_are_unique_and_tell_the_country() -> None:
    everything = [*ROWS, *BLIND_ROWS]
    assert [id for id, times in Counter(ids(everything)).items() if times > 1] == []
    assert [row.id for row in everything if not re.fullmatch(rf"{row.country}-\d{{3}}", row.id)] == []


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_has_300_rows_and_about_a_third_is_locked(country: str) -> None:
    sizes = Counter(row.part for row in ROWS if row.country == country)
    assert sizes.total() >= 330
    assert sizes["locked"] >= 110
    assert 0.30 <= sizes["locked"] / sizes.total() <= 0.37


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_has_300_blind_rows_of_owners_that_stand_nowhere_else_with_every_label(
    country: str,
) -> None:
    rows = [row for row in BLIND_ROWS if row.country == country]
    assert len(rows) >= 300
    assert {normalised(row.owner) for row in rows}.isdisjoint({normalised(row.owner) for row in ROWS})
    assert {label for row in rows for label in row.labels} == set(SIGNS) - ABSENT.get(country, set())


def test_an_account_has_one_owner_and_one_currency_and_lies_in_one_part_with_all_that_is_its_owners() -> None:
    assert all(len({(r.owner, r.currency, r.part, r.country) for r in rows}) == 1 for rows in by_account())
    assert all(row.currency == COUNTRIES[row.country] for row in ROWS)
    parts = defaultdict(set)
    for row in ROWS:
        parts[normalised(row.owner)].add(row.part)
    assert [owner for owner, of in parts.items() if len(of) > 1] == []


def test_dates_lie_in_the_first_ten_months_of_2026_and_amounts_have_two_places() -> None:
    assert ids([row for row in ROWS if not date(2026, 1, 1) <= row.on <= date(2026, 10, 31)]) == []
    assert ids([row for row in ROWS if row.amount == 0 or row.amount.as_tuple().exponent != -2]) == []
    assert ids([row for row in ROWS if not re.fullmatch(r"(\d{4})?", row.mcc)]) == []


@both_sets
def test_every_account_number_has_a_right_checksum(rows: list[Row]) -> None:
    numbers = {row.account for row in rows} | {row.party_iban for row in rows if row.party_iban}
    assert [number for number in numbers if not iban.is_valid(number) or " " in number] == []


@both_sets
def test_every_label_is_known_and_stands_once(rows: list[Row]) -> None:
    assert {label for row in rows for label in row.labels} - set(SIGNS) == set()
    assert ids([row for row in rows if len(set(row.labels)) < len(row.labels)]) == []


@both_sets
def test_every_label_brings_its_parents(rows: list[Row]) -> None:
    assert ids([row for row in rows if {PARENTS[name] for name in row.labels} - {None, *row.labels}]) == []


@both_sets
def test_no_label_stands_on_the_wrong_sign(rows: list[Row]) -> None:
    wrong = {"+": "-", "-": "+", "*": ""}
    signed = [
        (row.id, name) for row in rows for name in row.labels if wrong[SIGNS[name]] == f"{row.amount:+}"[0]
    ]
    assert signed == []


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_label_stands_twice_in_the_open_part_and_once_in_the_locked_one(country: str) -> None:
    times = {part: Counter[str]() for part in PARTS}
    for row in ROWS:
        if row.country == country:
            times[row.part].update(row.labels)
    wanted = set(SIGNS) - ABSENT.get(country, set())
    assert {label for label in wanted if times["open"][label] < 2} == set()
    assert {label for label in wanted if times["locked"][label] < 1} == set()


def test_a_party_is_named_either_always_or_never_with_its_account_number() -> None:
    numbers = defaultdict(set)
    for row in ROWS:
        if row.party:
            numbers[row.account, normalised(row.party)].add(bool(row.party_iban))
    assert [key for key, kinds in numbers.items() if len(kinds) > 1] == []


@both_sets
def test_monthly_stands_exactly_where_its_rule_says(rows: list[Row]) -> None:
    expected = set()
    for account in by_account(rows):
        for same in by_counterparty([row for row in account if may_be_monthly(row)]):
            for one, other in combinations(same, 2):
                small, large = sorted((one.amount, other.amount), key=abs)
                apart = abs(large - small) / abs(large)
                if (
                    27 <= abs((one.on - other.on).days) <= 34
                    and small * large > 0
                    and apart <= Decimal("0.1")
                ):
                    expected |= {one.id, other.id}
    assert {row.id for row in rows if "monthly" in row.labels} == expected


def test_three_credits_of_one_payer_are_a_regular_wage_and_fewer_are_compensation_only() -> None:
    wrong = []
    for rows in by_account():
        wages = [r for r in rows if "compensation" in r.labels and not OUTSIDE_WAGE_SERIES & set(r.labels)]
        assert all(row.counterparty for row in wages)
        for same in by_counterparty(wages):
            regular = len(same) >= 3
            for row in same:
                salary = regular or bool(PAYROLL_CODE.search(f"{row.title} {row.kind}"))
                if (regular, salary) != ("regular wage" in row.labels, "salary" in row.labels):
                    wrong.append(row.id)
    assert wrong == []
    assert ids([r for r in ROWS if "salary" in r.labels and OUTSIDE_WAGE_SERIES & set(r.labels)]) == []


def test_freelance_income_comes_from_two_payers_or_more() -> None:
    for rows in by_account():
        payers = {row.counterparty for row in rows if "freelance income" in row.labels}
        assert len(payers) != 1, rows[0].account


def test_a_refund_follows_a_debit_of_the_account_that_was_at_least_as_large() -> None:
    rows = {row.id: row for row in ROWS}
    for row in ROWS:
        if "refund" not in row.labels or "insurer payout" in row.note:
            continue
        told = re.search(r"(?:refund of|dispute about) (\w\w-\d{3})", row.note)
        assert told, row.id
        debit = rows[told[1]]
        assert debit.account == row.account
        assert 0 <= (row.on - debit.on).days <= 180
        assert 0 < row.amount <= -debit.amount
        assert not set(row.labels) - {"refund", "chargeback", "payment processor", "monthly"}, row.id


def test_a_transfer_between_accounts_of_one_owner_is_an_own_transfer_and_never_a_person_transfer() -> None:
    accounts = {row.account: normalised(row.owner) for row in ROWS}
    for row in ROWS:
        own = accounts.get(row.party_iban) == normalised(row.owner) or normalised(row.party) == normalised(
            row.owner
        )
        assert not own or "own transfer" in row.labels, row.id
        assert not {"own transfer", "person transfer"} <= set(row.labels), row.id


def test_a_verification_is_at_most_one_unit_of_money() -> None:
    assert ids([row for row in ROWS if "verification" in row.labels and abs(row.amount) > 1]) == []


def test_a_failed_payment_keeps_no_label_of_what_was_not_paid() -> None:
    failed = [row for row in ROWS if "failed payment" in row.labels]
    assert ids([row for row in failed if set(row.labels) - {"failed payment", "monthly"}]) == []


@pytest.mark.parametrize("part", ["locked", BLIND])
def test_what_is_only_measured_is_what_was_sealed(part: str) -> None:
    sealed = dict(
        reversed(line.split("  ", 1))
        for line in (GOLD / f"{part.upper()}.sha256").read_text("ascii").splitlines()
    )
    found = {
        f"{part}/{country}.csv": hashlib.sha256(path_of(part, country).read_bytes()).hexdigest()
        for country in COUNTRIES
    }
    assert sealed == found
