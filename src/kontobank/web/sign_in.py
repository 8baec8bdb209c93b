"""The sign-in of the web bank: login, then one page for each thing that the owner is asked."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.responses import Response

from kontobank.authorisations import APP, CODE_LIST, PUSH, SMS, TOKEN, Method, puzzle_of
from kontobank.bank import Bank
from kontobank.failures import FAILURES
from kontobank.failures import Stage as FailureStage
from kontobank.pictures import THINGS, text_picture, thing_picture
from kontobank.puzzles import mask_places, masked, picture_puzzle
from kontobank.sca import POLLS_UNTIL_CONFIRMED
from kontobank.scenarios import PASSWORD, Login, parse_login
from kontobank.web.obstacles import CANCELLED, EXPIRED, ROBOTS, TOO_MANY_TRIES, UNAVAILABLE, obstacle_of
from kontobank.web.rendering import WebRenderer
from kontobank.web.sessions import CODE_SECONDS, Stage, WebSession, new_token
from kontobank.web.visit import WebVisit

MASK_BOXES = 12
OFFERED: tuple[Method, ...] = (SMS, TOKEN, APP, CODE_LIST, PUSH)
_METHOD_OF = {"token": TOKEN, "app": APP, "list": CODE_LIST, "push": PUSH}
_MOST_WRONG_ENTRIES = 3
_LOGIN_MISSING = "Enter your login."
_WRONG_CODE = "This is not right. Look again and try once more."


class SignInPages:
    """The pages of the sign-in. Each has a method that shows it, and one that takes what was entered."""

    def __init__(self, bank: Bank, renderer: WebRenderer) -> None:
        self._bank = bank
        self._renderer = renderer
        self.shown: dict[Stage, Callable[[WebVisit], Response]] = {
            Stage.CAPTCHA: self._captcha,
            Stage.PICTURE: self._picture,
            Stage.PASSWORD: self._password,
            Stage.CONTEXT: self._context,
            Stage.METHOD: self._method,
            Stage.CODE: self._code,
            Stage.WAIT: self._wait,
            Stage.NOTICE: self._notice,
        }
        self.taken: dict[Stage, Callable[[WebVisit], Response]] = {
            Stage.CAPTCHA: self._take_captcha,
            Stage.PICTURE: self._take_picture,
            Stage.PASSWORD: self._take_password,
            Stage.CONTEXT: self._take_context,
            Stage.METHOD: self._take_method,
            Stage.CODE: self._take_code,
            Stage.NOTICE: self._take_notice,
        }

    def show_login(self, visit: WebVisit) -> Response:
        """Show the form for the login; a session that was here before ends."""
        if visit.session is not None:
            self._bank.web_sessions.end(visit.session)
        session = self._bank.web_sessions.add(WebSession(visit.country, visit.device, "", []))
        page = self._renderer.page(
            "login.html", visit.country, session, error="", name="", ended=visit.query.get("ended", "")
        )
        return self._renderer.keep(page, session)

    def take_login(self, visit: WebVisit) -> Response:
        """Take the login, whoever it is, and go on to what comes before the password."""
        session, name = visit.open_session, visit.form.get("login", "").strip()
        if not name:
            return self._renderer.page(
                "login.html", visit.country, session, error=_LOGIN_MISSING, name="", ended=""
            )
        session.name, login = name, parse_login(name)
        asks = login.scenario.asks if login else ""
        if login is not None and login.scenario.has("robots"):
            return self._renderer.obstacle(visit.country, ROBOTS)
        if login is not None and login.scenario.has("down"):
            return self._renderer.obstacle(visit.country, UNAVAILABLE)
        first = {"captcha": [Stage.CAPTCHA], "picture": [Stage.PICTURE]}.get(asks, [])
        session.stages = [*first, Stage.PASSWORD]
        session.puzzle = picture_puzzle(session.csrf) if asks == "captcha" else None
        seed = int.from_bytes(name.encode())
        session.picture = THINGS[seed % len(THINGS)] if asks == "picture" else ""
        session.places = mask_places(session.csrf, len(PASSWORD)) if asks == "mask" else ()
        return self._on(session)

    def show(self, visit: WebVisit, stage: Stage) -> Response:
        """Show the page of a stage, or go to the one that is due."""
        session = visit.open_session
        if session.stages[:1] != [stage]:
            return self._on(session)
        return self.shown[stage](visit)

    def take(self, visit: WebVisit, stage: Stage) -> Response:
        """Take what was entered on the page of a stage."""
        session = visit.open_session
        if session.stages[:1] != [stage] or stage not in self.taken:
            return self._on(session)
        return self.taken[stage](visit)

    def image(self, visit: WebVisit) -> Response:
        """Draw the picture of the page that is due."""
        session = visit.open_session
        if session.stages[:1] == [Stage.PICTURE]:
            return self._renderer.picture(thing_picture(session.picture))
        if session.stages[:1] == [Stage.CAPTCHA] and session.puzzle:
            return self._renderer.picture(text_picture(session.puzzle.asked, session.csrf))
        return self._on(session)

    def _on(self, session: WebSession) -> Response:
        """Go to the page that is due; every page of the sign-in has a token of its own."""
        session.flow = new_token()
        if session.stages:
            return self._renderer.keep(self._renderer.go(session.country, session.stages[0]), session)
        if session.login is None:
            return self._renderer.go(session.country, "login")
        if not session.is_signed_in:
            session.is_signed_in = True
            self._bank.web_sessions.renew(session)
        return self._renderer.keep(self._renderer.go(session.country, "accounts"), session)

    def _done(self, session: WebSession) -> Response:
        session.stages.pop(0)
        return self._on(session)

    def _wrong(
        self, visit: WebVisit, show: Callable[[WebVisit, str], Response], text: str = _WRONG_CODE
    ) -> Response:
        session = visit.open_session
        session.wrong_entries += 1
        if session.wrong_entries >= _MOST_WRONG_ENTRIES:
            self._bank.web_sessions.end(session)
            return self._renderer.obstacle(visit.country, TOO_MANY_TRIES)
        session.flow = new_token()
        return show(visit, text)

    def _captcha(self, visit: WebVisit, error: str = "") -> Response:
        return self._renderer.page("captcha.html", visit.country, visit.open_session, error=error)

    def _take_captcha(self, visit: WebVisit) -> Response:
        puzzle, text = visit.open_session.puzzle, visit.form.get("letters", "").strip()
        if text != PASSWORD and (puzzle is None or text.upper() != puzzle.answer):
            return self._wrong(visit, self._captcha)
        return self._done(visit.open_session)

    def _picture(self, visit: WebVisit, error: str = "") -> Response:
        return self._renderer.page("picture.html", visit.country, visit.open_session, error=error)

    def _take_picture(self, visit: WebVisit) -> Response:
        if visit.form.get("mine") != "yes":
            return self._ended(visit.open_session)
        return self._done(visit.open_session)

    def _ended(self, session: WebSession) -> Response:
        self._bank.web_sessions.end(session)
        return self._renderer.obstacle(session.country, CANCELLED)

    def _password(self, visit: WebVisit, error: str = "") -> Response:
        session = visit.open_session
        login = parse_login(session.name)
        return self._renderer.page(
            "password.html",
            visit.country,
            session,
            error=error,
            places=session.places,
            boxes=MASK_BOXES,
            lacks_token=login is not None and login.scenario.drift == "token",
        )

    def _take_password(self, visit: WebVisit) -> Response:
        session = visit.open_session
        self._bank.web_calls.logins += 1
        if session.places:
            entered, right = _boxes(visit, session.places), masked(PASSWORD, session.places)
        else:
            entered, right = visit.form.get("password", ""), PASSWORD
        login = parse_login(session.name)
        is_refused = login is not None and login.scenario.failure == "InvalidCredentials"
        if login is None or is_refused or not secrets.compare_digest(entered.encode(), right.encode()):
            return self._wrong(visit, self._password, "The login or the password is wrong.")
        session.login = login
        failure = login.scenario.failure
        if failure and FAILURES[failure].stage is FailureStage.PASSWORD and failure != "UnsupportedLanguage":
            self._bank.web_sessions.end(session)
            return self._renderer.obstacle(session.country, obstacle_of(login))
        session.stages += self._second_stages(login)
        session.method = PUSH if login.scenario.has("push") else _METHOD_OF.get(login.scenario.asks, SMS)
        return self._asked(session)

    def _second_stages(self, login: Login) -> list[Stage]:
        asks = login.scenario.asks
        stages = {"context": [Stage.CONTEXT], "method": [Stage.METHOD]}.get(asks, [])
        if login.scenario.has("methods"):
            stages = [Stage.METHOD]
        stages.append(Stage.WAIT if asks == "push" or login.scenario.has("push") else Stage.CODE)
        return [*stages, Stage.NOTICE] if login.scenario.has("notice") else stages

    def _asked(self, session: WebSession) -> Response:
        """Ask by the method that was chosen, and go on."""
        method = session.method or SMS
        session.puzzle = puzzle_of(method, session.csrf) if method in (TOKEN, CODE_LIST) else None
        session.asked_at = self._bank.clock.timestamp()
        return self._done(session)

    def _context(self, visit: WebVisit, error: str = "") -> Response:
        household = self._bank.books.household(visit.country, _the_login(visit))
        company = self._bank.books.household(visit.country, company_of(_the_login(visit)))
        contexts = (("private", household.owners[0].name), ("company", company.owners[0].name))
        return self._renderer.page(
            "context.html", visit.country, visit.open_session, error=error, contexts=contexts
        )

    def _take_context(self, visit: WebVisit) -> Response:
        session, chosen = visit.open_session, visit.form.get("context")
        if chosen not in ("private", "company"):
            return self._wrong(visit, self._context, "Choose one.")
        if chosen == "company":
            session.login = company_of(_the_login(visit))
        return self._done(session)

    def _method(self, visit: WebVisit, error: str = "") -> Response:
        return self._renderer.page(
            "method.html", visit.country, visit.open_session, error=error, methods=OFFERED
        )

    def _take_method(self, visit: WebVisit) -> Response:
        session = visit.open_session
        method = next((one for one in OFFERED if one.id == visit.form.get("method")), None)
        if method is None:
            return self._wrong(visit, self._method, "Choose one.")
        session.method = method
        session.stages = [Stage.WAIT if stage is Stage.CODE and method is PUSH else stage
                          for stage in session.stages]  # fmt: skip
        return self._asked(session)

    def _code(self, visit: WebVisit, error: str = "") -> Response:
        session = visit.open_session
        method = session.method or SMS
        asked = session.puzzle.asked if session.puzzle else ""
        return self._renderer.page(
            "code.html",
            visit.country,
            session,
            error=error,
            method=method,
            hint=method.hint.format(asked=asked),
            asked=asked,
            length=len(session.puzzle.answer) if session.puzzle else 10,
            expires_at=self._expiry(session),
        )

    def _expiry(self, session: WebSession) -> str:
        moment = datetime.fromtimestamp(session.asked_at + CODE_SECONDS, UTC)
        return moment.isoformat(timespec="seconds")

    def _is_late(self, session: WebSession) -> bool:
        return self._bank.clock.timestamp() - session.asked_at > CODE_SECONDS

    def _take_code(self, visit: WebVisit) -> Response:
        session, text = visit.open_session, visit.form.get("code", "").strip()
        if self._is_late(session):
            self._bank.web_sessions.end(session)
            return self._renderer.obstacle(visit.country, EXPIRED)
        if text != PASSWORD and (session.puzzle is None or text != session.puzzle.answer):
            return self._wrong(visit, self._code)
        return self._confirmed(session)

    def _confirmed(self, session: WebSession) -> Response:
        failure = session.login.scenario.failure if session.login else ""
        if session.login and failure and FAILURES[failure].stage is FailureStage.CODE:
            self._bank.web_sessions.end(session)
            return self._renderer.obstacle(session.country, obstacle_of(session.login))
        return self._done(session)

    def _wait(self, visit: WebVisit, error: str = "") -> Response:
        """Show the page that waits for the app; at the third look the owner has confirmed."""
        session = visit.open_session
        if self._is_late(session):
            self._bank.web_sessions.end(session)
            return self._renderer.obstacle(visit.country, EXPIRED)
        if session.answered is False:
            return self._ended(session)
        if session.answered or session.polls >= POLLS_UNTIL_CONFIRMED:
            return self._confirmed(session)
        session.polls += 1
        return self._renderer.page(
            "wait.html", visit.country, session, error=error, expires_at=self._expiry(session)
        )

    def _notice(self, visit: WebVisit, error: str = "") -> Response:
        return self._renderer.page("notice.html", visit.country, visit.open_session, error=error)

    def _take_notice(self, visit: WebVisit) -> Response:
        return self._done(visit.open_session)


def company_of(login: Login) -> Login:
    """Return the login of the company that a person also acts for."""
    found = parse_login(f"company.{login.variant + 1}")
    if found is None:
        raise RuntimeError("every number is a company")
    return found


def _the_login(visit: WebVisit) -> Login:
    if visit.login is None:
        raise RuntimeError("this page comes after the password")
    return visit.login


def _boxes(visit: WebVisit, places: tuple[int, ...]) -> str:
    return "".join(visit.form.get(f"c{place}", "")[:1] for place in places)
