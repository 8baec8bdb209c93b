"""The linear model for what no rule knows: it speaks above its thresholds, and says which words did it."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import zstandard
from tests.labels.building import KNOWLEDGE, imported, mt

from kontora.labels.labelling import Knowledge, Labeller
from kontora.labels.model import LabelModel, Weights, features_of, load_model
from kontora.labels.normalising import words_of
from kontora.labels.reasons import Reason, Stage
from kontora.model import MoneyTransaction

BITS = 16
LABELS = ("grocery", "beauty", "salary")


def weights(thresholds: tuple[float, ...] = (0.9, 2.0, 0.9), **words: float) -> Weights:
    """A model whose words each say one weight for grocery and for beauty, in a title."""
    found = {}
    for word, weight in words.items():
        ((feature, _), *_) = features_of(words_of(None, None, word), BITS)
        found[feature] = ((0, weight), (1, weight), (2, weight))
    return Weights(LABELS, BITS, (-3.0, -3.0, -3.0), thresholds, found, "words of a test")


def reasons(item: MoneyTransaction, model: LabelModel) -> tuple[Reason, ...]:
    """Return what one money transaction gets."""
    known = Knowledge(KNOWLEDGE.dictionary, first_names=KNOWLEDGE.first_names, model=model)
    return Labeller(known).label(imported(item)).reasons[0][0]


def test_the_model_speaks_above_its_threshold_and_says_which_words_made_it() -> None:
    (found,) = reasons(
        mt("-15", "DELIKATESY i NARZEDZIA"), LabelModel(weights(delikatesy=6.5, narzedzia=-0.5))
    )
    assert (found.label, found.stage, found.matched) == ("grocery", Stage.MODEL, "DELIKATESY, NARZEDZIA")
    assert found.confidence == round(1 / (1 + math.exp(-3.0)), 4)


def test_below_its_threshold_on_the_wrong_sign_or_where_a_rule_speaks_it_is_silent() -> None:
    model = LabelModel(weights(delikatesy=6.5, sklep=5.0))
    assert reasons(mt("-15", "sklep"), model) == ()
    assert [one.label for one in reasons(mt("15", "delikatesy"), model)] == ["compensation", "salary"]
    assert [one.stage for one in reasons(mt("-15", "Orlen delikatesy"), model)] == [Stage.DICTIONARY]
    assert [one.label for one in reasons(mt("-15", "delikatesy", "Anna Nowak"), model)] == ["person transfer"]
    assert model.asked == 2


def test_a_label_whose_threshold_nothing_reaches_is_never_given() -> None:
    assert reasons(mt("-15", "delikatesy"), LabelModel(weights((1.0, 2.0, 1.0), delikatesy=50.0))) == ()


def test_a_country_without_a_file_has_a_model_that_never_speaks(tmp_path: Path) -> None:
    assert reasons(mt("-15", "delikatesy"), load_model("pl", tmp_path)) == ()
    packed = zstandard.ZstdCompressor().compress(msgspec.json.encode(weights(delikatesy=6.5)))
    (tmp_path / "pl.json.zst").write_bytes(packed)
    assert [one.label for one in reasons(mt("-15", "delikatesy"), load_model("pl", tmp_path))] == ["grocery"]
