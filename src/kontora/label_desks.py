"""The desks of labels, put together over an engine, and the endpoints in front of them."""

from __future__ import annotations

from datetime import UTC, datetime

from kontora.api.endpoints import Endpoint
from kontora.api.external_labels import ExternalLabels
from kontora.api.label_corrections import LabelCorrections
from kontora.commands.external_labels import ExternalLabelDesk
from kontora.commands.label_corrections import LabelCorrectionDesk
from kontora.engine import Engine


def labelling(engine: Engine) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    external = ExternalLabels(
        ExternalLabelDesk(engine.room),
        lambda: datetime.now(UTC),
        turns=engine.room.turns,
        at_once=engine.settings.commands_per_client,
    )
    return (*LabelCorrections(LabelCorrectionDesk(engine.room)).endpoints(), *external.endpoints())
