"""A town for tests of the whole line: a practice bank behind a gate, a server, and companies that call it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness.callers import Caller, Reply
from tests.harness.gates import BankGate
from tests.harness.processes import KontoBankProcess, KontoraProcess, Site


@dataclass(frozen=True)
class Town:
    """What a test of the whole line works with. `rival` is another company."""

    bank: KontoBankProcess
    gate: BankGate
    site: Site
    kontora: KontoraProcess
    caller: Caller
    rival: Caller
    key: str
    rival_key: str
    database_url: str

    def imported(self, login: str, owner: str | None = None, **parameters: str) -> Reply:
        """Sign in, run the default import, and return the last poll."""
        started = self.caller.start(self.caller.session(login, owner), **parameters)
        assert started.status == 202, started.body
        return self.caller.ended(started.command_id)


@contextmanager
def opened_town(folder: Path, database_url: str, **settings: str) -> Iterator[Town]:
    """Open a town on a database; `settings` are Kontora's, without `KONTORA_`."""
    gate = BankGate()
    bank = KontoBankProcess(folder, public_url=gate.url)
    gate.upstream_port = bank.port
    site = Site(folder, gate.url, database_url, settings)
    callers: list[Caller] = []
    try:
        key, rival_key = site.add_client("lender-test"), site.add_client("rival-test")
        kontora = site.serve()
        callers += [Caller(kontora.url, key, connections=64), Caller(kontora.url, rival_key)]
        yield Town(bank, gate, site, kontora, callers[0], callers[1], key, rival_key, database_url)
    finally:
        for caller in callers:
            caller.close()
        site.end()
        bank.end()
        gate.close()
