"""When a list of pages ends: banks repeat pages, give empty ones, and some never stop."""

from __future__ import annotations

from kontora.errors import BankChanged

_EMPTY_PAGES = 5


class PageGuard:
    """Watches the pages of one list. A page is known by its address or its id."""

    def __init__(self, most_pages: int) -> None:
        self._most_pages = most_pages
        self._seen: set[str] = set()
        self._empty = 0

    def enter(self, page: str) -> None:
        """Take note of a page that was read.

        Raises: BankChanged, if there are more pages than a sound list has.
        """
        self._seen.add(page)
        if len(self._seen) > self._most_pages:
            raise BankChanged("too many pages")

    def onward(self, page: str | None, *, is_empty: bool) -> str | None:
        """Return the page to read next; `None` at the end.

        A page already read ends the list, and so do several empty ones in a row.
        """
        self._empty = self._empty + 1 if is_empty else 0
        if page is None or page in self._seen or self._empty >= _EMPTY_PAGES:
            return None
        self._seen.add(page)
        return page
