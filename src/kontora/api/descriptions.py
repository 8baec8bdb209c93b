"""What an owner is like: numbers for clients' own models, and behavioural segments."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from kontora.analytics.amounts import cents
from kontora.api.bodies import read_parameters
from kontora.api.contents import OWNER, Contents
from kontora.api.endpoints import Endpoint
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.owner_analytics import OwnerFeatures, OwnerProfile, client_label
from kontora.scores.features import Unit

_DIGITS = 6


class Desk(Protocol):
    """Describes owners to authenticated clients."""

    async def features(self, client: Client, owner_external_id: str) -> OwnerFeatures:
        """Return numbers about the owner."""
        ...

    async def profile(self, client: Client, owner_external_id: str) -> OwnerProfile:
        """Return the segments that the owner belongs to."""
        ...


class Descriptions:
    """Answers with features and profiles."""

    def __init__(self, desk: Desk, contents: Contents) -> None:
        self._desk = desk
        self._contents = contents

    async def features(self, visit: Visit) -> Answer:
        """Return numbers about an owner."""
        owner = (await read_parameters(visit)).required("ownerExternalId")
        found = await self._desk.features(visit.client, owner)
        told = [
            {
                "name": feature.name,
                "value": _value(found.values[feature.name], feature.unit),
                "unit": feature.unit.value,
            }
            for feature in found.feature_set
        ]
        return self._contents.answer(
            owner,
            {
                "responseTimestamp": self._contents.now(),
                "featureSet": found.feature_set.name,
                "currencyName": found.currency_name,
                "features": told,
            },
        )

    async def profile(self, visit: Visit) -> Answer:
        """Return the segments that an owner belongs to."""
        owner = (await read_parameters(visit)).required("ownerExternalId")
        found = await self._desk.profile(visit.client, owner)
        period, segments = found.profile.period, found.profile.segments
        told = [
            {
                "name": segment.name,
                "strength": segment.strength,
                "evidence": [
                    {
                        "label": client_label(one.label, found.country),
                        "count": one.count,
                        "total": one.total,
                    }
                    for one in segment.evidence
                ],
            }
            for segment in segments
        ]
        return self._contents.answer(
            owner,
            {
                "responseTimestamp": self._contents.now(),
                "start": period.start,
                "end": period.end,
                "segments": told,
            },
        )

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        return (
            Endpoint(
                method="GET",
                path="/v1/owner-features",
                name="readOwnerFeatures",
                handle=self.features,
                summary="Return numbers about an owner",
                query=(OWNER,),
                reply="OwnerFeatures",
                failures=(404,),
                json=True,
            ),
            Endpoint(
                method="GET",
                path="/v1/profile",
                name="readProfile",
                handle=self.profile,
                summary="Return the behavioural segments of an owner",
                query=(OWNER,),
                reply="Profile",
                failures=(404,),
                json=True,
            ),
        )


def _value(value: float | None, unit: Unit) -> Decimal | float | None:
    """Return a value as it is told: money to cents, all else to six places, whole numbers without any."""
    if value is None:
        return None
    if unit is Unit.MONEY:
        return cents(Decimal(value))
    return int(value) if value.is_integer() else round(value, _DIGITS)
