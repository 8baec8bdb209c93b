"""Parse replies about scores."""

from __future__ import annotations

import math
from datetime import date, datetime

from kontora.client.documents import Element, attribute, child, children, parse_document, required
from kontora.client.failures import UnexpectedReply
from kontora.client.score_model import Counterfactual, Explanation, Score


def parse_scores(body: bytes) -> tuple[Score, ...]:
    """Read the scores of an owner, one for each model."""
    try:
        return tuple(_score(model) for model in children(parse_document(body), "models", "model"))
    except ValueError as error:
        raise UnexpectedReply("The reply has a score with a number or time that is malformed.") from error


def parse_model_card(body: bytes) -> str:
    """Read the card of a model; Markdown.

    Raises: UnexpectedReply, if it is not UTF-8.
    """
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise UnexpectedReply("The reply is not a text.") from error


def _score(model: Element) -> Score:
    scores, explanations = child(model, "scores"), child(model, "explanations")
    return Score(
        model_id=attribute(model, "id"),
        retrained_at=datetime.fromisoformat(attribute(model, "retrainedAt")),
        features_version=attribute(model, "featuresVersion"),
        inputs_sha256=attribute(model, "inputsSha256"),
        scored_on=date.fromisoformat(attribute(model, "scoredOn")),
        card=attribute(model, "card"),
        value=_number(required(scores, "score/value")),
        percentile=_number(required(scores, "scorePercentile/value")),
        tier=required(scores, "scoreTier/value"),
        base=_number(attribute(explanations, "base")),
        explanations=tuple(_explanation(one) for one in explanations.iterfind("explanation")),
        counterfactuals=tuple(
            _counterfactual(one) for one in children(model, "counterfactuals", "counterfactual")
        ),
    )


def _explanation(found: Element) -> Explanation:
    value = attribute(found, "value")
    return Explanation(
        label=attribute(found, "label") or None,
        feature=attribute(found, "feature"),
        value=_number(value) if value else None,
        contribution=_number(attribute(found, "contribution")),
        words=attribute(found, "words"),
    )


def _counterfactual(found: Element) -> Counterfactual:
    return Counterfactual(
        name=attribute(found, "name"),
        score=_number(attribute(found, "score")),
        gain=_number(attribute(found, "gain")),
        words=attribute(found, "words"),
    )


def _number(text: str) -> float:
    """Read a number. Raises: ValueError, also for infinity and what is no number."""
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(text)
    return found
