"""The 25 habits of real banks, one switch for each: `quirk-<n>` is login `test1` at a bank with habit n.

Source: `psd2.md` section 4. The numbers are the same.
"""

from __future__ import annotations

QUIRKS: dict[int, tuple[str, str]] = {
    1: ("amounts are JSON numbers", "import as `test1`"),
    2: ("the transaction list is camt.052 XML", "import as `test1`"),
    3: (
        "several currencies in one list of balances, cashAccountType null",
        "import as `test1`, balance in PLN",
    ),
    4: ("balanceType `authorised` instead of interimAvailable", "import as `test1`"),
    5: ("no transactionId at all", "import as `test1`"),
    6: ("two different money transactions share a transactionId", "import as `test1`, none is lost"),
    7: ("a pending transactionId is a single blank and changes at booking", "import with pending items"),
    8: ("bookingDate and valueDate are swapped", "import as `test1`"),
    9: (
        "card amounts unsigned the other way round (debitAccounting), pending without the minus",
        "import with a card",
    ),
    10: ("title cut at 140 characters, whole only in the array, words split", "import as `test1`"),
    11: ("the counterparty stands only in the free text", "import as `test1` without parties"),
    12: ("the text stands only in additionalInformation", "import as `test1`"),
    13: ("`NOTPROVIDED` wherever the bank knows nothing", "import as `test1` without the noise"),
    14: ("pending items have no date", "import with pending items"),
    15: ("interimAvailable is the credit that is left, not a balance", "import as `test1`"),
    16: ("spaces without IBAN, and a deleted account in the list", "import of the live accounts"),
    17: ("history beyond 90 days only in the first request after the login", "import as `test1`"),
    18: ("at most 14 days in one request", "import as `test1`, read in windows"),
    19: ("authorisation on PUT /consents/{id}, `optMaxLength` and `optFormat`", "import as `test1`"),
    20: (
        "the first call of an unknown third party registers it and answers 401",
        "import after one repetition",
    ),
    21: ("accounts under /v1 link their transactions under /v2", "import as `test1`, by following links"),
    22: (
        "`state` with `localhost` refused, polls limited to 2 a second, sign-in within 5 minutes",
        "import as `test1`",
    ),
    23: (
        "account numbers masked in the list: PolishAPI only, no effect in Berlin Group",
        "import as `test1`",
    ),
    24: ("links are relative", "import as `test1`"),
    25: ("IBANs whose check digits fail", "the failed check is told, not repaired"),
}
