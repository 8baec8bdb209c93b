"""Invented imports that the tests of the wire room share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kontora.model import (
    Account,
    AccountOwner,
    CreditCard,
    Import,
    MoneyTransaction,
    Owner,
    OwnerKind,
    TransactionStatus,
)


@pytest.fixture
def full_import() -> Import:
    """An import in which every field of the model is filled."""
    item = MoneyTransaction(
        transaction_on=date(2026, 5, 22),
        currency_amount=Decimal("-15"),
        status=TransactionStatus.DONE,
        booked_on=date(2026, 5, 23),
        currency_balance=Decimal("120.5"),
        title="ZAKUPY & <WIĘCEJ>",
        party="BIEDRONKA 123",
        party_iban="PL26137013140000000000000001",
        kind="ZAPŁATA KARTĄ",
        variable_symbol="1",
        constant_symbol="2",
        specific_symbol="3",
        mcc="5411",
        labels=("grocery",),
    )
    pending = MoneyTransaction(date(2026, 5, 21), Decimal("0.1"), TransactionStatus.PENDING)
    on_account = AccountOwner("Jan Kowalski", "Lipowa 1/2", OwnerKind.OWNER)
    return Import(
        target="KontoBankApi",
        institution="KontoBank",
        imported_at=datetime(2026, 5, 23, 7, 0, tzinfo=UTC),
        owners=(
            Owner(
                name="Jan Kowalski",
                kind=OwnerKind.OWNER,
                address="Lipowa 1/2 00-001 Warszawa",
                polish_pesel="84011812345",
                polish_nip="1",
                polish_regon="2",
                phone="+48612***078",
                email="jan@example.invalid",
                citizenship="PL",
                nationality="PL",
                personal_document_type="Identity document",
                personal_document_number="AAB123456",
                birth_date=date(1984, 1, 18),
                birth_place="Warszawa",
            ),
        ),
        accounts=(
            Account(
                name="Konto 0",
                iban="PL26137013140000000000000001",
                currency_name="PLN",
                currency_balance=Decimal("120.50"),
                currency_funds_available=Decimal("1E+3"),
                friendly_name="Konto",
                active_since_at_least=date(2026, 1, 2),
                direct_debit=True,
                money_transactions=(item, pending),
                owners=(on_account,),
                partial_due_to_timeout=True,
            ),
        ),
        credit_cards=(
            CreditCard(
                name="Visa",
                card_id="c-1",
                currency_name="PLN",
                iban="PL26137013140000000000000001",
                number="425125******1111",
                currency_balance=Decimal("-300"),
                currency_funds_available=Decimal("4700"),
                owners=(on_account,),
                limit=Decimal("5000"),
                interest=Decimal("9.875"),
                due_date=date(2026, 6, 1),
                money_transactions=(pending,),
            ),
        ),
    )


@pytest.fixture
def large_import() -> Import:
    """An import of one account with 5,000 ordinary money transactions."""
    newest = date(2026, 5, 23)
    items = tuple(
        MoneyTransaction(
            transaction_on=newest - timedelta(days=place // 10),
            booked_on=newest - timedelta(days=place // 10 - 1),
            currency_amount=Decimal(-place - 100).scaleb(-2),
            currency_balance=Decimal(100_000_000 - place).scaleb(-2),
            status=TransactionStatus.DONE,
            title=f"ZAKUPY NUMER {place} w sklepie, ul. Główna {place % 90}",
            party=f"SKLEP {'& SYN ' if place % 7 == 0 else ''}{place % 300}" if place % 5 else None,
            party_iban="PL26137013140000000000000001" if place % 2 else None,
            kind="ZAPŁATA KARTĄ" if place % 10 else None,
            labels=("grocery", "monthly") if place % 10 else (),
        )
        for place in range(5000)
    )
    account = Account("Konto 0", "PL26137013140000000000000001", "PLN", money_transactions=items)
    return Import("KontoBankApi", "KontoBank", datetime(2026, 5, 23, tzinfo=UTC), accounts=(account,))
