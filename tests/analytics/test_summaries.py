from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.accounts import (
    END,
    SECOND_IBAN,
    START,
    account,
    card,
    entries,
    entry,
    imported,
    item,
    owners,
)

from kontora.analytics.accounts_summary import AccountSummary, accounts_summary
from kontora.analytics.categories import parse_categories
from kontora.analytics.owner_summary import CurrencySummary, owner_summary
from kontora.analytics.periods import Period, latest_end, months_of
from kontora.analytics.sources import Entry, Source, owners_of, sources_of
from kontora.analytics.summary_parts import CategoryFlows, Question
from kontora.labels.taxonomy import BY_NAME
from kontora.model import Account, AccountOwner, CreditCard, Owner, OwnerKind, TransactionStatus

WHOLE = Period(START, END)


def question(*texts: str, period: Period = WHOLE, with_months: bool = False) -> Question:
    return Question(period, parse_categories(texts), with_months)


def summed(source: Source, *texts: str, period: Period = WHOLE, with_months: bool = False) -> AccountSummary:
    (found,) = accounts_summary([source], question(*texts, period=period, with_months=with_months))
    return found


def flows(source: Source, text: str) -> CategoryFlows:
    (found,) = summed(source, text).categories
    return found


def money(value: str) -> Decimal:
    return Decimal(value)


class TestWhatMoved:
    def test_count_total_and_average_are_split_into_incoming_and_outgoing(self) -> None:
        source = account(entry("2026-05-02", "2800"), entry("2026-05-03", "-30"), entry("2026-06-01", "-10"))
        found = flows(source, "allTransactions")
        assert (found.all.count, found.all.total, found.all.average) == (3, money("2760.00"), money("920.00"))
        assert (found.incoming.count, found.incoming.total) == (1, money("2800.00"))
        assert (found.outgoing.total, found.outgoing.average) == (money("-40.00"), money("-20.00"))

    def test_averages_are_rounded_half_up_to_cents_and_an_average_of_nothing_is_none(self) -> None:
        source = account(*(entry("2026-05-02", amount) for amount in ("0.02", "0.03")))
        found = flows(source, "allTransactions")
        assert found.all.average == money("0.03")
        assert found.outgoing.average is None
        negative = account(*(entry("2026-05-02", amount) for amount in ("-0.02", "-0.03")))
        assert flows(negative, "allTransactions").outgoing.average == money("-0.03")

    def test_no_amount_is_ever_minus_zero(self) -> None:
        source = account(*(entry("2026-05-02", amount) for amount in ("-0.01", "0.00", "0.00")))
        found = flows(source, "allTransactions")
        assert str(found.all.average) == "0.00"

    def test_both_ends_of_the_period_count_and_the_days_around_it_do_not(self) -> None:
        days = ("2026-04-30", "2026-05-01", "2026-10-31", "2026-11-01")
        found = summed(account(*(entry(day, "1") for day in days)), "allTransactions")
        assert found.categories[0].all.count == 2
        assert (found.first_active_on, found.active_days) == (START, 2)

    def test_days_are_active_once_however_much_was_booked(self) -> None:
        found = summed(account(*(entry("2026-05-02", "1") for _ in range(3)), entry("2026-05-04", "1")))
        assert found.active_days == 2
        assert found.categories == ()

    def test_an_account_without_anything_is_there_with_zeros(self) -> None:
        found = summed(account(), "allTransactions", "balance", "activeSinceAtLeast")
        assert (found.first_active_on, found.active_days) == (None, 0)
        assert found.categories[0].all.total == money("0.00")
        assert msgspec.to_builtins(found.balance) == {
            "current": None,
            "averageOverPeriod": None,
            "averagePerTransaction": None,
        }
        assert found.active_since_at_least is None

    def test_a_transaction_that_has_both_labels_counts_once_in_either(self) -> None:
        source = account(entry("2026-05-02", "-40", "bailiff"))
        assert flows(source, "label:bailiff|debt collection").all.count == 1

    def test_what_was_not_asked_for_is_not_there(self) -> None:
        told = msgspec.to_builtins(summed(account(balance="5"), "label:rent"))
        assert {"balance", "activeSinceAtLeast", "months"}.isdisjoint(told)


