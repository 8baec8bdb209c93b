"""The small linear model for what no rule knows: hashed words and character n-grams, thresholds by label.

It speaks only where its threshold, measured on rows that it was not trained on, keeps a label at a precision
of 0.95 or more; otherwise it abstains. `tools/label_model` trains it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
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


Said = dict[tuple[str, str], tuple[tuple[int, float], ...]]
"""What a word in a field says: places of labels, with weights."""


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
    """A model of one country; one without weights never speaks. `asked`: how many rows it was asked about."""

    def __init__(self, weights: Weights | None) -> None:
        self.asked = 0
        speaking = [] if weights is None else [n for n, one in enumerate(weights.thresholds) if one <= 1]
        self._bits = 0 if weights is None else weights.bits
        self._labels = [] if weights is None else [weights.labels[place] for place in speaking]
        self._intercepts = [] if weights is None else [weights.intercepts[place] for place in speaking]
        # Compared as log-odds; a threshold of 1 is reached by nothing.
        self._thresholds = [] if weights is None else [_log_odds(weights.thresholds[n]) for n in speaking]
        places = {place: number for number, place in enumerate(speaking)}
        told = {} if weights is None else weights.weights
        kept = ((one, [(places[n], w) for n, w in found if n in places]) for one, found in told.items())
        self._weights = {feature: found for feature, found in kept if found}

    def label(self, rows: Sequence[Row]) -> None:
        """Give labels to rows that nothing else knows."""
        self.asked += len(rows)
        if not self._labels:
            return
        # Words come again and again in an import; what they say is remembered for as long as it is labelled.
        said: Said = {}
        for row in rows:
            for place, score, words in self._reached(row.words, said):
                if fits(self._labels[place], is_credit=row.is_credit):
                    probability = round(1 / (1 + math.exp(-score)), 4)
                    row.give(Reason(self._labels[place], Stage.MODEL, "linear", words, probability))

    def _reached(self, words: Words, said: Said) -> Iterator[tuple[int, float, str]]:
        """Return what reaches its threshold: the label's place, its log-odds, and the words that say most."""
        scores = list(self._intercepts)
        shares: list[tuple[int, float, str]] = []
        for field, word in _words_in(words):
            known = said.get((field, word))
            if known is None:
                known = said[field, word] = self._weigh(field, word)
            for place, weight in known:
                scores[place] += weight
                shares.append((place, weight, word))
        for place, score in enumerate(scores):
            if score >= self._thresholds[place]:
                yield place, score, _strongest((weight, text) for at, weight, text in shares if at == place)

    def _weigh(self, field: str, word: str) -> tuple[tuple[int, float], ...]:
        """Return what a word says for each label that it says something of."""
        total: dict[int, float] = {}
        for feature in _features(field, word, self._bits):
            for place, weight in self._weights.get(feature, ()):
                total[place] = total.get(place, 0.0) + weight
        return tuple(total.items())


def _log_odds(probability: float) -> float:
    return math.inf if probability >= 1 else math.log(probability / (1 - probability))


def _strongest(shares: Iterable[tuple[float, str]]) -> str:
    total: dict[str, float] = {}
    for weight, text in shares:
        total[text] = total.get(text, 0.0) + weight
    return ", ".join(sorted(total, key=lambda text: (-total[text], text))[:MOST_SHOWN])


NO_MODEL = LabelModel(None)


def features_of(words: Words, bits: int) -> Iterator[tuple[int, str]]:
    """Return the hashed features of the words, with what each stands for: words, and grams of them."""
    for field, word in _words_in(words):
        for feature in _features(field, word, bits):
            yield feature, word


def _words_in(words: Words) -> Iterator[tuple[str, str]]:
    """Return the words of each field once, without numbers."""
    for field, text in (("k", words.kind), ("p", words.party), ("t", words.title)):
        for word in dict.fromkeys(text[:LONGEST_TEXT].split()):
            if not word.isdigit():
                yield field, word


def _features(field: str, word: str, bits: int) -> Iterator[int]:
    """Return the hashed features of a word: itself in its field, and its grams anywhere."""
    mask = (1 << bits) - 1
    yield crc32(f"{field}{word}".encode()) & mask
    padded = f"_{word}_"
    for size in range(SHORTEST_GRAM, LONGEST_GRAM + 1):
        for begin in range(len(padded) - size + 1):
            yield crc32(padded[begin : begin + size].encode()) & mask


def load_model(country: str, folder: Path = FOLDER) -> LabelModel:
    """Load a country's model; one that never speaks where there is no file."""
    file = folder / f"{country}.json.zst"
    if not file.exists():
        return NO_MODEL
    plain = zstandard.ZstdDecompressor().decompress(file.read_bytes(), max_output_size=64 * 1024 * 1024)
    return LabelModel(msgspec.json.decode(plain, type=Weights))
