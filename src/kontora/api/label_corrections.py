"""Corrections of labels: said, listed and taken back by the client whose data they are for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC
from enum import StrEnum
from typing import Annotated, Protocol

import msgspec

from kontora.api.bodies import check_media_type, read_body, read_parameters
from kontora.api.endpoints import Endpoint, Parameter
from kontora.api.failures import JSON
from kontora.api.json_bodies import parsed
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.features import LABELS, check_feature
from kontora.commands.label_corrections import Said
from kontora.errors import InvalidBody, InvalidCorrectionId
from kontora.labels.corrections import Correction
from kontora.labels.normalising import plain
from kontora.labels.taxonomy import ALIASES, BY_NAME, MONTHLY, ancestors, meant_by
from kontora.wire.checked_objects import Complaint, converted
from kontora.wire.json import value_of

LONGEST_ID = 19
_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
_Names = Annotated[tuple[Annotated[str, msgspec.Meta(max_length=100)], ...], msgspec.Meta(max_length=20)]


class Direction(StrEnum):
    """Which way the money goes."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class WantedCorrection(msgspec.Struct, frozen=True):
    """The body of a correction."""

    direction: Direction
    party: _Words | None = None
    title: _Words | None = None
    add: _Names | None = None
    remove: _Names | None = None


class Desk(Protocol):
    """Takes corrections of authenticated clients."""

    async def add(self, client: Client, said: Said) -> int:
        """Keep a correction and return its id."""
        ...

    async def listed(self, client: Client) -> tuple[Correction, ...]:
        """Return the corrections, oldest first."""
        ...

    async def remove(self, client: Client, correction_id: int) -> None:
        """Forget a correction."""
        ...


class LabelCorrections:
    """Answers clients."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def add(self, visit: Visit) -> Answer:
        """Keep a correction."""
        check_feature(visit.client, LABELS)
        check_media_type(visit, JSON.encode())
        said = parse_correction(await read_body(visit))
        correction_id = await self._desk.add(visit.client, said)
        return Answer(201, msgspec.json.encode({"correctionId": str(correction_id)}), JSON)

    async def list(self, visit: Visit) -> Answer:
        """List the corrections."""
        found = await self._desk.listed(visit.client)
        body = await asyncio.to_thread(
            lambda: msgspec.json.encode({"corrections": [_entry(one) for one in found]})
        )
        return Answer(200, body, JSON)

    async def remove(self, visit: Visit) -> Answer:
        """Forget a correction."""
        given = (await read_parameters(visit)).required("correctionId")
        if not (given.isascii() and given.isdigit() and len(given) <= LONGEST_ID):
            raise InvalidCorrectionId
        await self._desk.remove(visit.client, int(given))
        return Answer(200, b"{}", JSON)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        known = Parameter(
            name="correctionId",
            description="The id of the correction.",
            required=True,
            schema={"type": "string", "pattern": f"^[0-9]{{1,{LONGEST_ID}}}$"},
        )
        return (
            Endpoint(
                method="POST",
                path="/v1/label-correction",
                name="addLabelCorrection",
                handle=self.add,
                summary="Correct labels of your own data, past and future",
                description="Money of this other side, with these words in its title, gets the labels of"
                " `add` and loses those of `remove`. Of two corrections that fit, the later wins. The same"
                " one sent again has the same id, and is the latest. At most 1,000 are kept.",
                body={"$ref": "#/components/schemas/LabelCorrection"},
                status=201,
                reply="LabelCorrectionAdded",
                json=True,
            ),
            Endpoint(
                method="GET",
                path="/v1/label-corrections",
                name="listLabelCorrections",
                handle=self.list,
                summary="List your corrections of labels, oldest first",
                reply="LabelCorrections",
                json=True,
            ),
            Endpoint(
                method="DELETE",
                path="/v1/label-correction",
                name="removeLabelCorrection",
                handle=self.remove,
                summary="Take a correction back; labels are again as the rules say",
                query=(known,),
                reply="LabelCorrectionRemoved",
                failures=(404,),
                json=True,
            ),
        )


def parse_correction(body: bytes) -> Said:
    """Read the body of a correction; labels are given by our names or clients' own.

    Raises: InvalidParameter, with all that is wrong.
    """
    told = converted(parsed(body), WantedCorrection)
    if isinstance(told, tuple):
        raise InvalidBody(*told)
    if wrong := tuple(_wrong_together(told)):
        raise InvalidBody(*wrong)
    add, remove = (_meant(names or (), told.direction) for names in (told.add, told.remove))
    return Said(told.party, told.title, told.direction is Direction.INCOMING, add, remove)


def _wrong_together(told: WantedCorrection) -> Iterator[Complaint]:
    if told.party is None and told.title is None:
        yield "party", "Name the other side, words of the title, or both."
    for name, words in (("party", told.party), ("title", told.title)):
        if words is not None and not plain(words):
            yield name, "It has no letter and no digit."
    if not told.add and not told.remove:
        yield "add", "Name labels to add, to remove, or both."
    sides = (("add", told.add or ()), ("remove", told.remove or ()))
    for name, labels in sides:
        for place, label in enumerate(labels):
            if (wrong := _wrong_name(label, told.direction)) is not None:
                yield f"{name}[{place}]", wrong
    added, removed = (_meant(labels, told.direction) for _, labels in sides)
    kept = {*added, *(parent for label in added for parent in ancestors(label))}
    if both := kept & {*removed}:
        yield "remove", f"It takes back what is added: {', '.join(sorted(both))}."


def _wrong_name(label: str, direction: Direction) -> str | None:
    if label not in BY_NAME and label not in ALIASES:
        return "There is no such label. GET /v1/data-summary-catalog lists all."
    if label == MONTHLY:
        return "`monthly` is found by days and amounts alone; it cannot be corrected."
    meant = meant_by(label, is_credit=direction is Direction.INCOMING)
    if not meant:
        return f"This label does not stand on {direction} money."
    if len(meant) > 1:
        return f"This stands for several labels. Name one of them: {', '.join(meant)}."
    return None


def _meant(labels: tuple[str, ...], direction: Direction) -> tuple[str, ...]:
    is_credit = direction is Direction.INCOMING
    return tuple(dict.fromkeys(one for label in labels for one in meant_by(label, is_credit=is_credit)))


def _entry(one: Correction) -> dict[str, object]:
    return {
        "correctionId": one.id,
        "party": value_of(one.party),
        "title": value_of(one.title),
        "direction": Direction.INCOMING if one.is_credit else Direction.OUTGOING,
        "add": list(one.add),
        "remove": list(one.remove),
        "madeAt": one.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
