"""Which layout a document is of, and the named refusals of those that are none."""

from __future__ import annotations

import pytest
from tests.statements.rows.layout_parts import CONFIRMATION, layout_of
from tests.statements.rows.sheet import Sheet, document

from kontora.errors import (
    PdfCompanyAccount,
    PdfIsScan,
    PdfLanguageNotSupported,
    PdfLayoutNotSupported,
)
from kontora.statements.holders import is_company
from kontora.statements.recognising import recognise

STATEMENT = layout_of(
    recognise={
        "all": ["Wyciąg Some Bank"],
        "any": ["koniec wyciągu"],
        "none": ["kopia"],
        "foreign": ["Account statement Some Bank"],
        "company": ["Rachunek firmowy"],
    }
)
OTHER = layout_of(CONFIRMATION)
BOTH = (STATEMENT, OTHER)


def sheet(holder: str = "Jan Próbny", title: str = "Wyciąg Some Bank") -> Sheet:
    page = Sheet().text(40, 800, title).text(40, 780, f"Posiadacz: {holder}")
    page.line(700, (40, "Data"), (100, "Data"), (160, "Opis"), (440, "Kwota"), (520, "Saldo"))
    return page.line(690, (40, "księgowania"), (100, "operacji"))


def end() -> Sheet:
    return Sheet().text(40, 800, "Koniec wyciągu. " + "x" * 60)


def test_a_document_is_recognised_by_its_marks() -> None:
    assert recognise(document(sheet(), end()), BOTH, confirmations=False) is STATEMENT


def test_marks_are_found_without_diacritics_and_spaces() -> None:
    page = sheet(title="WYCIAGSOMEBANK")
    assert recognise(document(page, end()), BOTH, confirmations=False) is STATEMENT


@pytest.mark.parametrize(
    "pages", [(sheet(),), (sheet(title="Inny bank"), end()), (sheet().text(40, 100, "Kopia"), end())]
)
def test_without_its_marks_or_with_a_wrong_one_it_is_unknown(pages: tuple[Sheet, ...]) -> None:
    with pytest.raises(PdfLayoutNotSupported) as refusal:
        recognise(document(*pages), BOTH, confirmations=False)
    assert type(refusal.value) is PdfLayoutNotSupported


def test_the_same_document_in_another_language_is_refused_as_that() -> None:
    page = Sheet().text(40, 800, "Account statement Some Bank " + "x" * 60)
    with pytest.raises(PdfLanguageNotSupported):
        recognise(document(page), BOTH, confirmations=False)


@pytest.mark.parametrize(
    "holder", ["ABC Sp. z o.o.", "ABC S.A.", "Jan Próbny, ABC spółka jawna", "Fundacja Dobra Pomoc"]
)
def test_the_account_of_a_company_is_refused(holder: str) -> None:
    with pytest.raises(PdfCompanyAccount):
        recognise(document(sheet(holder), end()), BOTH, confirmations=False)


def test_a_document_that_is_for_companies_only_is_refused() -> None:
    with pytest.raises(PdfCompanyAccount):
        recognise(document(sheet().text(40, 760, "Rachunek firmowy"), end()), BOTH, confirmations=False)


@pytest.mark.parametrize("confirmations", [True, False])
def test_a_document_of_the_other_kind_is_refused_and_says_so(confirmations: bool) -> None:
    confirmed = Sheet().text(40, 800, "Potwierdzenie Some Bank " + "x" * 60)
    pages = (sheet(), end()) if confirmations else (confirmed,)
    what = "statement, not a confirmation" if confirmations else "confirmation, not a statement"
    with pytest.raises(PdfLayoutNotSupported, match=what):
        recognise(document(*pages), BOTH, confirmations=confirmations)


def test_two_layouts_that_fit_are_one_too_many() -> None:
    with pytest.raises(PdfLayoutNotSupported, match="More than one"):
        recognise(document(sheet(), end()), (STATEMENT, STATEMENT), confirmations=False)


@pytest.mark.parametrize(
    "pages",
    [
        (Sheet(),),
        (Sheet().picture((0, 0, 595, 842)),),
        (Sheet().text(40, 40, "Strona 1"),),
        (sheet(), end(), Sheet().picture((10, 10, 580, 830)).text(40, 40, "Strona 3")),
    ],
)
def test_pages_that_are_pictures_are_a_scan(pages: tuple[Sheet, ...]) -> None:
    with pytest.raises(PdfIsScan):
        recognise(document(*pages), BOTH, confirmations=False)


def test_a_last_page_with_little_text_is_no_scan() -> None:
    last = Sheet().text(40, 40, "Strona 3").picture((40, 700, 140, 760))
    assert recognise(document(sheet(), end(), last), BOTH, confirmations=False) is STATEMENT


@pytest.mark.parametrize(
    "name",
    [
        "ABC Sp. z o.o.",
        "ABC SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ",
        "Abc Sp. z o. o. w likwidacji",
        "ABC S. A.",
        "ABC Spółka Akcyjna",
        "Kowalski i Wspólnicy sp. j.",
        "Kowalski Sp.K.",
        "ABC P.S.A.",
        "Nowak, Próbny s.c.",
        "Stowarzyszenie Wędkarzy",
        "Wspólnota Mieszkaniowa Długa 5",
        "Spółdzielnia Pracy",
    ],
)
def test_a_legal_form_in_the_name_is_a_company(name: str) -> None:
    assert is_company(name)


@pytest.mark.parametrize(
    "name",
    [
        "Jan Próbny",
        "Jan Próbny Usługi Informatyczne",
        "P.H.U. „PRÓBKA” ŁUKASZ WIERZBIŃSKI",
        "Anna Sawicka-Spólnik",
        "Gabinet Kosmetyczny „Źrenica” Wacław Łęk",
        "SA MARIA",
        "Firma Handlowa Jan Sk",
    ],
)
def test_people_and_sole_traders_are_no_company(name: str) -> None:
    assert not is_company(name)
