"""Scenarios of signing in, and of a web bank that changes, as data: what it is, what an import ends with."""

from __future__ import annotations

# What an owner is asked; the login is `ask-<name>`.
QUESTIONS: dict[str, tuple[str, str]] = {
    "sms": ("a code by SMS", "import with a credit card"),
    "token": (
        "a code from a token that must be told eight digits; it answers with them backwards",
        "import with a credit card",
    ),
    "push": ("to confirm in the bank's app, and nothing to type", "import with a credit card"),
    "app": ("a one-time code that the bank's app shows", "import with a credit card"),
    "list": (
        "a code of a printed list; code n is n in two digits, three times (code 7: `070707`)",
        "import with a credit card",
    ),
    "captcha": (
        "web bank only: letters in a picture, before the password",
        "import with a credit card",
    ),
    "picture": (
        "API: letters in a picture (PHOTO_OTP); web bank: whether the picture shown is the owner's own",
        "import with a credit card",
    ),
    "method": ("which way to confirm", "import with a credit card"),
    "context": (
        "web bank only: whether to go on as a person or as the company",
        "import with a credit card; of the company, if so chosen in the web bank",
    ),
    "mask": ("web bank only: three or four characters of the password", "import with a credit card"),
}

# Description, outcome, failure, the bank's own words. `{web}` becomes the address of the web bank.
OBSTACLES: dict[str, tuple[str, str, str, str]] = {
    "ask-change": (
        "the password has expired and must be changed at the bank",
        "`ManualActionRequired` with the address of the page",
        "ManualActionRequired",
        "Your password has expired. Change it at {web}/password/change, then sign in again.",
    ),
    "ask-terms": (
        "new terms must be accepted at the bank",
        "`ManualActionRequired` with the address of the page",
        "ManualActionRequired",
        "Accept the new terms at {web}/terms, then sign in again.",
    ),
    "blocked": (
        "the owner's access is blocked",
        "`AccessBlocked`",
        "AccessBlocked",
        "Your access is blocked. Call the bank.",
    ),
    "blocked-for-now": (
        "the owner's access is blocked for half an hour",
        "`AccessTemporarilyBlocked`",
        "AccessTemporarilyBlocked",
        "Your access is temporarily blocked. Try again in 30 minutes.",
    ),
}

# What only the web bank does; the API knows these logins as ordinary owners.
WEB_ONLY: dict[str, tuple[str, str]] = {
    "notice": (
        "web bank only: an announcement must be closed after the sign-in",
        "import with a credit card",
    ),
    "ask-again": (
        "web bank only: history older than 90 days asks for another code",
        "import with a credit card; web bank: `ManualActionRequired`",
    ),
    "robots": (
        "web bank only: programs are turned away",
        "import with a credit card; web bank: `ServiceTemporarilyUnavailable`",
    ),
}

_CHANGED = "import with a credit card; web bank: `BankChanged`"

# Where the web bank looks different from what it was; the login is `drift-<name>`.
DRIFTS: dict[str, tuple[str, str]] = {
    "token": ("web bank: the form for the password has lost its hidden token", _CHANGED),
    "question": ("web bank: a question after the password that nobody knows", _CHANGED),
    "mark": ("web bank: the list of accounts is built of other elements", _CHANGED),
    "missing": ("web bank: the page of an account lacks its balance", _CHANGED),
    "class": ("web bank: the amounts of the history have another class", _CHANGED),
    "column": ("web bank: two columns of the history have changed places", _CHANGED),
    "table": ("web bank: the history is a list of boxes, no table", _CHANGED),
    "date": ("web bank: dates are written another way", _CHANGED),
    "profile": ("web bank: the page of the owner's data lacks the name", _CHANGED),
    "card": ("web bank: the page of a card lacks its limit", _CHANGED),
}
