"""Walking through a bank's pages as a browser would: cookies, forms, redirects; each form is sent once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yarl import URL

from kontora.connectors.bank_line import BankCall, BankReply
from kontora.connectors.standards.problems import problem_of, unavailable
from kontora.connectors.standards.web_pages import cookies
from kontora.connectors.standards.web_pages.cookies import Jar
from kontora.connectors.standards.web_pages.documents import Document, Form, NotUnderstood
from kontora.connectors.standards.web_pages.redaction import redacted
from kontora.connectors.target import Surroundings
from kontora.errors import BankChanged

_REDIRECTS = frozenset({301, 302, 303})
_MOST_REDIRECTS = 10
_HEADERS = {"Accept": "text/html,application/xhtml+xml;q=0.9,image/png;q=0.8", "Accept-Language": "en"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a request led: the last answer, and the cookies after it."""

    reply: BankReply
    jar: Jar


class Visiting:
    """The requests to the pages of one web bank. `step` names what is done, in failures and counts."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings

    async def get(self, step: str, url: str, jar: Jar) -> Arrival:
        """Ask for a page."""
        return await self._walk(BankCall(step, "GET", url, dict(_HEADERS), follow=False), jar)

    async def post(self, step: str, form: Form, fields: Mapping[str, str], jar: Jar) -> Arrival:
        """Send a form once, and go where the bank then leads."""
        headers = {**_HEADERS, "Content-Type": "application/x-www-form-urlencoded"}
        call = BankCall(step, "POST", form.action, headers, form.body(fields), follow=False)
        return await self._walk(call, jar)

    async def _walk(self, call: BankCall, jar: Jar) -> Arrival:
        line, now = self.surroundings.line, self.surroundings.now()
        for _ in range(_MOST_REDIRECTS):
            headers = {**call.headers, **cookies.header_of(jar, call.url)}
            reply = await line.send(
                BankCall(call.operation, call.method, call.url, headers, call.body, follow=False)
            )
            jar = cookies.kept(jar, reply.set_cookies, call.url, now)
            if not 300 <= reply.status < 400:
                return Arrival(reply, jar)
            if reply.status not in _REDIRECTS:
                raise BankChanged(f"{self.where(call.operation)}: the bank redirects in an unknown way.")
            call = BankCall(call.operation, "GET", self._onward(call, reply), dict(_HEADERS), follow=False)
        raise BankChanged(f"{self.where(call.operation)}: the bank redirects too often.")

    def _onward(self, call: BankCall, reply: BankReply) -> str:
        try:
            asked, onward = URL(call.url, encoded=True), URL(reply.headers.get("Location", ""), encoded=True)
            joined = asked.join(onward)
            checked = self.surroundings.line.reach.checked(str(joined))
        except ValueError as error:
            raise BankChanged(
                f"{self.where(call.operation)}: the bank redirects to something that is not a URL."
            ) from error
        except BankChanged as error:
            raise BankChanged(f"{self.where(call.operation)}: {error.message}.") from error
        if asked.scheme == "https" and checked.scheme != "https":
            raise BankChanged(f"{self.where(call.operation)}: the bank redirects from https to plain http.")
        return str(checked)

    def document(self, step: str, arrival: Arrival) -> Document:
        """Return the page of an answer.

        Raises: ServiceMaintenance, ServiceTemporarilyUnavailable; BankChanged, if it is no page.
        """
        document = Document.of(arrival.reply)
        if document is not None:
            return document
        if failure := unavailable(problem_of(arrival.reply)):
            raise failure(f"{self.where(step)}: {failure.default_message} ({arrival.reply.status})")
        raise BankChanged(f"{self.where(step)}: the answer is not a page of text.")

    async def changed(self, step: str, error: NotUnderstood, document: Document) -> BankChanged:
        """Hand a redacted copy of a page to the operator, and return the failure to raise."""
        target = self.surroundings.line.target
        await self.surroundings.on_unknown_page(target, step, redacted(document))
        return BankChanged(f"{self.where(step)}: the page is not understood: {error}.")

    def where(self, step: str) -> str:
        """Return how a failure begins."""
        return f"{self.surroundings.line.target}, {step}"
