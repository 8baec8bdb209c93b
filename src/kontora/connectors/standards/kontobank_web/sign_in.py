"""One step of a sign-in at KontoBank's web bank: go as far as the owner's answers reach, then ask."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

from kontora.connectors.protocol import (
    Access,
    Answer,
    Challenge,
    CredentialKind,
    Secret,
    SignInStep,
)
from kontora.connectors.standards.kontobank_web import pages
from kontora.connectors.standards.kontobank_web.access import State, Waiting
from kontora.connectors.standards.kontobank_web.pagekeeper import Pagekeeper
from kontora.connectors.standards.kontobank_web.pages import QUESTIONS, Pages, Question
from kontora.connectors.standards.kontobank_web.parse import parse_question, parse_wait
from kontora.connectors.standards.web_pages.cookies import Jar
from kontora.connectors.standards.web_pages.descriptions import Page
from kontora.connectors.standards.web_pages.documents import Document, NotUnderstood, form_of
from kontora.connectors.standards.web_pages.visiting import Arrival, Visiting
from kontora.errors import (
    BankChanged,
    InvalidArgument,
    InvalidCredentials,
    SignInCancelled,
    SignInExpired,
)

_MOST_MOVES = 20
_LONGEST_PICTURE = 512 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_FIRST = Challenge(kind=CredentialKind.STATIC_LOGIN, name="Login")
_NOT_MY_PICTURE = "You said that this is not your picture. Nothing was sent to the bank."
_YES = "yes"


class WebSignIn:
    """One step of one sign-in; used once."""

    def __init__(
        self, visiting: Visiting, described: Pages, answers: Sequence[Answer], access: Access | None
    ) -> None:
        self._visiting = visiting
        self._keeper = Pagekeeper(visiting)
        self._answers = list(answers)
        self._state = State() if access is None else State.opened(access)
        self._known = (
            described.accounts,
            pages.LOGIN,
            pages.NOTICE,
            pages.WAIT,
            *(question.page for question in QUESTIONS),
        )
        self._home = described.accounts

    async def step(self) -> SignInStep:
        """Take the step. Every answer is sent at most once.

        Raises: OwnerError, BankError, OperatorError; InvalidArgument, if an answer does not fit.
        """
        for _ in range(_MOST_MOVES):
            waiting = self._state.waiting
            challenge = waiting.challenge if waiting is not None else _FIRST
            answer = self._take(challenge.kind)
            if answer is None:
                return SignInStep(self._state.sealed(), (challenge,))
            step, arrival, from_page = await self._answered(waiting, answer)
            if await self._arrived(step, arrival, from_page):
                return SignInStep(self._state.sealed(signed_in=True))
        raise BankChanged(f"{self._visiting.where('sign-in')}: the sign-in goes round in circles.")

    def _take(self, kind: CredentialKind) -> Secret | None:
        """Take the first answer of this kind; each answer is used once."""
        for index, answer in enumerate(self._answers):
            if answer.kind is kind:
                return self._answers.pop(index).value
        return None

    async def _answered(self, waiting: Waiting | None, answer: Secret) -> tuple[str, Arrival, str]:
        """Send an answer; return the step, where it led, and the page that it was given on."""
        jar = self._state.cookies
        if waiting is None:
            step = "enterLogin"
            arrival = await self._visiting.get("showLogin", self._url("/login"), jar)
            document, _ = await self._keeper.page("showLogin", arrival, (pages.LOGIN,))
            async with self._keeper.understanding("showLogin", document):
                form = form_of(document, "form#login-form", pages.HIDDEN)
            sent = await self._visiting.post(step, form, {"login": _login(answer)}, arrival.jar)
            return step, sent, pages.LOGIN.name
        if waiting.page == pages.WAIT.name:
            return "showWait", await self._visiting.get("showWait", waiting.url, jar), ""
        question = _question(waiting)
        step = f"enter{waiting.page.capitalize()}"
        fields = _fields(question, waiting.challenge, answer, self._visiting.where(step))
        return step, await self._visiting.post(step, waiting.form, fields, jar), waiting.page

    async def _arrived(self, step: str, arrival: Arrival, from_page: str) -> bool:
        """Take in where an answer led; tell whether the owner is signed in."""
        for _ in range(_MOST_MOVES):
            document, page = await self._keeper.page(step, arrival, self._known)
            if page is self._home:
                self._state = State(cookies=arrival.jar)
                return True
            if page.name == from_page and document.first(pages.FAULT) is not None:
                raise InvalidCredentials(
                    f"{self._visiting.where(step)}: {InvalidCredentials.default_message}"
                )
            if page is pages.LOGIN:
                raise SignInExpired(f"{self._visiting.where(step)}: {SignInExpired.default_message}")
            if page is not pages.NOTICE:
                self._state = await self._asked(step, arrival, document, page)
                return False
            async with self._keeper.understanding(step, document):
                form = form_of(document, "form#notice-form", pages.HIDDEN)
            step = "closeNotice"
            arrival = await self._visiting.post(step, form, {}, arrival.jar)
        raise BankChanged(f"{self._visiting.where(step)}: the announcements have no end.")

    async def _asked(self, step: str, arrival: Arrival, document: Document, page: Page) -> State:
        """Return the state that waits for the answer to the question on a page."""
        async with self._keeper.understanding(step, document):
            if page is pages.WAIT:
                waiting = Waiting(page.name, parse_wait(document), document.url)
                return State(arrival.jar, waiting)
            question = next(one for one in QUESTIONS if one.page is page)
            form = form_of(document, question.form, pages.HIDDEN)
            address = _picture_address(document) if question.has_picture else None
        jar, picture = arrival.jar, None
        if address is not None:
            jar, picture = await self._picture(address, jar)
        async with self._keeper.understanding(step, document):
            challenge = parse_question(document, question, picture)
        return State(jar, Waiting(page.name, challenge, document.url, form.action, form.hidden))

    async def _picture(self, address: str, jar: Jar) -> tuple[Jar, str]:
        arrival = await self._visiting.get("showPicture", address, jar)
        body = arrival.reply.body
        if arrival.reply.status != 200 or not body.startswith(_PNG) or len(body) > _LONGEST_PICTURE:
            raise BankChanged(f"{self._visiting.where('showPicture')}: the picture is not a PNG.")
        return arrival.jar, base64.b64encode(body).decode()

    def _url(self, path: str) -> str:
        return self._visiting.surroundings.base_url + path


def _question(waiting: Waiting) -> Question:
    """Return the description of the question that waits."""
    challenge = waiting.challenge
    return next(
        one
        for one in QUESTIONS
        if one.page.name == waiting.page
        and one.kind is challenge.kind
        and one.has_mask == (challenge.mask is not None)
    )


def _picture_address(document: Document) -> str:
    found = document.first(pages.PICTURE)
    if found is None:
        raise NotUnderstood(pages.PICTURE)
    return document.link(found.attributes.get("src") or "")


def _login(answer: Secret) -> str:
    login = answer.reveal()
    if not login.strip() or not login.isprintable() or len(login) > 64:
        raise InvalidCredentials("The login is empty or holds characters that no login has.")
    return login


def _fields(question: Question, challenge: Challenge, answer: Secret, where: str) -> Mapping[str, str]:
    """Return the fields that an answer fills in; checked before anything is sent."""
    text = answer.reveal()
    if challenge.mask is not None:
        places = challenge.mask.positions
        if len(text) != len(places):
            raise InvalidCredentials(f"{where}: {len(places)} characters of the password are wanted.")
        return {f"{question.field}{place}": letter for place, letter in zip(places, text, strict=True)}
    if challenge.options:
        if text not in (value for value, _ in challenge.options):
            raise InvalidArgument(f"{where}: the choice is not one of the options.")
        if challenge.kind is CredentialKind.PICTURE and text != _YES:
            raise SignInCancelled(
                f"{where}: {SignInCancelled.default_message}", friendly_message=_NOT_MY_PICTURE
            )
    return {question.field: text}
