"""What is asked about scores."""

from __future__ import annotations

from kontora.client import score_replies
from kontora.client.conversations import Conversation, asked
from kontora.client.pacing import Pacing
from kontora.client.requests import Request, pairs
from kontora.client.score_model import Loan, Score


def scores(
    pacing: Pacing, owner_external_id: str, *, loan: Loan | None = None
) -> Conversation[tuple[Score, ...]]:
    """Score an owner: how likely they repay, with every reason, and what would change it most.

    One score for each model. `loan`: the one that is asked for; then a model that looks at loans scores.

        [score] = kontora.scores("o-1", loan=Loan(amount=20000, instalment=900))

    Raises: KontoraApiError named `NoDataToCalculateScore`, with what is missing.
    """
    asked_for = loan or Loan()
    query = {
        "ownerExternalId": owner_external_id,
        "loanAmount": asked_for.amount,
        "loanInstalment": asked_for.instalment,
        "loanMonths": asked_for.months,
    }
    return asked(
        Request("GET", "/v1/owner-scores.xml", query=pairs(query)), pacing, score_replies.parse_scores
    )


def score_model_card(pacing: Pacing, model_id: str | None = None) -> Conversation[str]:
    """Return the card of the model that scores, as Markdown: data, metrics, limits.

    `model_id`: refuse, if the server scores with another one.
    """
    query = pairs({"model": model_id})
    return asked(Request("GET", "/v1/score-model-card", query=query), pacing, score_replies.parse_model_card)
