"""An owner with a browser on the bank's pages, as far as forms go."""

from __future__ import annotations

import re

import aiohttp

FORM = re.compile(r'<form method="post" action="([^"]+)"')
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
CHOICE = re.compile(r'name="account" value="(\d+)"')


async def confirm(http: aiohttp.ClientSession, url: str, login: str) -> str:
    """Log in, share every account, and enter the code; return the address that the bank sends back to."""
    async with http.get(url) as reply:
        page = await reply.text()
    for fields in (
        lambda _page: [("login", login), ("password", "Test123")],
        lambda page: [("account", number) for number in CHOICE.findall(page)],
        lambda _page: [("code", "Test123")],
    ):
        page, onward = await _send(http, page, fields(page))
    return onward


async def _send(http: aiohttp.ClientSession, page: str, fields: list[tuple[str, str]]) -> tuple[str, str]:
    """Send the form of a page; return the next page, or where the bank sends the owner elsewhere."""
    form, token = FORM.search(page), TOKEN.search(page)
    if form is None or token is None:
        raise ValueError(f"the bank shows no form: {page[:500]}")
    async with http.post(form[1], data=[("csrf", token[1]), *fields], allow_redirects=False) as reply:
        onward = reply.headers.get("location", "")
        if reply.status != 303:
            raise ValueError(f"the bank answers {reply.status}: {await reply.text()}")
    if "/pages/" not in onward:
        return "", onward
    async with http.get(onward) as reply:
        return await reply.text(), onward
