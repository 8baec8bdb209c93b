"""The elements of section 5 of the wire format, in its exact order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from kontora.model import Account, AccountOwner, CreditCard, MoneyTransaction, Owner
from kontora.wire.characters import text
from kontora.wire.told_labels import WriteLabels

PARTIAL = ' partialDueToTimeout="true"'


def money(amount: Decimal) -> str:
    """Write plain digits with a dot and two decimals; never an exponent, never minus zero."""
    written = f"{amount:.2f}"
    return "0.00" if written == "-0.00" else written


def owners(found: Iterable[Owner]) -> str:
    """Write `owners` at target level."""
    return f"<owners>{''.join(map(_owner, found))}</owners>"


def _owner(owner: Owner) -> str:
    birth_date = None if owner.birth_date is None else owner.birth_date.isoformat()
    fields = (
        ("name", owner.name),
        ("address", owner.address),
        ("polishPesel", owner.polish_pesel),
        ("polishNip", owner.polish_nip),
        ("polishRegon", owner.polish_regon),
        ("phone", owner.phone),
        ("email", owner.email),
        ("citizenship", owner.citizenship),
        ("nationality", owner.nationality),
        ("personalDocumentType", owner.personal_document_type),
        ("personalDocumentNumber", owner.personal_document_number),
        ("birthDate", birth_date),
        ("birthPlace", owner.birth_place),
        ("kind", owner.kind.value),
    )
    return f"<owner>{_texts(fields)}</owner>"


def _texts(fields: Iterable[tuple[str, str | None]]) -> str:
    return "".join(f"<{name}>{text(value)}</{name}>" for name, value in fields if value is not None)


def _amounts(fields: Iterable[tuple[str, Decimal | None]]) -> str:
    return "".join(f"<{name}>{money(value)}</{name}>" for name, value in fields if value is not None)


def _account_owners(found: Sequence[AccountOwner]) -> str:
    if not found:
        return ""
    written = (
        _texts((("name", owner.name), ("address", owner.address), ("kind", owner.kind and owner.kind.value)))
        for owner in found
    )
    return f"<owners>{''.join(f'<owner>{fields}</owner>' for fields in written)}</owners>"


def accounts(found: Iterable[Account], write_labels: WriteLabels | None) -> str:
    """Write `accounts`; `write_labels`: `None` leaves the money transactions out."""
    written = (_account(account, write_labels) for account in found)
    return f"<accounts>{''.join(written)}</accounts>"


def _account(account: Account, write_labels: WriteLabels | None) -> str:
    since, debit = account.active_since_at_least, account.direct_debit
    return "".join(
        (
            f"<account{PARTIAL if account.partial_due_to_timeout else ''}>",
            _texts((("name", account.name), ("friendlyName", account.friendly_name), ("iban", account.iban))),
            _amounts(
                (
                    ("currencyBalance", account.currency_balance),
                    ("currencyFundsAvailable", account.currency_funds_available),
                )
            ),
            f"<currencyName>{text(account.currency_name)}</currencyName>",
            "" if since is None else f"<activeSinceAtLeast>{since.isoformat()}</activeSinceAtLeast>",
            "" if debit is None else f'<directDebit available="{"true" if debit else "false"}"/>',
            "" if write_labels is None else money_transactions(account.money_transactions, write_labels),
            _account_owners(account.owners),
            "</account>",
        )
    )


def credit_cards(found: Iterable[CreditCard], write_labels: WriteLabels | None) -> str:
    """Write `creditCards`; `write_labels`: `None` leaves the money transactions out."""
    written = (_credit_card(card, write_labels) for card in found)
    return f"<creditCards>{''.join(written)}</creditCards>"


def _credit_card(card: CreditCard, write_labels: WriteLabels | None) -> str:
    due = card.due_date
    return "".join(
        (
            f"<creditCard{PARTIAL if card.partial_due_to_timeout else ''}>",
            _texts(
                (("name", card.name), ("cardId", card.card_id), ("iban", card.iban), ("number", card.number))
            ),
            _amounts(
                (
                    ("currencyBalance", card.currency_balance),
                    ("currencyFundsAvailable", card.currency_funds_available),
                )
            ),
            f"<currencyName>{text(card.currency_name)}</currencyName>",
            _account_owners(card.owners),
            _amounts((("limit", card.limit), ("interest", card.interest))),
            "" if due is None else f"<dueDate>{due.isoformat()}</dueDate>",
            "" if write_labels is None else money_transactions(card.money_transactions, write_labels),
            "</creditCard>",
        )
    )


def money_transactions(
    found: Iterable[MoneyTransaction], write_labels: WriteLabels, *, partial: bool = False
) -> str:
    """Write `moneyTransactions` in the order given: the model's, newest first."""
    written = "".join([_money_transaction(item, write_labels) for item in found])
    return f"<moneyTransactions{PARTIAL if partial else ''}>{written}</moneyTransactions>"


def _money_transaction(item: MoneyTransaction, write_labels: WriteLabels) -> str:
    """Write one money transaction. Spelt out field by field: thousands of them are written per reply."""
    booked_on, balance = item.booked_on, item.currency_balance
    title, party, party_iban, kind = item.title, item.party, item.party_iban, item.kind
    return (
        f"<moneyTransaction><transactionOn>{item.transaction_on.isoformat()}</transactionOn>"
        f"{'' if booked_on is None else f'<bookedOn>{booked_on.isoformat()}</bookedOn>'}"
        f"<currencyAmount>{money(item.currency_amount)}</currencyAmount>"
        f"{'' if balance is None else f'<currencyBalance>{money(balance)}</currencyBalance>'}"
        f"{'' if title is None else f'<title>{text(title)}</title>'}"
        f"{'' if party is None else f'<party>{text(party)}</party>'}"
        f"{'' if party_iban is None else f'<partyIban>{text(party_iban)}</partyIban>'}"
        f"{'' if kind is None else f'<kind>{text(kind)}</kind>'}"
        f"<status>{item.status.value}</status>"
        f"{_symbols(item)}{write_labels(item)}</moneyTransaction>"
    )


def _symbols(item: MoneyTransaction) -> str:
    variable, constant, specific = item.variable_symbol, item.constant_symbol, item.specific_symbol
    if variable is None and constant is None and specific is None:
        return ""
    return _texts((("variableSymbol", variable), ("constantSymbol", constant), ("specificSymbol", specific)))
