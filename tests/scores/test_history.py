from __future__ import annotations

from datetime import date
from decimal import Decimal

from kontora.model import Account, MoneyTransaction, TransactionStatus
from kontora.scores.balances import Period
from kontora.scores.history import History, Row
from kontora.scores.reading import history_of

DAY = date(2026, 6, 1)
TODAY = DAY.toordinal()


def test_only_rows_of_earlier_days_are_past() -> None:
    history = History([Row(TODAY, 1.0), Row(TODAY - 1, 2.0), Row(TODAY + 1, 3.0)])
    assert [row.amount for row in history.before(DAY).rows] == [2.0]


def test_the_past_of_another_day_is_looked_up_anew() -> None:
    history = History([Row(TODAY - 1, 2.0)])
    assert len(history.before(DAY).rows) == 1
    assert len(history.before(date.fromordinal(TODAY - 1)).rows) == 0


def test_balances_stand_until_the_next_row_and_end_before_the_day() -> None:
    rows = [Row(TODAY - 10, 100.0, 100.0), Row(TODAY - 4, -150.0, -50.0), Row(TODAY - 1, 60.0, 10.0)]
    assert History(rows).before(DAY).balances(90) == (
        Period(6, 100.0, 100.0),
        Period(3, -50.0, -50.0),
        Period(1, 10.0, 10.0),
    )


def test_a_window_starts_with_the_balance_that_was_there() -> None:
    rows = [Row(TODAY - 10, 100.0, 100.0), Row(TODAY - 2, -40.0, 60.0)]
    assert History(rows).before(DAY).balances(5) == (Period(3, 100.0, 100.0), Period(2, 60.0, 60.0))


def test_of_a_day_only_the_last_balance_counts() -> None:
    rows = [Row(TODAY - 3, -500.0, -100.0), Row(TODAY - 3, 300.0, 200.0)]
    assert History(rows).before(DAY).balances(90) == (Period(3, 200.0, 200.0),)


def test_balances_of_accounts_are_added_and_the_lowest_is_kept() -> None:
    rows = [
        Row(TODAY - 10, 100.0, 100.0, account=0),
        Row(TODAY - 5, -30.0, -20.0, account=1),
    ]
    assert History(rows).before(DAY).balances(90) == (Period(5, 110.0, 10.0), Period(5, 80.0, -20.0))


def test_rows_without_a_balance_do_not_move_it() -> None:
    rows = [Row(TODAY - 10, 100.0, 100.0), Row(TODAY - 5, -30.0)]
    assert History(rows).before(DAY).balances(90) == (Period(10, 100.0, 100.0),)


def test_where_no_balance_is_known_there_is_none() -> None:
    assert History([Row(TODAY - 10, 100.0)]).before(DAY).balances(90) == ()
    assert History([]).before(DAY).balances(90) == ()


def test_own_and_borrowed_money_is_no_income() -> None:
    rows = [
        Row(TODAY - 60, 0.0),
        Row(TODAY - 50, 900.0, None, ("own transfer",)),
        Row(TODAY - 40, 800.0, None, ("loan payout", "loan")),
        Row(TODAY - 35, 60.0, None, ("gambling",)),
        Row(TODAY - 30, 3000.0, None, ("compensation", "salary")),
    ]
    assert History(rows).before(DAY).income == 1500.0


def test_a_month_that_is_not_known_has_no_average() -> None:
    assert History([Row(TODAY - 29, 100.0)]).before(DAY).income is None


def test_monthly_incomes_go_back_from_the_day_in_months_of_thirty_days() -> None:
    rows = [Row(TODAY - 90, 1.0), Row(TODAY - 61, 10.0), Row(TODAY - 60, 20.0), Row(TODAY - 1, 30.0)]
    assert History(rows).before(DAY).monthly_incomes == (30.0, 20.0, 11.0)


def test_only_the_past_six_months_are_monthly_incomes() -> None:
    rows = [Row(TODAY - 300, 5.0), Row(TODAY - 181, 7.0), Row(TODAY - 180, 9.0)]
    assert History(rows).before(DAY).monthly_incomes == (0.0, 0.0, 0.0, 0.0, 0.0, 9.0)


def _item(day: date, amount: str, **more: object) -> MoneyTransaction:
    return MoneyTransaction(day, Decimal(amount), more.pop("status", TransactionStatus.DONE), **more)


def _account(currency: str, *items: MoneyTransaction) -> Account:
    return Account(name="a", iban="a", currency_name=currency, money_transactions=items)


def test_an_import_becomes_a_history_of_its_main_currency_in_the_order_of_booking() -> None:
    first = _item(DAY, "-1.10", currency_balance=Decimal("8.90"), party="Żabka", labels=("grocery",))
    second = _item(DAY, "5", party="X", party_iban="PL00")
    pending = _item(DAY, "-3", status=TransactionStatus.PENDING)
    history = history_of([_account("EUR", first), _account("PLN", pending, second, first)])
    assert history.currency_name == "PLN"
    assert history.rows == (
        Row(TODAY, -1.1, 8.9, ("grocery",), "Żabka", 1),
        Row(TODAY, 5.0, None, (), "PL00", 1),
    )


def test_no_accounts_are_an_empty_history() -> None:
    assert history_of([]).rows == ()
    assert history_of([]).currency_name is None
