"""The scene of a fault: a bank behind a gate, a server that only serves, and witnesses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.checker import check
from tests.faults.evidence import History, Witness, gathered
from tests.harness.callers import Reply
from tests.harness.gates import BankGate
from tests.harness.processes import KontoBankProcess, KontoraProcess, Site

CLIENT = "lender-test"


@dataclass
class Scene:
    """Where something is broken, and everything that is written down of it."""

    bank: KontoBankProcess
    gate: BankGate
    site: Site
    key: str
    database_url: str | None
    history: History = field(default_factory=History)
    witnesses: list[Witness] = field(default_factory=list)

    def witness(self, kontora: KontoraProcess, *, connections: int = 8) -> Witness:
        """Return somebody who calls this server."""
        made = Witness(kontora.url, self.key, CLIENT, self.history, connections=connections)
        self.witnesses.append(made)
        return made

    def expect(self, owner: str, witness: Witness, login: str) -> Reply:
        """Import once more, undisturbed: it shows that all works, and what the bank has of that owner."""
        pair = witness.session(login, f"{owner}, again")
        started = witness.start(pair)
        assert started.status == 202, started.body
        ended = witness.ended(started.command_id)
        assert ended.state == "successful", ended.body
        self.history.expected[owner] = ended.body.count("<moneyTransaction>")
        return ended

    def complaints(self, database_url: str | None = None, *, places: int = 8) -> list[str]:
        """Ask the checker."""
        url = database_url or self.database_url
        assert url is not None
        logs = [log.read_text(errors="replace") for log in self.site.folder.glob("*.log")]
        return check(gathered(self.history, url, self.bank.calls(), logs, places=places))


@contextmanager
def opened_scene(folder: Path, database_url: str | None, **settings: str) -> Iterator[Scene]:
    """Open a scene; nothing of Kontora runs yet. `settings` are Kontora's, without `KONTORA_`."""
    gate = BankGate()
    bank = KontoBankProcess(folder, public_url=gate.url)
    gate.upstream_port = bank.port
    site = Site(folder, gate.url, database_url, {"worker": "off", **settings})
    key = site.add_client(CLIENT) if database_url is not None else ""
    scene = Scene(bank, gate, site, key, database_url)
    try:
        yield scene
    finally:
        for witness in scene.witnesses:
            witness.close()
        gate.close()
        site.end()
        bank.end()
