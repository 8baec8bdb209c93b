"""Web pages by description: cookies, forms, fields, and what is kept of a page nobody understands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.connectors.exchanges import FOLDER, read_exchange

from kontora.connectors.bank_line import BankCall, BankReply
from kontora.connectors.bank_reach import Reach
from kontora.connectors.banks.cz_kontobank.web import parse_symbols
from kontora.connectors.banks.pl_kontobank.web import WebConnector
from kontora.connectors.protocol import (
    Access,
    Answer,
    BankAccount,
    BankCard,
    CredentialKind,
    Grant,
    Secret,
    SignInRequest,
)
from kontora.connectors.standards.kontobank_web.parse import Handle
from kontora.connectors.standards.kontobank_web.problems import problem_on
from kontora.connectors.standards.web_pages import converters
from kontora.connectors.standards.web_pages.cookies import Cookie, header_of, kept, merged
from kontora.connectors.standards.web_pages.descriptions import (
    Field,
    Page,
    Table,
    fields_of,
    recognised,
    rows_of,
)
from kontora.connectors.standards.web_pages.documents import Document, NotUnderstood, form_of
from kontora.connectors.standards.web_pages.redaction import LONGEST, redacted, shape
from kontora.connectors.target import Surroundings
from kontora.errors import BankChanged, KontoraError
from kontora.model import Account, CreditCard

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
URL = "https://bank.example/web/pl/accounts"
POLISH = converters.Writing(" ", ",", r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})")


def document(html: str, url: str = URL) -> Document:
    return Document(200, url, html)


def test_a_cookie_goes_back_to_its_host_and_path_only() -> None:
    jar = kept((), ["sid=abc; Path=/web/pl; HttpOnly", "all=1; Path=/"], URL, NOW)
    assert header_of(jar, URL) == {"Cookie": "sid=abc; all=1"}
    assert header_of(jar, "https://bank.example/web/plus") == {"Cookie": "all=1"}
    assert header_of(jar, "https://other.example/web/pl") == {}


def test_a_cookie_is_replaced_and_taken_away() -> None:
    jar = kept((Cookie("sid", "old", "bank.example", "/"),), ["sid=new; Path=/"], URL, NOW)
    assert [one.value for one in jar] == ["new"]
    assert kept(jar, ["sid=; Path=/; Max-Age=0"], URL, NOW) == ()
    assert kept(jar, ["sid=x; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], URL, NOW) == ()


def test_a_cookie_without_path_belongs_to_the_folder_of_its_page() -> None:
    (cookie,) = kept((), ["a=1"], "https://bank.example/web/pl/login", NOW)
    assert cookie.path == "/web/pl"


def test_cookies_of_answers_that_cross_each_other_are_all_kept() -> None:
    before = kept((), ["a=1; Path=/", "b=1; Path=/", "c=1; Path=/"], URL, NOW)
    one = kept(before, ["a=2; Path=/", "c=; Path=/; Max-Age=0"], URL, NOW)
    other = kept(before, ["b=2; Path=/", "d=1; Path=/"], URL, NOW)
    both = merged(merged(before, before, one), before, other)
    assert {(cookie.name, cookie.value) for cookie in both} == {("a", "2"), ("b", "2"), ("d", "1")}


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html; charset=ISO-8859-2", "<p>Łódź".encode("iso-8859-2"), "Łódź"),
        ('text/html;charset="utf-8"', "<p>Łódź".encode(), "Łódź"),
        ("text/html", b"<p>\xa3", None),
        ("text/html; charset=rot13", b"<p>a", None),
        ("application/json", b"{}", None),
    ],
)
def test_a_page_is_read_in_the_characters_that_it_names(
    content_type: str, body: bytes, text: str | None
) -> None:
    page = Document.of(BankReply(200, {"Content-Type": content_type}, body, URL))
    assert (page.tree.root.text() if page is not None and page.tree.root is not None else None) == text


@given(st.lists(st.text(max_size=80), max_size=5))
def test_no_header_of_a_bank_breaks_the_jar(lines: list[str]) -> None:
    jar = kept((), lines, URL, NOW)
    sent = header_of(jar, URL).get("Cookie", "")
    assert "\n" not in sent and "\r" not in sent and sent.isascii()


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1 234,56 PLN", "1234.56"), ("-0,01 PLN", "-0.01"), ("\N{MINUS SIGN}12,00 EUR", "-12.00")],
)
def test_an_amount_is_read_with_its_sign(text: str, amount: str) -> None:
    assert POLISH.money(text).amount == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "1234,56 PLN",
        "1.234,56 PLN",
        "12,5 PLN",
        "12,00",
        "12,00 zł",
        "١٢,00 PLN",
        "- 12,00 PLN",
        "12 34,00 PLN",
    ],
)
def test_an_amount_in_another_form_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        POLISH.money(text)


@given(st.integers(min_value=-(10**11), max_value=10**11))
def test_every_amount_that_a_bank_writes_comes_back(cents: int) -> None:
    whole, rest = divmod(abs(cents), 100)
    text = f"{'-' if cents < 0 else ''}{whole:,}".replace(",", " ") + f",{rest:02d} PLN"
    assert POLISH.money(text).amount == Decimal(cents) / 100


def test_dates_and_numbers_are_read_as_they_are_written() -> None:
    assert POLISH.date("31.01.2026") == date(2026, 1, 31)
    assert converters.polish_number("61 1090 1014 0000 0712 1981 2874") == "PL61109010140000071219812874"
    assert converters.polish_number("1090 1014 0000 0712 1981 2874") == "109010140000071219812874"
    assert converters.percent("18,50 %") == Decimal("18.50")
    assert parse_symbols("VS 1234567890, KS 0308") == {"VS": "1234567890", "KS": "0308"}
    for convert, text in (
        (POLISH.date, "2026-01-31"), (POLISH.date, "31.02.2026"), (converters.number, "?"),
        (converters.percent, "18.50"), (converters.count, "many"), (converters.moment, "2026-01-31T12:00:00"),
        (converters.one_of({"yes": True}), "no"), (parse_symbols, "VS"), (parse_symbols, "XX 1"),
    ):  # fmt: skip
        reading: Callable[[str], object] = convert
        with pytest.raises(ValueError):
            reading(text)


ACCOUNTS = Page("accounts", "/accounts", "main#accounts")


def test_a_page_is_known_by_its_address_and_its_mark() -> None:
    assert recognised(document("<main id=accounts>"), (ACCOUNTS,)) is ACCOUNTS
    with pytest.raises(NotUnderstood, match="main#accounts is missing"):
        recognised(document("<main id=other>"), (ACCOUNTS,))
    with pytest.raises(NotUnderstood, match="the mark of a known page"):
        recognised(document("<main id=accounts>", "https://bank.example/login"), (ACCOUNTS,))


def test_a_missing_field_is_named_and_an_optional_one_is_none() -> None:
    root = document("<main><b class=a>x</b></main>").first("main")
    assert root is not None
    assert fields_of(root, {"a": Field(".a"), "b": Field(".b", needed=False)}) == {"a": "x", "b": None}
    with pytest.raises(NotUnderstood, match=r"b \(\.b\) is missing"):
        fields_of(root, {"b": Field(".b")})


def test_a_failure_never_tells_the_value_of_a_field() -> None:
    root = document("<main><b class=a>secret</b></main>").first("main")
    assert root is not None
    with pytest.raises(NotUnderstood) as caught:
        fields_of(root, {"a": Field(".a", POLISH.money)})
    assert "secret" not in str(caught.value)


TABLE = Table("table.t", ("One", "Two"), {}, needed=False, none="p.none")


@pytest.mark.parametrize(
    ("html", "element"),
    [
        ("<p>", "table.t is missing"),
        ("<table class=t><thead><tr><th>Two<th>One</thead></table>", "thead th are others"),
        ("<table class=t><thead><tr><th>One<th>Two</thead><tbody><tr><td>1</table>", "more or fewer"),
    ],
)
def test_a_table_that_is_not_as_described_is_not_read(html: str, element: str) -> None:
    with pytest.raises(NotUnderstood, match=element):
        rows_of(document(html), TABLE)


def test_an_empty_list_is_told_from_one_that_is_not_there() -> None:
    assert rows_of(document("<p class=none>You have no accounts."), TABLE) == ()


def test_a_form_carries_its_hidden_fields() -> None:
    page = document("<form id=f method=post action=/go><input type=hidden name=_csrf value='a&b'></form>")
    form = form_of(page, "form#f", ("_csrf",))
    assert form.action == "https://bank.example/go"
    assert form.body({"login": "ł"}) == b"_csrf=a%26b&login=%C5%82"


@pytest.mark.parametrize(
    ("html", "element"),
    [
        ("<p>", "form#f is missing"),
        ("<form id=f method=get>", r"form#f\[method=post\]"),
        ("<form id=f method=post><input type=hidden name=_csrf value=''></form>", "name=_csrf"),
    ],
)
def test_a_form_that_is_not_as_described_is_not_sent(html: str, element: str) -> None:
    with pytest.raises(NotUnderstood, match=element):
        form_of(document(html), "form#f", ("_csrf",))


def test_a_redacted_page_keeps_its_structure_and_nothing_else() -> None:
    page = redacted(
        document(
            "<html lang=en><title>Jan</title><script>secret()</script><body><!-- note -->"
            "<main id=history><a href='/jan' title=Jan data-x=Jan>Jan Kowalski, 31.01.2026</a>"
            "<input name=login value=jan><p class='amount jan-Kowalski'>-1 234,56 zł"
        )
    )
    assert "Jan" not in page and "Kowalski" not in page and "jan" not in page
    assert "secret" not in page and "note" not in page
    assert '<main id="history">' in page
    assert "xxx xxxxxxxx, 99.99.9999" in page
    assert '<p class="amount x">-9 999,99 xx</p>' in page


@given(st.text(min_size=1, max_size=200))
def test_the_form_of_a_text_holds_no_letter_or_digit_of_it(text: str) -> None:
    assert set(shape(text)) - {"x", "9"} <= {chr(code) for code in range(128)} - set(
        "abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345678"
    )


def test_a_deep_or_endless_page_is_redacted_too() -> None:
    assert "xxxx" in redacted(document("<div>" * 20_000 + "deep"))
    assert len(redacted(document("<p>word</p>" * 100_000))) <= LONGEST


@pytest.mark.parametrize(
    ("href", "told"),
    [("/web/pl/terms", "https://bank.example/web/pl/terms"), ("https://evil.example/", None),
     ("javascript:alert(1)", None)],
)  # fmt: skip
def test_an_owner_is_sent_to_pages_of_the_bank_only(href: str, told: str | None) -> None:
    page = document(f"<main id=problem data-code=terms><a id=action href='{href}'>Now</a></main>")
    failure = problem_on(page, "KontoBank, enterPassword")
    words = "Your bank wants you to accept new terms first"
    assert failure is not None
    assert failure.friendly_message == (f"{words}: {told}" if told else words)


def test_a_code_that_nobody_knows_is_no_failure_with_a_name() -> None:
    assert problem_on(document("<main id=problem data-code=new></main>"), "KontoBank") is None


@cache
def recorded() -> tuple[tuple[str, str, bytes], ...]:
    """Return the pages of a recorded import: step, address, body."""
    exchange = read_exchange(FOLDER / "pl_kontobank" / "exchanges" / "web-test1.json")
    return tuple(
        (turn.operation, f"https://bank.invalid{turn.path}", turn.body.encode())
        for turn in exchange.turns
        if turn.status == 200 and turn.content_type.startswith("text/html")
    )


class OnePage:
    """A bank that answers everything with one page."""

    target = "KontoBank"
    reach = Reach.of(["https://bank.invalid"])

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def send(self, call: BankCall) -> BankReply:
        return BankReply(200, {"Content-Type": "text/html; charset=utf-8"}, self.body, call.url)


async def _ask(step: str, url: str, body: bytes) -> list[str]:
    """Read a page as the step that it was recorded at; returns the copies for the operator."""
    copies: list[str] = []

    async def keep(target: str, at: str, page: str) -> None:
        copies.append(page)

    connector = WebConnector(
        Surroundings(
            line=OnePage(body), base_url="https://bank.invalid/web/pl", now=lambda: NOW, on_unknown_page=keep
        )
    )
    grant = Grant(Access({}, signed_in=True))
    handle = Handle(url.partition("?")[0]).encoded()
    account = BankAccount(handle, Account(name="", iban="", currency_name="PLN"))
    card = BankCard(handle, CreditCard(name="", card_id="", currency_name="PLN"))
    if step == "showHistory":
        async for _ in connector.read_money_transactions(grant, account, date(2026, 1, 1)):
            pass
    elif step == "showCardHistory":
        async for _ in connector.read_credit_card_transactions(grant, card, date(2026, 1, 1)):
            pass
    elif step in ("showAccounts", "showAccount", "showProfile"):
        await connector.list_accounts(grant)
    elif step in ("showCards", "showCard"):
        await connector.list_credit_cards(grant)
    else:
        answers = [Answer(CredentialKind.STATIC_LOGIN, Secret("x"))]
        await connector.sign_in(SignInRequest(), answers, None)
    return copies


@settings(max_examples=150, deadline=None)
@given(st.data())
async def test_a_page_with_anything_broken_gives_a_named_failure_or_a_sound_answer(
    data: st.DataObject,
) -> None:
    step, url, body = data.draw(st.sampled_from(recorded()))
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 2000)))
    put = data.draw(
        st.one_of(
            st.binary(max_size=20),
            st.sampled_from(
                [b"", b"<", b"</table>", b"<td>", b"</form>", b'"', b"\xff", b"&#0;", b"<p>x</p>"]
            ),
        )
    )
    try:
        await _ask(step, url, body[:start] + put + body[end:])
    except KontoraError as error:
        assert len(error.message) < 600


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
async def test_no_body_at_all_is_more_than_a_named_failure(body: bytes) -> None:
    for step in ("showHistory", "showAccounts", "showCards", "showLogin"):
        with pytest.raises(BankChanged):
            await _ask(step, "https://bank.invalid/web/pl/accounts/aaaaaaaaaaaaaa/history", body)
