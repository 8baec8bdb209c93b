"""Labels, uploads, sums, income and scores: both clients against a real Kontora, over real HTTP."""

from __future__ import annotations

import json
import math
import subprocess
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.client.conftest import PROMPT

from kontora.client import (
    AsyncKontora,
    DocumentRefused,
    Kontora,
    KontoraApiError,
    Loan,
    OwnerData,
    Vendor,
)

pytestmark = pytest.mark.xdist_group("client")
TODAY = date.today()
START = TODAY - timedelta(days=180)
CATEGORIES = ("label:salary", "allTransactions", "balance", "activeSinceAtLeast")


def document(owner: str, **changes: Any) -> dict[str, Any]:
    """An owner upload with a shop, and the other side of a rent that no word tells."""
    day = TODAY - timedelta(days=20)
    account = {
        "iban": "PL26137013140000000000000001",
        "currencyName": "PLN",
        "moneyTransactions": [
            {
                "transactionOn": day,
                "currencyAmount": Decimal("-15.10"),
                "title": "ZAKUPY",
                "party": "BIEDRONKA 123",
                "mcc": "5411",
            },
            {"transactionOn": day, "currencyAmount": -1850, "title": "za maj", "party": "Zdzisław Wrona"},
        ],
    }
    return {"ownerExternalId": owner, "owners": [{"name": "Jan Kowalski"}], "accounts": [account], **changes}


def labels_of(data: OwnerData, party: str) -> frozenset[str]:
    [item] = [
        item
        for target in data.targets
        for account in target.accounts
        for item in account.money_transactions
        if item.party == party
    ]
    return item.labels


@pytest.fixture(scope="module")
def wage_earner(url: str, key: str) -> str:
    """An owner of the practice bank with a wage and a mortgage."""
    with Kontora(url, key, pacing=PROMPT) as kontora:
        kontora.default_import(kontora.mock_session("wage-earner", "pl", "wage-earner"))
    return "wage-earner"


def test_an_import_brings_labels_and_vendors(kontora: Kontora) -> None:
    result = kontora.default_import(kontora.mock_session("gambler", "pl", "gambler"))
    items = [item for account in result.accounts for item in account.money_transactions]
    assert {"salary", "compensation", "gambling"} <= set().union(*(item.labels for item in items))
    vendors = [vendor for item in items for vendor in item.vendors if vendor.label == "gambling"]
    assert vendors and all(vendor.name for vendor in vendors)
    labelled = {item.vendors: item.labels for item in items if item.vendors}
    assert all({vendor.label for vendor in told} <= labels for told, labels in labelled.items())


async def test_an_upload_joins_the_owners_data_with_labels_and_vendors(
    kontora: Kontora, url: str, key: str, tmp_path: Path
) -> None:
    kept = kontora.upload_owner(document("up-1"), idempotency_key="upload-once")
    assert kept.request_id.isdigit() and kept.warnings == ()
    assert kontora.upload_owner(document("up-1"), idempotency_key="upload-once") == kept
    [target] = kontora.data("up-1").targets
    [shop] = [item for item in target.accounts[0].money_transactions if item.party == "BIEDRONKA 123"]
    assert (target.origin, shop.currency_amount) == ("upload", Decimal("-15.10"))
    assert (shop.labels, shop.vendors) == ({"grocery"}, (Vendor("grocery", "Biedronka"),))
    file = tmp_path / "o-1.json"
    file.write_text(json.dumps(document("up-2"), default=str))
    async with AsyncKontora(url, key, pacing=PROMPT) as other:
        assert (await other.upload_owner(file)).request_id != kept.request_id
        assert (await other.data("up-2")).targets == (target,)


def test_a_large_upload_is_kept_with_its_warnings_by_path(kontora: Kontora) -> None:
    large = document("up-3")
    [account] = large["accounts"]
    rows = account["moneyTransactions"]
    account["moneyTransactions"] = [{**row, "title": f"zakupy nr {n}"} for n in range(900) for row in rows]
    account["moneyTransactions"][7]["partyIban"] = "PL00137013140000000000000002"
    account["moneyTransactions"][0]["labels"] = ["grocery"]
    kept = kontora.upload_owner(large)
    paths = [warning.path for warning in kept.warnings]
    assert "accounts[0].moneyTransactions[7].partyIban" in paths
    assert "accounts[0].moneyTransactions[0].labels" in paths
    assert len(kontora.data("up-3").targets[0].accounts[0].money_transactions) == 1800


