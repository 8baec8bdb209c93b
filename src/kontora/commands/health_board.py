"""The health of the ways into banks: outcomes collected, shared by all processes, judged, and probed for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable

import structlog

from kontora.commands.health import (
    ANSWER_SECONDS,
    RULE,
    Choice,
    Rule,
    choose,
    class_of,
    judge,
    outcomes_of,
    runs_of,
    was_answered,
)
from kontora.connectors.catalogue import Catalogue
from kontora.connectors.protocol import AnswersProbes, Connector
from kontora.connectors.target import Target
from kontora.errors import KontoraError, ServiceTemporarilyUnavailable
from kontora.store import events, target_health
from kontora.store.database import Database
from kontora.store.target_health import Standing

log = structlog.get_logger("kontora.health")

MOST_WAITING = 10_000


class HealthBoard:
    """Collects outcomes in memory, writes them every few seconds, and knows how all targets stand."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        connect: Callable[[Target], Connector],
        *,
        rule: Rule = RULE,
        tell: Callable[[str, bool], None] = lambda target, fails: None,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._connect = connect
        self._rule = rule
        self._tell = tell
        self._tasks: Counter[tuple[str, str, str]] = Counter()
        self._calls: list[tuple[str, bool]] = []
        self._failing: dict[str, str] = {}
        self._probes: set[asyncio.Task[None]] = set()

    def called(self, target: str, operation: str, outcome: str, seconds: float) -> None:
        """Note a call to a bank; returns at once."""
        answered = was_answered(outcome)
        if answered is not None and len(self._calls) < MOST_WAITING:
            self._calls.append((target, answered and seconds <= ANSWER_SECONDS))

    def ended(self, target: str, product: str, failure: str | None) -> None:
        """Note how a sign-in or an import ended: the failure's name, or `None`; returns at once."""
        whose = class_of(failure)
        if whose is not None:
            self._tasks[target, product, whose] += 1

    def choose(self, institution: str, access_mode: str | None = None) -> Choice:
        """Choose the way that the next sign-in to an institution takes.

        Raises: InvalidTarget.
        """
        choice = choose(self._catalogue.institution(institution), self._failing, access_mode)
        if choice.reason is not None:
            log.info(
                "fallback_chosen", institution=institution, target=choice.target.name, reason=choice.reason
            )
        return choice

    async def close(self) -> None:
        """Stop the probes under way."""
        for probe in self._probes:
            probe.cancel()
        await asyncio.gather(*self._probes, return_exceptions=True)

    async def turn(self) -> None:
        """Write what was collected, judge, probe whoever is due, and take in what others found."""
        tasks, self._tasks = self._tasks, Counter()
        calls, self._calls = self._calls, []
        async with self._database.tx() as db:
            await target_health.add(db, outcomes_of(tasks, calls), runs_of(calls))
        await self._judge()
        for target in self._probed_targets():
            await self._probe_if_due(target)

    async def _judge(self) -> None:
        async with self._database.connection() as db:
            standings = await target_health.standings(db, window_seconds=self._rule.window_seconds)
        for standing in standings:
            reason = judge(standing, self._rule)
            if reason != standing.reason:
                await self._change(standing, reason)
        async with self._database.connection() as db:
            self._failing = await target_health.failing(db)
        for standing in standings:
            self._tell(standing.target, standing.target in self._failing)

    async def _change(self, standing: Standing, reason: str | None) -> None:
        kind = "target_fails" if reason is not None else "target_answers_again"
        async with self._database.tx() as db:
            changed = await target_health.change(db, standing.target, standing.reason, reason)
            if changed:
                told = events.Event(
                    kind=kind,
                    target=standing.target,
                    outcome=reason or standing.reason,
                    detail={
                        "unanswered_in_row": standing.unanswered,
                        "successes": standing.successes,
                        "bank_errors": standing.bank_errors,
                    },
                )
                await events.append(db, told)
        if changed:
            log.warning(kind, target=standing.target, reason=reason or standing.reason)

    def _probed_targets(self) -> Iterable[Target]:
        """Return the APIs that have a fallback: for the others nothing would follow from a probe."""
        for name in sorted({target.institution.name for target in self._catalogue}):
            ways = self._catalogue.institution(name)
            if ways.api is not None and ways.fallback is not None:
                yield ways.api

    async def _probe_if_due(self, target: Target) -> None:
        connector = self._connect(target)
        if not isinstance(connector, AnswersProbes):
            return
        async with self._database.connection() as db:
            rule = self._rule
            mine = await target_health.claim_probe(
                db, target.name, calm_seconds=rule.calm_seconds, troubled_seconds=rule.troubled_seconds
            )
        if mine:
            probe = asyncio.create_task(self._probe(target, connector))
            self._probes.add(probe)
            probe.add_done_callback(self._probes.discard)

    async def _probe(self, target: Target, connector: AnswersProbes) -> None:
        """Ask once; the outcome is counted as that of any call."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await connector.probe()
        except TimeoutError:
            self.called(target.name, "probe", ServiceTemporarilyUnavailable.__name__, ANSWER_SECONDS)
        except KontoraError as error:
            log.debug("probe_failed", target=target.name, failure=error.name)
