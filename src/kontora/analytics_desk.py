"""The desk that answers about owners' labelled data, put together over an engine, and its endpoints."""

from __future__ import annotations

import asyncio
import time

from kontora.api.contents import Contents
from kontora.api.descriptions import Descriptions
from kontora.api.endpoints import Endpoint
from kontora.api.envelope import Envelope
from kontora.api.incomes import Incomes
from kontora.api.scores import Scores
from kontora.api.summaries import Summaries
from kontora.commands.labelled_owners import labelled_owner
from kontora.commands.owner_analytics import AnalyticsDesk
from kontora.engine import Engine, reply_keys
from kontora.scores.served_model import served_model


async def analytics(engine: Engine) -> tuple[Endpoint, ...]:
    """Return the endpoints. The first start makes the key of signed replies, which takes a second at most.

    Raises: ConfigurationError, if the score model or the reply keys cannot be used.
    """
    settings = engine.settings
    model = served_model(settings.score_model)
    keys = await asyncio.to_thread(reply_keys, settings)
    desk = AnalyticsDesk(engine.room, model, labelled_owner)
    contents = Contents(time.time)
    return (
        *Summaries(desk, contents).endpoints(),
        *Incomes(desk, keys, contents).endpoints(),
        *Descriptions(desk, contents).endpoints(),
        *Scores(desk, Envelope(settings.schema_base_url, time.time)).endpoints(),
    )