async def test_what_is_wrong_with_an_upload_is_told_by_path_and_nothing_is_kept(
    kontora: Kontora, url: str, key: str
) -> None:
    wrong = document("up-4", country="Poland", birthday="1980-01-01")
    with pytest.raises(DocumentRefused) as refused:
        kontora.upload_owner(wrong)
    assert (refused.value.status, refused.value.name) == (400, "InvalidParameter")
    assert {"country", "birthday"} <= {error.path for error in refused.value.errors}
    assert all(error.message for error in refused.value.errors)
    async with AsyncKontora(url, key, pacing=PROMPT) as other:
        with pytest.raises(DocumentRefused) as again:
            await other.upload_owner(wrong)
    assert again.value.errors == refused.value.errors
    with pytest.raises(KontoraApiError) as unknown:
        kontora.data("up-4")
    assert unknown.value.name == "InvalidOwnerExternalId"


def test_data_of_ones_own_is_labelled_and_not_kept(kontora: Kontora) -> None:
    [account] = document("ext-1")["accounts"]
    for number, row in enumerate(account["moneyTransactions"]):
        row["id"] = f"t{number}"
    shop, rent = kontora.label_external_data({"country": "pl", "accounts": [account]})
    assert (shop.id, shop.labels) == ("t0", {"grocery"})
    assert shop.vendors == (Vendor("grocery", "Biedronka"),)
    assert (rent.id, rent.labels, rent.vendors) == ("t1", {"person transfer"}, ())
    with pytest.raises(DocumentRefused) as refused:
        kontora.label_external_data({"accounts": [{"moneyTransactions": [{"id": "t0"}]}]})
    assert "accounts[0].moneyTransactions[0].transactionOn" in [one.path for one in refused.value.errors]


async def test_a_correction_relabels_what_is_known_until_it_is_taken_back(
    kontora: Kontora, url: str, key: str
) -> None:
    kontora.upload_owner(document("up-5"))
    before = labels_of(kontora.data("up-5"), "Zdzisław Wrona")
    correction_id = kontora.correct_label(
        "outgoing", party="Zdzisław Wrona", add=["rent"], remove=["person transfer"]
    )
    assert "rent" not in before
    assert "rent" in labels_of(kontora.data("up-5"), "Zdzisław Wrona")
    async with AsyncKontora(url, key, pacing=PROMPT) as other:
        [correction] = await other.label_corrections()
        assert (correction.id, correction.direction) == (correction_id, "outgoing")
        assert (correction.party, correction.title) == ("Zdzisław Wrona", None)
        assert (correction.add, correction.remove) == (("rent",), ("person transfer",))
        assert correction.made_at.tzinfo is not None
        await other.delete_label_correction(correction_id)
    assert kontora.label_corrections() == ()
    assert labels_of(kontora.data("up-5"), "Zdzisław Wrona") == before
    with pytest.raises(KontoraApiError) as gone:
        kontora.delete_label_correction(correction_id)
    assert gone.value.name == "InvalidCorrectionId"
    with pytest.raises(DocumentRefused) as refused:
        kontora.correct_label("incoming", title="czynsz", add=["rent"])
    assert [error.path for error in refused.value.errors] == ["add[0]"]


def test_summaries_by_account_and_by_currency_agree(kontora: Kontora, wage_earner: str) -> None:
    by_account = kontora.accounts_summary(wage_earner, START, TODAY, CATEGORIES, monthly=True)
    by_currency = kontora.owner_summary(wage_earner, START, TODAY, CATEGORIES, monthly=True)
    assert (by_account.start, by_account.end) == (by_currency.start, by_currency.end) == (START, TODAY)
    assert by_account.owners == by_currency.owners and by_account.owners[0].kind == "OWNER"
    [currency] = by_currency.currencies
    assert currency.accounts_count == len(by_account.accounts)
    salary, everything = currency.categories
    assert (salary.category, everything.category) == ("label:salary", "allTransactions")
    assert salary.incoming.count >= 5 and salary.outgoing.average is None
    assert everything.all.total == sum(one.categories[1].all.total for one in by_account.accounts)
    assert everything.all.count == sum(month.categories[1].all.count for month in currency.months)
    account = next(one for one in by_account.accounts if one.kind == "ACCOUNT")
    assert account.iban and account.card_id is None and account.origin == "scraper"
    assert account.balance is not None and isinstance(account.balance.current, Decimal)
    assert account.active_since_at_least is not None and account.first_active_on is not None
    assert account.months[-1].balance is not None
    assert account.months[-1].balance.at_end == account.balance.current
    assert (account.months[0].start, account.months[-1].end) == (START, TODAY)


async def test_a_summary_has_no_months_balance_or_age_unless_asked(
    url: str, key: str, wage_earner: str
) -> None:
    async with AsyncKontora(url, key, pacing=PROMPT) as other:
        found = await other.owner_summary(wage_earner, START, TODAY, ["allTransactions"])
        [currency] = found.currencies
        assert (currency.months, currency.balance, currency.active_since_at_least) == ((), None, None)
        with pytest.raises(DocumentRefused) as refused:
            await other.accounts_summary(wage_earner, TODAY, START, ["label:salray"])
    assert [error.path for error in refused.value.errors] == ["end", "categories[0]"]


