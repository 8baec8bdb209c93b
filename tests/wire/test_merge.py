"""Merging an owner's imports: nothing twice, nothing lost, the newer one wins."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kontora.model import Account, CreditCard, Import, MoneyTransaction, Owner, OwnerKind, TransactionStatus
from kontora.wire.merge import merge_imports

AT = datetime(2026, 5, 23, 7, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def item(day: int, amount: str = "-1.00", title: str = "t", **fields: Any) -> MoneyTransaction:
    given_fields = {"status": TransactionStatus.DONE} | fields
    return MoneyTransaction(
        transaction_on=date(2026, 5, day), currency_amount=Decimal(amount), title=title, **given_fields
    )


def pending(day: int, **fields: Any) -> MoneyTransaction:
    return item(day, status=TransactionStatus.PENDING, **fields)


def with_items(*items: MoneyTransaction, at: datetime = AT, **fields: Any) -> Import:
    account = Account("Konto", "PL1", "PLN", money_transactions=items, **fields)
    return Import("T", "I", at, accounts=(account,))


def merged_account(*imports: Import) -> Account:
    (merged,) = merge_imports(imports)
    (account,) = merged.accounts
    return account


money_transactions = st.builds(
    item,
    st.integers(1, 9),
    st.sampled_from(["-1.00", "2.00"]),
    st.sampled_from(["a", "b"]),
    party=st.sampled_from([None, "p"]),
    status=st.sampled_from(list(TransactionStatus)),
)
newest_first = st.lists(money_transactions, max_size=6).map(
    lambda items: tuple(sorted(items, key=lambda one: one.transaction_on, reverse=True))
)
accounts = st.builds(
    Account,
    name=st.just("Konto"),
    iban=st.sampled_from(["PL1", "PL2"]),
    currency_name=st.sampled_from(["PLN", "EUR"]),
    currency_balance=st.sampled_from([None, Decimal(1), Decimal(2)]),
    active_since_at_least=st.sampled_from([None, date(2026, 1, 1), date(2026, 2, 1)]),
    money_transactions=newest_first,
    partial_due_to_timeout=st.booleans(),
)
cards = st.builds(
    CreditCard,
    name=st.just("Visa"),
    card_id=st.sampled_from(["c-1", "c-2"]),
    currency_name=st.just("PLN"),
    money_transactions=newest_first,
)
imports = st.builds(
    Import,
    target=st.sampled_from(["A", "B"]),
    institution=st.just("I"),
    imported_at=st.integers(0, 1000).map(lambda minutes: AT + timedelta(minutes=minutes)),
    owners=st.lists(st.builds(Owner, st.sampled_from(["x", "y"]), st.just(OwnerKind.OWNER)), max_size=3).map(
        tuple
    ),
    accounts=st.lists(accounts, max_size=3).map(tuple),
    credit_cards=st.none() | st.lists(cards, max_size=2).map(tuple),
)


@given(imports)
def test_an_import_merged_with_itself_is_unchanged(one: Import) -> None:
    assert merge_imports((one, one)) == (one,)


@given(st.lists(imports, max_size=4, unique_by=lambda one: one.imported_at), st.randoms())
def test_the_order_in_which_imports_are_given_does_not_matter(several: list[Import], random: Any) -> None:
    shuffled = list(several)
    random.shuffle(shuffled)
    assert merge_imports(shuffled) == merge_imports(several)


@given(st.lists(imports, max_size=4))
def test_merging_again_changes_nothing(several: list[Import]) -> None:
    merged = merge_imports(several)
    assert merge_imports(merged) == tuple(sorted(merged, key=lambda one: one.imported_at))


@given(newest_first, newest_first)
def test_no_settled_money_transaction_is_lost_or_multiplied_and_the_days_stand_newest_first(
    older: tuple[MoneyTransaction, ...], newer: tuple[MoneyTransaction, ...]
) -> None:
    account = merged_account(with_items(*older), with_items(*newer, at=LATER))
    days = [one.transaction_on for one in account.money_transactions]
    assert days == sorted(days, reverse=True)

    def counted(items: tuple[MoneyTransaction, ...], key: Any) -> int:
        return sum((one.transaction_on, one.currency_amount, one.title, one.party) == key for one in items)

    for one in (*older, *newer):
        key = (one.transaction_on, one.currency_amount, one.title, one.party)
        settled = [
            other
            for other in older
            if other.status not in (TransactionStatus.PENDING, TransactionStatus.PLANNED)
        ]
        least = max(counted(tuple(settled), key), counted(newer, key))
        most = max(counted(older, key), counted(newer, key))
        assert least <= counted(account.money_transactions, key) <= most


def test_the_newer_import_wins_on_balance_and_status() -> None:
    older = with_items(item(5, status=TransactionStatus.PENDING), currency_balance=Decimal(1))
    newer = with_items(item(5), at=LATER, currency_balance=Decimal(2))
    account = merged_account(newer, older)
    assert account.currency_balance == Decimal(2)
    assert [one.status for one in account.money_transactions] == [TransactionStatus.DONE]


def test_what_the_newer_import_does_not_know_is_kept_from_the_older() -> None:
    older = with_items(item(5), currency_balance=Decimal(1), active_since_at_least=date(2026, 1, 1))
    newer = with_items(at=LATER, active_since_at_least=date(2026, 2, 1))
    account = merged_account(older, newer)
    assert account.currency_balance == Decimal(1)
    assert account.active_since_at_least == date(2026, 1, 1)
    assert account.money_transactions == (item(5),)


def test_equal_money_transactions_of_one_day_are_kept_as_often_as_the_bank_shows_them() -> None:
    twice = with_items(item(5), item(5))
    assert len(merged_account(twice, with_items(item(5), item(5), at=LATER)).money_transactions) == 2
    assert len(merged_account(twice, with_items(item(5), at=LATER)).money_transactions) == 2


def test_a_pending_item_that_was_booked_under_other_words_is_not_kept_beside_its_booking() -> None:
    older = with_items(pending(6, title="PENDING SHOP"), item(5))
    newer = with_items(item(6, "-1.01", "SHOP WARSZAWA"), item(5), at=LATER)
    assert [one.title for one in merged_account(older, newer).money_transactions] == ["SHOP WARSZAWA", "t"]


def test_a_pending_item_is_kept_while_no_newer_import_has_read_its_day_in_full() -> None:
    older = with_items(pending(4))
    assert len(merged_account(older, with_items(item(5), at=LATER)).money_transactions) == 2
    cut = with_items(item(3), at=LATER, partial_due_to_timeout=True)
    assert len(merged_account(older, cut).money_transactions) == 2


def test_an_account_is_found_by_iban_and_currency_together() -> None:
    euro = Account("Konto", "PL1", "EUR")
    (merged,) = merge_imports((with_items(), Import("T", "I", LATER, accounts=(euro,))))
    assert [account.currency_name for account in merged.accounts] == ["EUR", "PLN"]


def test_a_target_keeps_the_origin_of_its_first_import_and_the_time_of_its_last() -> None:
    older = replace(with_items(), origin="upload")
    (merged,) = merge_imports((with_items(at=LATER), older))
    assert (merged.origin, merged.imported_at) == ("upload", LATER)


def test_no_import_merges_into_nothing() -> None:
    assert merge_imports(()) == ()


def booked(day: int, amount: str, balance: str | None, title: str, **fields: Any) -> MoneyTransaction:
    """One that is booked a day after it was made."""
    return item(
        day,
        amount,
        title,
        booked_on=date(2026, 5, day + 1),
        currency_balance=None if balance is None else Decimal(balance),
        **fields,
    )


def a_statement(
    *items: MoneyTransaction, at: datetime = AT, ends_on: date | None = None, **fields: Any
) -> Import:
    """A statement of the same account, at the same bank, but not through the same target."""
    sent = with_items(*items, at=at, **fields)
    return replace(sent, target="B", origin="pdf", ends_on=ends_on)


def test_a_statement_joins_the_target_of_its_bank_and_doubles_nothing() -> None:
    bank = with_items(
        booked(9, "-3.00", "7.00", "Czynsz za maj 2026, lokal 7"),
        booked(8, "-3.00", "10.00", "Kawa"),
        at=LATER,
        currency_balance=Decimal("7.00"),
    )
    sent = a_statement(
        booked(9, "-3.00", "7.00", "CZYNSZ ZA MAJ 2026, LO"),
        booked(8, "-3.00", "10.00", "KAWA"),
        booked(2, "5.00", "13.00", "WPŁATA"),
        currency_balance=Decimal("8.00"),
    )
    for given_imports in ((bank, sent), (sent, bank)):
        (merged,) = merge_imports(given_imports)
        (account,) = merged.accounts
        assert merged.target == "T"
        assert [one.title for one in account.money_transactions] == [
            "Czynsz za maj 2026, lokal 7",
            "Kawa",
            "WPŁATA",
        ]
        assert account.currency_balance == Decimal("7.00")


def test_a_statement_that_is_sent_later_does_not_change_what_the_bank_said() -> None:
    bank = with_items(booked(9, "-3.00", "7.00", "Czynsz"), currency_balance=Decimal("7.00"))
    sent = a_statement(booked(9, "-3.00", "7.00", "CZYNSZ"), at=LATER, currency_balance=Decimal("1.00"))
    (merged,) = merge_imports((bank, sent))
    assert merged.accounts[0].currency_balance == Decimal("7.00")
    assert [one.title for one in merged.accounts[0].money_transactions] == ["Czynsz"]
    assert merged.origin == "scraper"


def test_a_target_is_of_pdf_origin_where_the_statement_came_first() -> None:
    sent, bank = a_statement(item(5)), with_items(item(5), at=LATER)
    (merged,) = merge_imports((bank, sent))
    assert (merged.target, merged.origin) == ("T", "pdf")


def test_equal_amounts_of_one_day_are_kept_as_often_as_either_source_shows_them() -> None:
    bank = with_items(item(5, "-1.00", "a"), item(5, "-1.00", "b"), at=LATER)
    for count in (1, 2, 3):
        sent = a_statement(*[item(5, "-1.00", f"X{place}") for place in range(count)])
        (merged,) = merge_imports((bank, sent))
        assert len(merged.accounts[0].money_transactions) == max(2, count)


def test_a_statement_whose_days_mean_the_booking_pairs_by_booking() -> None:
    bank = with_items(booked(5, "-1.00", None, "a"), at=LATER)
    sent = a_statement(item(6, "-1.00", "A", booked_on=date(2026, 5, 6)))
    (merged,) = merge_imports((bank, sent))
    assert [one.title for one in merged.accounts[0].money_transactions] == ["a"]


def test_of_two_statements_the_one_that_ends_later_is_right_whenever_it_was_sent() -> None:
    may = a_statement(item(9), at=LATER, ends_on=date(2026, 5, 31), currency_balance=Decimal(1))
    june = a_statement(at=AT, ends_on=date(2026, 6, 30), currency_balance=Decimal(2))
    (merged,) = merge_imports((may, june))
    assert merged.accounts[0].currency_balance == Decimal(2)
    assert len(merged.accounts[0].money_transactions) == 1


def test_what_is_booked_in_one_of_two_sources_is_booked() -> None:
    bank = with_items(pending(9, amount="-3.00", title="Blokada"), at=LATER)
    sent = a_statement(booked(9, "-3.00", "7.00", "CZYNSZ"))
    for given_imports in ((bank, sent), (sent, bank)):
        (merged,) = merge_imports(given_imports)
        assert [one.status for one in merged.accounts[0].money_transactions] == [TransactionStatus.DONE]


def test_a_history_and_a_statement_of_the_same_days_are_one() -> None:
    history = a_statement(booked(9, "-3.00", None, "Czynsz"), booked(8, "-2.00", None, "Kawa"))
    month = a_statement(booked(9, "-3.00", "7.00", "PRZELEW CZYNSZ"), at=LATER, ends_on=date(2026, 5, 31))
    (merged,) = merge_imports((history, month))
    assert len(merged.accounts[0].money_transactions) == 2


def test_a_statement_of_an_account_that_no_import_has_comes_to_the_banks_last_target() -> None:
    first, second = with_items(item(5)), replace(with_items(item(6), at=LATER), target="Z")
    other = replace(
        a_statement(at=LATER), accounts=(Account("Inne", "PL9", "PLN", money_transactions=(item(1),)),)
    )
    merged = {one.target: one for one in merge_imports((first, second, other))}
    assert [account.iban for account in merged["T"].accounts] == ["PL1"]
    assert {account.iban for account in merged["Z"].accounts} == {"PL1", "PL9"}


def test_a_statement_of_a_bank_that_was_not_imported_stands_alone() -> None:
    elsewhere = replace(a_statement(item(5), at=LATER), institution="Other")
    merged = merge_imports((with_items(item(5)), elsewhere))
    assert [(one.target, one.origin) for one in merged] == [("T", "scraper"), ("B", "pdf")]


def test_an_owner_in_capitals_and_the_other_way_round_is_the_same() -> None:
    bank = replace(with_items(at=LATER), owners=(Owner("Jan Łęcki", OwnerKind.CO_OWNER),))
    sent = replace(a_statement(item(5)), owners=(Owner("ŁĘCKI JAN", OwnerKind.OWNER, address="Lipowa 1"),))
    (merged,) = merge_imports((bank, sent))
    assert merged.owners == (Owner("Jan Łęcki", OwnerKind.CO_OWNER, address="Lipowa 1"),)


statements = st.builds(
    a_statement,
    newest_first.map(lambda items: items[0] if items else item(1)),
    at=st.integers(0, 1000).map(lambda minutes: AT + timedelta(minutes=minutes)),
    ends_on=st.none() | st.dates(date(2026, 5, 1), date(2026, 5, 31)),
)


@given(
    st.lists(imports, max_size=3),
    st.lists(statements, min_size=1, max_size=3),
    st.randoms(),
)
def test_with_statements_too_the_order_does_not_matter_and_nothing_settled_is_lost(
    banks: list[Import], sent: list[Import], random: Any
) -> None:
    several = [
        replace(one, imported_at=AT + timedelta(hours=place)) for place, one in enumerate((*banks, *sent))
    ]
    shuffled = list(several)
    random.shuffle(shuffled)
    merged = merge_imports(several)
    assert merge_imports(shuffled) == merged
    kept = [one for found in merged for account in found.accounts for one in account.money_transactions]
    for found in several:
        for account in found.accounts:
            for one in account.money_transactions:
                if one.status not in (TransactionStatus.PENDING, TransactionStatus.PLANNED):
                    assert any(
                        (other.transaction_on, other.currency_amount)
                        == (one.transaction_on, one.currency_amount)
                        for other in kept
                    )
