"""The desks that statement PDFs come to, put together over an engine, and the endpoints in front of them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from kontora.api.endpoints import Endpoint
from kontora.api.envelope import Envelope
from kontora.api.pdf_catalog import PdfCatalog
from kontora.api.statements import Statements
from kontora.commands.pdf_visits import PdfVisitDesk
from kontora.commands.statements import StatementDesk
from kontora.engine import Engine
from kontora.settings import Settings
from kontora.statements.children.pool import StatementPool
from kontora.statements.children.zygote import WarmUp
from kontora.statements.layout import Layout
from kontora.statements.library import layouts
from kontora.widget.assets import favicon_path
from kontora.widget.limits import Buckets, Rate
from kontora.widget.pages import Pages
from kontora.widget.pdf_pages import PdfBank, PdfLimits, PdfPages


@asynccontextmanager
async def statement_reading(engine: Engine) -> AsyncIterator[tuple[Endpoint, ...]]:
    """Keep the children that read PDFs ready inside the block; gives the endpoints."""
    settings, room = engine.settings, engine.room
    known = [one for one in layouts() if settings.practice or not one.institution.practice]
    pool = StatementPool(
        _warm_up(settings), at_once=settings.statement_parsers, today=lambda: room.now().date()
    )
    async with pool.running():
        desk = StatementDesk(room, pool, known, on_read=engine.metrics.pdf_read)
        envelope = Envelope(settings.schema_base_url, time.time)
        pages = PdfPages(
            Pages(),
            PdfVisitDesk(room, desk),
            _banks(engine, known),
            _limits(settings),
            today=lambda: room.now().date(),
        )
        yield (
            *Statements(desk, envelope, at_once=settings.commands_per_client).endpoints(),
            *PdfCatalog(known, envelope, practice=settings.practice).endpoints(),
            *pages.endpoints(),
        )


def _warm_up(settings: Settings) -> WarmUp:
    def folder(path: object) -> str | None:
        return None if path is None else str(path)

    return WarmUp(
        practice=settings.practice,
        profiles_dir=folder(settings.statement_profiles_dir),
        pins_dir=folder(settings.statement_pins_dir),
    )


def _limits(settings: Settings) -> PdfLimits:
    def per_minute(count: float) -> Buckets:
        return Buckets(Rate(count, count / 60), time.monotonic)

    pages = settings.widget_pages_per_minute
    return PdfLimits(
        pages=per_minute(pages),
        clients=per_minute(pages * 100),
        files=per_minute(pages),
        trusted_proxies=settings.trusted_proxies,
    )


def _banks(engine: Engine, known: Sequence[Layout]) -> tuple[PdfBank, ...]:
    """Return the banks whose statements are read, by name; those whose layouts are only assumed are not."""
    favicons = {target.institution.name: favicon_path(target) for target in engine.room.catalogue}
    documents: dict[str, list[Layout]] = {}
    for layout in known:
        if not layout.is_confirmation and layout.has_balances and layout.grade != "assumed":
            documents.setdefault(layout.institution.target, []).append(layout)
    banks = (
        PdfBank(
            target=target,
            institution=found[0].institution.institution,
            official_name=found[0].institution.official_name,
            country=found[0].institution.country,
            documents=tuple(dict.fromkeys(layout.title for layout in found)),
            favicon=favicons.get(found[0].institution.institution),
            is_practice=found[0].institution.practice,
        )
        for target, found in documents.items()
    )
    return tuple(sorted(banks, key=lambda bank: bank.official_name))
