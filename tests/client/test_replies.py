"""Parsing, without a network."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kontora.client import DefaultImport, EnterCredential, Pacing, Session, UnexpectedReply, Vendor
from kontora.client.command_calls import start
from kontora.client.replies import HttpReply, parse_catalog, parse_command, parse_failure, parse_session
from kontora.client.requests import checked_base_url
from kontora.client.session_calls import mock_session

CATALOG = """<?xml version="1.0" encoding="utf-8"?>
<reply xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="x.xsd"
       status="200 OK">
  <targets>
    <target country="cz" name="KontoBankApi_cz" institution="KontoBank_cz" officialName="KontoBank"
            officialUrl="https://bank.example" beta="true" psd2="true">
      <supportedAccountTypes><supportedAccountType name="Individual"/></supportedAccountTypes>
      <commands><command name="DefaultImportCommand"/><command name="ImportAccountsCommand"/></commands>
      <credentialsMetadata><credentialMetadata kind="CHOICE"><name>Typ</name><supported>true</supported>
        <asterisked>false</asterisked><choice><option>A</option><option>B</option></choice>
      </credentialMetadata></credentialsMetadata>
    </target>
  </targets>
</reply>"""

CARD = """<reply><command id="1" state="successful" name="DefaultImportCommand"><result><creditCards>
<creditCard partialDueToTimeout="true"><name>Visa</name><cardId>c-1</cardId><number>425125******1111</number>
<currencyBalance>-300.00</currencyBalance><currencyName>PLN</currencyName><limit>5000.00</limit>
<interest>18.50</interest><dueDate>2026-06-10</dueDate></creditCard></creditCards></result></command></reply>"""


def test_a_target_of_the_catalogue_is_read() -> None:
    [target] = parse_catalog(CATALOG.encode())
    assert (target.name, target.country, target.institution) == ("KontoBankApi_cz", "cz", "KontoBank_cz")
    assert target.beta and target.psd2 and target.login_name is None
    assert target.commands == ("DefaultImportCommand", "ImportAccountsCommand")
    assert target.credentials[0].choices == ("A", "B")


def test_a_credit_card_is_read() -> None:
    result = parse_command(CARD.encode()).result
    assert result is not None and result.credit_cards is not None
    [card] = result.credit_cards
    assert (card.card_id, card.currency_balance, card.limit) == (
        "c-1",
        Decimal("-300.00"),
        Decimal("5000.00"),
    )
    assert card.partial_due_to_timeout
    assert str(card.due_date) == "2026-06-10"


def test_a_command_whose_progress_was_left_out_stands_at_nothing() -> None:
    assert parse_command(b'<reply><command id="1" state="in_progress" name="X"/></reply>').progress == 0


@pytest.mark.parametrize(
    "session",
    [
        '<session id="1" signature="s" multipleAccessId="m"/>',
        '<session id="1" signature="s"/><multipleAccessId>m</multipleAccessId>',
    ],
)
def test_a_multiple_access_id_is_read_in_both_of_its_places(session: str) -> None:
    assert parse_session(f"<reply>{session}</reply>".encode()).multiple_access_id == "m"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<reply><command></reply>",
        b"<html/>",
        b"<reply/>",
        b'<reply><command id="1" state="setup"/></reply>',
        b'<!DOCTYPE reply [<!ENTITY a "b">]><reply><command id="1" state="setup" name="&a;"/></reply>',
        b'<reply><command id="1" state="setup" name="X"><progress><value>x</value></progress></command>'
        b"</reply>",
        '<reply><command id="1" state="setup" name="X"/></reply>'.encode("utf-16"),
        CARD.replace("-300.00", "-3,00").encode(),
        CARD.replace("2026-06-10", "10.06.2026").encode(),
        CARD.replace("<name>Visa</name>", "").encode(),
    ],
)
def test_what_is_not_a_sound_reply_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        parse_command(body)


def test_labels_and_vendors_of_a_money_transaction_are_read() -> None:
    told = (
        "<reply><command id='1' state='successful' name='ImportAccountTransactionsCommand'><result>"
        "<moneyTransactions><moneyTransaction><transactionOn>2026-05-22</transactionOn>"
        "<currencyAmount>-15.00</currencyAmount><labels><label>payment processor</label>"
        "<label>food with delivery</label></labels><vendors><vendor label='payment processor'>Dotpay</vendor>"
        "<vendor label='food with delivery'>PizzaPortal</vendor></vendors></moneyTransaction>"
        "</moneyTransactions></result></command></reply>"
    )
    result = parse_command(told.encode()).result
    assert result is not None
    [item] = result.money_transactions
    assert item.labels == {"payment processor", "food with delivery"}
    assert item.vendors == (
        Vendor("payment processor", "Dotpay"),
        Vendor("food with delivery", "PizzaPortal"),
    )
    with pytest.raises(UnexpectedReply):
        parse_command(told.replace(" label='payment processor'", "").encode())


def test_an_entity_never_reads_a_file() -> None:
    body = b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><reply><comment>&f;</comment></reply>'
    assert parse_failure(HttpReply(401, {}, body)).message == "The body is not Kontora's."


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7.0), ("", None), ("soon", None), ("-1", None), ("²", None)]
)
def test_only_seconds_are_taken_from_retry_after(told: str, seconds: float | None) -> None:
    assert HttpReply(503, {"retry-after": told}).retry_after_seconds == seconds


def test_no_repr_shows_a_secret() -> None:
    session = Session("1", "signature-secret", "o-1", "access-secret")
    shown = repr(
        (
            session,
            next(start(Pacing(), session, DefaultImport(), idempotency_key="k")),
            next(mock_session(Pacing(), "login-secret")),
            EnterCredential("SMS_CODE", "secret"),
        )
    )
    assert "secret" not in shown


@pytest.mark.parametrize(
    "url",
    [
        "kontora.example",
        "ftp://kontora.example",
        "http://kontora.example",
        "https://key@kontora.example",
        "https://kontora.example?x=1",
        "https://kontora.example#x",
        "https://",
    ],
)
def test_a_base_url_that_would_mislead_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        checked_base_url(url, allow_plain_http=False)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://kontora.example/", False),
        ("http://127.0.0.1:8700", False),
        ("http://localhost:8700/kontora/", False),
        ("http://kontora:8700", True),
    ],
)
def test_a_base_url_loses_only_its_last_slash(url: str, plain: bool) -> None:
    assert checked_base_url(url, allow_plain_http=plain) == url.rstrip("/")
