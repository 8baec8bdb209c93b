"""The scenarios: what a login finds at the bank. `<scenario>.<n>` is somebody else in the same one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kontobank.failures import FAILURES, Failure
from kontobank.quirks import QUIRKS
from kontobank.sign_in_scenarios import DRIFTS, OBSTACLES, QUESTIONS, WEB_ONLY
from kontobank.stories import STORIES

PASSWORD = "Test123"  # noqa: S105  # the published password of every practice login


@dataclass(frozen=True)
class Scenario:
    """One scenario. `outcome` says what an import of it ends with.

    `accounts` and `cards` are numbers of them; `owners` of people. `slow_seconds` delays every call.
    `asks`: what the owner is asked beside the password. `refusal`: the bank's own words for `failure`.
    `drift`: where the web bank looks different from what it was. `is_sealed`: documents bear the bank's seal.
    `is_overdrawn`: the balance falls below zero at times.
    """

    name: str
    description: str
    outcome: str
    owners: int = 1
    accounts: int = 1
    cards: int = 0
    window_days: int = 182
    is_company: bool = False
    has_iban: bool = True
    life: str = "private"
    slow_seconds: float = 0.0
    quirk: int = 0
    failure: str = ""
    asks: str = "sms"
    refusal: str = ""
    drift: str = ""
    is_sealed: bool = False
    is_overdrawn: bool = False

    @property
    def ends_with(self) -> str | None:
        """Return the name of the failure that an import ends with; `None` where it succeeds."""
        found = re.match(r"`(\w+)`", self.outcome)
        return found[1] if found else None

    def has(self, *names: str) -> bool:
        """Tell whether this is one of the named scenarios."""
        return self.name in names


def sign_in_scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios that are about signing in: what is asked, and what stands in the way."""
    asking = (
        Scenario(f"ask-{kind}", told, outcome, owners=2, cards=1, asks=kind)
        for kind, (told, outcome) in QUESTIONS.items()
    )
    stopping = (
        Scenario(name, told, outcome, failure=failure, refusal=words)
        for name, (told, outcome, failure, words) in OBSTACLES.items()
    )
    others = (Scenario(name, told, outcome, owners=2, cards=1) for name, (told, outcome) in WEB_ONLY.items())
    return (*asking, *stopping, *others)


_ALL: tuple[Scenario, ...] = (
    Scenario(
        "test",
        "one account, two owners, 72 money transactions in 26 weeks",
        "import: the recorded shape",
        owners=2,
    ),
    Scenario("test1", "the same, and a credit card", "import with a credit card", owners=2, cards=1),
    Scenario("single", "one owner, one account", "import"),
    Scenario("coowners", "one account of three owners", "import with an owner and two co-owners", owners=3),
    Scenario(
        "many",
        "5 accounts, 2 credit cards; one purchase pending every day",
        "import",
        accounts=5,
        cards=2,
        owners=2,
    ),
    Scenario(
        "large",
        "5,000 money transactions in 80 days, in pages of 200",
        "import",
        life="large",
        window_days=80,
    ),
    Scenario(
        "history",
        "20 months of history",
        "import; older than 90 days only fresh after the login",
        window_days=608,
    ),
    Scenario(
        "pending",
        "three pending items a day; booked on the next day with a new id, one with another amount, "
        "one with another payee",
        "import with pending items",
        life="pending",
    ),
    Scenario(
        "sealed",
        "statements and confirmations bear the bank's electronic seal",
        "import with a credit card; statement: the same, with a signature",
        owners=2,
        cards=1,
        is_sealed=True,
    ),
    Scenario(
        "company", "a company with a business account", "import with a company as owner", is_company=True
    ),
    Scenario(
        "company-off",
        "a company whose access for third parties is switched off at the bank",
        "`ManualActionRequired` (403 SERVICE_BLOCKED at the accounts)",
        is_company=True,
    ),
    Scenario("empty", "an owner without accounts", "import without accounts", accounts=0),
    Scenario(
        "noiban",
        "an account without IBAN, only the bank's own number",
        "import; the own number in place of the IBAN",
        has_iban=False,
    ),
    Scenario(
        "flaky",
        "every third read answers 500; what failed is well when repeated",
        "import, after repetitions",
    ),
    Scenario("down", "every call answers 503", "`ServiceTemporarilyUnavailable`"),
    Scenario("garbage", "the transaction list is text that is not JSON", "`BankChanged`"),
    Scenario("truncated", "the transaction list is cut off in the middle", "`IO`"),
    Scenario(
        "revoked",
        "the owner revokes the consent after the list of accounts was read",
        "`SessionExpired` (401 CONSENT_INVALID)",
    ),
    Scenario(
        "quota", "the reads of the day are used up", "`MultipleAccessLimitExceeded` (429 ACCESS_EXCEEDED)"
    ),
    Scenario("duplicates", "two different money transactions share an id", "import, none is lost", quirk=6),
    Scenario("numbers", "amounts are JSON numbers", "import", quirk=1),
    Scenario("camt", "the transaction list is camt.052 XML", "import", quirk=2),
    Scenario("relative", "links are relative", "import", quirk=24),
    Scenario("unknown-fields", "every object has fields that no standard knows", "import"),
    Scenario(
        "push",
        "confirmation in the bank's app (decoupled); done at the second question for the status",
        "import",
    ),
    Scenario("methods", "three methods of confirmation to choose from", "import", owners=2),
    Scenario(
        "refresh", "access tokens live one second (redirect with OAuth)", "import, with refreshed tokens"
    ),
    Scenario(
        "one-consent",
        "a new recurring consent ends the one before",
        "import; the consent before: `SessionExpired`",
    ),
    *(
        Scenario(name, story.told, "import", life="story", is_overdrawn=story.is_overdrawn)
        for name, story in STORIES.items()
    ),
    *sign_in_scenarios(),
)

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}

