"""Asking KontoBank's web bank for pages, and telling what came: a known page, or a named failure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from kontora.connectors.standards.kontobank_web import pages
from kontora.connectors.standards.kontobank_web.problems import problem_on
from kontora.connectors.standards.problems import Problem, unavailable
from kontora.connectors.standards.web_pages.descriptions import Page, recognised
from kontora.connectors.standards.web_pages.documents import Document, NotUnderstood
from kontora.connectors.standards.web_pages.visiting import Arrival, Visiting
from kontora.errors import ManualActionRequired, SessionExpired, UnsupportedLanguage

_AGAIN = (
    "Your bank wants another code from you before it shows history older than 90 days. "
    "Sign in again, or ask for less history."
)


class Pagekeeper:
    """Tells which page an answer is."""

    def __init__(self, visiting: Visiting) -> None:
        self._visiting = visiting

    async def page(self, step: str, arrival: Arrival, known: Iterable[Page]) -> tuple[Document, Page]:
        """Return the page of an answer, and which of the known ones it is.

        Raises: what the page says: OwnerError, BankError, OperatorError; BankChanged, for an unknown page.
        """
        document = self._visiting.document(step, arrival)
        where = self._visiting.where(step)
        async with self.understanding(step, document):
            if failure := problem_on(document, where):
                raise failure
            if document.status >= 400 and (down := unavailable(Problem(document.status))):
                raise down(f"{where}: {down.default_message} ({document.status})")
            if document.language and document.language not in pages.LANGUAGES:
                raise UnsupportedLanguage(f"{where}: {UnsupportedLanguage.default_message}")
            return document, recognised(document, known)

    async def read(self, step: str, arrival: Arrival, wanted: Page) -> Document:
        """Return a page that only an owner who is signed in sees.

        Raises: SessionExpired, if the bank shows its login page; ManualActionRequired, if it wants another
        code; else as `page`.
        """
        document, found = await self.page(step, arrival, (wanted, pages.LOGIN, pages.AGAIN))
        if found is pages.LOGIN:
            raise SessionExpired(f"{self._visiting.where(step)}: {SessionExpired.default_message}")
        if found is pages.AGAIN:
            raise ManualActionRequired(
                f"{self._visiting.where(step)}: {ManualActionRequired.default_message}",
                friendly_message=_AGAIN,
            )
        return document

    @asynccontextmanager
    async def understanding(self, step: str, document: Document) -> AsyncIterator[None]:
        """Turn what a parser does not understand into BankChanged, after a redacted copy was handed over."""
        try:
            yield
        except NotUnderstood as error:
            raise await self._visiting.changed(step, error, document) from error
