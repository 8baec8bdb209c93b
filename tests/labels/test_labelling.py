"""What labels money transactions get, and why; with a small rule book of the tests' own."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.labels.building import KNOWLEDGE, OTHER, OWN, imported, labelled, labels, mt, rule

from kontora.labels.corrections import Correction
from kontora.labels.labelling import Labeller, knowledge_of
from kontora.labels.reasons import Stage
from kontora.labels.taxonomy import ancestors
from kontora.model import Account, MoneyTransaction


def test_a_word_gives_its_label_whatever_its_case_and_diacritics() -> None:
    assert labels(mt("-15", "zakupy", "ZABKA Z1234"), mt("-9", "Żabka")) == [{"grocery"}, {"grocery"}]


def test_a_part_of_a_word_gives_nothing() -> None:
    assert labels(mt("-15", "Biedronkowa 7", "Orlenik")) == [set()]


def test_a_phrase_that_is_open_at_its_end_lets_the_word_go_on() -> None:
    assert labels(mt("2800", "Wynagrodzenie za maj", "ACME")) == [{"compensation"}]


def test_the_longest_match_wins_inside_a_category_and_other_categories_stay() -> None:
    assert labels(mt("-15", "ORLEN BISTRO 12")) == [{"restaurant", "fuel"}]
    assert labels(mt("-1500", "kredyt hipoteczny rata 3")) == [{"loan", "loan repayment", "mortgage"}]


def test_who_is_paid_decides_over_longer_words_for_what() -> None:
    assert labels(mt("-1500", "kredyt hipoteczny", "Kruk S.A.")) == [{"debt collection"}]


def test_a_label_never_stands_on_the_wrong_sign() -> None:
    assert labels(mt("15", "Żabka"), mt("-2800", "pensja")) == [set(), set()]


def test_a_forbidden_phrase_and_a_bound_of_the_amount_hold_a_rule_back() -> None:
    assert labels(mt("-300", "kredyt studencki"), mt("-1.01", "oplata weryfikacyjna")) == [set(), set()]
    assert labels(mt("-0.01", "oplata weryfikacyjna", iban=OTHER)) == [{"verification"}]


def test_a_rule_looks_only_into_its_fields() -> None:
    assert labels(mt("-50", "wypłata w bankomacie")) == [set()]
    assert labels(mt("-50", kind="WYPŁATA W BANKOMACIE")) == [{"cash withdrawal"}]


def test_parents_come_with_their_children() -> None:
    assert labels(mt("900", "premia")) == [{"compensation", "bonus"}]


def test_a_code_of_the_merchant_speaks_where_words_do_not() -> None:
    assert labels(mt("-20", "SKLEP 17", mcc="5411", kind="KARTA")) == [{"grocery"}]
    assert labels(mt("-20", "ORLEN", mcc="5411", kind="KARTA")) == [{"fuel"}]
    assert labels(mt("-20", "PAYU 123", mcc="5411")) == [{"payment processor"}]


def test_words_that_leave_the_trade_open_give_way_to_the_code_of_the_merchant() -> None:
    assert labels(mt("-20", "BAR POD LIPA", mcc="5812")) == [{"restaurant"}]
    assert labels(mt("-20", "BAR POD LIPA"), mt("-20", "BAR POD LIPA", mcc="5999")) == [{"nightlife"}] * 2
    assert labels(mt("-20", "PAYU BAR POD LIPA", mcc="5812")) == [{"payment processor", "nightlife"}]


def test_words_that_leave_the_trade_open_give_way_to_the_name_of_a_merchant_beside_them() -> None:
    assert labels(mt("-20", "IKEA BAR")) == [{"household"}]
    assert labels(mt("-20", "BAR POD LIPA", "Ikea Retail")) == [{"household"}]


def test_a_merchant_has_one_trade_that_of_its_code_or_the_first_told() -> None:
    assert labels(mt("-20", "KINO IKEA")) == [{"leisure"}]
    assert labels(mt("-20", "IKEA KINO")) == [{"household"}]
    assert labels(mt("-20", "IKEA KINO", mcc="7832")) == [{"leisure"}]


def test_of_two_merchants_names_the_one_that_the_code_agrees_with_counts() -> None:
    assert labels(mt("-20", "ORLEN ZABKA", mcc="5411")) == [{"grocery"}]
    assert labels(mt("-20", "ORLEN ZABKA", mcc="5541")) == [{"fuel"}]
    assert labels(mt("-20", "IKEA BAR", mcc="5813")) == [{"nightlife"}]


def test_the_number_of_a_public_payer_gives_its_label_by_sign() -> None:
    iban = "PL12101000712221000000000000"
    assert labels(mt("-100", "PIT", iban=iban), mt("80", "zwrot", iban=iban)) == [{"tax"}, {"tax refund"}]


def test_money_between_people_is_told_where_nothing_says_business() -> None:
    assert labels(mt("-20", "za pizze :)", "Anna Nowak")) == [{"person transfer"}]
    assert labels(mt("-20", "dla Ani", kind="PRZELEW NA TELEFON")) == [{"person transfer"}]
    assert labels(mt("-20", "Biedronka zrzutka", "Anna Nowak")) == [{"person transfer"}]
    assert labels(mt("-20", "faktura", "Jan Nowak sp. z o.o.")) == [set()]
    assert labels(mt("-900", "czynsz maj", "Anna Nowak")) == [{"rent"}]


def test_a_title_that_begins_with_the_banks_word_for_a_transfer_may_name_the_other_side() -> None:
    assert labels(mt("-20", "TRANSFER P/ ANNA NOWAK dziekuje")) == [{"person transfer"}]
    assert labels(mt("-20", "TRANSFER 0012 DE ANNA NOWAK")) == [{"person transfer"}]
    assert labels(mt("-20", "TRANSFERENCIA IMEDIATA P/ ANNA NOWAK")) == [{"person transfer"}]
    assert labels(mt("-20", "TRANSFER P/ ANNA")) == [set()]
    assert labels(mt("-20", "TRANSFER P/ ANNA SPRZATANIE LTD")) == [set()]
    assert labels(mt("-20", "urodziny ANNA NOWAK", kind="przelew")) == [set()]
    assert labels(mt("-20", "TRANSFER P/ ANNA NOWAK", "Fundacja")) == [set()]
    assert labels(mt("-20", "TRANSFER P/ JAN KOWALSKI")) == [{"own transfer"}]


def test_a_long_name_with_particles_is_a_persons() -> None:
    assert labels(mt("-20", "x", "Anna Maria dos Santos Ferreira e Silva")) == [{"person transfer"}]


def test_a_merchants_name_says_nothing_between_people_and_in_the_title_of_a_transfer() -> None:
    assert labels(mt("-20", "Ikea"), mt("-20", party="Ikea Retail")) == [{"household"}, {"household"}]
    assert labels(mt("-20", "ikea :)", "Anna Nowak")) == [{"person transfer"}]
    assert labels(mt("-20", "zrzutka ikea", kind="przelew")) == [set()]
    assert labels(mt("-20", "zamowienie 7", "Ikea Retail", kind="przelew")) == [{"household"}]


def test_a_processor_writes_the_titles_of_its_transfers_itself() -> None:
    assert labels(mt("-20", "PayU zam. 7 Ikea", "PayU S.A.", kind="przelew")) == [
        {"payment processor", "household"}
    ]
    assert labels(mt("-20", "PayU zwrot za Ikea", "Anna Nowak")) == [{"payment processor", "person transfer"}]


def test_a_person_may_be_told_with_their_address() -> None:
    for party in ("Anna Nowak ul. Lipowa 1/2 00-001 Warszawa", "ANNA NOWAK LIPOWA 1/2 WARSZAWA"):
        assert labels(mt("-20", "ikea :)", party)) == [{"person transfer"}]
    assert labels(mt("-20", "x", "Hurt Rolny Sad Lipowa 1 u Anna")) == [set()]


def test_a_transfer_that_names_nobody_has_only_private_words() -> None:
    assert (
        labels(mt("2", "odsetki"), mt("2", "odsetki", "Bank X", kind="przelew")) == [{"interest income"}] * 2
    )
    assert labels(mt("2", "odsetki", iban=OTHER, kind="przelew")) == [{"interest income"}]
    assert labels(mt("2", "z odsetkami, odsetki :)", kind="przelew")) == [set()]
    assert labels(mt("2", "transfer od Bank X, odsetki", kind="przelew")) == [{"interest income"}]


def test_a_failed_payment_keeps_nothing_of_what_was_not_paid() -> None:
    assert labels(mt("-20", "zwrot polecenia Orlen")) == [{"failed payment"}]


def test_cash_buys_nothing_whatever_shop_the_machine_stands_in() -> None:
    assert labels(mt("-50", "Biedronka Lodz", kind="WYPŁATA W BANKOMACIE")) == [{"cash withdrawal"}]


def test_what_only_tried_an_account_paid_for_nothing() -> None:
    assert labels(mt("-0.01", "oplata weryfikacyjna Orlen")) == [{"verification"}]
    assert labels(mt("-0.01", "PayU oplata weryfikacyjna")) == [{"verification", "payment processor"}]


def test_savings_go_to_the_owner_and_not_to_another_person() -> None:
    assert labels(mt("-100", "na lokatę", "Jan Kowalski")) == [{"own transfer", "savings"}]
    assert labels(mt("-100", "na lokatę", "Anna Nowak")) == [{"person transfer"}]


def test_a_transfer_between_own_accounts_is_known_by_number_and_by_name() -> None:
    savings = Account(name="Cel", iban=OTHER, currency_name="PLN")
    found = Labeller(KNOWLEDGE).label(imported(mt("-100", "", iban=OTHER), more=(savings,)))
    assert set(found.imported.accounts[0].money_transactions[0].labels) == {"own transfer"}
    assert labels(mt("-100", "oszczędności", "KOWALSKI JAN")) == [{"own transfer"}]
    assert labels(mt("-100", "zakupy", "Jan Kowalski", kind="karta")) == [set()]
    assert labels(mt("2800", "wynagrodzenie", "Jan Kowalski")) == [{"own transfer"}]


def test_an_owner_who_pays_for_their_credit_card_pays_a_debt() -> None:
    debt = {"loan", "loan repayment", "credit card repayment"}
    assert labels(mt("-300", "spłata karty", "Jan Kowalski")) == [debt]


def months(*amounts: str, party: str = "ACME", title: str = "wynagrodzenie") -> list[MoneyTransaction]:
    """One money transaction on the tenth of each month."""
    return [mt(one, title, party, on=f"2026-{number:02d}-10") for number, one in enumerate(amounts, 1)]


def test_three_wages_of_one_payer_are_regular_and_two_are_not() -> None:
    wage = {"compensation", "salary", "regular wage", "monthly"}
    assert labels(*months("2800", "2800", "2800")) == [wage] * 3
    assert labels(*months("2800", "2800")) == [{"compensation", "monthly"}] * 2


def test_a_bonus_does_not_count_into_a_series_of_wages() -> None:
    found = labels(
        mt("2800", "pensja", "ACME"), mt("2800", "pensja", "ACME"), mt("900", "pensja premia", "ACME")
    )
    assert found == [{"compensation"}, {"compensation"}, {"compensation", "bonus"}]


def test_monthly_wants_the_same_other_side_about_the_same_amount_and_about_a_month() -> None:
    assert labels(*months("-50", "-54", title="x")) == [{"monthly"}] * 2
    assert labels(*months("-50", "-56", title="x")) == [set()] * 2
    assert labels(*months("50", "-50", title="x")) == [set()] * 2
    assert labels(mt("-50", "x"), mt("-50", "x", on="2026-06-10")) == [set()] * 2
    assert labels(mt("-50", "", "A", on="2026-05-01"), mt("-50", "", "A", on="2026-05-27")) == [set()] * 2
    assert labels(mt("-50", "", "A", on="2026-05-01"), mt("-50", "", "A", on="2026-06-05")) == [set()] * 2
    assert labels(*months("-50", "-50", party="Żabka", title="x")) == [{"grocery"}] * 2


def test_a_merchant_that_returns_money_gives_a_refund() -> None:
    found = labels(mt("-80", "buty", "Sklep"), mt("80", "buty", "Sklep", on="2026-06-01"))
    assert found == [set(), {"refund"}]
    assert labels(mt("-80", "", "Sklep"), mt("81", "", "Sklep", on="2026-06-01")) == [set()] * 2
    assert labels(mt("80", "", "Sklep"), mt("-80", "", "Sklep", on="2026-06-01")) == [set()] * 2
    found = labels(mt("-80", "x", "Anna Nowak"), mt("80", "y", "Anna Nowak", on="2026-05-12"))
    assert found == [{"person transfer"}] * 2


def test_invoices_of_one_payer_are_a_wage_and_those_of_two_are_a_freelancers() -> None:
    assert labels(mt("500", "faktura 1", "A")) == [{"compensation"}]
    both = labels(mt("500", "faktura 1", "A"), mt("700", "faktura 2", "B", on="2026-05-12"))
    assert both == [{"compensation", "freelance income"}] * 2


def test_every_label_says_why() -> None:
    found = labelled(*months("2800", "2800", "2800"))
    reasons = {reason.label: reason for reason in found.reasons[0][0]}
    assert reasons["compensation"].stage is Stage.DICTIONARY
    assert reasons["compensation"].matched == "WYNAGRODZ"
    assert reasons["regular wage"].stage is Stage.SEQUENCE
    assert reasons["salary"].stage is Stage.PARENT
    assert [reason.label for reason in found.reasons[0][0]] == list(
        found.imported.accounts[0].money_transactions[0].labels
    )


def test_a_brand_is_told_as_the_vendor_of_its_label() -> None:
    (reason,) = labelled(mt("-15", "zakupy", "ZABKA Z1")).reasons[0][0]
    assert (reason.label, reason.vendor) == ("grocery", "Żabka")


def correction(**more: object) -> Correction:
    """A correction of a client."""
    told: dict[str, object] = {
        "id": "c-1",
        "party": "Żabka",
        "title": None,
        "is_credit": False,
        "add": ("restaurant",),
        "remove": ("grocery",),
        "made_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Correction(**(told | more))  # type: ignore[arg-type]


def test_a_correction_stands_above_the_rules_and_for_that_other_side_alone() -> None:
    found = labels(mt("-15", "kawa", "ŻABKA"), mt("-15", "kawa", "Biedronka"), corrections=[correction()])
    assert found == [{"restaurant"}, {"grocery"}]


def test_the_later_of_two_corrections_wins() -> None:
    later = correction(
        id="c-2", add=("grocery",), remove=("restaurant",), made_at=datetime(2026, 11, 2, tzinfo=UTC)
    )
    assert labels(mt("-15", "", "żabka"), corrections=[later, correction()]) == [{"grocery"}]


def test_a_correction_of_a_parent_takes_the_children_along_and_brings_parents() -> None:
    gone = correction(party="Bank", add=(), remove=("loan",))
    assert labels(mt("-900", "rata kredyt hipoteczny", "Bank"), corrections=[gone]) == [set()]
    brought = correction(party="Bank", add=("mortgage",), remove=())
    assert labels(mt("-900", "x", "Bank"), corrections=[brought]) == [{"loan", "loan repayment", "mortgage"}]


def test_a_correction_by_account_number_holds_however_the_number_is_written() -> None:
    number = "27 1140 2004 0000 3002 0135 5387"
    for written in (number, f"PL{number}", number.replace(" ", "")):
        named = correction(party=written, add=("rent",), remove=())
        assert labels(mt("-900", "x", "Anna", iban=f"PL{number}"), corrections=[named])[0] >= {"rent"}
        assert labels(mt("-900", "x", "Anna", iban=number), corrections=[named])[0] >= {"rent"}


def test_a_correction_of_words_alone_holds_wherever_they_stand_whole() -> None:
    words = correction(party=None, title="Klub Żagle", add=("sport",), remove=())
    found = labels(
        mt("-5", "skladka klub zagle 5/26", "Jan"),
        mt("-5", "KLUB ŻAGLE", "Anna"),
        mt("-5", "klub żaglewskich", "Jan"),
        mt("5", "klub żagle", "Jan"),
        corrections=[words],
    )
    assert ["sport" in one for one in found] == [True, True, False, False]


def test_a_thousand_corrections_cost_little_where_few_fit() -> None:
    many = [correction(id=str(n), party=None, title=f"word{n} other") for n in range(1000)]
    items = [mt("-5", f"zakupy numer {n} w sklepie", f"Sklep {n}") for n in range(1000)]
    began = time.perf_counter()
    labels(*items, corrections=many)
    assert time.perf_counter() - began < 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"party": None, "title": None},
        {"party": "!"},
        {"title": " "},
        {"add": ("gorcery",)},
        {"add": ("salary",)},
    ],
)
def test_a_correction_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        correction(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"label": "gorcery"}, {"examples": ()}, {"label": "fuel", "fact": "card"}, {"phrases": ("-",)}],
)
def test_a_rule_that_cannot_be_is_not_built(wrong: dict[str, object]) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError)):
        msgspec.convert(msgspec.to_builtins(rule("fuel", "Orlen")) | wrong, type(rule("fuel", "Orlen")))


def test_a_country_without_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="no labels for de"):
        knowledge_of("de")


ITEMS = st.lists(
    st.builds(
        mt,
        st.sampled_from(("-15.00", "2800.00", "-900.00", "80.00", "-0.01", "-80.00")),
        st.sampled_from(
            ("zakupy", "Żabka", "wynagrodzenie", "rata kredyt", "faktura", "czynsz", "premia", "")
        ),
        st.sampled_from((None, "ACME", "Anna Nowak", "Żabka", "Jan Kowalski")),
        on=st.dates(min_value=datetime(2026, 1, 1).date(), max_value=datetime(2026, 9, 30).date()).map(str),
        kind=st.sampled_from((None, "KARTA", "PRZELEW")),
    ),
    max_size=12,
)
SEQUENCE = {"monthly", "salary", "regular wage", "refund", "freelance income", "own transfer"}


@settings(max_examples=150, deadline=None)
@given(ITEMS)
def test_labelling_labelled_data_changes_nothing(items: list[MoneyTransaction]) -> None:
    labeller = Labeller(KNOWLEDGE)
    once = labeller.label(imported(*items)).imported
    assert labeller.label(once).imported == once


@settings(max_examples=150, deadline=None)
@given(ITEMS, st.randoms())
def test_labels_do_not_depend_on_the_order_of_rows(items: list[MoneyTransaction], random: object) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def told(rows: list[MoneyTransaction]) -> list[tuple[object, ...]]:
        found = Labeller(KNOWLEDGE).label(imported(*rows)).imported.accounts[0].money_transactions
        return sorted(
            (
                str(item.transaction_on),
                item.currency_amount,
                item.title,
                str(item.party),
                str(item.kind),
                item.labels,
            )
            for item in found
        )

    assert told(items) == told(shuffled)


@settings(max_examples=150, deadline=None)
@given(ITEMS, ITEMS)
def test_more_history_never_takes_a_label_away_that_needs_no_neighbours(
    items: list[MoneyTransaction], more: list[MoneyTransaction]
) -> None:
    before = labels(*items)
    after = labels(*items, *more)[: len(items)]
    for one, other in zip(before, after, strict=True):
        assert one - SEQUENCE - {"compensation"} <= other | (
            {"compensation"} if "freelance income" in other else set()
        )


@settings(max_examples=100, deadline=None)
@given(ITEMS)
def test_every_label_has_its_parents(items: list[MoneyTransaction]) -> None:
    for found in labels(*items):
        assert all(set(ancestors(name)) <= found for name in found)


def test_the_amount_of_time_grows_with_the_rows_and_not_with_their_square() -> None:
    many = [mt("-15", f"zakupy {number}", f"Sklep {number}") for number in range(3000)]
    assert len(labels(*many)) == 3000


def test_the_knowledge_of_a_test_can_be_changed_in_one_place() -> None:
    other = replace(KNOWLEDGE, first_names=frozenset())
    found = Labeller(other).label(imported(mt("-20", "pizza", "Anna Nowak"))).imported
    assert found.accounts[0].money_transactions[0].labels == ()
    assert OWN != OTHER
