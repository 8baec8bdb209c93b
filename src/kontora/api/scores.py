"""An owner's score with its reasons, as XML, and the card of the model behind it."""

from __future__ import annotations

import re
from datetime import UTC
from decimal import Decimal
from typing import Protocol
from urllib.parse import quote

from kontora.api.bodies import read_parameters
from kontora.api.contents import OWNER
from kontora.api.endpoints import TEXT, Endpoint, Parameter
from kontora.api.envelope import XML, Envelope
from kontora.api.parameters import Parameters
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.owner_analytics import ScoredOwner, client_label
from kontora.errors import InvalidParameter, NotFound
from kontora.scores.counterfactuals import Promise
from kontora.scores.history import Loan
from kontora.scores.scoring import Explanation
from kontora.wire.characters import attribute

MARKDOWN = "text/markdown; charset=utf-8"
MOST_PROMISES = 5
CARD_PATH = "/v1/score-model-card"
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)

_LOAN = tuple(
    Parameter(
        name=name,
        description=f"{words} If given, the model that looks at the loan scores.",
        schema={"type": "string", "pattern": "^[0-9]{1,12}(\\.[0-9]{1,2})?$"},
    )
    for name, words in (
        ("loanAmount", "The loan that is asked for, in the owner's currency."),
        ("loanInstalment", "What a month of it costs."),
        ("loanMonths", "For how many months."),
    )
)
_MODEL = Parameter(name="model", description="The id of the model; that in use by default.", schema=TEXT)


class Desk(Protocol):
    """Scores owners for authenticated clients."""

    async def score(self, client: Client, owner_external_id: str, loan: Loan | None) -> ScoredOwner:
        """Score an owner."""
        ...

    def model_card(self, client: Client, model_id: str | None) -> str | None:
        """Return the card of the model in use; `None`, if another one is asked for."""
        ...


class Scores:
    """Answers with scores."""

    def __init__(self, desk: Desk, envelope: Envelope) -> None:
        self._desk = desk
        self._envelope = envelope

    async def read(self, visit: Visit) -> Answer:
        """Score an owner."""
        parameters = await read_parameters(visit)
        owner_external_id = parameters.required("ownerExternalId")
        found = await self._desk.score(visit.client, owner_external_id, _loan(parameters))
        body = self._envelope.success(
            render_score(found).encode(),
            user=visit.client.id,
            owner_external_id=owner_external_id,
            schema="get_owner_scores.xsd",
        )
        return Answer(200, body, XML)

    async def card(self, visit: Visit) -> Answer:
        """Return the card of the model in use."""
        card = self._desk.model_card(visit.client, (await read_parameters(visit)).optional("model"))
        if card is None:
            raise NotFound("This server does not score with that model.")
        return Answer(200, card.encode(), MARKDOWN)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        return (
            Endpoint(
                method="GET",
                path="/v1/owner-scores.xml",
                name="readOwnerScores",
                handle=self.read,
                summary="Score an owner: the probability of repayment, with its reasons",
                query=(OWNER, *_LOAN),
                reply="OwnerScoresReply",
                failures=(404,),
            ),
            Endpoint(
                method="GET",
                path=CARD_PATH,
                name="readScoreModelCard",
                handle=self.card,
                summary="Return the card of the model that scores: data, metrics, limits",
                query=(_MODEL,),
                reply="Markdown",
                failures=(404,),
                json=True,
                media_type="text/markdown",
            ),
        )


def render_score(found: ScoredOwner) -> str:
    """Render the element `models`.

    Base and contributions sum to the log-odds of the value; of an unknown value the attribute is empty.
    Source: wire.md, 9.5.
    """
    score, model = found.scored.score, found.model.scorer.model
    explanations = "".join(_explanation(one, found.country) for one in score.explanations)
    promises = "".join(map(_promise, found.scored.promises[:MOST_PROMISES]))
    card = f"{CARD_PATH}?model={quote(model.id, safe='')}"
    retrained_at = f"{model.trained_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return "".join(
        (
            f'<models><model id="{attribute(model.id)}" retrainedAt="{retrained_at}"',
            f' featuresVersion="{attribute(score.features_version)}" inputsSha256="{score.inputs_sha256}"',
            f' scoredOn="{score.day}" card="{attribute(card)}">',
            f"<scores><score><value>{score.value!r}</value></score>",
            f"<scorePercentile><value>{score.percentile!r}</value></scorePercentile>",
            f"<scoreTier><value>{attribute(score.tier)}</value></scoreTier></scores>",
            f'<explanations base="{score.base!r}">{explanations}</explanations>',
            f"<counterfactuals>{promises}</counterfactuals></model></models>",
        )
    )


def _explanation(one: Explanation, country: str) -> str:
    return (
        f'<explanation label="{attribute(client_label(one.label, country))}"'
        f' feature="{attribute(one.feature)}" value="{_number(one.value)}"'
        f' contribution="{one.contribution!r}" words="{attribute(one.words)}"/>'
    )


def _promise(promise: Promise) -> str:
    return (
        f'<counterfactual name="{attribute(promise.name)}" score="{promise.value!r}" gain="{promise.gain!r}"'
        f' words="{attribute(promise.words)}"/>'
    )


def _number(value: float | None) -> str:
    """Write a value in plain digits, six places at most; nothing for one that is not known."""
    if value is None:
        return ""
    written = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _loan(parameters: Parameters) -> Loan | None:
    """Read the loan that is asked for; `None`, where nothing of it is given.

    Raises: InvalidParameter.
    """
    amount, instalment, months = (_positive(parameters, one.name) for one in _LOAN)
    return None if amount is instalment is months is None else Loan(amount, instalment, months)


def _positive(parameters: Parameters, name: str) -> float | None:
    given = parameters.optional(name)
    if given is None:
        return None
    if not _AMOUNT.fullmatch(given) or not Decimal(given):
        raise InvalidParameter(f"Parameter {name} must be a number above 0 such as 20000 or 899.50.")
    return float(given)
