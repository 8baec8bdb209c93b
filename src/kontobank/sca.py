"""Strong customer authentication: the steps by which an owner confirms a consent, on every way."""

from __future__ import annotations

import secrets

from kontobank.api.answers import Refusal
from kontobank.authorisations import (
    METHOD_OF,
    METHODS,
    MOST_WRONG_ENTRIES,
    PUSH,
    SMS,
    Approach,
    Authorisation,
    Method,
    ScaStatus,
    puzzle_of,
)
from kontobank.bank import Bank
from kontobank.consents import Consent, ConsentStatus, Model, referenced_numbers
from kontobank.failures import FAILURES, Stage, spoken
from kontobank.scenarios import PASSWORD, Login, parse_login

POLLS_UNTIL_CONFIRMED = 2


def begin(bank: Bank, consent: Consent, approach: Approach, *, psu_id: str | None) -> Authorisation:
    """Start an authorisation. A decoupled one asks the owner in the app at once."""
    authorisation = bank.authorisations.start(
        consent.id, approach, psu_id=psu_id, is_oauth=consent.needs_token
    )
    consent.authorisation_ids.append(authorisation.id)
    if approach is Approach.DECOUPLED:
        authorisation.status, authorisation.method = ScaStatus.STARTED, PUSH
    return authorisation


def enter_password(
    bank: Bank, consent: Consent, authorisation: Authorisation, psu_id: str, password: str
) -> Login:
    """Check login and password, and choose the method where there is only one.

    Raises: Refusal, 401 PSU_CREDENTIALS_INVALID (after three the authorisation has failed), or what
    the scenario wants.
    """
    bank.calls.logins += 1
    login = parse_login(psu_id)
    authorisation.psu_id = psu_id
    if login is None or not secrets.compare_digest(password.encode(), PASSWORD.encode()):
        raise _wrong(bank, consent, authorisation, "The login or the password is wrong.")
    _meet_failure(bank, consent, authorisation, login, Stage.PASSWORD)
    authorisation.status = ScaStatus.AUTHENTICATED
    if not login.scenario.has("methods", "ask-method"):
        authorisation.method = METHOD_OF.get(login.scenario.asks, SMS)
        authorisation.puzzle = puzzle_of(authorisation.method, authorisation.id)
    return login


def select_method(authorisation: Authorisation, method_id: str) -> Method:
    """Choose one of the offered methods.

    Raises: Refusal, 400 SCA_METHOD_UNKNOWN.
    """
    method = next((one for one in METHODS if one.id == method_id), None)
    if method is None:
        raise Refusal(400, "SCA_METHOD_UNKNOWN", "There is no such method.", "authenticationMethodId")
    authorisation.method, authorisation.status = method, ScaStatus.METHOD_SELECTED
    if method is PUSH:
        authorisation.approach, authorisation.status = Approach.DECOUPLED, ScaStatus.STARTED
    return method


def enter_code(
    bank: Bank,
    consent: Consent,
    authorisation: Authorisation,
    code: str,
    chosen: frozenset[str] | None = None,
) -> None:
    """Check the code and make the consent valid. `chosen`: the accounts the owner picked.

    Raises: Refusal, 401 PSU_CREDENTIALS_INVALID (after three the authorisation has failed), or what
    the scenario wants.
    """
    login = parse_login(authorisation.psu_id or "")
    if login is None or not _is_right(code, authorisation):
        raise _wrong(bank, consent, authorisation, "The code is wrong.")
    _meet_failure(bank, consent, authorisation, login, Stage.CODE)
    finish(bank, consent, authorisation, login, chosen)


def finish(
    bank: Bank,
    consent: Consent,
    authorisation: Authorisation,
    login: Login,
    chosen: frozenset[str] | None = None,
) -> None:
    """Make the consent valid for the accounts that the owner chose, or that it names.

    Raises: Refusal, 400 RESOURCE_UNKNOWN, where it names no account of this owner.
    """
    if consent.model is Model.DEDICATED:
        owned = {place.number for place in bank.books.household(consent.country, login).places()}
        chosen = referenced_numbers(consent.access, "accounts", "balances", "transactions") & owned
        if not chosen:
            reject(bank, consent, authorisation)
            raise Refusal(400, "RESOURCE_UNKNOWN", "None of these accounts belongs to the owner.", "access")
    authorisation.status = ScaStatus.FINALISED
    bank.consents.authorise(consent, login, chosen)


def poll(bank: Bank, consent: Consent, authorisation: Authorisation) -> None:
    """Count a question for the status; the owner confirms in the app before the second one."""
    if authorisation.approach is not Approach.DECOUPLED or authorisation.status is not ScaStatus.STARTED:
        return
    authorisation.polls += 1
    login = parse_login(authorisation.psu_id or "")
    if login is not None and authorisation.polls >= POLLS_UNTIL_CONFIRMED:
        finish(bank, consent, authorisation, login)


def reject(bank: Bank, consent: Consent, authorisation: Authorisation) -> None:
    """End the authorisation and the consent: the owner did not confirm."""
    authorisation.status = ScaStatus.FAILED
    if consent.status is ConsentStatus.RECEIVED:
        bank.consents.change(consent, ConsentStatus.REJECTED)


def _is_right(code: str, authorisation: Authorisation) -> bool:
    if secrets.compare_digest(code.encode(), PASSWORD.encode()):
        return True
    puzzle = authorisation.puzzle
    return puzzle is not None and secrets.compare_digest(
        code.strip().upper().encode(), puzzle.answer.encode()
    )


def _wrong(bank: Bank, consent: Consent, authorisation: Authorisation, text: str) -> Refusal:
    authorisation.wrong_entries += 1
    if authorisation.wrong_entries >= MOST_WRONG_ENTRIES:
        reject(bank, consent, authorisation)
        text = f"{text} This was the last try."
    return Refusal(401, "PSU_CREDENTIALS_INVALID", f"KontoBank: InvalidCredentials. {text}")


def _meet_failure(
    bank: Bank, consent: Consent, authorisation: Authorisation, login: Login, stage: Stage
) -> None:
    name = login.scenario.failure
    if not name or FAILURES[name].stage is not stage:
        return
    reject(bank, consent, authorisation)
    own = login.scenario.refusal.format(web=f"{bank.pages_url}/web/{consent.country.code}")
    raise Refusal(FAILURES[name].status, FAILURES[name].code, spoken(name, own))
