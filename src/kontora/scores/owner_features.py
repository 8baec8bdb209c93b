"""`common-1`: the numbers about an owner that clients may ask for. Source: wire.md, 9.9."""

from __future__ import annotations

import statistics

from kontora.scores.features import Direction, Feature, FeatureSet, Unit, from_past
from kontora.scores.history import MONTH_DAYS, QUARTER_DAYS, YEAR_DAYS
from kontora.scores.quantities import (
    CASH_WITHDRAWAL,
    COMPENSATION,
    FAILED,
    GAMBLING,
    PAYOUT,
    REPAYMENT,
    active_share,
    average_balance,
    count,
    counterparties,
    credits,
    days_between,
    lowest_balance,
    monthly_debits,
    negative_days,
    ratio,
    share_of_outgoing,
    variation,
)

COMMON_1 = FeatureSet(
    "common-1",
    (
        Feature(
            "monthsOfHistory",
            Unit.COUNT,
            "months of history",
            from_past(lambda past: past.days_known / MONTH_DAYS if past.rows else None),
        ),
        Feature(
            "activeDaysShare90d",
            Unit.SHARE,
            "days with a money transaction, of the last 90",
            from_past(active_share),
        ),
        Feature(
            "incomeMonthlyAverage90d",
            Unit.MONEY,
            "average monthly income of 90 days",
            from_past(lambda past: past.income),
        ),
        Feature(
            "incomeMonthlyMedian6m",
            Unit.MONEY,
            "median monthly income of six months",
            from_past(lambda past: statistics.median(past.monthly_incomes) if past.monthly_incomes else None),
        ),
        Feature(
            "incomeVariation6m",
            Unit.RATIO,
            "how much monthly income varied in six months",
            from_past(lambda past: variation(past.monthly_incomes)),
            Direction.LOWERS,
        ),
        Feature(
            "salaryCount90d",
            Unit.COUNT,
            "wages received in 90 days",
            from_past(lambda past: count(credits(past, QUARTER_DAYS, COMPENSATION))),
            Direction.RAISES,
            label="compensation",
        ),
        Feature(
            "salaryGapDaysMedian",
            Unit.DAYS,
            "days from one wage to the next, median of 12 months",
            from_past(lambda past: days_between(credits(past, YEAR_DAYS, COMPENSATION))),
            label="compensation",
        ),
        Feature(
            "outgoingMonthlyAverage90d",
            Unit.MONEY,
            "average monthly outgoing of 90 days",
            from_past(lambda past: past.outgoing),
        ),
        Feature(
            "balanceAverage90d",
            Unit.MONEY,
            "average balance of 90 days",
            from_past(lambda past: average_balance(past, QUARTER_DAYS)),
        ),
        Feature(
            "balanceMinimum90d",
            Unit.MONEY,
            "lowest balance of 90 days",
            from_past(lambda past: lowest_balance(past, QUARTER_DAYS)),
        ),
        Feature(
            "negativeBalanceDays90d",
            Unit.DAYS,
            "days below zero, of the last 90",
            from_past(lambda past: negative_days(past, QUARTER_DAYS)),
        ),
        Feature(
            "loanRepaymentMonthlyAverage90d",
            Unit.MONEY,
            "average monthly loan repayment of 90 days",
            from_past(lambda past: monthly_debits(past, REPAYMENT)),
            label="loan repayment",
        ),
        Feature(
            "debtToIncome90d",
            Unit.RATIO,
            "loan repayments over income, of 90 days",
            from_past(lambda past: ratio(monthly_debits(past, REPAYMENT), past.income)),
            Direction.LOWERS,
            label="loan repayment",
        ),
        Feature(
            "newLoansCount90d",
            Unit.COUNT,
            "new loans in 90 days",
            from_past(lambda past: count(credits(past, QUARTER_DAYS, PAYOUT))),
            Direction.LOWERS,
            label="loan payout",
        ),
        Feature(
            "gamblingShare90d",
            Unit.SHARE,
            "part of the outgoing of 90 days that was gambled",
            from_past(lambda past: share_of_outgoing(past, GAMBLING)),
            label="gambling",
        ),
        Feature(
            "cashWithdrawalShare90d",
            Unit.SHARE,
            "part of the outgoing of 90 days that was withdrawn in cash",
            from_past(lambda past: share_of_outgoing(past, CASH_WITHDRAWAL)),
            label="cash withdrawal",
        ),
        Feature(
            "failedPaymentsCount90d",
            Unit.COUNT,
            "failed payments in 90 days",
            from_past(lambda past: count(past.labelled(QUARTER_DAYS, FAILED))),
            Direction.LOWERS,
            label="failed payment",
        ),
        Feature(
            "counterpartiesCount90d",
            Unit.COUNT,
            "people and companies dealt with in 90 days",
            from_past(counterparties),
            Direction.RAISES,
        ),
    ),
)
