"""The paths of this API, its keys, and the door to the owner's pages."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kontobank.bank import Bank
from kontobank.oauth import enter
from kontobank.polish_api import reading, sign_in
from kontobank.polish_api.resource import Operation, Resource
from kontobank.polish_api.signatures import BankSeal
from kontobank.visits import Visit

ROOT, VERSION = "/polish", "v2_1_2.1"
_AUTH: dict[str, Operation] = {"authorize": sign_in.authorize, "token": sign_in.token}
_ACCOUNTS: dict[str, Operation] = {
    "deleteConsent": sign_in.delete_consent,
    "getAccounts": reading.get_accounts,
    "getAccount": reading.get_account,
    "getTransactionsDone": reading.get_done,
    "getTransactionsPending": reading.get_pending,
    "getTransactionsRejected": reading.get_rejected,
    "getTransactionsCancelled": reading.get_cancelled,
    "getTransactionsScheduled": reading.get_scheduled,
    "getHolds": reading.get_holds,
    "getTransactionDetail": reading.get_detail,
}


class PolishApi:
    """PolishAPI of one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._seal = BankSeal()

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(
                f"{ROOT}/{VERSION}/{room}/{VERSION}/{name}", Resource(self._bank, self._seal, name, operation)
            )
            for room, operations in (("auth", _AUTH), ("accounts", _ACCOUNTS))
            for name, operation in operations.items()
        ] + [
            Route(f"{ROOT}/keys.json", self.keys, methods=["GET"]),
            Route("/pages/polish/{authorisation_id}", self.start, methods=["GET"]),
        ]

    async def keys(self, request: Request) -> Response:
        """Tell the public key that answers are signed with."""
        return Response(msgspec.json.encode(self._seal.jwks()), media_type="application/json")

    async def start(self, request: Request) -> Response:
        """Begin a visit from the link `aspspRedirectUri`."""
        authorisation = self._bank.authorisations.find(request.path_params["authorisation_id"])
        asked = self._bank.polish_consents.asked(authorisation.id) if authorisation else None
        if authorisation is None or asked is None or authorisation.is_over():
            return PlainTextResponse("This sign-in has ended. Start again in the app.\n", 400)
        return enter(self._bank, self._bank.visits.add(Visit(authorisation.id, asked)))
