"""What clients ask about an owner's labelled data: summaries, income, features, profile and score."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from kontora.analytics.accounts_summary import AccountSummary, accounts_summary
from kontora.analytics.income import Income, incomes_of
from kontora.analytics.owner_summary import CurrencySummary, owner_summary
from kontora.analytics.profile import Profile, profile_of
from kontora.analytics.sources import OwnerName, owners_of, sources_of
from kontora.analytics.summary_parts import Question
from kontora.commands.answers import Client
from kontora.commands.features import LABELS, SCORE, check_feature
from kontora.commands.labelled_owners import LabelledOwner
from kontora.commands.room import CommandRoom
from kontora.errors import CommandNotAvailable, KontoraError, NoDataToCalculateScore
from kontora.labels.rules import COUNTRIES
from kontora.labels.taxonomy import for_clients
from kontora.scores.features import FeatureSet, Values
from kontora.scores.history import Loan
from kontora.scores.owner_features import COMMON_1
from kontora.scores.reading import history_of
from kontora.scores.served_model import OwnerScore, ServedModel, score_owner
from kontora.store import events, owners

Answer = TypeVar("Answer")
_LABELLED = ", ".join(COUNTRIES)


class ReadOwner(Protocol):
    """Reads all data of an owner, labelled; leaves an event of this kind."""

    def __call__(
        self, room: CommandRoom, client: Client, owner_external_id: str, *, kind: str
    ) -> Awaitable[LabelledOwner]:
        """Return them.

        Raises: InvalidOwnerExternalId.
        """
        ...


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary with the names of the owners."""

    owners: tuple[OwnerName, ...]
    parts: tuple[AccountSummary, ...] | tuple[CurrencySummary, ...]


@dataclass(frozen=True, slots=True)
class IncomeReport:
    """The income of an owner, and when the data changed last."""

    owners: tuple[OwnerName, ...]
    data_changed_at: datetime
    incomes: tuple[Income, ...]


@dataclass(frozen=True, slots=True)
class OwnerFeatures:
    """Numbers about an owner in the currency with most money transactions."""

    feature_set: FeatureSet
    currency_name: str | None
    values: Values


@dataclass(frozen=True, slots=True)
class OwnerProfile:
    """The segments of an owner. `country`: by which labels are named for clients."""

    profile: Profile
    country: str


@dataclass(frozen=True, slots=True)
class ScoredOwner:
    """A score with all that explains it. `country`: by which labels are named for clients."""

    model: ServedModel
    scored: OwnerScore
    country: str


