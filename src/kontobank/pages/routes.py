"""The owner's pages."""

from __future__ import annotations

from starlette.routing import Route

from kontobank.bank import Bank


class Pages:
    """The pages of one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def routes(self) -> list[Route]:
        """Return the routes."""
        return []