class TestMonths:
    def test_calendar_months_are_cut_to_the_period_and_those_without_data_are_there(self) -> None:
        period = Period(date(2024, 1, 15), date(2024, 3, 1))
        source = account(entry("2024-03-01", "7"))
        months = summed(source, "allTransactions", period=period, with_months=True).months
        assert [(month.month, month.start, month.end, month.categories[0].all.count) for month in months] == [
            ("2024-01", date(2024, 1, 15), date(2024, 1, 31), 0),
            ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 0),
            ("2024-03", date(2024, 3, 1), date(2024, 3, 1), 1),
        ]

    def test_a_leap_day_belongs_to_its_february(self) -> None:
        source = account(entry("2024-02-29", "7"))
        period = Period(date(2024, 2, 29), date(2024, 2, 29))
        (month,) = summed(source, "allTransactions", period=period, with_months=True).months
        assert (month.month, month.active_days, month.categories[0].all.total) == (
            "2024-02",
            1,
            money("7.00"),
        )

    def test_december_is_followed_by_january(self) -> None:
        months = [month.name for month in months_of(Period(date(2025, 12, 31), date(2026, 1, 1)))]
        assert months == ["2025-12", "2026-01"]

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (date(2024, 2, 29), date(2029, 2, 28)),
            (date(2020, 2, 28), date(2025, 2, 28)),
            (date(9997, 1, 1), date(9999, 1, 1)),
        ],
    )
    def test_five_years_from_a_day(self, start: date, end: date) -> None:
        assert latest_end(start) == end


class TestBalances:
    SOURCE = account(
        entry("2026-04-20", "100", balance="100"),
        entry("2026-05-03", "-40", balance="60"),
        entry("2026-05-03", "-10", balance="50"),
        balance="50",
        known_until=date(2026, 5, 10),
    )

    def test_the_average_goes_over_days_and_carries_the_last_balance(self) -> None:
        period = Period(date(2026, 5, 1), date(2026, 5, 4))
        found = summed(self.SOURCE, "balance", period=period).balance
        assert found.average_over_period == money("75.00")  # 100, 100, 50, 50
        assert found.average_per_transaction == money("55.00")  # 60, 50
        assert found.current == money("50.00")

    def test_days_that_nobody_has_read_yet_are_not_averaged(self) -> None:
        period = Period(date(2026, 5, 1), date(2026, 5, 31))
        found = summed(self.SOURCE, "balance", period=period).balance
        assert found.average_over_period == money("60.00")  # 2 days of 100, 8 of 50

    def test_days_before_the_first_known_balance_are_not_averaged(self) -> None:
        period = Period(date(2026, 4, 1), date(2026, 4, 21))
        assert summed(self.SOURCE, "balance", period=period).balance.average_over_period == money("100.00")

    def test_each_month_tells_its_end_also_when_nothing_was_booked(self) -> None:
        period = Period(date(2026, 3, 1), date(2026, 7, 31))
        months = summed(self.SOURCE, "balance", period=period, with_months=True).months
        assert [month.balance.at_end for month in months] == [
            None,
            money("100.00"),
            money("50.00"),
            None,
            None,
        ]
        assert months[3].balance.average_over_period is None
        assert months[0].balance.average_per_transaction is None

    def test_where_the_bank_gave_no_balances_there_are_none(self) -> None:
        found = summed(account(entry("2026-05-02", "5"), balance="9"), "balance").balance
        assert found.current == money("9.00")
        assert (found.average_over_period, found.average_per_transaction) == (None, None)

    def test_without_a_balance_of_the_account_the_newest_transactions_is_current(self) -> None:
        source = account(entry("2026-05-02", "5", balance="12"), entry("2026-05-03", "1"))
        assert summed(source, "balance").balance.current == money("12.00")

    def test_rows_that_chain_by_booking_day_keep_their_order(self) -> None:
        source = account(
            entry("2026-05-02", "10", balance="10"),
            entry("2026-05-01", "5", balance="15"),
            known_until=date(2026, 5, 2),
        )
        period = Period(date(2026, 5, 1), date(2026, 5, 2))
        assert summed(source, "balance", period=period).balance.average_over_period == money("15.00")


