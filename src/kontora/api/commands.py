"""Starting commands: the request's parameters become a command, and the command is accepted."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from kontora.api.bodies import read_parameters
from kontora.api.desk import Desk
from kontora.api.endpoints import DAY, FLAG, SESSION_PAIR, WORD, Endpoint, Parameter
from kontora.api.envelope import XML, Envelope
from kontora.api.idempotency import read_idempotency
from kontora.api.parameters import Parameters, parse_since
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import SessionPair, StartedCommand
from kontora.commands.intake import Idempotency
from kontora.commands.requests import (
    CommandRequest,
    DefaultImport,
    ImportAccounts,
    ImportAccountTransactions,
    ImportCreditCards,
    ImportCreditCardTransactions,
    ImportOwners,
    SignOut,
)
from kontora.connectors.protocol import CredentialKind, Secret
from kontora.errors import InvalidParameter, InvalidSessionId, InvalidSessionIdSignature, KontoraError

HIGHEST_ID = 2**63 - 1

_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}")

_SINCE = Parameter(
    name="since",
    description="Read money transactions since this day, at most five years back. Without it: all that the"
    " session allows and the bank gives.",
    schema=DAY,
)
_FAST = Parameter(name="fast", description="Leave out what needs further calls to the bank.", schema=FLAG)


def parse_id(text: str) -> int | None:
    """Read an id of a session or command; `None` for what no id of ours looks like."""
    if not _ID.fullmatch(text) or int(text) > HIGHEST_ID:
        return None
    return int(text)


def parse_pair(parameters: Parameters) -> SessionPair:
    """Read the session pair; an id that cannot be one is as unknown as any other.

    Raises: InvalidParameter, if one is missing; InvalidSessionId.
    """
    given, signature = parameters.required("sessionId"), parameters.required("sessionIdSignature")
    session_id = parse_id(given)
    if session_id is None:
        raise InvalidSessionId
    return SessionPair(session_id, signature if _SIGNATURE.fullmatch(signature) else "")


@dataclass(frozen=True, slots=True)
class Offer:
    """A command that can be started: its path, its own parameters, and how they become a request."""

    path: str
    summary: str
    build: Callable[[Parameters, datetime], CommandRequest]
    form: tuple[Parameter, ...] = ()
    deprecated: bool = True


OFFERS = (
    Offer(
        "default-import",
        "Import everything: owners, accounts, credit cards and money transactions",
        lambda given, now: DefaultImport(since=parse_since(given.optional("since"), now)),
        (_SINCE,),
        deprecated=False,
    ),
    Offer("import-owners", "Import the owners alone", lambda _given, _now: ImportOwners()),
    Offer(
        "import-accounts",
        "Import the accounts without money transactions",
        lambda given, _now: ImportAccounts(fast=given.flag("fast", default=True)),
        (_FAST,),
    ),
    Offer(
        "import-account-transactions",
        "Import the money transactions of one account",
        lambda given, now: ImportAccountTransactions(
            iban=given.word("iban", 64).replace(" ", "").upper(),
            since=parse_since(given.optional("since"), now),
            fast=given.flag("fast", default=False),
        ),
        (
            Parameter(
                name="iban",
                description="The number of one of the session's accounts.",
                required=True,
                schema={"type": "string", "pattern": "^[0-9A-Za-z]{1,64}$"},
            ),
            _SINCE,
            _FAST,
        ),
    ),
    Offer(
        "import-credit-cards",
        "Import the credit cards without money transactions",
        lambda _given, _now: ImportCreditCards(),
    ),
    Offer(
        "import-credit-card-transactions",
        "Import the money transactions of one credit card",
        lambda given, now: ImportCreditCardTransactions(
            card_number=given.word("cardNumber", 100), since=parse_since(given.optional("since"), now)
        ),
        (
            Parameter(
                name="cardNumber", description="The cardId of one of the cards.", required=True, schema=WORD
            ),
            _SINCE,
        ),
    ),
    Offer("sign-out", "End the session at the bank", lambda _given, _now: SignOut(), deprecated=False),
)


class Commands:
    """Starts commands."""

    def __init__(self, desk: Desk, envelope: Envelope, clock: Callable[[], float]) -> None:
        self._desk = desk
        self._envelope = envelope
        self._clock = clock

    async def start(self, visit: Visit, offer: Offer) -> Answer:
        """Accept a command. Checks come in order: caller, session, signature, the command's own rules."""
        parameters = await read_parameters(visit)
        pair = parse_pair(parameters)
        visit.session_id = pair.session_id
        idempotency = self._idempotency(visit, parameters)
        try:
            request = offer.build(parameters, datetime.fromtimestamp(self._clock(), UTC))
        except KontoraError:
            await self._desk.check_session(visit.client, pair)
            await self._bind(visit, pair.session_id)
            raise
        try:
            started = await self._desk.start(visit.client, pair, request, idempotency=idempotency)
        except (InvalidSessionId, InvalidSessionIdSignature):
            raise
        except KontoraError:
            await self._bind(visit, pair.session_id)
            raise
        return self._accepted(visit, started)

    async def enter_credential(self, visit: Visit) -> Answer:
        """Accept a credential; it is taken from the body only, for URLs are logged on their way."""
        parameters = await read_parameters(visit)
        if "credential" in parameters.in_query:
            raise InvalidParameter("Send credential in the body, never in the URL.")
        pair = parse_pair(parameters)
        visit.session_id = pair.session_id
        kind = parameters.required("credentialKind")
        value = parameters.optional("credential")
        if value is None and kind != CredentialKind.APP_CONFIRMATION:
            raise InvalidParameter("Parameter credential is missing.")
        try:
            started = await self._desk.enter_credential(
                visit.client, pair, kind=kind, credential=Secret(value or "")
            )
        except (InvalidSessionId, InvalidSessionIdSignature):
            raise
        except KontoraError:
            await self._bind(visit, pair.session_id)
            raise
        return self._accepted(visit, started)

    async def _bind(self, visit: Visit, session_id: int) -> bool:
        """Let the failure's reply name the owner of the session; False, if there is no such session."""
        with contextlib.suppress(KontoraError):
            visit.owner_external_id = await self._desk.session_owner_external_id(visit.client, session_id)
            return visit.owner_external_id is not None
        return True

    def _idempotency(self, visit: Visit, parameters: Parameters) -> Idempotency | None:
        sent = sorted((name, value) for name, value in parameters.values.items() if name != "apiKey")
        return read_idempotency(visit, repr(sent).encode())

    def _accepted(self, visit: Visit, started: StartedCommand) -> Answer:
        visit.command_id = started.command_id
        payload = (
            f'<command id="{started.command_id}" state="setup" name="{started.name}">'
            "<progress><value>0</value></progress></command>"
        ).encode()
        body = self._envelope.success(
            payload,
            user=visit.client.id,
            owner_external_id=started.owner_external_id,
            schema="command_setup.xsd",
            status=202,
        )
        return Answer(202, body, XML)

    def endpoints(self, *, practice: bool) -> tuple[Endpoint, ...]:
        """Return the endpoints; credentials are entered in practice mode only."""
        offered = [self._endpoint(f"/v1/command/{offer.path}.xml", offer.path, offer) for offer in OFFERS]
        alias = self._endpoint("/v1/default-import.xml", "default-import-alias", OFFERS[0])
        return (*offered, alias, self._credential_endpoint()) if practice else (*offered, alias)

    def _endpoint(self, path: str, name: str, offer: Offer) -> Endpoint:
        first, *rest = name.split("-")
        return Endpoint(
            method="POST",
            path=path,
            name=first + "".join(word.title() for word in rest),
            handle=lambda visit: self.start(visit, offer),
            summary=offer.summary,
            description="Deprecated by the original; still served." if offer.deprecated else "",
            form=(*SESSION_PAIR, *offer.form),
            status=202,
            reply="CommandReply",
            failures=(403, 409, 429),
            idempotent=True,
        )

    def _credential_endpoint(self) -> Endpoint:
        return Endpoint(
            method="POST",
            path="/v1/command/enter-credential.xml",
            name="enterCredential",
            handle=self.enter_credential,
            summary="Enter a credential of a practice owner",
            description="Practice mode only. Poll the command; its result tells what the bank asks next."
            " There is no Idempotency-Key: a credential is given once, and nothing of it is remembered.",
            form=(
                *SESSION_PAIR,
                Parameter(
                    name="credentialKind",
                    description="What the bank asked for.",
                    required=True,
                    schema={"type": "string", "enum": [kind.value for kind in CredentialKind]},
                ),
                Parameter(name="credential", description="The value; in the body only."),
            ),
            status=202,
            reply="CommandReply",
            failures=(403, 429),
        )
