"""An owner with a browser at the web bank: follows links, fills in forms, keeps cookies."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

import aiohttp

PASSWORD = "Test123"


@dataclass
class Page:
    """A page that was shown."""

    status: int
    url: str
    text: str
    headers: dict[str, str]
    body: bytes

    @property
    def name(self) -> str:
        """The id of its main element."""
        found = re.search(r'<main id="([^"]*)"', self.text)
        return found[1] if found else ""

    def form(self, form_id: str) -> tuple[str, dict[str, str]]:
        """Return where a form is sent, and its fields."""
        found = re.search(
            rf'<form [^>]*action="([^"]*)"[^>]*id="{form_id}"[^>]*>(.*?)</form>', self.text, re.DOTALL
        )
        assert found, f"no form {form_id} on {self.url}"
        fields = {}
        for tag in re.findall(r"<input[^>]*>", found[2]):
            if "disabled" not in tag and 'type="radio"' not in tag:
                fields[attribute(tag, "name")] = attribute(tag, "value")
        return html.unescape(found[1]), fields

    def link(self, pattern: str) -> str:
        """Return the first link that fits."""
        found = re.search(rf'href="([^"]*{pattern}[^"]*)"', self.text)
        assert found, f"no link {pattern} on {self.url}"
        return html.unescape(found[1])


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


@dataclass
class Visitor:
    """One browser."""

    http: aiohttp.ClientSession
    url: str
    country: str = "pl"
    seen: list[Page] = field(default_factory=list)

    def address(self, path: str) -> str:
        return path if path.startswith("http") else f"{self.url}/web/{self.country}/{path}"

    async def get(self, path: str) -> Page:
        return await self._ask("GET", self.address(path), None)

    async def send(self, page: Page, form_id: str, **entered: str) -> Page:
        """Fill in a form and send it."""
        action, fields = page.form(form_id)
        return await self._ask("POST", action, {**fields, **entered})

    async def post(self, path: str, fields: dict[str, str]) -> Page:
        return await self._ask("POST", self.address(path), fields)

    async def sign_in(self, login: str) -> Page:
        """Sign in to a login that is asked for an SMS code."""
        page = await self.send(await self.get("login"), "login-form", login=login)
        page = await self.send(page, "password-form", password=PASSWORD)
        return await self.send(page, "code-form", code=PASSWORD)

    def cookie(self, name: str) -> str:
        return next((one.value for one in self.http.cookie_jar if one.key == name), "")

    async def _ask(self, method: str, url: str, form: dict[str, str] | None) -> Page:
        async with self.http.request(method, url, data=form) as reply:
            body = await reply.read()
            text = body.decode("utf-8", "replace")
            self.seen.append(
                Page(
                    reply.status,
                    str(reply.url),
                    text,
                    {name.lower(): value for name, value in reply.headers.items()},
                    body,
                )
            )
            return self.seen[-1]