class TestTheOwner:
    def currencies(self, *sources: Source, texts: tuple[str, ...]) -> tuple[CurrencySummary, ...]:
        return owner_summary(sources, question(*texts))

    def test_currencies_stand_apart_and_cards_count_as_accounts(self) -> None:
        found = self.currencies(
            account(entry("2026-05-02", "5"), since=date(2025, 1, 2)),
            account(entry("2026-05-03", "7"), iban=SECOND_IBAN, currency="EUR"),
            card(entry("2026-05-04", "-3")),
            texts=("allTransactions", "activeSinceAtLeast"),
        )
        assert [(one.currency_name, one.accounts_count) for one in found] == [("PLN", 2), ("EUR", 1)]
        assert found[0].categories[0].all.total == money("2.00")
        assert (found[0].active_days, found[0].active_since_at_least) == (2, date(2025, 1, 2))
        assert found[1].active_since_at_least is None

    def test_own_transfers_are_left_out_save_where_they_are_named(self) -> None:
        sources = (
            account(entry("2026-05-02", "-100", "own transfer", "standing order")),
            account(entry("2026-05-02", "100", "own transfer"), iban=SECOND_IBAN),
        )
        texts = ("allTransactions", "label:standing order", "label:standing order|internal", "label:internal")
        (found,) = self.currencies(*sources, texts=texts)
        assert [one.all.count for one in found.categories] == [2, 0, 2, 2]
        per_account = [one.categories[1].all.count for one in accounts_summary(sources, question(*texts))]
        assert per_account == [1, 0]

    def test_balances_of_all_accounts_are_added_up_day_by_day(self) -> None:
        period = Period(date(2026, 5, 1), date(2026, 5, 4))
        sources = (
            account(entry("2026-05-01", "10", balance="10"), balance="10"),
            account(entry("2026-05-03", "4", balance="24"), iban=SECOND_IBAN, balance="24"),
            card(balance="-6"),
        )
        (found,) = owner_summary(sources, question("balance", period=period))
        assert found.balance.current == money("28.00")
        assert found.balance.average_over_period == money("32.00")  # 30, 30, 34, 34
        assert found.balance.average_per_transaction == money("32.00")  # after each: 30, 34


class TestSources:
    def test_only_what_is_booked_counts(self) -> None:
        items = tuple(item(date(2026, 5, 2), "5", status=status) for status in TransactionStatus)
        (source,) = sources_of([imported(Account("Konto", "PL1", "PLN", money_transactions=items))])
        assert len(source.entries) == 1

    def test_cards_follow_the_accounts_and_have_no_iban(self) -> None:
        of_bank = imported(
            Account("Konto", "PL1", "PLN"), cards=(CreditCard("Visa", "c-1", "PLN", iban="PL9"),)
        )
        assert [(one.iban, one.card_id) for one in sources_of([of_bank])] == [("PL1", None), (None, "c-1")]

    def test_a_statement_is_known_until_the_end_of_its_period(self) -> None:
        pdf = msgspec.structs.replace(imported(Account("K", "PL1", "PLN")), ends_on=date(2026, 4, 30))
        assert sources_of([pdf])[0].known_until == date(2026, 4, 30)
        of_bank = imported(Account("K", "PL1", "PLN"), at=datetime(2026, 6, 1, tzinfo=UTC))
        assert sources_of([of_bank])[0].known_until == date(2026, 6, 1)

    def test_owners_of_several_banks_are_named_once(self) -> None:
        first = msgspec.structs.replace(imported(), owners=(Owner("Jan  Kowalski", OwnerKind.OWNER),))
        second = msgspec.structs.replace(imported(), owners=(Owner("JAN KOWALSKI", OwnerKind.CO_OWNER),))
        assert [(one.name, one.kind) for one in owners_of([first, second])] == [("Jan  Kowalski", "OWNER")]

    def test_where_only_accounts_name_holders_these_are_the_owners(self) -> None:
        holders = (AccountOwner("Jan Kowalski"), AccountOwner("Ewa Nowak", kind=OwnerKind.CO_OWNER))
        told = owners_of([imported(Account("K", "PL1", "PLN", owners=holders))])
        assert [(one.name, one.kind) for one in told] == [
            ("Jan Kowalski", "OWNER"),
            ("Ewa Nowak", "CO_OWNER"),
        ]


