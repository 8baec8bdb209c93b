"""The warm process that statement children are forked from: all that reading needs is loaded before."""

from __future__ import annotations

from importlib import import_module

import msgspec

from kontora.children.zygote import Warm, serve
from kontora.statements.children.child import Reader, run_child
from kontora.statements.children.probing import Probed, probe_sandbox
from kontora.statements.children.sandbox import Limits, leave_network
from kontora.statements.children.warming import import_everything

STANDARD_READER = "kontora.statements.reading:standard_reader"
DOCUMENT_READER = "kontora.statements.reading:document_reader"


class WarmUp(msgspec.Struct, frozen=True):
    """What the zygote needs to know.

    `reader`: `module:function` that makes the function which reads; it is given the rest. `profiles_dir`:
    folder with the operator's own profiles; `pins_dir`: with its own certificates of banks. `practice`:
    whether KontoBank's seal is trusted.
    """

    profiles_dir: str | None = None
    pins_dir: str | None = None
    practice: bool = False
    limits: Limits = Limits()
    reader: str = STANDARD_READER


def prepare(warm_up: bytes) -> Warm:
    """Leave the network, load all that reading needs, and try the sandbox; noted is what it let through."""
    said = msgspec.json.decode(warm_up, type=WarmUp)
    namespaces = leave_network()
    import_everything()
    reader = _reader(said)
    probed: Probed = probe_sandbox(said.limits, namespaces=namespaces)
    return Warm(
        lambda line, zygote_pid: run_child(reader, line, zygote_pid, said.limits, namespaces=namespaces),
        note=msgspec.json.encode(probed).decode(),
    )


def _reader(said: WarmUp) -> Reader:
    module, _, name = said.reader.partition(":")
    reader: Reader = getattr(import_module(module), name)(said)
    return reader


if __name__ == "__main__":
    serve(prepare)
