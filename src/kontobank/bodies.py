"""Bodies as the standard wants them, from the ledger; and as banks with a quirk write them. All pure.

Source: Berlin Group 1.3.11; accountDetails, balance, transactions, cardAccountDetails, cardTransaction.
"""

from __future__ import annotations

from typing import Any

from kontobank.ledger import Account, Card, Item, Person

Body = dict[str, Any]
_NOISE = "NOTPROVIDED"
_COURTESY = (
    "nr ref. KNTB/REF/00017734/A oddzial internetowy, dziekujemy za skorzystanie z uslug banku i "
    "zapraszamy ponownie do KontoBanku przez cala dobe"
)


def money(cents: int) -> str:
    """Return an amount as the standard writes it. Example: -0.01"""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def amount(cents: int, currency: str, quirk: int = 0) -> Body:
    """Return an amount with its currency; with quirk 1 as a JSON number."""
    return {"currency": currency, "amount": cents / 100 if quirk == 1 else money(cents)}


def extended(body: Body, has_extras: bool) -> Body:
    """Add fields that no standard knows, where the scenario wants them."""
    return (
        {**body, "x-loyalty": {"points": 12, "tier": None}, "_internal": [1, "two"]} if has_extras else body
    )


def owner_name(owners: tuple[Person, ...]) -> str:
    """Return the names joined, the first owner first."""
    return ", ".join(person.name for person in owners)


def account(place: Account, *, with_owner: bool, bic: str, quirk: int) -> Body:
    """Return accountDetails without id, links and balances."""
    number: Body = {"iban": place.number} if place.has_iban else {"bban": place.number}
    body: Body = {
        **number,
        "currency": place.currency,
        "name": place.name,
        "displayName": place.display_name,
        "product": place.product,
        "cashAccountType": None if quirk == 3 else place.type_code,
        "status": place.status,
        "bic": bic,
        "usage": "ORGA" if place.owners[0].is_company else "PRIV",
    }
    details = f"Opened: {place.opened_on}; Direct debit: {'yes' if place.direct_debit else 'no'}"
    if with_owner:
        body["ownerName"] = owner_name(place.owners)
        details = f"Owner address: {place.owners[0].address}; {details}"
    body["details"] = details
    return body


def card(place: Card, *, with_owner: bool, due_on: str, quirk: int) -> Body:
    """Return cardAccountDetails without id, links and balances."""
    body: Body = {
        "maskedPan": place.number,
        "currency": place.currency,
        "name": place.name,
        "displayName": place.display_name,
        "product": "Credit card",
        "debitAccounting": quirk == 9,
        "status": "enabled",
        "usage": "PRIV",
        "creditLimit": amount(place.limit_cents, place.currency, quirk),
        "details": f"Account: {place.account_number}; Interest: {place.interest}; Due: {due_on}",
    }
    if with_owner:
        body["ownerName"] = owner_name(place.owners)
    return body


def balances(booked_cents: int, pending_cents: int, currency: str, day: str, quirk: int) -> list[Body]:
    """Return the balances of an account."""
    available = booked_cents + pending_cents
    types = ("authorised" if quirk == 4 else "interimAvailable", "interimBooked")
    amounts = (2_000_000 - min(0, available) if quirk == 15 else available, booked_cents)
    result: list[Body] = [
        {"balanceAmount": amount(cents, currency, quirk), "balanceType": kind, "referenceDate": day}
        for kind, cents in zip(types, amounts, strict=True)
    ]
    if quirk == 15:
        result[0]["creditLimitIncluded"] = True
    if quirk == 3:
        others = [code for code in ("EUR", "USD", "GBP") if code != currency][:2]
        foreign = [{"balanceAmount": amount(1250, code), "balanceType": "interimBooked"} for code in others]
        result = [*foreign, *result]
    return result


def card_balances(booked_cents: int, limit_cents: int, currency: str, day: str, quirk: int) -> list[Body]:
    """Return the balances of a card: what is owed (negative), and what is left of the limit."""
    owed = -booked_cents if quirk == 9 else booked_cents
    left = {
        "balanceAmount": amount(limit_cents + booked_cents, currency, quirk),
        "balanceType": "interimAvailable",
        "creditLimitIncluded": True,
        "referenceDate": day,
    }
    booked = {
        "balanceAmount": amount(owed, currency, quirk),
        "balanceType": "interimBooked",
        "referenceDate": day,
    }
    return [booked, left]


