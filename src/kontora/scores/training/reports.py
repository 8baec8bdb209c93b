"""What training found, ready to be printed and written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kontora.scores.model_file import ScoreModel, Tier
from kontora.scores.scoring import tier_of
from kontora.scores.training.metrics import Estimate, Resamples, mean_auc
from kontora.scores.training.numbers import Flags, Floats
from kontora.scores.training.population import Person
from kontora.scores.training.protocol import Measured

FEWEST_FOR_AUC = 5
WITHOUT_LOAN, WITH_LOAN = "without the loan", "with the loan that is asked for"


@dataclass(frozen=True)
class GroupRow:
    """How the scores of a group compare with its outcomes. `auc`: `None` for too few of an outcome."""

    group: str
    people: int
    bad: int
    repaid: float
    expected: float
    auc: Estimate | None


@dataclass(frozen=True)
class TierRow:
    """Who falls into a tier, and how many of them repaid. `repaid`: `None` of nobody."""

    tier: str
    lowest: float
    people: int
    bad: int
    repaid: float | None


@dataclass(frozen=True)
class Report:
    """Everything that was measured. `questions`: `WITHOUT_LOAN` and, where loans are known, `WITH_LOAN`."""

    questions: dict[str, list[Measured]]
    groups: list[GroupRow]
    tiers: list[TierRow]
    limits: str
    verdicts: dict[str, list[str]]


@dataclass(frozen=True)
class Trained:
    """A model and what was measured of it."""

    model: ScoreModel
    report: Report


def chances_of(unseen: Floats) -> Floats:
    """Return one probability a person: of the mean log-odds over the repeats."""
    return np.asarray(1 / (1 + np.exp(-unseen.mean(axis=0))), dtype=np.float64)


def group_rows(people: Sequence[Person], kept: Measured, good: Flags) -> list[GroupRow]:
    """Compare scores and outcomes in every group that the data name."""
    found = []
    chances = chances_of(kept.unseen)
    for column in sorted({name for person in people for name in person.groups}):
        for value in sorted({person.groups.get(column, "") for person in people}):
            inside = np.array([person.groups.get(column, "") == value for person in people])
            bad = int((~good[inside]).sum())
            enough = min(bad, int(inside.sum()) - bad) >= FEWEST_FOR_AUC
            found.append(
                GroupRow(
                    group=f"{column.removeprefix('group').strip('_') or 'group'}: {value}",
                    people=int(inside.sum()),
                    bad=bad,
                    repaid=float(good[inside].mean()),
                    expected=float(chances[inside].mean()),
                    auc=_auc(kept.unseen[:, inside], good[inside]) if enough else None,
                )
            )
    return found


def tier_rows(kept: Measured, good: Flags, tiers: tuple[Tier, ...]) -> list[TierRow]:
    """Count people and bad outcomes by tier, each person scored by models that had not seen them."""
    letters = np.array([tier_of(float(chance), tiers) for chance in chances_of(kept.unseen)])
    found = []
    for tier in tiers:
        inside = letters == tier.name
        repaid = float(good[inside].mean()) if inside.any() else None
        found.append(TierRow(tier.name, tier.lowest, int(inside.sum()), int((~good[inside]).sum()), repaid))
    return found


def _auc(unseen: Floats, good: Flags) -> Estimate:
    return Resamples(good).estimate(mean_auc(unseen, good))
