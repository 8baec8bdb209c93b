"""What the credential child needs to know reaches it by a pipe, and nobody else knows it meanwhile."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from tests.harness.canaries import Canary, files_in, open_files, temporary_files_since
from tests.widget.conftest import Server
from tests.widget.owners import Browser, Visit
from tests.widget.test_credentials import (
    ZYGOTE,
    at_length,
    at_password,
    child_of,
    memory_of,
    process_at,
    zygote_of,
)

import kontora
from kontora.commands.conversation_steps import step_context
from kontora.commands.conversation_tokens import digest_of
from kontora.commands.credential_pool import KEPT_ENVIRONMENT
from kontora.store.keys import FileKeyStore
from kontora.store.vault import Vault, open_with

pytestmark = pytest.mark.xdist_group("widget")

AS_ROOT = os.geteuid() == 0  # nobody else may look into a hardened process
PATIENCE_SECONDS = 10.0


@asynccontextmanager
async def child_at_work(server: Server, visit: Visit, secret: str) -> AsyncIterator[int]:
    """A child that has opened the password and waits for the bank, which stands still inside the block."""
    bank = process_at(server.bank_url)
    os.kill(bank, signal.SIGSTOP)
    answering = asyncio.create_task(visit.answer(STATIC_PASSWORD=at_length(secret)))
    try:
        pid = await child_of(server)
        await _has_opened(pid, Canary.of_text(secret))
        yield pid
        assert Path(f"/proc/{pid}").exists()
    finally:
        os.kill(bank, signal.SIGCONT)
        await asyncio.wait([answering])
    assert visit.state["failure"]["exception"] == "InvalidCredentials"


async def _has_opened(pid: int, secret: Canary) -> None:
    if not AS_ROOT:
        await asyncio.sleep(1)
        return
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(secret.form_in(piece) for piece in memory_of(pid)):
            await asyncio.sleep(0.05)


async def keys_of_step(server: Server, visit: Visit) -> list[Canary]:
    """The owner's key, the hour's key, and the one-time key of the step, which these two open."""
    query = (
        "select c.sealed_key, c.id, c.step, s.owner_id from conversation c join session s"
        " on s.id = c.session_id where c.digest = %s"
    )
    ((sealed_key, conversation_id, step, owner_id),) = server.rows(query, digest_of(visit.token))
    store = FileKeyStore(server.folder / "data" / "keys")
    keys = await Vault(store, lambda: datetime.now(UTC)).opening_keys(sealed_key, owner_id=owner_id)
    await store.close()
    context = step_context("key", conversation_id, step)
    private = load_der_private_key(open_with(keys, sealed_key, owner_id=owner_id, context=context), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    number = private.private_numbers().private_value.to_bytes(32, "big")
    return [Canary.of_bytes(key) for key in (*keys, number)]


def folders_of(server: Server) -> dict[Path, int]:
    """The server's folders and when a file last came or went in each; its key store aside."""
    below = [path for path in server.folder.rglob("*") if path.is_dir() and path.name != "keys"]
    return {path: path.stat().st_mtime_ns for path in (server.folder, *below)}


def test_nothing_but_the_child_opens_answers() -> None:
    sources = {path.stem: path.read_text() for path in Path(kontora.__file__).parent.rglob("*.py")}
    users = {name for name, text in sources.items() if "AnswerKey" in text}
    assert users == {"credential_keys", "credential_child"}
    users = {name for name, text in sources.items() if "credential_child import" in text}
    assert users == {"credential_zygote"}


async def test_while_the_child_works_nobody_else_holds_the_password(browser: Browser, server: Server) -> None:
    secret = f"Kanarek-works-{secrets.token_hex(5)}"
    sought = Canary.of_text(secret)
    visit = await at_password(browser, "test.91")
    async with child_at_work(server, visit, secret):
        assert not server.remembers(sought)
        if AS_ROOT:
            assert not any(sought.form_in(piece) for piece in memory_of(zygote_of(server)))


async def test_the_child_gets_its_secrets_neither_by_arguments_nor_by_environment_nor_by_file(
    browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret, began = f"Kanarek-pipe-{secrets.token_hex(5)}", time.time()
    visit = await at_password(browser, "test.92")
    sought = Canary.any_of([Canary.of_text(secret), *await keys_of_step(server, visit)])
    folders = folders_of(server)
    async with child_at_work(server, visit, secret) as pid:
        zygote = zygote_of(server)
        for one in (pid, zygote):
            _, *arguments = Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")[:-1]
            assert arguments[:2] == [b"-m", ZYGOTE.encode()]
            assert [argument.isdigit() for argument in arguments[2:]] == [True]
            if AS_ROOT:
                environment = Path(f"/proc/{one}/environ").read_bytes().split(b"\0")[:-1]
                kept = [f"{name}={os.environ[name]}" for name in KEPT_ENVIRONMENT if name in os.environ]
                assert sorted(environment) == sorted(map(os.fsencode, kept))
        written = files_in(tmp_path_factory.getbasetemp(), began) + temporary_files_since(began)
        written += [path for one in (pid, zygote, server.process.pid) for path in open_files(one)]
        written = [path for path in written if path.parent != server.folder / "data" / "keys"]
        assert await asyncio.to_thread(sought.files_among, written) == {}
    assert folders_of(server) == folders
