"""The bank as an ASGI application: the APIs, the pages, OAuth, the web bank and the control API."""

from __future__ import annotations

import re

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from kontobank.api import accounts, authorisations, card_accounts, consents
from kontobank.api.resource import Resource
from kontobank.bank import Bank
from kontobank.control import Control
from kontobank.oauth import OAuth
from kontobank.pages.routes import Pages
from kontobank.polish_api.routes import PolishApi
from kontobank.web.serving import WebBank

_API_PATH = re.compile(r"(/(?:pl|cz|es))?/(v1|v2)(/.*)", re.DOTALL)


def build_app(bank: Bank) -> ASGIApp:
    """Return the application of one bank."""
    others = Starlette(
        routes=[
            *Control(bank).routes(),
            *OAuth(bank).routes(),
            *Pages(bank).routes(),
            *PolishApi(bank).routes(),
            *WebBank(bank).routes(),
            _health(),
        ]
    )
    return CountryRoots(Router(_api_routes(bank), default=Resource(bank, {}), redirect_slashes=False), others)


class CountryRoots:
    """Send /v1, /pl/v1, /cz/v1 and /es/v1 to the API, telling it the root; the rest elsewhere."""

    def __init__(self, api: ASGIApp, others: ASGIApp) -> None:
        self._api, self._others = api, others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = _API_PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._others(scope, receive, send)
            return
        root, version, path = found.groups()
        scope["kontobank.root"], scope["kontobank.version"] = root or "", version
        scope["path"] = path
        await self._api(scope, receive, send)


def _api_routes(bank: Bank) -> list[Route]:
    account, card, consent = "/accounts/{account_id}", "/card-accounts/{account_id}", "/consents/{consent_id}"
    resources = {
        "/accounts": {"GET": accounts.read_account_list},
        f"{account}/transactions": {"GET": accounts.read_money_transactions},
        f"{account}/balances": {"GET": accounts.read_balances},
        account: {"GET": accounts.read_account},
        f"{account}/transactions/{{transactionId}}": {"GET": accounts.read_money_transaction},
        "/card-accounts": {"GET": card_accounts.read_card_list},
        f"{card}/transactions": {"GET": card_accounts.read_card_transactions},
        f"{card}/balances": {"GET": card_accounts.read_card_balances},
        card: {"GET": card_accounts.read_card},
        f"{consent}/status": {"GET": consents.read_consent_status},
        f"{consent}/authorisations/{{authorisation_id}}": {
            "GET": authorisations.read_sca_status,
            "PUT": authorisations.update_psu_data,
        },
        f"{consent}/authorisations": {
            "GET": authorisations.list_authorisations,
            "POST": authorisations.start_authorisation,
        },
        consent: {
            "GET": consents.read_consent,
            "DELETE": consents.delete_consent,
            "PUT": consents.authorise_consent_v11,
        },
        "/consents": {"POST": consents.create_consent},
    }
    return [Route(path, Resource(bank, operations)) for path, operations in resources.items()]


def _health() -> Route:
    async def health(_request: object) -> PlainTextResponse:
        return PlainTextResponse("KontoBank is open.\n")

    return Route("/health", health)