class AnalyticsDesk:
    """Answers from an owner's whole data as labelled now; the work is done in a thread, by turns."""

    def __init__(self, room: CommandRoom, model: ServedModel, read: ReadOwner) -> None:
        self._room = room
        self._model = model
        self._read = read

    async def accounts_summary(self, client: Client, owner_external_id: str, question: Question) -> Summary:
        """Sum up each account.

        Raises: CommandNotAvailable, InvalidOwnerExternalId; so does every question below.
        """
        owner = await self._owner(client, owner_external_id, "accounts_summary_read")
        return await self._worked(
            client,
            lambda: Summary(owners_of(owner.targets), accounts_summary(sources_of(owner.targets), question)),
        )

    async def owner_summary(self, client: Client, owner_external_id: str, question: Question) -> Summary:
        """Sum up all accounts, by currency."""
        owner = await self._owner(client, owner_external_id, "owner_summary_read")
        return await self._worked(
            client,
            lambda: Summary(owners_of(owner.targets), owner_summary(sources_of(owner.targets), question)),
        )

    async def income(self, client: Client, owner_external_id: str) -> IncomeReport:
        """Confirm income; the first time for these data leaves an event `income_confirmed`, to be billed.

        Without labels every credit would look like income, own money and loans too: such data are left out.
        Raises: CommandNotAvailable, if there are no others; and as above.
        """
        owner = await self._owner(client, owner_external_id, "income_read")
        labelled = [target for target in owner.targets if target.country in COUNTRIES]
        if not labelled:
            raise CommandNotAvailable(
                f"Income is told by labels, and the owner's data are of no country that has any: {_LABELLED}."
            )
        report = await self._worked(
            client,
            lambda: IncomeReport(
                owners_of(owner.targets),
                owner.changed_at,
                incomes_of(sources_of(labelled), self._today()),
            ),
        )
        async with self._room.database.tx() as db:
            if await owners.note_income(db, owner.owner_id, owner.changed_at):
                await events.append(db, _event("income_confirmed", client, owner, "ok"))
        return report

    async def features(self, client: Client, owner_external_id: str) -> OwnerFeatures:
        """Return the numbers of the set `common-1`, with all that was booked up to today."""
        owner = await self._owner(client, owner_external_id, "features_read")

        def work() -> OwnerFeatures:
            accounts = [account for target in owner.targets for account in target.accounts]
            history = history_of(accounts, is_labelled=owner.country in COUNTRIES)
            values = COMMON_1.values(history, self._day_of_decision())
            return OwnerFeatures(COMMON_1, history.currency_name, values)

        return await self._worked(client, work)

    async def profile(self, client: Client, owner_external_id: str) -> OwnerProfile:
        """Return the segments that the owner belongs to."""
        owner = await self._owner(client, owner_external_id, "profile_read")
        return await self._worked(
            client,
            lambda: OwnerProfile(profile_of(sources_of(owner.targets), self._today()), owner.country or ""),
        )

    async def score(self, client: Client, owner_external_id: str, loan: Loan | None) -> ScoredOwner:
        """Score an owner. Each call leaves an event `score_calculated` with its outcome, to be billed if ok.

        Raises: NoDataToCalculateScore, with what is missing; and as above.
        """
        check_feature(client, SCORE)
        owner = await self._owner(client, owner_external_id, "score_read")
        outcome = "InternalError"
        try:
            scored = await self._worked(client, lambda: self._scored(owner, loan))
            outcome = "ok"
        except KontoraError as error:
            outcome = error.name
            raise
        finally:
            async with self._room.database.tx() as db:
                await events.append(db, _event("score_calculated", client, owner, outcome, self._model.id))
        return ScoredOwner(self._model, scored, owner.country or "")

    def model_card(self, client: Client, model_id: str | None) -> str | None:
        """Return the card of the model in use; `None`, if another one is asked for.

        Raises: CommandNotAvailable.
        """
        check_feature(client, SCORE)
        return self._model.card if model_id in {None, self._model.id} else None

    def _scored(self, owner: LabelledOwner, loan: Loan | None) -> OwnerScore:
        if owner.country not in COUNTRIES:
            raise NoDataToCalculateScore(f"The owner's data are of no country that has labels: {_LABELLED}.")
        return score_owner(self._model.scorer, owner.targets, self._day_of_decision(), loan)

    async def _owner(self, client: Client, owner_external_id: str, kind: str) -> LabelledOwner:
        check_feature(client, LABELS)
        return await self._read(self._room, client, owner_external_id, kind=kind)

    async def _worked(self, client: Client, work: Callable[[], Answer]) -> Answer:
        async with self._room.turns.turn(client.id):
            return await asyncio.to_thread(work)

    def _today(self) -> date:
        return self._room.now().date()

    def _day_of_decision(self) -> date:
        """Return tomorrow: what is booked today is known, and features look at earlier days alone."""
        return self._today() + timedelta(days=1)


def client_label(label: str, country: str) -> str:
    """Return the name that replies about this country have for a label; empty for none."""
    return for_clients(frozenset({label}), country)[0] if label else ""


def _event(
    kind: str, client: Client, owner: LabelledOwner, outcome: str, model_id: str | None = None
) -> events.Event:
    return events.Event(
        kind=kind,
        client_id=client.id,
        owner_id=owner.owner_id,
        outcome=outcome,
        detail=None if model_id is None else {"model": model_id},
    )
