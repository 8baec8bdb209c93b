"""The state of a conversation as JSON, as the page reads it."""

from __future__ import annotations

from typing import Any

from kontora.commands.conversation_views import SignedIn, Standing
from kontora.connectors.catalogue import Target
from kontora.connectors.protocol import AnswerForm, Challenge, CredentialKind
from kontora.widget.assets import favicon_path


def state_json(standing: Standing, target: Target | None) -> dict[str, Any]:
    """Return the state; what does not belong to it is absent. `target`: the bank that was chosen."""
    told: dict[str, Any] = {
        "step": standing.step,
        "state": standing.state,
        "target": None if target is None or standing.state == "choose" else chosen_json(target),
        "sessionId": None if standing.session_id is None else str(standing.session_id),
        "returnUrl": standing.return_url,
    }
    if standing.state in {"questions", "wait"}:
        told["questions"] = [_question(challenge) for challenge in standing.view.challenges]
    key = standing.view.public_key
    if standing.state == "questions" and key is not None:
        told |= {"publicKey": key.jwk(), "stepToken": key.step_token}
    if standing.state == "redirect":
        mode = "sameWindow" if standing.same_window else "popup"
        told["redirect"] = {"url": standing.view.redirect_path, "mode": mode}
    if standing.progress is not None:
        told["progress"] = standing.progress / 100
    if standing.signed_in is not None:
        told["signedIn"] = _signed_in(standing.signed_in)
    if standing.failure is not None:
        told["failure"] = {
            "exception": standing.failure.name,
            "message": standing.failure.message,
            "friendlyMessage": standing.failure.friendly_message,
            "canRetry": standing.can_retry,
        }
    return {name: value for name, value in told.items() if value is not None}


def chosen_json(target: Target) -> dict[str, Any]:
    """Return the bank that the owner chose."""
    return {
        "name": target.name,
        "institution": target.institution.name,
        "officialName": target.institution.official_name,
        "loginName": target.facts.login_name,
        "favicon": favicon_path(target),
    }


def target_json(target: Target) -> dict[str, Any]:
    """Return a bank as it stands in the list."""
    return {
        **chosen_json(target),
        "country": target.country,
        "beta": target.facts.beta,
        "accountTypes": list(target.facts.account_types),
    }


def _question(challenge: Challenge) -> dict[str, Any]:
    number = None if challenge.code_number is None else str(challenge.code_number)
    told: dict[str, Any] = {
        "kind": challenge.kind.value,
        "name": challenge.name,
        "description": challenge.description,
        "asterisked": challenge.asterisked,
        "options": [{"value": value, "label": label} for value, label in challenge.options] or None,
        "subject": None if challenge.subject is None else challenge.subject.value,
        "imageBase64": challenge.image_base64,
        "pattern": None if challenge.answer is None else _pattern(challenge.answer),
        "challenge": challenge.token_challenge or number,
        "sentTo": challenge.sent_to,
    }
    if challenge.mask is not None:
        told["mask"] = {"length": challenge.mask.length, "positions": list(challenge.mask.positions)}
    return {name: value for name, value in told.items() if value is not None}


def _pattern(form: AnswerForm) -> str:
    """Return the form of an answer as a regular expression, e.g. `^[0-9]{1,6}$`."""
    most = "" if form.max_length is None else str(form.max_length)
    return f"^{'[0-9]' if form.digits else '.'}{{1,{most}}}$"


def _signed_in(signed_in: SignedIn) -> dict[str, Any]:
    options = {"officialName": signed_in.official_name}
    if signed_in.multiple_access_id is not None:
        options["multipleAccessId"] = signed_in.multiple_access_id
    return {
        "target": signed_in.target,
        "sessionId": str(signed_in.session_id),
        "sessionIdSignature": signed_in.signature,
        "options": options,
    }


def is_answerable(kind: str) -> bool:
    """Tell whether the page may answer questions of this kind."""
    return kind in CredentialKind.__members__ and kind not in {"REDIRECT", "APP_CONFIRMATION", "API_SETUP"}
