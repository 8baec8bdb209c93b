"""The desk that owner uploads come to, put together over an engine, and the endpoint in front of it."""

from __future__ import annotations

from kontora.api.endpoints import Endpoint
from kontora.api.owner_upload import OwnerUploads
from kontora.commands.owner_uploads import OwnerUploadDesk
from kontora.engine import Engine


def uploading(engine: Engine) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    institutions = {target.name: target.institution.name for target in engine.room.catalogue}
    desk = OwnerUploadDesk(engine.room)
    at_once = engine.settings.commands_per_client
    uploads = OwnerUploads(desk, institutions, engine.room.now, turns=engine.room.turns, at_once=at_once)
    return uploads.endpoints()
