"""One sign-in step with the owner's answers in plain text: taken in a process that exits afterwards.

Python cannot wipe its memory, so the plain text is only ever in a process whose memory the kernel takes
back. Whoever is root on the machine can still read it while the step lasts.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from dataclasses import dataclass

import msgspec

from kontora.children.line import framed, receive
from kontora.commands.credential_keys import AnswerKey
from kontora.commands.credential_order import (
    MOST_BYTES,
    BankCalled,
    Order,
    Report,
    UnknownPage,
    failed,
)
from kontora.connectors.bank_http import BankHttp
from kontora.connectors.catalogue import Catalogue
from kontora.connectors.protocol import Answer, CredentialKind, Secret, SignInStep
from kontora.errors import KontoraError, ServiceTemporarilyUnavailable
from kontora.hardening import die_with, lock_memory
from kontora.logs import described
from kontora.store.vault import open_with

STEP_SECONDS = 55.0
HARD_SECONDS = 60


@dataclass(frozen=True)
class WarmBanks:
    """What is ready before a step comes: the banks, and the client that talks to them."""

    catalogue: Catalogue
    http: BankHttp
    bank_calls: list[BankCalled]
    unknown_pages: list[UnknownPage]

    @classmethod
    def up(cls, catalogue: Catalogue) -> WarmBanks:
        """Prepare every way into a bank; no connection is made."""
        bank_calls: list[BankCalled] = []
        unknown_pages: list[UnknownPage] = []

        async def keep(target: str, step: str, redacted_html: str) -> None:
            unknown_pages.append(UnknownPage(target, step, redacted_html))

        http = BankHttp(on_call=lambda *call: bank_calls.append(BankCalled(*call)), on_unknown_page=keep)
        for target in catalogue:
            target.connector(http)
        return cls(catalogue, http, bank_calls, unknown_pages)


def run_child(banks: WarmBanks, line: socket.socket, parent_pid: int) -> None:
    """Take the step that comes over the line, answer, and leave the process; never returns."""
    status = 1
    try:
        # Whatever happens, the kernel ends this process in time.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(HARD_SECONDS)
        die_with(parent_pid)
        lock_memory()
        order = msgspec.msgpack.decode(receive(line, most_bytes=MOST_BYTES), type=Order)
        report = asyncio.run(_take(banks, order))
        line.sendall(framed(msgspec.msgpack.encode(report)))
        status = 0
    except BaseException as error:  # noqa: BLE001 - the end of the process: only the status is told
        sys.stderr.write("\n".join(["credential child failed", *described(error)]) + "\n")
    finally:
        os._exit(status)


async def _take(banks: WarmBanks, order: Order) -> Report:
    try:
        step = await _step(banks, order)
        report = Report(access=step.access, challenges=step.challenges)
    except KontoraError as error:
        report = failed(error)
    except TimeoutError:
        report = failed(ServiceTemporarilyUnavailable(f"{order.target} did not answer in time."))
    except Exception as error:  # noqa: BLE001 - the edge of the process: told as types and places
        # Types and places alone: messages of unknown exceptions may quote what they were given.
        report = Report(bug=tuple(described(error)))
    return msgspec.structs.replace(
        report, bank_calls=tuple(banks.bank_calls), unknown_pages=tuple(banks.unknown_pages)
    )


async def _step(banks: WarmBanks, order: Order) -> SignInStep:
    private = open_with(order.keys, order.sealed_key, owner_id=order.owner_id, context=order.context)
    key = AnswerKey(
        private,
        order.ephemeral,
        step_token=order.step_token,
        token_digest=order.token_digest,
        step=order.step,
    )
    answers = [
        Answer(CredentialKind(item.kind), Secret(key.open(place, item.kind, item.cipher_text)))
        for place, item in enumerate(order.answers)
    ]
    connector = banks.catalogue.target(order.target).connector(banks.http)
    try:
        async with asyncio.timeout(STEP_SECONDS):
            return await connector.sign_in(order.request, answers, order.access)
    finally:
        await banks.http.close()
