"""The parameters of a command as they are kept, sealed, until it runs."""

from __future__ import annotations

import msgspec

from kontora.commands.requests import COMMANDS, CommandRequest

BY_NAME = {kind.wire_name: kind for kind in COMMANDS}


def encode_request(request: CommandRequest) -> bytes:
    """Encode the parameters."""
    return msgspec.msgpack.encode(request)


def decode_request(wire_name: str, encoded: bytes) -> CommandRequest:
    """Decode the parameters of a command of that name."""
    kind = BY_NAME[wire_name]
    return msgspec.msgpack.decode(encoded, type=kind)
