from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from tests.analytics.accounts import IBAN, SECOND_IBAN, account, card, entry, owners

from kontora.analytics.income import Income, IncomePeriod, incomes_of, kind_of
from kontora.analytics.sources import Source
from kontora.labels.taxonomy import LABELS, Sign

TODAY = date(2026, 11, 20)


def periods(*sources: Source, today: date = TODAY) -> dict[str, IncomePeriod]:
    return {one.period: one for one in incomes_of(sources, today)[0].periods}


def test_periods_are_this_month_two_before_and_ninety_days() -> None:
    found = periods(account())
    assert [(one.period, str(one.start), str(one.end)) for one in found.values()] == [
        ("M-0", "2026-11-01", "2026-11-20"),
        ("M-1", "2026-10-01", "2026-10-31"),
        ("M-2", "2026-09-01", "2026-09-30"),
        ("LAST_90_DAYS", "2026-08-23", "2026-11-20"),
    ]


@pytest.mark.parametrize(
    ("today", "starts"),
    [
        (date(2024, 3, 31), ["2024-03-01", "2024-02-01", "2024-01-01", "2024-01-02"]),
        (date(2026, 1, 1), ["2026-01-01", "2025-12-01", "2025-11-01", "2025-10-04"]),
        (date(2024, 2, 29), ["2024-02-01", "2024-01-01", "2023-12-01", "2023-12-02"]),
    ],
)
def test_periods_cross_years_and_leap_days(today: date, starts: list[str]) -> None:
    found = periods(account(), today=today)
    assert [str(one.start) for one in found.values()] == starts
    assert found["M-1"].end.toordinal() == found["M-0"].start.toordinal() - 1
    last = found["LAST_90_DAYS"]
    assert (last.end - last.start).days == 89


def test_the_example_of_the_specification() -> None:
    found = periods(
        account(
            entry("2026-11-05", "800", "child benefit"),
            entry("2026-10-05", "800", "child benefit"),
            entry("2026-10-10", "2800", "regular wage"),
            entry("2026-10-20", "120"),
            entry("2026-09-05", "800", "child benefit"),
            entry("2026-09-10", "2800", "regular wage"),
            entry("2026-08-25", "2800", "regular wage"),
        )
    )
    assert found["M-0"] == IncomePeriod(
        "M-0", date(2026, 11, 1), TODAY, *map(Decimal, ("0.00", "0.00", "800.00", "0.00", "0.00", "800.00"))
    )
    assert (found["M-1"].salary, found["M-1"].other_income, found["M-1"].total) == (2800, 120, 3720)
    last = found["LAST_90_DAYS"]
    assert (last.salary, last.welfare_and_alimony, last.other_income, last.total) == (2800, 800, 40, 3640)


def test_thirds_are_rounded_and_the_total_is_what_is_shown() -> None:
    found = periods(
        account(entry("2026-11-05", "100", "compensation"), entry("2026-11-06", "100", "pension"))
    )["LAST_90_DAYS"]
    assert (found.salary, found.pension, found.total) == (
        Decimal("33.33"),
        Decimal("33.33"),
        Decimal("66.66"),
    )


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (("salary",), "salary"),
        (("bonus",), "salary"),
        (("business trip refund",), "salary"),
        (("freelance income",), "invoice_payments"),
        (("business income",), "invoice_payments"),
        (("pension",), "pension"),
        (("alimony",), "welfare_and_alimony"),
        (("scholarship",), "welfare_and_alimony"),
        (("rental income",), "other_income"),
        (("tax refund",), "other_income"),
        (("interest income",), "other_income"),
        (("person transfer",), "other_income"),
        ((), "other_income"),
        (("own transfer",), None),
        (("currency exchange",), None),
        (("chargeback",), None),
        (("payday loan payout",), None),
        (("pawnshop",), None),
        (("verification",), None),
        (("cash deposit",), None),
        (("gambling",), None),
        (("investment",), None),
        (("failed payment",), None),
    ],
)
def test_a_credit_is_assigned_by_its_labels(labels: tuple[str, ...], kind: str | None) -> None:
    assert kind_of(entry("2026-11-05", "10", *labels)) == kind
    assert kind_of(entry("2026-11-05", "-10", *labels)) is None
    assert kind_of(entry("2026-11-05", "0", *labels)) is None


def test_every_label_of_a_credit_is_income_of_a_kind_or_none_on_purpose() -> None:
    known = {label.name: kind_of(entry("2026-11-05", "1", label.name)) for label in LABELS}
    none = {name for name, kind in known.items() if kind is None}
    credits = {label.name for label in LABELS if label.sign is not Sign.DEBIT}
    assert none & credits == {
        "verification", "own transfer", "refund", "chargeback", "currency exchange", "loan", "loan payout",
        "payday loan payout", "pawnshop", "failed payment", "cash deposit", "gambling", "investment",
    }  # fmt: skip


def test_each_currency_comes_before_its_accounts_and_cards_have_no_income() -> None:
    sources = (
        account(entry("2026-11-05", "10")),
        account(entry("2026-11-05", "5"), iban=SECOND_IBAN),
        card(entry("2026-11-06", "99")),
        account(entry("2026-11-05", "7"), iban="DE1", currency="EUR"),
    )
    found = incomes_of(sources, TODAY)
    assert [(one.currency_name, one.iban, one.periods[0].total) for one in found] == [
        ("PLN", None, 15),
        ("PLN", IBAN, 10),
        ("PLN", SECOND_IBAN, 5),
        ("EUR", None, 7),
        ("EUR", "DE1", 7),
    ]


def test_an_owner_without_accounts_has_no_incomes() -> None:
    assert incomes_of([card(entry("2026-11-06", "99"))], TODAY) == ()


@given(owners())
def test_accounts_add_up_to_their_currency_and_kinds_to_the_total(sources: tuple[Source, ...]) -> None:
    whole: Income | None = None
    sums: list[Decimal] = []
    for income in (*incomes_of(sources, date(2026, 10, 20)), None):
        if income is None or income.iban is None:
            if whole is not None:
                assert [one.total for one in whole.periods[:3]] == sums
            whole, sums = income, [Decimal(0)] * 3
        else:
            sums = [one + period.total for one, period in zip(sums, income.periods, strict=False)]
        for period in () if income is None else income.periods:
            parts = (period.salary, period.pension, period.welfare_and_alimony)
            assert sum(parts) + period.invoice_payments + period.other_income == period.total
