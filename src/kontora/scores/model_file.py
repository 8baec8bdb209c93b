"""The file of a trained model: all that a score of years ago needs to be computed again."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec

from kontora.errors import ConfigurationError
from kontora.scores.additive import Additive

DEFAULT = Path(__file__).parent / "models" / "default.json"


class Metric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measured number with its 95 % interval. `of`: which model it was measured on."""

    of: str
    name: str
    value: float
    low: float
    high: float


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A letter for scores from `lowest` upwards, to the next."""

    name: str
    lowest: float


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model for one kind of question. `knows_loan`: whether it looks at the loan that is asked for.

    `reference`: the scores of the training data, each by a model that had not seen the person; ascending.
    """

    knows_loan: bool
    model: Additive
    reference: tuple[float, ...]


class ScoreModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trained model with where it comes from and how it was measured.

    `inputs_sha256`: of the training data; `origin`: a sentence about them; `variants`: the one without the
    loan first.
    """

    id: str
    trained_at: datetime
    features_version: str
    origin: str
    people: int
    bad: int
    inputs_sha256: str
    protocol: str
    tiers: tuple[Tier, ...]
    metrics: tuple[Metric, ...]
    variants: tuple[Variant, ...]


# Chosen so that in A about one in fifty does not repay, and in D more than one in three.
TIERS = (Tier("A", 0.95), Tier("B", 0.85), Tier("C", 0.65), Tier("D", 0.0))


def write_model(model: ScoreModel, file: Path) -> None:
    """Write the model where it can be read, and its changes be seen, by people."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n")


def read_model(file: Path) -> ScoreModel:
    """Read a model.

    Raises: ConfigurationError, if there is none in the file.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=ScoreModel)
    except OSError as error:
        raise ConfigurationError(f"The score model {file} cannot be read: {error.strerror}.") from error
    except msgspec.MsgspecError as error:
        raise ConfigurationError(f"{file} is no score model: {error}") from error


@cache
def default_model() -> ScoreModel:
    """Return the model that comes with Kontora."""
    return read_model(DEFAULT)