def money_transaction(item: Item, currency: str, quirk: int, turn: int) -> Body:
    """Return one item of an account's list. `turn` is its place in the list."""
    entry, is_pending = item.entry, item.booked_on is None
    cents = abs(item.cents) if quirk == 9 and is_pending else item.cents
    body: Body = {"transactionId": item.id, "transactionAmount": amount(cents, currency, quirk)}
    if item.booked_on is not None:
        body["bookingDate"] = str(item.booked_on)
    body["valueDate"] = str(item.value_on)
    side = "creditor" if item.cents < 0 else "debtor"
    if item.party:
        body[f"{side}Name"] = item.party
    if entry.party_iban:
        body[f"{side}Account"] = {"iban": entry.party_iban}
    body["remittanceInformationUnstructured"] = item.title
    if entry.symbols:
        body.update(_structured(entry.symbols))
    if entry.kind:
        body["proprietaryBankTransactionCode"] = entry.kind
    if item.balance_cents is not None:
        balance = {
            "balanceAmount": amount(item.balance_cents, currency, quirk),
            "balanceType": "interimBooked",
        }
        body["balanceAfterTransaction"] = balance
    return _with_quirk(body, item, side, quirk, turn)


def _structured(symbols: tuple[tuple[str, str], ...]) -> Body:
    references = [{"reference": value, "referenceType": kind} for kind, value in symbols]
    if len(references) == 1:
        return {"remittanceInformationStructured": references[0]}
    return {"remittanceInformationStructuredArray": references}


def _with_quirk(body: Body, item: Item, side: str, quirk: int, turn: int) -> Body:
    if quirk == 5:
        del body["transactionId"]
    elif quirk == 7 and item.booked_on is None:
        body["transactionId"] = " "
    elif quirk == 8 and item.booked_on is not None:
        body["bookingDate"], body["valueDate"] = body["valueDate"], body["bookingDate"]
    elif quirk == 10:
        _split_title(body, item.title)
    elif quirk == 11 and item.party:
        del body[f"{side}Name"]
        body["remittanceInformationUnstructured"] = f"PIRKUMS {item.party}, {item.title}"[:140]
    elif quirk == 12:
        body["additionalInformation"] = body.pop("remittanceInformationUnstructured")
    elif quirk == 13:
        body = {"endToEndId": _NOISE, "mandateId": _NOISE, f"{side}Name": _NOISE, **body}
        if turn % 3 == 0:
            body["remittanceInformationUnstructuredArray"] = [_NOISE, item.title]
    elif quirk == 14 and item.booked_on is None:
        del body["valueDate"]
    return body


def _split_title(body: Body, title: str) -> None:
    whole = f"{title} {_COURTESY}"
    body["remittanceInformationUnstructured"] = whole[:140]
    body["remittanceInformationUnstructuredArray"] = [
        whole[start : start + 35] for start in range(0, len(whole), 35)
    ]


def card_transaction(item: Item, currency: str, number: str, quirk: int) -> Body:
    """Return one item of a card's list."""
    cents = -item.cents if quirk == 9 else item.cents
    body: Body = {
        "cardTransactionId": item.id,
        "transactionDate": str(item.value_on),
        "transactionAmount": amount(cents, currency, quirk),
        "maskedPAN": number,
        "transactionDetails": f"{item.title} {item.party}" if item.party else item.title,
        "invoiced": item.booked_on is not None,
    }
    if item.booked_on is not None:
        body["bookingDate"] = str(item.booked_on)
    if item.entry.mcc:
        body["merchantCategoryCode"] = item.entry.mcc
    if item.entry.kind:
        body["proprietaryBankTransactionCode"] = item.entry.kind
    return body


def share_ids(listed: list[Body]) -> None:
    """Give every tenth item the id of the one before it."""
    key = "transactionId" if listed and "transactionId" in listed[0] else "cardTransactionId"
    for turn in range(1, len(listed)):
        if turn % 10 == 3:
            listed[turn][key] = listed[turn - 1][key]