def test_the_catalogue_of_categories_names_labels_and_aliases(kontora: Kontora) -> None:
    catalog = kontora.data_summary_catalog()
    labels = {label.label: label for label in catalog.labels}
    assert "balance" in catalog.specials and catalog.operators[0].meaning == "or"
    assert (labels["zus"].parent, labels["zus"].category) == ("tax", "label:zus")
    assert labels["repayment"].alias and "loan repayment" in labels["repayment"].stands_for
    assert not labels["salary"].alias and "pl" in labels["salary"].countries


def test_a_signed_income_confirmation_is_verified_and_holds_all_that_verifies_it_again(
    kontora: Kontora, wage_earner: str, tmp_path: Path
) -> None:
    confirmed = kontora.income_confirmation(wage_earner, signed=True)
    whole, *by_account = confirmed.incomes
    assert whole.iban is None and all(income.iban for income in by_account)
    assert [period.period for period in whole.periods] == ["M-0", "M-1", "M-2", "LAST_90_DAYS"]
    for period in whole.periods:
        parts = (period.salary, period.pension, period.welfare_and_alimony)
        assert period.total == sum((*parts, period.invoice_payments, period.other_income))
    assert whole.periods[1].salary > 1000
    assert confirmed.signature is not None
    for name in ("body", "signature", "public_key"):
        (tmp_path / name).write_bytes(getattr(confirmed.signature, name))
    command = ["openssl", "dgst", "-sha256", "-verify", "public_key", "-signature", "signature", "body"]
    done = subprocess.run(command, check=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "Verified OK\n"


async def test_an_income_confirmation_is_not_signed_unless_asked(
    url: str, key: str, wage_earner: str, kontora: Kontora
) -> None:
    async with AsyncKontora(url, key, pacing=PROMPT) as other:
        plain = await other.income_confirmation(wage_earner)
        signed = await other.income_confirmation(wage_earner, signed=True)
    assert plain.signature is None and signed.signature is not None
    assert plain.incomes == signed.incomes == kontora.income_confirmation(wage_earner).incomes


def test_features_and_profile_tell_of_the_wage(kontora: Kontora, wage_earner: str) -> None:
    features = kontora.owner_features(wage_earner)
    values = {feature.name: feature.value for feature in features.features}
    assert (features.feature_set, features.currency_name) == ("common-1", "PLN")
    assert (values["salaryCount90d"] or 0) >= 3
    profile = kontora.profile(wage_earner)
    segments = {segment.name: segment for segment in profile.segments}
    assert Decimal("0.5") <= segments["regularEarner"].strength <= 1
    evidence = segments["regularEarner"].evidence[0]
    assert (evidence.label, evidence.count >= 5, evidence.total > 0) == ("regular wage", True, True)
    assert profile.start < profile.end == TODAY


async def test_a_score_comes_with_reasons_that_add_up(
    kontora: Kontora, url: str, key: str, wage_earner: str
) -> None:
    [score] = kontora.scores(wage_earner)
    assert 0 < score.value < 1 and 0 <= score.percentile <= 1 and score.tier in "ABCD"
    log_odds = score.base + math.fsum(one.contribution for one in score.explanations)
    assert score.value == pytest.approx(1 / (1 + math.exp(-log_odds)), abs=1e-9)
    sizes = [abs(one.contribution) for one in score.explanations if one.feature != "other"]
    assert sizes == sorted(sizes, reverse=True) and all(one.words for one in score.explanations)
    for change in score.counterfactuals:
        assert change.score - score.value == pytest.approx(change.gain)
    assert len(score.inputs_sha256) == 64 and score.scored_on == TODAY + timedelta(days=1)
    async with AsyncKontora(url, key, pacing=PROMPT) as other:
        assert await other.scores(wage_earner) == (score,)
        loan = Loan(amount=Decimal("2E+4"), instalment=Decimal("899.50"), months=24)
        [with_loan] = await other.scores(wage_earner, loan=loan)
        card = await other.score_model_card(score.model_id)
    assert with_loan.inputs_sha256 != score.inputs_sha256
    assert score.model_id in card and card == kontora.score_model_card()


def test_too_little_data_is_told_instead_of_a_score(kontora: Kontora) -> None:
    kontora.upload_owner(document("up-6"))
    with pytest.raises(KontoraApiError) as refused:
        kontora.scores("up-6")
    assert refused.value.name == "NoDataToCalculateScore"
    with pytest.raises(KontoraApiError) as unknown:
        kontora.score_model_card("another-model")
    assert unknown.value.status == 404
