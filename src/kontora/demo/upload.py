"""An import as the JSON of the owner upload: camelCase, numbers with two decimals, unknown left out.

Source: wire specification, 8.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from kontora.client import Account, CreditCard, ImportResult, MoneyTransaction, Owner

Json = dict[str, Any]
CENT = Decimal("0.01")

_encoder = msgspec.json.Encoder(decimal_format="number")


def upload_json(result: ImportResult, owner_external_id: str, country: str) -> bytes:
    """Return an import as indented UTF-8 JSON."""
    document = {
        "ownerExternalId": owner_external_id,
        "country": country,
        "owners": [_owner(owner) for owner in result.owners],
        "accounts": [_account(account) for account in result.accounts],
        "creditCards": [_credit_card(card) for card in result.credit_cards or ()],
    }
    return msgspec.json.format(_encoder.encode(document), indent=2) + b"\n"


def _owner(owner: Owner) -> Json:
    return _told(
        name=owner.name,
        address=owner.address,
        polishPesel=owner.polish_pesel,
        polishNip=owner.polish_nip,
        polishRegon=owner.polish_regon,
        phone=owner.phone,
        email=owner.email,
        citizenship=owner.citizenship,
        nationality=owner.nationality,
        personalDocumentType=owner.personal_document_type,
        personalDocumentNumber=owner.personal_document_number,
        birthDate=owner.birth_date,
        birthPlace=owner.birth_place,
        kind=owner.kind,
    )


def _account(account: Account) -> Json:
    return _told(
        name=account.name,
        friendlyName=account.friendly_name,
        iban=account.iban,
        currencyBalance=account.currency_balance,
        currencyFundsAvailable=account.currency_funds_available,
        currencyName=account.currency_name,
        activeSinceAtLeast=account.active_since_at_least,
        directDebit=account.direct_debit,
        owners=[_owner(owner) for owner in account.owners],
        moneyTransactions=_money_transactions(account.money_transactions),
    )


def _credit_card(card: CreditCard) -> Json:
    return _told(
        name=card.name,
        cardId=card.card_id,
        iban=card.iban,
        number=card.number,
        currencyBalance=card.currency_balance,
        currencyFundsAvailable=card.currency_funds_available,
        currencyName=card.currency_name,
        owners=[_owner(owner) for owner in card.owners],
        limit=card.limit,
        interest=card.interest,
        dueDate=card.due_date,
        moneyTransactions=_money_transactions(card.money_transactions),
    )


def _money_transactions(items: Iterable[MoneyTransaction]) -> list[Json]:
    return [
        _told(
            transactionOn=item.transaction_on,
            bookedOn=item.booked_on,
            currencyAmount=item.currency_amount,
            currencyBalance=item.currency_balance,
            title=item.title,
            party=item.party,
            partyIban=item.party_iban,
            kind=item.kind,
            status=item.status,
            variableSymbol=item.variable_symbol,
            constantSymbol=item.constant_symbol,
            specificSymbol=item.specific_symbol,
            labels=sorted(item.labels) or None,
        )
        for item in items
    ]


def _told(**named: str | bool | date | Decimal | list[Any] | None) -> Json:
    return {
        name: value.quantize(CENT) if isinstance(value, Decimal) else value
        for name, value in named.items()
        if value is not None
    }
