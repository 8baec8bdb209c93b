"""The small linear model for what no rule knows: hashed words and character n-grams, thresholds by label.

It speaks only where its threshold, measured on rows that it was not trained on, keeps a label at a precision
of 0.95 or more; otherwise it abstains. `tools/label_model` trains it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

import msgspec
import zstandard

from kontora.labels.normalising import Words
from kontora.labels.reasons import Reason, Stage
from kontora.labels.row import Row
from kontora.labels.taxonomy import fits

FOLDER = Path(__file__).parent / "models"
SHORTEST_GRAM, LONGEST_GRAM = 3, 5
LONGEST_TEXT = 120
MOST_SHOWN = 3


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trained model. `weights`: by feature, pairs of a label's place and its weight; `thresholds`: of the
    probability, above 1 for labels that the model never gives. `trained_on`: a sentence."""

    labels: tuple[str, ...]
    bits: int
    intercepts: tuple[float, ...]
    thresholds: tuple[float, ...]
    weights: dict[int, tuple[tuple[int, float], ...]]
    trained_on: str


class LabelModel:
    """A model of one country; one without weights never speaks."""

    def __init__(self, weights: Weights | None) -> None:
        self._weights = weights
        self.asked = 0

    def label(self, rows: Sequence[Row]) -> None:
        """Give labels to rows that nothing else knows."""
        self.asked += len(rows)
        if self._weights is None:
            return
        for row in rows:
            for name, probability, words in self._said(self._weights, row):
                if fits(name, is_credit=row.is_credit):
                    row.give(Reason(name, Stage.MODEL, "linear", words, round(probability, 4)))

    def _said(self, model: Weights, row: Row) -> Iterator[tuple[str, float, str]]:
        scores = list(model.intercepts)
        shares: dict[str, float] = {}
        for feature, text in features_of(row.words, model.bits):
            for place, weight in model.weights.get(feature, ()):
                scores[place] += weight
                shares[text] = shares.get(text, 0.0) + abs(weight)
        for place, score in enumerate(scores):
            probability = 1 / (1 + math.exp(-score))
            if probability >= model.thresholds[place]:
                strongest = sorted(shares, key=lambda text: -shares[text])[:MOST_SHOWN]
                yield model.labels[place], probability, ", ".join(strongest)


NO_MODEL = LabelModel(None)


def features_of(words: Words, bits: int) -> Iterator[tuple[int, str]]:
    """Return the hashed features of the words, with what each stands for: words, and grams of them."""
    mask = (1 << bits) - 1
    for field, text in (("k", words.kind), ("p", words.party), ("t", words.title)):
        for word in dict.fromkeys(text[:LONGEST_TEXT].split()):
            if word.isdigit():
                continue
            yield crc32(f"{field}{word}".encode()) & mask, word
            padded = f"_{word}_"
            for size in range(SHORTEST_GRAM, LONGEST_GRAM + 1):
                for begin in range(len(padded) - size + 1):
                    gram = padded[begin : begin + size]
                    yield crc32(gram.encode()) & mask, word


def load_model(country: str, folder: Path = FOLDER) -> LabelModel:
    """Load a country's model; one that never speaks where there is no file."""
    file = folder / f"{country}.json.zst"
    if not file.exists():
        return NO_MODEL
    plain = zstandard.ZstdDecompressor().decompress(file.read_bytes(), max_output_size=64 * 1024 * 1024)
    return LabelModel(msgspec.json.decode(plain, type=Weights))
