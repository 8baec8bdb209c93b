"""Owners at the web bank by Kontora's connector: HTTP and selectolax. Run as a script that obeys."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import uvloop

from bench.fallback_owner import FIRST_DAY, PASSWORD, TARGET
from bench.orders import obey
from kontora.commands.reading import Progress, Reading
from kontora.connectors.bank_http import BankHttp
from kontora.connectors.catalogue import Catalogue
from kontora.connectors.protocol import (
    Access,
    Answer,
    Connector,
    CredentialKind,
    Grant,
    Psu,
    Secret,
    SignInRequest,
)

SIGN_INS_AT_ONCE = 8
LONGEST_SECONDS = 60.0
PSU = Psu(ip_address="127.0.0.1")


class Owners:
    """Signs owners in, and imports what they have. Signed-in sessions that are held stay in `held`."""

    def __init__(self, bank_url: str) -> None:
        self._http = BankHttp()
        self._target = Catalogue.load(practice=True, practice_bank_url=bank_url).target(TARGET)
        self.held: list[tuple[Connector, Access]] = []

    async def hold(self, logins: Sequence[str]) -> int:
        """Sign owners in and hold their sessions; return how many are held now."""
        waiting = iter(logins)

        async def work() -> None:
            for login in waiting:
                self.held.append(await self._signed_in(login))

        async with asyncio.TaskGroup() as group:
            for _ in range(SIGN_INS_AT_ONCE):
                group.create_task(work())
        gc.collect()
        return len(self.held)

    async def read(self, logins: Sequence[str]) -> int:
        """Sign in and import, one owner after the other; return how many money transactions came."""
        return sum([await self._imported(login) for login in logins])

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def _signed_in(self, login: str) -> tuple[Connector, Access]:
        """Enter login, password and code one after the other, as they are asked."""
        connector = self._target.connector(self._http)
        told = {CredentialKind.STATIC_LOGIN: login}
        step = await connector.sign_in(SignInRequest(psu=PSU), (), None)
        while step.challenges:
            answers = [Answer(one.kind, Secret(told.get(one.kind, PASSWORD))) for one in step.challenges]
            step = await connector.sign_in(SignInRequest(psu=PSU), answers, step.access)
        return connector, step.access

    async def _imported(self, login: str) -> int:
        connector, access = await self._signed_in(login)
        reading = Reading(
            connector,
            Grant(access, psu=PSU),
            self._target.name,
            self._target.institution.name,
            self._target.country,
            asyncio.get_running_loop().time() + LONGEST_SECONDS,
            Progress(_silent),
        )
        found = await reading.everything(FIRST_DAY, datetime.now(UTC))
        of_accounts = sum(len(account.money_transactions) for account in found.accounts)
        return of_accounts + sum(len(card.money_transactions) for card in found.credit_cards or ())


async def _silent(_per_cent: float) -> None:
    """Tell nobody how far it is."""


async def main() -> None:
    """Obey until the end of standard input."""
    owners = Owners(sys.argv[1])
    try:
        await obey({"hold": owners.hold, "read": owners.read})
    finally:
        await owners.close()


if __name__ == "__main__":
    uvloop.run(main())
