"""`score-1`: what a score looks at. Nothing is in money: every value means the same in any currency.

More of what lowers a score never raises it, also through another feature: a debit, with its effect on the
balances, moves none of these values towards a better score. Features of `common-1` that would (shares of
the outgoing, for one) are replaced by their like over income.
"""

from __future__ import annotations

from kontora.scores.features import Direction, Feature, FeatureSet, Unit, from_past
from kontora.scores.history import QUARTER_DAYS, YEAR_DAYS, Past
from kontora.scores.owner_features import COMMON_1
from kontora.scores.quantities import (
    CASH_WITHDRAWAL,
    COLLECTION,
    GAMBLING,
    LATE,
    average_balance,
    count,
    largest_debit,
    lowest_balance,
    monthly_debits,
    negative_days,
    ratio,
    share_of_days_with_little,
    variation,
)

LOWERS, RAISES = Direction.LOWERS, Direction.RAISES


def _of_income(past: Past, amount: float | None) -> float | None:
    """Measure an amount in monthly incomes; unknown, where there is no income to measure with."""
    return ratio(amount, past.income) if past.income else None


SCORE_1 = FeatureSet(
    "score-1",
    (
        Feature(
            "balanceAverageToIncome90d",
            Unit.RATIO,
            "average balance of 90 days, in monthly incomes",
            from_past(lambda past: _of_income(past, average_balance(past, QUARTER_DAYS))),
            RAISES,
        ),
        Feature(
            "balanceMinimumToIncome90d",
            Unit.RATIO,
            "lowest balance of 90 days, in monthly incomes",
            from_past(lambda past: _of_income(past, lowest_balance(past, QUARTER_DAYS))),
            RAISES,
        ),
        Feature(
            "lowBalanceDaysShare12m",
            Unit.SHARE,
            "days of 12 months that ended with less than a quarter of a monthly income",
            from_past(share_of_days_with_little),
            LOWERS,
        ),
        Feature(
            "negativeBalanceDays12m",
            Unit.DAYS,
            "days below zero in 12 months",
            from_past(lambda past: negative_days(past, YEAR_DAYS)),
            LOWERS,
        ),
        Feature(
            "latePaymentsCount12m",
            Unit.COUNT,
            "late payments and penalty interest in 12 months",
            from_past(lambda past: count(past.labelled(YEAR_DAYS, LATE))),
            LOWERS,
            label="late payment",
        ),
        COMMON_1.by_name["failedPaymentsCount90d"],
        Feature(
            "debtCollectionsCount12m",
            Unit.COUNT,
            "payments to debt collectors and bailiffs in 12 months",
            from_past(lambda past: count(past.labelled(YEAR_DAYS, COLLECTION))),
            LOWERS,
            label="debt collection",
        ),
        COMMON_1.by_name["debtToIncome90d"],
        COMMON_1.by_name["newLoansCount90d"],
        Feature(
            "gamblingToIncome90d",
            Unit.RATIO,
            "gambled in 90 days, over income",
            from_past(lambda past: ratio(monthly_debits(past, GAMBLING), past.income)),
            LOWERS,
            label="gambling",
        ),
        Feature(
            "cashWithdrawalToIncome90d",
            Unit.RATIO,
            "withdrawn in cash in 90 days, over income",
            from_past(lambda past: ratio(monthly_debits(past, CASH_WITHDRAWAL), past.income)),
            LOWERS,
            label="cash withdrawal",
        ),
        Feature(
            "outgoingToIncome90d",
            Unit.RATIO,
            "outgoing of 90 days, over income",
            from_past(lambda past: ratio(past.outgoing, past.income)),
            LOWERS,
        ),
        Feature(
            "largestDebitToIncome12m",
            Unit.RATIO,
            "largest single payment of 12 months, in monthly incomes",
            from_past(lambda past: ratio(largest_debit(past), past.income)),
            LOWERS,
        ),
        COMMON_1.by_name["incomeVariation6m"],
        Feature(
            "incomeUnevenness12m",
            Unit.RATIO,
            "how much single incomes differed in 12 months",
            from_past(lambda past: variation(tuple(row.amount for row in past.earned))),
            LOWERS,
        ),
        COMMON_1.by_name["salaryCount90d"],
        COMMON_1.by_name["counterpartiesCount90d"],
        Feature(
            "instalmentToIncome90d",
            Unit.RATIO,
            "instalment asked for, over income",
            from_past(lambda past: ratio(past.loan.instalment, past.income)),
            LOWERS,
            needs_loan=True,
        ),
        Feature(
            "loanToIncome90d",
            Unit.RATIO,
            "loan asked for, in yearly incomes",
            from_past(lambda past: ratio(past.loan.amount, past.income and past.income * 12)),
            LOWERS,
            needs_loan=True,
        ),
        Feature(
            "balanceAverageToInstalment12m",
            Unit.RATIO,
            "average balance of 12 months, in instalments",
            from_past(lambda past: ratio(average_balance(past, YEAR_DAYS), past.loan.instalment)),
            RAISES,
            needs_loan=True,
        ),
        Feature(
            "balanceMinimumToInstalment12m",
            Unit.RATIO,
            "lowest balance of 12 months, in instalments",
            from_past(lambda past: ratio(lowest_balance(past, YEAR_DAYS), past.loan.instalment)),
            RAISES,
            needs_loan=True,
        ),
    ),
)
