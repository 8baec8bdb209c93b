"""Ordering documents: by the control API, which agrees with the bank's other answers, and by command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.kontobank.party import Party, Reply, RunningBank
from tests.kontobank.statements.documents import cents, fact, pages, rows

from kontobank.cli import main
from kontobank.statements.practice_keys import issuer_pem

NOW = "2026-03-18T09:00:00Z"
Order = Callable[..., Any]


@pytest.fixture
def order(party: Party) -> Order:
    async def ordered(**wanted: object) -> Reply:
        return await party.call("POST", "/control/statement", json=wanted)

    return ordered


@pytest.mark.parametrize("login", ["test1", "pending", "many"])
async def test_a_statement_and_the_api_agree_money_transaction_by_money_transaction(
    party: Party, order: Order, login: str
) -> None:
    await party.sign_in(login)
    (account, *_) = await party.accounts("?withBalance=true")
    told = {
        status: list(reversed(await party.money_transactions(account, "2025-12-20", status)))
        for status in ("booked", "pending")
    }
    pdf = (await order(login=login, kind="history", **{"from": "2025-12-20"})).content
    head, found = pages(pdf)[0], rows(pdf)

    assert len(found) == len(told["booked"]) + len(told["pending"]) > 20
    for row, item in zip(found, told["booked"] + told["pending"], strict=True):
        side = "creditor" if row.cents <= 0 else "debtor"
        number = (row.fact("Rachunek") or "").replace(" ", "")
        after = item.get("balanceAfterTransaction", {"balanceAmount": {"amount": None}})["balanceAmount"][
            "amount"
        ]
        assert row.cents == round(float(item["transactionAmount"]["amount"]) * 100)
        assert (row.balance_cents is None) == (after is None)
        assert after is None or row.balance_cents == round(float(after) * 100)
        assert row.booked_on == item.get("bookingDate", "-")
        assert row.made_on == item["valueDate"]
        assert row.kind == item.get("proprietaryBankTransactionCode")
        assert row.fact("Tytuł") == item["remittanceInformationUnstructured"]
        assert row.fact("Odbiorca" if row.cents <= 0 else "Nadawca") == item.get(f"{side}Name")
        assert number == item.get(f"{side}Account", {"iban": ""})["iban"]
    booked = next(one for one in account["balances"] if one["balanceType"] == "interimBooked")
    assert cents(fact(head, "Saldo końcowe:") or "") == round(float(booked["balanceAmount"]["amount"]) * 100)
    assert (fact(head, "Numer rachunku:") or "").replace(" ", "") == account["iban"]
    assert fact(head, "Posiadacz rachunku:") == account["ownerName"]
    assert fact(head, "Rodzaj rachunku:") == account["name"]


async def test_the_newest_month_of_the_first_account_is_issued_unless_told_otherwise(order: Order) -> None:
    reply = await order(login="test1")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/pdf")
    assert reply.headers["content-disposition"] == 'attachment; filename="wyciag-2026-02.pdf"'
    assert fact(pages(reply.content)[0], "Nr wyciągu:") == "2/2026"


async def test_month_account_and_seal_can_be_chosen(order: Order) -> None:
    reply = await order(login="many", account=3, month="2025-12", signed=True)
    head = pages(reply.content)[0]
    assert fact(head, "Nr wyciągu:") == "12/2025"
    assert fact(head, "Rodzaj rachunku:") == "Konto na Wakacje"
    assert b"/ETSI.CAdES.detached" in reply.content
    again = await order(
        login="many", account=(fact(head, "Numer rachunku:") or ""), month="2025-12", signed=False
    )
    assert pages(again.content)[0][:10] == head[:10]
    assert b"/ETSI.CAdES.detached" not in again.content


async def test_confirmations_are_ordered_by_number(order: Order) -> None:
    reply = await order(login="pending", kind="confirmation", numbers=[1, "2"], unbooked=True)
    assert [fact(lines, "Status:") for lines in pages(reply.content)] == ["niezaksięgowana"] * 2
    number = fact(pages(reply.content)[1], "Numer referencyjny:")
    again = await order(login="pending", kind="confirmation", numbers=[number], unbooked=True)
    assert fact(pages(again.content)[0], "Numer referencyjny:") == number


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        ({"login": "nobody"}, "Nobody has the login nobody"),
        ({"login": "empty"}, "There are 0 of them"),
        ({"login": "test1", "account": 2}, "There are 1 of them"),
        ({"login": "test1", "country": "cz"}, "Poland only"),
        ({"login": "test1", "month": "2026-03"}, "2026-02, 2026-01, 2025-12, 2025-11, 2025-10"),
        ({"login": "test1", "kind": "history"}, "first day"),
        ({"login": "test1", "from": "2026-03-01"}, "Not of kind statement: from"),
        ({"login": "test1", "kind": "history", "from": "2020-01-01"}, "between 2025-09-18 and 2026-03-18"),
        ({"login": "test1", "kind": "history", "from": "2026-03-01", "month": "2026-02"}, "month"),
        ({"login": "test1", "kind": "confirmation"}, "1 to 50"),
        ({"login": "test1", "kind": "confirmation", "numbers": [100]}, "no money transaction 100"),
        ({"login": "test1", "numbers": [1], "unbooked": True}, "Not of kind statement: numbers, unbooked"),
        ({"login": "test1", "kind": "letter"}, "$.kind"),
        ({"login": "test1", "signed": "yes"}, "$.signed"),
        ({"login": "test1", "kind": "history", "from": "1.3.2026"}, "$.from"),
        ({"login": "test1", "password": "Test123"}, "password"),
        ({}, "login"),
    ],
)
async def test_an_order_that_cannot_be_fulfilled_is_refused_with_the_reason(
    order: Order, wanted: dict[str, object], complaint: str
) -> None:
    reply = await order(**wanted)
    assert reply.status == 400
    assert complaint in reply.body["error"]


async def test_a_document_follows_the_banks_clock(
    http: aiohttp.ClientSession, start_bank: Callable[..., RunningBank]
) -> None:
    party = Party(http, start_bank("--now", NOW).url)
    await party.clock(days=20)
    reply = await party.call("POST", "/control/statement", json={"login": "single"})
    assert fact(pages(reply.content)[0], "Nr wyciągu:") == "3/2026"


def command(*arguments: str) -> int:
    return main([*arguments, "--now", NOW])


def test_a_command_writes_the_document_and_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("statement", "test1", "--month", "2026-01") == 0
    assert command("statement", "test1", "--from", "2026-03-01", "--to", "2026-03-10", "--signed") == 0
    assert command("confirmation", "pending", "1", "2", "--unbooked") == 0
    names = capsys.readouterr().out.splitlines()

    assert names[:2] == ["wyciag-2026-01.pdf", "historia-2026-03-01-2026-03-10.pdf"]
    written = [pages((tmp_path / name).read_bytes()) for name in names]
    assert fact(written[0][0], "Nr wyciągu:") == "1/2026"
    assert "Za okres od 2026-03-01 do 2026-03-10" in written[1][0]
    assert len(written[2]) == 2
    assert b"KontoBankSeal" in (tmp_path / names[1]).read_bytes()


async def test_the_command_and_the_control_api_issue_the_same_bytes(order: Order, tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    assert command("statement", "coowners", "--out", str(file)) == 0
    assert (await order(login="coowners")).content == file.read_bytes()


def test_a_document_can_be_written_to_the_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command("statement", "test1", "--out", "-") == 0
    written = capfdbinary.readouterr().out
    assert written.startswith(b"%PDF-")
    assert fact(pages(written)[0], "Nr wyciągu:") == "2/2026"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("statement", "nobody"), "kontobank scenarios"),
        (("statement", "test1", "--to", "2026-03-01"), "first day"),
        (("statement", "test1", "--country", "es"), "Poland only"),
        (("confirmation", "test1", "99"), "no money transaction 99"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    file = tmp_path / "x.pdf"
    assert command(*arguments, "--out", str(file)) == 2
    assert complaint in capsys.readouterr().err
    assert not file.exists()


def test_days_that_cannot_be_read_are_refused_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command("statement", "test1", "--from", "1.3.2026")
    assert "2026-01-31" in capsys.readouterr().err


def test_the_issuers_certificate_is_printed_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["issuer"]) == 0
    assert capsys.readouterr().out == issuer_pem()
