"""Scores over HTTP: the elements of the specification, reasons that add up, and the card of the model."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.api.conftest import OTHER_KEY, RunningApi
from tests.api.owners_in_memory import default_served, wage_earner

from kontora.model import Account, Import
from kontora.scores.additive import Additive, Curve, log_odds_of
from kontora.scores.history import Loan
from kontora.scores.model_file import Variant
from kontora.scores.scoring import Scorer
from kontora.scores.served_model import ServedModel

SCORES = "/v1/owner-scores.xml?ownerExternalId=o-1"
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def api(api: RunningApi) -> RunningApi:
    """An API that knows one owner."""
    api.analytics.owners["o-1"] = (wage_earner(),)
    return api


def model_of(api: RunningApi, path: str = SCORES) -> Any:
    reply = api.get(path)
    assert reply.status == 200, reply.body
    (model,) = reply.xml.findall("models/model")
    return model


def test_the_reply_has_the_elements_of_the_specification(api: RunningApi) -> None:
    reply = api.get(SCORES)
    location = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
    assert reply.xml.get(location).endswith("/get_owner_scores.xsd")
    assert reply.xml.get("ownerExternalId") == "o-1"
    model = model_of(api)
    assert (model.get("id"), model.get("retrainedAt")) == ("common-2026-11-25", "2026-11-25T07:42:12Z")
    assert [child.tag for child in model] == ["scores", "explanations", "counterfactuals"]
    assert [child.tag for child in model.find("scores")] == ["score", "scorePercentile", "scoreTier"]
    score = float(model.findtext("scores/score/value"))
    assert 0 < score < 1
    assert 0 <= float(model.findtext("scores/scorePercentile/value")) <= 1
    assert model.findtext("scores/scoreTier/value") in {"A", "B", "C", "D"}


def test_base_and_contributions_sum_to_the_log_odds_of_the_score(api: RunningApi) -> None:
    model = model_of(api)
    explanations = model.find("explanations")
    parts = [float(one.get("contribution")) for one in explanations]
    total = math.fsum((float(explanations.get("base")), *parts))
    assert abs(total - log_odds_of(float(model.findtext("scores/score/value")))) < 1e-9
    strengths = [abs(part) for part in parts]
    assert strengths == sorted(strengths, reverse=True)
    assert 0 < len(parts) <= 20


def test_explanations_name_label_feature_value_and_words(api: RunningApi) -> None:
    found = {one.get("feature"): dict(one.attrib) for one in model_of(api).find("explanations")}
    contribution = found["cashWithdrawalToIncome90d"].pop("contribution")
    assert found["cashWithdrawalToIncome90d"] == {
        "label": "cash withdrawal",
        "feature": "cashWithdrawalToIncome90d",
        "value": "0",
        "words": "Withdrawn in cash in 90 days, over income: 0.00",
    }
    assert float(contribution) > 0
    assert found["counterpartiesCount90d"]["label"] == ""
    assert found["balanceAverageToIncome90d"]["value"] == "2.110714"


def own_model() -> ServedModel:
    """A model that looks at loans alone."""
    default = default_served()
    curve = Curve("debtToIncome90d", (0.0, 1.0), (0.5, -2.0))
    variant = Variant(False, Additive(1.0, (curve,)), (0.2, 0.8))
    model = msgspec.structs.replace(default.scorer.model, id="mine 1", variants=(variant,))
    return ServedModel(Scorer(model), "# Model card: mine 1\n")


def test_labels_of_explanations_have_clients_names(api: RunningApi) -> None:
    api.analytics.model = own_model()
    (explanation,) = model_of(api).find("explanations")
    assert (explanation.get("feature"), explanation.get("label")) == ("debtToIncome90d", "repayment")


def test_a_model_of_ones_own_scores_under_its_id_and_shows_its_card(api: RunningApi) -> None:
    api.analytics.model = own_model()
    model = model_of(api)
    assert model.get("id") == "mine 1"
    assert float(model.findtext("scores/score/value")) == pytest.approx(1 / (1 + math.exp(-1.5)))
    assert model.get("card") == "/v1/score-model-card?model=mine%201"
    assert api.get(model.get("card")).body == b"# Model card: mine 1\n"
    assert api.get("/v1/score-model-card?model=common-2026-11-25").status == 404


def test_what_would_raise_the_score_is_told_strongest_first(api: RunningApi) -> None:
    model = model_of(api, f"{SCORES}&loanAmount=90000&loanInstalment=2500")
    score = float(model.findtext("scores/score/value"))
    promised = [(float(one.get("score")), float(one.get("gain"))) for one in model.find("counterfactuals")]
    assert promised
    assert [gain for _, gain in promised] == sorted((gain for _, gain in promised), reverse=True)
    assert all(abs(value - score - gain) < 1e-12 for value, gain in promised)


def test_a_score_says_what_it_was_computed_from_and_how(api: RunningApi) -> None:
    model = model_of(api)
    assert model.get("featuresVersion") == "score-1"
    assert len(model.get("inputsSha256")) == 64
    assert model.get("scoredOn") == "2026-05-24"
    assert model.get("inputsSha256") == model_of(api).get("inputsSha256")
    assert model.get("inputsSha256") != model_of(api, f"{SCORES}&loanAmount=1").get("inputsSha256")


def test_the_loan_that_is_asked_for_is_looked_at(api: RunningApi) -> None:
    model = model_of(api, f"{SCORES}&loanAmount=20000.50&loanInstalment=900&loanMonths=24")
    assert api.analytics.loans == [Loan(20000.5, 900.0, 24.0)]
    assert "instalmentToIncome90d" in {one.get("feature") for one in model.find("explanations")}
    assert model_of(api) is not None and api.analytics.loans[-1] is None


@pytest.mark.parametrize("given", ["0", "-1", "1e9", "NaN", "1,5", "1.234", "", "9" * 13, "x"])
@pytest.mark.parametrize("name", ["loanAmount", "loanInstalment", "loanMonths"])
def test_a_loan_that_is_no_number_above_zero_is_refused(api: RunningApi, name: str, given: str) -> None:
    reply = api.get(f"{SCORES}&{name}={given}")
    assert (reply.status, reply.failure) == (400, "InvalidParameter")


def test_too_little_data_is_told_with_what_is_missing(api: RunningApi) -> None:
    owner = wage_earner()
    few = Account("K", "PL1", "PLN", money_transactions=owner.accounts[0].money_transactions[:9])
    api.analytics.owners["o-1"] = (Import("K", "K", owner.imported_at, accounts=(few,)),)
    reply = api.get(SCORES)
    assert (reply.status, reply.failure) == (400, "NoDataToCalculateScore")
    assert "a score needs 30" in reply.message


def test_another_clients_owner_is_404(api: RunningApi) -> None:
    reply = api.get(SCORES, key=OTHER_KEY)
    assert (reply.status, reply.failure) == (404, "InvalidOwnerExternalId")


def test_a_score_without_an_owner_is_a_missing_parameter(api: RunningApi) -> None:
    assert api.get("/v1/owner-scores.xml").failure == "InvalidParameter"


def test_the_card_of_the_model_is_served_and_is_that_of_the_documentation(api: RunningApi) -> None:
    path = model_of(api).get("card")
    assert path == "/v1/score-model-card?model=common-2026-11-25"
    reply = api.get(path)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/markdown; charset=utf-8")
    assert reply.body == (DOCS / "score-model-card.md").read_bytes()
    assert api.get("/v1/score-model-card").body == reply.body


def test_the_card_of_another_model_is_404_as_json(api: RunningApi) -> None:
    reply = api.get("/v1/score-model-card?model=mine")
    assert (reply.status, json.loads(reply.body)["exception"]["name"]) == (404, "NotFound")