ASKED = ("allTransactions", "label:salary|rent", "label:loan~mortgage", "label:loan&mortgage", "label:loan")


@given(entries())
def test_in_and_out_are_all(booked: tuple[Entry, ...]) -> None:
    for found in summed(account(*booked), *ASKED).categories:
        assert found.incoming.count + found.outgoing.count == found.all.count
        assert found.incoming.total + found.outgoing.total == found.all.total


@given(entries())
def test_months_add_up_to_the_whole(booked: tuple[Entry, ...]) -> None:
    whole = summed(account(*booked), *ASKED, with_months=True)
    for place, found in enumerate(whole.categories):
        months = [month.categories[place] for month in whole.months]
        assert sum(month.all.count for month in months) == found.all.count
        assert sum(month.all.total for month in months) == found.all.total
    assert sum(month.active_days for month in whole.months) == whole.active_days


@given(entries(), st.sampled_from(sorted(BY_NAME)), st.sampled_from(sorted(BY_NAME)))
def test_either_counts_once_and_with_and_without_part_the_whole(
    booked: tuple[Entry, ...], first: str, second: str
) -> None:
    source = account(*booked)
    either = flows(source, f"label:{first}|{second}").all.count
    one, two = flows(source, f"label:{first}").all, flows(source, f"label:{second}").all
    both = flows(source, f"label:{first}&{second}").all
    without = flows(source, f"label:{first}~{second}").all
    assert either == one.count + two.count - both.count
    assert (both.count + without.count, both.total + without.total) == (one.count, one.total)


@given(owners())
def test_accounts_add_up_to_currencies(sources: tuple[Source, ...]) -> None:
    asked = question("allTransactions", with_months=True)
    by_account = accounts_summary(sources, asked)
    for currency in owner_summary(sources, asked):
        own = [one for one in by_account if one.currency_name == currency.currency_name]
        assert len(own) == currency.accounts_count
        assert sum(one.categories[0].all.count for one in own) == currency.categories[0].all.count
        assert sum(one.categories[0].all.total for one in own) == currency.categories[0].all.total
        for place, month in enumerate(currency.months):
            total = sum(one.months[place].categories[0].all.total for one in own)
            assert total == month.categories[0].all.total


@given(entries())
def test_the_average_over_days_agrees_with_looking_at_each_day(booked: tuple[Entry, ...]) -> None:
    source = account(*booked)
    days = [date.fromordinal(n) for n in range(START.toordinal(), END.toordinal() + 1)]
    known = [entry for entry in booked if entry.balance is not None]
    held = [next((one.balance for one in reversed(known) if one.on <= day), None) for day in days]
    seen = [balance for balance in held if balance is not None]
    found = summed(source, "balance").balance.average_over_period
    if not seen:
        assert found is None
    else:
        assert abs(found - sum(seen) / len(seen)) <= Decimal("0.0050001")
