"""What becomes of the owner's password and codes: one process sees them, once, and is gone."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.connectors.walking import control, practice_bank
from tests.harness.canaries import Canary, files_in, open_files, temporary_files_since
from tests.widget.conftest import Server, own_database, serving
from tests.widget.owners import Browser, Visit

pytestmark = pytest.mark.xdist_group("widget")

# With letters that every escape writes in its own way.
CANARY = f'Kanarek-{secrets.token_hex(5)} "ż?>/&'
EMBEDDED = {"forceTestCredentials": "true"}
ZYGOTE = "kontora.commands.credential_zygote"


def at_length(secret: str) -> str:
    """A password full of it: when its memory is used again, some of it is left to be found."""
    return " ".join([secret] * 50)


def children_of(pid: int) -> list[int]:
    """The processes whose parent this is."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text()
            except OSError:
                continue
            if int(status.rpartition(")")[2].split()[1]) == pid:
                found.append(int(folder.name))
    return found


def zygote_of(server: Server) -> int:
    """The warm process of a server."""
    (found,) = _zygotes_of(server)
    return found


def _zygotes_of(server: Server) -> list[int]:
    return [pid for pid in children_of(server.process.pid) if ZYGOTE in _command(pid)]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


async def child_of(server: Server) -> int:
    """The credential child that is at work; the warm process may be starting again just now."""
    async with asyncio.timeout(10):
        while not (found := [child for zygote in _zygotes_of(server) for child in children_of(zygote)]):
            await asyncio.sleep(0.01)
    return found[0]


async def sent_to_bank(server: Server, login: str) -> int:
    """How often the bank was sent a credential of this login."""
    log: Any = (await control(server.bank_url, "GET", "calls"))["log"]
    return sum(call["login"] == login and call["operation"] == "updateConsentsPsuData" for call in log)


async def at_password(browser: Browser, login: str) -> Visit:
    """A visit that is asked for the password."""
    visit = await browser.open(**EMBEDDED)
    await visit.choose(target="KontoBankApi")
    await visit.answer(STATIC_LOGIN=login)
    assert visit.state["questions"][0]["kind"] == "STATIC_PASSWORD"
    return visit


