"""Conversations with real banks, composed after the definitions of their standard; owners are invented.

None of them ever took place: they show that a bank's folder works as the standard has it.

python -m tests.connectors.composed             # writes them beside the banks, with the imports they give
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.connectors.exchanges import FOLDER, HOST, REQUEST_ID, STATE, Exchange, Turn, keep

from kontobank.account_numbers import polish_iban
from kontora.connectors.standards.polish_api.consent import LISTS
from kontora.connectors.target import NEVER_AT_THE_BANK

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
SINCE = NOW.date().replace(day=1)
Body = dict[str, Any]
_HEADER = {"requestId": REQUEST_ID, "sendDate": "2026-01-31T13:00:00.000+01:00", "isCallback": False}


@dataclass(frozen=True, kw_only=True)
class Place:
    """An account at a bank of PolishAPI. `lists`: pages of items by operation; a number refuses."""

    number: str
    info: Body
    lists: Mapping[str, Sequence[Sequence[Body]] | int]

    @property
    def masked(self) -> str:
        return f"{self.number[:4]}{'*' * (len(self.number) - 8)}{self.number[-4:]}"


def account(number: str, name: str, address: str, balance: str, **more: object) -> Body:
    return {
        "accountNumber": number,
        "nameAddress": {"value": [name, *address.split("; ")]},
        "accountType": {"code": "CURRENT", "description": "Rachunek oszczędnościowo-rozliczeniowy"},
        "accountTypeName": "Konto osobiste",
        "accountHolderType": "individual",
        "currency": "PLN",
        "availableBalance": balance.lstrip("-"),
        "bookingBalance": balance,
        "psuRelations": [{"typeOfRelation": "Owner"}],
        **more,
    }


def item(item_id: str, amount: str, side: str, day: str, title: str, **more: object) -> Body:
    return {
        "itemId": item_id,
        "amount": amount,
        "currency": "PLN",
        "description": title,
        "tradeDate": f"{day}T00:00:00.000+01:00",
        "transactionCategory": side,
        **more,
    }


def done(item_id: str, amount: str, side: str, day: str, title: str, balance: str, **more: object) -> Body:
    booked = {
        "bookingDate": f"{day}T00:00:00.000+01:00",
        "postTransactionBalance": balance,
        "transactionStatus": {"code": "DONE", "description": "Zaksięgowana"},
    }
    return item(item_id, amount, side, day, title, **{**booked, **more})


def hold(item_id: str, amount: str, day: str, title: str, **more: object) -> Body:
    whole = item(item_id, amount, "DEBIT", day, title, **more)
    del whole["transactionCategory"]
    return whole


def party(name: str, number: str | None = None) -> Body:
    return {"nameAddress": {"value": name.split("; ")}} | ({"accountNumber": number} if number else {})


def polish(target: str, places: Sequence[Place], *, tells_granted: bool = True) -> Exchange:
    """Compose a sign-in and an import at a bank of PolishAPI."""
    days = {"scopeUsageLimit": "multiple", "maxAllowedHistoryLong": 90}
    granted = [
        {"accountNumber": place.number, "ais:getAccount": {"scopeUsageLimit": "multiple"}}
        | {f"ais:{name}": days for name in LISTS}
        for place in places
    ]
    if not tells_granted:
        places = [Place(number=place.masked, info=place.info, lists=place.lists) for place in places]
    listed = [
        {name: place.info[name] for name in ("accountTypeName", "accountType", "psuRelations")}
        | {"accountNumber": place.masked if tells_granted else place.number}
        for place in places
    ]
    turns = [
        _polish("authorize", {"aspspRedirectUri": f"{HOST}/login?session=1"}, room="auth"),
        _polish("token", _tokens("a", {}), {"grant_type": "authorization_code"}, room="auth"),
        _polish("getAccounts", {"accounts": listed, "pageInfo": {}}),
        _polish(
            "token",
            _tokens("b", {"privilegeList": granted} if tells_granted else {}),
            {"grant_type": "exchange_token"},
            room="auth",
        ),
    ]
    for place in places:
        turns.append(_polish("getAccount", {"account": place.info}, {"accountNumber": place.number}))
        turns += [turn for name in LISTS for turn in _pages(name, place)]
    return _exchange(target, turns, "PolishAPI 2.1.2", f"code=c-1&state={STATE}")


def _tokens(name: str, more: Body) -> Body:
    return {
        "access_token": f"access-{name}",
        "token_type": "Bearer",
        "expires_in": "3600",
        "refresh_token": f"refresh-{name}",
        "scope_details": {
            "consentId": f"consent-{name}",
            "scopeTimeLimit": "2026-02-01T12:00:00.000+01:00",
            "throttlingPolicy": "psd2Regulatory",
            **more,
        },
    }


def _pages(operation: str, place: Place) -> list[Turn]:
    told = place.lists.get(operation, [[]])
    asked = {"accountNumber": place.info["accountNumber"]}
    if isinstance(told, int):
        return [_polish(operation, {"code": "NOT_OFFERED", "message": "Usługa niedostępna"}, asked, told)]
    key = "holds" if operation == "getHolds" else "transactions"
    turns = []
    for turn, items in enumerate(told):
        info = {"nextPage": f"page-{turn + 2}"} if turn + 1 < len(told) else {}
        page = {"pageId": f"page-{turn + 1}"} if turn else {}
        turns.append(_polish(operation, {key: items, "pageInfo": info}, asked | page))
    return turns


def _polish(
    operation: str, body: Body, asked: dict[str, str] | None = None, status: int = 200, room: str = "accounts"
) -> Turn:
    path = f"/v2_1_2.1/{room}/v2_1_2.1/{operation}"
    whole = json.dumps({"responseHeader": _HEADER, **body}, ensure_ascii=False)
    return Turn(operation, "POST", path, status, "application/json", whole, asked or {})


def berlin(target: str, metadata: str, accounts: Sequence[Body], lists: Mapping[str, Turn]) -> Exchange:
    """Compose a sign-in with OAuth and an import at a bank of the Berlin Group."""
    links = {"scaOAuth": f"{HOST}{metadata}", "status": "/v1/consents/1234/status"}
    consent = {
        "consentStatus": "received",
        "consentId": "1234",
        "_links": {name: {"href": href} for name, href in links.items()},
    }
    endpoints = {"authorization_endpoint": f"{HOST}/authorise", "token_endpoint": f"{HOST}/token"}
    tokens = {"access_token": "access-1", "token_type": "Bearer", "expires_in": 3600}
    turns = [
        _berlin("createConsent", "POST", "/v1/consents", consent, 201),
        _berlin("oauthMetadata", "GET", metadata, {"issuer": HOST, **endpoints}),
        _berlin("exchangeToken", "POST", "/token", tokens),
        _berlin("getConsentStatus", "GET", "/v1/consents/1234/status", {"consentStatus": "valid"}),
        _berlin("getAccountList", "GET", "/v1/accounts", {"accounts": list(accounts)}),
        *lists.values(),
    ]
    return _exchange(target, turns, "Berlin Group 1.3.11", f"code=c-1&state={STATE}")


def _berlin(operation: str, method: str, path: str, body: Body, status: int = 200) -> Turn:
    return Turn(operation, method, path, status, "application/json", json.dumps(body, ensure_ascii=False))


def _exchange(target: str, turns: Sequence[Turn], standard: str, query: str) -> Exchange:
    return Exchange(
        target=target,
        now=NOW,
        since=SINCE,
        steps=((), (("REDIRECT", query),)),
        turns=tuple(turns),
        source=f"composed after the definitions of {standard}, with invented owners",
        exercised=NEVER_AT_THE_BANK,
        browser=True,
    )


def _balances(account_id: str, *balances: Body) -> Turn:
    return _berlin("getBalances", "GET", f"/v1/accounts/{account_id}/balances", {"balances": list(balances)})


def _listing(account_id: str, booked: Sequence[Body], pending: Sequence[Body] = ()) -> Turn:
    path = f"/v1/accounts/{account_id}/transactions"
    links = {"account": {"href": f"/v1/accounts/{account_id}"}}
    report = {"booked": list(booked), "pending": list(pending), "_links": links}
    return _berlin(
        "getTransactionList",
        "GET",
        f"{path}?bookingStatus=both&dateFrom={SINCE}",
        {"transactions": report},
    )


def _euro(amount: object, currency: str = "EUR") -> Body:
    return {"currency": currency, "amount": amount}


JAN = ("JAN KOWALSKI", "UL. LIPOWA 1 M. 2; 00-001 WARSZAWA")
EWA = ("EWA NOWAK", "UL. POLNA 7; 30-002 KRAKÓW")
CARD = {"code": "CREDIT_CARD", "description": "Rachunek karty kredytowej"}


def polish_exchanges() -> dict[str, Exchange]:
    """Return the exchanges of the banks of PolishAPI by folder and file."""
    pko = polish_iban(Random("pko"), "1020")[2:]
    pko_done = [
        [
            done(
                "p1", "120.50", "DEBIT", "2026-01-30", "ZAKUPY", "2879.50", recipient=party("SKLEP; WARSZAWA")
            )
        ],
        [
            done(
                "p2",
                "3000.00",
                "CREDIT",
                "2026-01-10",
                "WYNAGRODZENIE",
                "3000.00",
                sender=party("PRACODAWCA SA"),
            )
        ],
    ]
    pko_holds = [[hold("h1", "45.00", "2026-01-31", "RESTAURACJA", mcc="5812")]]
    pko_plan = [[item("s1", "900.00", "DEBIT", "2026-02-10", "CZYNSZ", recipient=party("SPÓŁDZIELNIA"))]]
    two_relations = [{"typeOfRelation": "ProxyOwner", "typeOfProxy": "General"}]
    return {
        "pl_pko/account": polish(
            "PkoApi",
            [
                Place(
                    number=pko,
                    info=account(pko, *JAN, "2879.50", accountNameClient="Domowe"),
                    lists={
                        "getTransactionsDone": pko_done,
                        "getHolds": pko_holds,
                        "getTransactionsScheduled": pko_plan,
                    },
                )
            ],
        ),
        "pl_mbank/account": polish(
            "MBankApi",
            [
                _place(
                    "1140",
                    account("", *EWA, "150.00"),
                    getTransactionsDone=[
                        [
                            done(
                                "m1",
                                "50.00",
                                "DEBIT",
                                "2026-01-20",
                                "BLIK ZAKUP",
                                "150.00",
                                transactionType="BLIK",
                            )
                        ]
                    ],
                    getTransactionsRejected=[
                        [
                            item(
                                "m2",
                                "20.00",
                                "DEBIT",
                                "2026-01-19",
                                "PRZELEW",
                                rejectionReason="Brak środków",
                            )
                        ]
                    ],
                    getTransactionsCancelled=[[item("m3", "30.00", "DEBIT", "2026-01-18", "PRZELEW")]],
                )
            ],
        ),
        "pl_ing/company": polish(
            "IngApi",
            [
                _place(
                    "1050",
                    account("", "WRÓBEL TRANSPORT SP. Z O.O.", "UL. LEŚNA 3; 61-004 POZNAŃ", "12500.00")
                    | {"accountHolderType": "corporation", "accountTypeName": "Konto firmowe"},
                    getTransactionsDone=[
                        [
                            done(
                                "i1",
                                "2500.00",
                                "CREDIT",
                                "2026-01-15",
                                "FV 1/2026",
                                "12500.00",
                                sender=party("HURTOWNIA SA; GDAŃSK", "PL27114020040000300201355387"),
                            )
                        ]
                    ],
                )
            ],
        ),
        "pl_bzwbk/coowner": polish(
            "SantanderApi",
            [
                _place(
                    "1090",
                    account("", *JAN, "75.25", psuRelations=[{"typeOfRelation": "Owner", "stake": 50}]),
                    getTransactionsDone=[[done("b1", "24.75", "DEBIT", "2026-01-12", "OPŁATA", "75.25")]],
                )
            ],
        ),
        "pl_pekao/proxy": polish(
            "PekaoApi",
            [
                _place("1240", account("", *JAN, "10.00")),
                _place("1240", account("", *EWA, "20.00", psuRelations=two_relations), tail="9"),
            ],
        ),
        "pl_millennium/card": polish(
            "MillenniumApi",
            [
                _place("1160", account("", *EWA, "500.00")),
                Place(
                    number="5169311234567890",
                    info=account("5169311234567890", *EWA, "-310.40")
                    | {
                        "accountType": CARD,
                        "accountTypeName": "Karta kredytowa",
                        "availableBalance": "4689.60",
                    },
                    lists={
                        "getTransactionsDone": [
                            [done("c1", "310.40", "DEBIT", "2026-01-25", "SKLEP", "-310.40", mcc="5411")]
                        ]
                    },
                ),
            ],
        ),
        "pl_alior/holds-not-offered": polish(
            "AliorApi",
            [
                _place(
                    "2490",
                    account("", *JAN, "1000.00"),
                    getHolds=501,
                    getTransactionsPending=[[item("a1", "9.99", "DEBIT", "2026-01-31", "SUBSKRYPCJA")]],
                )
            ],
        ),
        "pl_bnp/grant-not-told": polish(
            "BnpGoOnlineApi", [_place("1600", account("", *EWA, "321.00"))], tells_granted=False
        ),
    }


def _place(bank: str, info: Body, *, tail: str = "1", **lists: Sequence[Sequence[Body]] | int) -> Place:
    number = polish_iban(Random(f"{bank}/{tail}"), bank)
    return Place(number=number, info=info | {"accountNumber": number}, lists=lists)


def berlin_exchanges() -> dict[str, Exchange]:
    """Return the exchanges of the banks of the Berlin Group by folder and file."""
    german, other, italian = "DE89370400440532013000", "DE75512108001245126199", "IT60X0542811101000000123456"
    booked = {"balanceType": "closingBooked", "balanceAmount": _euro(500.25)}
    cut = "Rechnung 2026-0815 vom 12.01.2026 fuer die Lieferung von Bueromoebeln, Kundennummer 4711, "
    return {
        "de_commerzbank/account": berlin(
            "CommerzbankApi_de",
            "/.well-known/openid-configuration?authorizationId=1",
            [
                {
                    "resourceId": "1",
                    "iban": german,
                    "currency": "EUR",
                    "product": "Girokonto",
                    "ownerName": "Eva Muster",
                }
            ],
            {
                "balances": _balances("1", booked),
                "list": _listing(
                    "1",
                    [
                        {
                            "transactionId": "c-1",
                            "endToEndId": "NOTPROVIDED",
                            "bookingDate": "2026-01-14",
                            "valueDate": "2026-01-14",
                            "transactionAmount": _euro(-99.75),
                            "creditorName": "Moebel AG",
                            "creditorAccount": {"iban": other},
                            "remittanceInformationUnstructured": cut[:70],
                            "remittanceInformationUnstructuredArray": [cut[:35], cut[35:70], cut[70:]],
                        }
                    ],
                ),
            },
        ),
        "de_deutschebank/currencies": berlin(
            "DeutscheBankApi_de",
            "/.well-known/oauth",
            [
                {
                    "resourceId": "1",
                    "iban": german,
                    "currency": "EUR",
                    "name": "Konto",
                    "cashAccountType": None,
                    "ownerName": "Max Muster",
                }
            ],
            {
                "balances": _balances(
                    "1",
                    {"balanceType": "interimBooked", "balanceAmount": _euro("12.00", "USD")},
                    {"balanceType": "interimBooked", "balanceAmount": _euro("640.00")},
                ),
                "list": _listing(
                    "1",
                    [
                        {
                            "transactionId": "d-1",
                            "bookingDate": "2026-01-20",
                            "valueDate": "2026-01-20",
                            "transactionAmount": _euro("640.00"),
                            "debtorName": "Arbeitgeber GmbH",
                            "remittanceInformationUnstructured": "Lohn 01/2026",
                        }
                    ],
                ),
            },
        ),
        "it_unicredit/authorised": berlin(
            "UnicreditApi_it",
            "/.well-known/oauth",
            [
                {
                    "resourceId": "1",
                    "iban": italian,
                    "currency": "EUR",
                    "name": "Conto",
                    "ownerName": "Anna Rossi",
                }
            ],
            {
                "balances": _balances("1", {"balanceType": "authorised", "balanceAmount": _euro("75.10")}),
                "list": _listing(
                    "1",
                    [
                        {
                            "transactionId": "u-1",
                            "bookingDate": "2026-01-22",
                            "valueDate": "2026-01-22",
                            "transactionAmount": _euro("-24.90"),
                            "creditorName": "Libreria",
                            "remittanceInformationUnstructured": "Pagamento POS",
                        }
                    ],
                ),
            },
        ),
    }


async def main() -> None:
    for name, exchange in {**polish_exchanges(), **berlin_exchanges()}.items():
        folder, _, file = name.partition("/")
        await keep(exchange, FOLDER / folder / "exchanges" / f"{file}.json")


if __name__ == "__main__":
    asyncio.run(main())
