"""What the page of a conversation sends: JSON, with the conversation's token, and no cookie."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from kontora.api.addresses import Network, client_address
from kontora.api.bodies import check_media_type, read_body
from kontora.api.endpoints import Endpoint, Handler
from kontora.api.failures import JSON
from kontora.api.visits import Answer, Visit
from kontora.commands.bank_choice import Wanted
from kontora.commands.conversation_tokens import digest_of, padded
from kontora.commands.conversation_views import Standing
from kontora.commands.conversations import MOST_ANSWERS, ConversationDesk
from kontora.commands.credential_keys import read_ephemeral
from kontora.commands.credential_order import SealedAnswer
from kontora.connectors.catalogue import Catalogue
from kontora.connectors.protocol import Psu
from kontora.errors import InvalidParameter, KontoraError, SignInExpired
from kontora.widget.limits import Buckets
from kontora.widget.states import is_answerable, state_json

LONGEST_CIPHER_TEXT = 4096
SHORTEST_CIPHER_TEXT = 28
OWN_ORIGIN: tuple[tuple[bytes, bytes], ...] = ((b"cross-origin-resource-policy", b"same-origin"),)


class Said(msgspec.Struct, frozen=True):
    """What every message has."""

    token: str


class Chosen(Said, frozen=True):
    """The bank that the owner chose."""

    institution: str | None = None
    target: str | None = None


class OneAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """One answer, encrypted: iv and cipher text as base64url."""

    kind: str
    cipher_text: str


class Answered(Said, frozen=True, rename="camel"):
    """The owner's answers to all questions of a step, in their order."""

    step: int
    answers: list[OneAnswer]
    ephemeral_key: dict[str, Any]


class Asked(Said, frozen=True):
    """Where does the conversation stand; with `after`, once it is past that step."""

    after: int | None = None


S = TypeVar("S", bound=Said)


class Talk:
    """Answers the page."""

    def __init__(
        self,
        desk: ConversationDesk,
        catalogue: Catalogue,
        conversations: Buckets,
        addresses: Buckets,
        trusted_proxies: tuple[Network, ...],
    ) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._conversations = conversations
        self._addresses = addresses
        self._trusted_proxies = trusted_proxies

    async def choose(self, visit: Visit) -> Answer:
        """Take the bank that the owner chose."""
        said = await self._said(visit, Chosen)
        wanted = Wanted(said.institution, said.target)
        psu = psu_of(visit, self._trusted_proxies)
        return await self._told(visit, said, await self._desk.choose(said.token, wanted, psu))

    async def answer(self, visit: Visit) -> Answer:
        """Take the owner's answers, as they are: encrypted. A step that is past tells where things stand."""
        said = await self._said(visit, Answered)
        if not 0 < len(said.answers) <= MOST_ANSWERS:
            raise InvalidParameter("Answer the questions of this step, in their order.")
        answers = [_sealed(item) for item in said.answers]
        ephemeral = read_ephemeral(said.ephemeral_key)
        return await self._told(
            visit, said, await self._desk.answer(said.token, said.step, answers, ephemeral)
        )

    async def state(self, visit: Visit) -> Answer:
        """Tell where the conversation stands."""
        said = await self._said(visit, Asked)
        return await self._told(visit, said, await self._desk.state(said.token, after=said.after))

    async def back(self, visit: Visit) -> Answer:
        """Let the owner choose again."""
        said = await self._said(visit, Said)
        return await self._told(visit, said, await self._desk.back(said.token))

    async def _said(self, visit: Visit, kind: type[S]) -> S:
        """Read a message; the failure repeats nothing of it.

        Raises: InvalidParameter, RateLimitExceeded, UnsupportedMediaType, BodyTooLarge.
        """
        self._addresses.take(address_of(visit, self._trusted_proxies))
        check_media_type(visit, b"application/json")
        try:
            said = msgspec.json.decode(await read_body(visit), type=kind)
        except (msgspec.DecodeError, RecursionError):
            # The cause is dropped: it quotes what was sent.
            raise InvalidParameter("The body is not the JSON that is expected here.") from None
        self._conversations.take(digest_of(said.token[:64]).hex())
        return said

    async def _told(self, visit: Visit, said: Said, standing: Standing) -> Answer:
        visit.session_id = standing.session_id
        return Answer(200, msgspec.json.encode(self.state_of(standing)), JSON, OWN_ORIGIN)

    def state_of(self, standing: Standing) -> dict[str, Any]:
        """Return the state as the page reads it."""
        target = None if standing.target is None else self._catalogue.targets.get(standing.target)
        return state_json(standing, target)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints: open, for the token is what lets in."""
        handlers: dict[str, Handler] = {
            "choose": self.choose,
            "answer": self.answer,
            "state": self.state,
            "back": self.back,
        }
        return tuple(
            Endpoint(
                method="POST",
                path=f"/signin/conversation/{name}",
                name=f"conversation {name}",
                handle=spoken(handle),
                summary="The widget's own conversation",
                public=True,
                json=True,
                described=False,
            )
            for name, handle in handlers.items()
        )


def spoken(handle: Handler) -> Handler:
    """Return a handler whose failures are flat JSON, as the page reads them."""

    async def speak(visit: Visit) -> Answer:
        try:
            return await handle(visit)
        except KontoraError as error:
            headers = OWN_ORIGIN
            if error.retry_after_seconds is not None:
                headers = (*OWN_ORIGIN, (b"retry-after", str(error.retry_after_seconds).encode()))
            status = 404 if isinstance(error, SignInExpired) else error.http_status
            told = {"exception": error.name, "message": error.message}
            return Answer(status, msgspec.json.encode(told), JSON, headers)

    return speak


def _sealed(item: OneAnswer) -> SealedAnswer:
    if not is_answerable(item.kind):
        raise InvalidParameter("An answer is of a kind that is not asked.")
    try:
        cipher_text = padded(item.cipher_text)
    except ValueError:
        cipher_text = b""
    if not SHORTEST_CIPHER_TEXT <= len(cipher_text) <= LONGEST_CIPHER_TEXT:
        raise InvalidParameter("cipherText must be base64url of iv and cipher text, 4096 bytes at most.")
    return SealedAnswer(item.kind, cipher_text)


def address_of(visit: Visit, trusted_proxies: tuple[Network, ...]) -> str:
    """Return the owner's address, or a word for all whose address cannot be told."""
    forwarded = [value for name, value in visit.headers if name == b"x-forwarded-for"]
    address = client_address(visit.peer, forwarded, trusted_proxies)
    return "unknown" if address is None else str(address)


def psu_of(visit: Visit, trusted_proxies: tuple[Network, ...]) -> Psu:
    """Return what the bank is told of the owner's own request."""
    address = address_of(visit, trusted_proxies)
    return Psu(
        ip_address=None if address == "unknown" else address,
        user_agent=_header(visit, b"user-agent"),
        accept_language=_header(visit, b"accept-language"),
    )


def _header(visit: Visit, name: bytes) -> str | None:
    value = visit.header(name)
    text = None if value is None else value.decode("latin-1")[:300]
    return text if text and text.isascii() and text.isprintable() else None