async def test_password_and_code_are_nowhere_but_at_the_bank(
    browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    began = time.time()
    visit = await at_password(browser, "test.71")
    await visit.answer(STATIC_PASSWORD=at_length(CANARY))
    assert visit.state["failure"]["exception"] == "InvalidCredentials"
    visit = await at_password(browser, "test.72")
    await visit.answer()
    await visit.answer(SMS_CODE=at_length(CANARY))
    assert visit.state["failure"]["exception"] == "InvalidCredentials"
    visit = await browser.open()
    await visit.choose(target="KontoBank")
    while visit.state["state"] == "questions":
        await visit.answer(STATIC_LOGIN="test.73", STATIC_PASSWORD=at_length(CANARY))
    sought = Canary.of_text(CANARY)
    assert not server.remembers(sought)
    written = files_in(tmp_path_factory.getbasetemp(), began) + temporary_files_since(began)
    assert any("pg_wal" in str(path) for path in written)
    held_open = [path for pid in (server.process.pid, zygote_of(server)) for path in open_files(pid)]
    assert sought.files_among(written + held_open) == {}
    assert sought.found_in(json.dumps(visit.state).encode()) is None


async def test_the_search_of_the_memory_finds_what_is_there(server: Server, browser: Browser) -> None:
    shown = f"Kanarek-shown-{secrets.token_hex(5)}"
    await browser.get(f"/signin/?client={shown}")
    assert server.remembers(Canary.of_text(shown))


async def test_no_process_that_stays_has_seen_the_password(browser: Browser, server: Server) -> None:
    secret = f"Kanarek-stays-{secrets.token_hex(5)}"
    visit = await at_password(browser, "test.74")
    await visit.answer(STATIC_PASSWORD=at_length(secret))
    assert children_of(zygote_of(server)) == []
    sought = Canary.of_text(secret)
    if os.geteuid() == 0:  # nobody else may look into a hardened process
        for pid in (server.process.pid, zygote_of(server)):
            assert not any(sought.form_in(piece) for piece in memory_of(pid))
    assert not server.remembers(sought)


def memory_of(pid: int) -> Iterator[bytes]:
    """The writable memory of a process; for root only."""
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for entry in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = entry.split()[:2]
            if rights.startswith("rw") and "[v" not in entry:
                start, end = (int(edge, 16) for edge in span.split("-"))
                memory.seek(start)
                yield memory.read(end - start)


async def test_the_child_is_hardened_and_is_gone_soon(browser: Browser, server: Server) -> None:
    visit = await at_password(browser, "slow-1.5")
    answering = asyncio.create_task(visit.answer())
    pid = await child_of(server)
    for one in (pid, zygote_of(server), server.process.pid):
        assert "NoNewPrivs:\t1" in Path(f"/proc/{one}/status").read_text()
        limits = Path(f"/proc/{one}/limits").read_text()
        core = next(line for line in limits.splitlines() if "core file" in line)
        assert core.split()[4:6] == ["0", "0"]
    await answering
    assert visit.state["state"] in {"failed", "questions"}
    assert not Path(f"/proc/{pid}").exists()


async def test_an_answer_that_is_sent_again_and_again_reaches_the_bank_once(
    browser: Browser, server: Server
) -> None:
    visit = await at_password(browser, "test.75")
    before = await sent_to_bank(server, "test.75")
    body = visit.sealed()
    answers = await asyncio.gather(*(visit.send("answer", **body) for _ in range(10)))
    assert {status for status, _ in answers} == {200}
    await visit.say("state", after=visit.state["step"])
    await visit.settle()
    assert (await visit.send("answer", **body))[1]["questions"][0]["kind"] == "SMS_CODE"
    assert await sent_to_bank(server, "test.75") == before + 1


async def test_wrong_credentials_are_tried_three_times_and_no_word_tells_which_was_wrong(
    browser: Browser, server: Server
) -> None:
    visit = await at_password(browser, "test.76")
    for place in range(1, 4):
        await visit.answer(STATIC_PASSWORD="wrong")
        failure = visit.state["failure"]
        assert failure["exception"] == "InvalidCredentials"
        assert "password" not in failure["message"].lower().replace("login, password or code", "")
        assert failure["canRetry"] is (place < 3)
        await visit.choose(target="KontoBankApi")
        if place < 3:
            await visit.answer(STATIC_LOGIN="test.76")
    assert visit.state["state"] == "failed"
    assert (await visit.say("back"))["state"] == "failed"
    assert await sent_to_bank(server, "test.76") == 3


async def test_an_answer_that_was_made_for_another_step_is_not_opened(
    browser: Browser, server: Server
) -> None:
    first, second = await at_password(browser, "test.77"), await at_password(browser, "test.78")
    before = await sent_to_bank(server, "test.78")
    stolen = first.sealed() | {"step": second.state["step"]}
    await second.say("answer", **stolen)
    await second.settle()
    assert second.state["failure"]["exception"] == "InvalidParameter"
    assert await sent_to_bank(server, "test.78") == before


async def test_other_answers_than_asked_for_use_nothing_up(browser: Browser) -> None:
    visit = await at_password(browser, "test.79")
    good = visit.sealed()
    wrong = good | {"answers": [{**good["answers"][0], "kind": "SMS_CODE"}]}
    status, told = await visit.send("answer", **wrong)
    assert (status, told["exception"]) == (400, "InvalidParameter")
    assert (await visit.answer())["questions"][0]["kind"] == "SMS_CODE"


async def test_a_child_that_is_killed_ends_the_step_and_nothing_is_sent_again(
    browser: Browser, server: Server
) -> None:
    visit = await at_password(browser, "slow-1.6")
    answering = asyncio.create_task(visit.answer())
    os.kill(await child_of(server), signal.SIGKILL)
    await answering
    assert visit.state["failure"]["exception"] == "CommandInterrupted"
    assert await sent_to_bank(server, "slow-1.6") <= 1


async def test_a_warm_process_that_died_is_replaced(browser: Browser, server: Server) -> None:
    visit = await at_password(browser, "test.80")
    old = zygote_of(server)
    os.kill(old, signal.SIGKILL)
    while Path(f"/proc/{old}").exists() and "Z" not in Path(f"/proc/{old}/stat").read_text().split()[2]:
        await asyncio.sleep(0.05)
    assert (await visit.answer())["questions"][0]["kind"] == "SMS_CODE"
    assert zygote_of(server) != old


def test_the_documentation_says_what_cannot_be_promised() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sign-in.md").read_text()
    assert "Python cannot wipe its memory" in text
    assert "root on the machine" in text


def test_a_crash_ends_steps_in_an_error_and_neither_credential_nor_code_is_sent_twice(
    tmp_path: Path, postgres_url: str, template_database: str
) -> None:
    with practice_bank() as bank_url, own_database(postgres_url, template_database) as url:
        bank = process_at(bank_url)
        with serving(tmp_path, bank_url, url) as server:
            tokens = asyncio.run(_until_killed(server, bank))
        with serving(tmp_path, bank_url, url) as server:
            asyncio.run(_ended(server, tokens))


def process_at(url: str) -> int:
    """The process of ours that listens at this address."""
    port = f":{int(url.rpartition(':')[2]):04X}"
    inodes = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[1].endswith(port) and line.split()[3] == "0A"
    }

    def listens(pid: int) -> bool:
        links = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
        return any(f"socket:[{inode}]" in links for inode in inodes)

    return next(pid for pid in children_of(os.getpid()) if listens(pid))


async def _until_killed(server: Server, bank: int) -> list[str]:
    """Kill the server in the middle of a credential step and of a code exchange: the bank stands still."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        browser = Browser(server.url, http)
        typing = await at_password(browser, "test.81")
        away = await browser.open()
        page = await browser.to_bank((await away.choose(institution="KontoBank"))["redirect"]["url"])
        state = page.partition("state=")[2].partition("&")[0]
        os.kill(bank, signal.SIGSTOP)
        steps = [
            asyncio.create_task(typing.send("answer", **typing.sealed())),
            asyncio.create_task(browser.get(f"/signin/callback?code=abc&state={state}")),
        ]
        working = "select count(*) from conversation where state = 'working'"
        async with asyncio.timeout(10):
            while (await asyncio.to_thread(server.rows, working))[0][0] < 2:
                await asyncio.sleep(0.01)
        await asyncio.sleep(1)
        server.process.kill()
        os.kill(bank, signal.SIGCONT)
        await asyncio.gather(*steps, return_exceptions=True)
    return [typing.token, away.token]


async def _ended(server: Server, tokens: list[str]) -> None:
    async with aiohttp.ClientSession() as http:
        for token in tokens:
            visit = Visit(Browser(server.url, http), token, {}, {"step": 0, "state": "working"})
            deadline = time.monotonic() + 60
            while visit.state["state"] == "working" and time.monotonic() < deadline:
                await visit.say("state", after=visit.state["step"])
            assert visit.state["failure"]["exception"] == "CommandInterrupted"
    assert await sent_to_bank(server, "test.81") <= 1
    calls: Any = await control(server.bank_url, "GET", "calls")
    assert calls["token_exchanges"] <= 1