_SLOW = re.compile(r"slow-(\d{1,3}(?:\.\d{1,3})?)(?:\.(\d{1,9}))?")


@dataclass(frozen=True)
class Login:
    """A user name, taken apart. `variant` picks other people; 0 are the ones without a number."""

    name: str
    scenario: Scenario
    variant: int = 0


def parse_login(name: str) -> Login | None:
    """Take a user name apart; `None` where nobody has it.

    Examples: test, test1, many.17, slow-0.5, slow-0.5.3, fail-AccessBlocked, quirk-8.2
    """
    if slow := _SLOW.fullmatch(name):
        seconds = slow[1]
        scenario = replace(SCENARIOS["single"], name="slow", slow_seconds=float(seconds))
        return Login(name, scenario, int(slow[2] or 0))
    stem, _, number = name.partition(".")
    if number and not (number.isdigit() and number.isascii() and len(number) < 10):
        return None
    found = _scenario(stem)
    if found is None:
        return None
    scenario, variant = found
    return Login(name, scenario, int(number) if number else variant)


def _scenario(stem: str) -> tuple[Scenario, int] | None:
    if stem in SCENARIOS:
        return SCENARIOS[stem], 0
    if tester := re.fullmatch(r"test([2-9]|[1-9]\d{1,3})", stem):
        return SCENARIOS["test1"], int(tester[1])
    kind, _, rest = stem.partition("-")
    if kind == "fail" and rest in FAILURES:
        return replace(SCENARIOS["single"], name="fail", failure=rest), 0
    if kind == "drift" and rest in DRIFTS:
        return replace(SCENARIOS["test1"], name="drift", drift=rest), 0
    if kind == "quirk" and rest.isdigit() and int(rest) in QUIRKS:
        quirk = int(rest)
        life = "pending" if quirk in (7, 9, 14) else "private"
        return replace(SCENARIOS["test1"], name="quirk", quirk=quirk, life=life), 0
    return None


def listed() -> list[Scenario]:
    """Return every scenario with its login as name, for tables: families are spelled out."""
    slow = Scenario("slow-<seconds>", "every call takes that long, for example `slow-0.5`", "import, later")
    failing = [Scenario(f"fail-{name}", _told(failure), f"`{name}`") for name, failure in FAILURES.items()]
    quirks = [Scenario(f"quirk-{n}", habit, outcome) for n, (habit, outcome) in QUIRKS.items()]
    drifts = [Scenario(f"drift-{name}", told, outcome) for name, (told, outcome) in DRIFTS.items()]
    return [*_ALL, slow, *failing, *quirks, *drifts]


def _told(failure: Failure) -> str:
    answer = " ".join(part for part in (str(failure.status or ""), failure.code) if part)
    return f"{failure.stage}: {failure.text} ({answer})" if answer else f"{failure.stage}: {failure.text}"
