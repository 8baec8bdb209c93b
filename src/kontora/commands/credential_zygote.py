"""The warm process that credential children are forked from: it holds no credentials."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kontora.children.zygote import Warm, serve
from kontora.commands.credential_child import WarmBanks, run_child
from kontora.connectors.catalogue import Catalogue
from kontora.connectors.target_settings import read_target_settings


class WarmUp(msgspec.Struct, frozen=True):
    """What the zygote needs to know of the settings."""

    practice: bool
    practice_bank_url: str
    targets_file: str | None


def prepare(warm_up: bytes) -> Warm:
    """Make every way into a bank ready."""
    settings = msgspec.json.decode(warm_up, type=WarmUp)
    file = None if settings.targets_file is None else Path(settings.targets_file)
    catalogue = Catalogue.load(
        practice=settings.practice,
        practice_bank_url=settings.practice_bank_url,
        settings=None if file is None else read_target_settings(file),
    )
    banks = WarmBanks.up(catalogue)
    return Warm(lambda line, zygote_pid: run_child(banks, line, zygote_pid))


if __name__ == "__main__":
    serve(prepare)
