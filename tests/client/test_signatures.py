"""A signed reply is believed only if it verifies with a key that the server publishes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from tests.client.conftest import Caller, FakeServer

from kontora.client import IncomeConfirmation, KontoraApiError, SignatureInvalid, UnexpectedReply
from kontora.client.replies import HttpReply
from kontora.client.signatures import verified
from kontora.commands.reply_signatures import ReplyKeys

MakeCaller = Callable[..., Caller]
INCOME = {
    "ownerExternalId": "o-1",
    "responseTimestamp": "2026-11-25T09:58:56Z",
    "dataChangedAt": "2026-11-25T09:58:11Z",
    "owners": [{"name": "Małgorzata Kowalska", "kind": "OWNER"}],
    "incomes": [],
}
BODY = json.dumps({"content": INCOME}, ensure_ascii=False).encode()


def made_keys(bits: int = 2048) -> ReplyKeys:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return ReplyKeys(key, (key.public_key(),))


KEYS = made_keys()


def signed(keys: ReplyKeys = KEYS, body: bytes = BODY, **changed: str) -> HttpReply:
    signature = keys.sign(BODY)
    headers = {"signature": signature.base64, "signature-key-id": signature.key_id} | changed
    return HttpReply(200, {name: value for name, value in headers.items() if value}, body)


def published(**changed: Any) -> bytes:
    [key] = json.loads(KEYS.jwks())["keys"]
    return json.dumps({"keys": [{"kid": "older", "kty": "EC"}, key | changed]}).encode()


def answered(reply: HttpReply) -> web.Response:
    return web.Response(body=reply.body, headers={"Content-Type": "application/json", **dict(reply.headers)})


async def test_both_clients_ask_for_a_signature_and_keep_what_verifies_it(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [answered(signed()), web.Response(body=published())]
    confirmed: IncomeConfirmation = await caller()("income_confirmation", "o 1", signed=True)
    assert [asked[1] for asked in server.asked] == [
        "/v1/owner-income-confirmation?ownerExternalId=o+1",
        "/.well-known/jwks.json",
    ]
    assert server.asked[0][3]["Accept-Signature"] == "SHA256withRSA"
    kept = confirmed.signature
    assert kept is not None and kept.body == BODY
    assert base64.b64encode(kept.signature).decode() == KEYS.sign(BODY).base64
    assert kept.key_id == KEYS.sign(BODY).key_id
    assert kept.public_key.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert confirmed.owners[0].name == "Małgorzata Kowalska"
    assert "Kowalska" not in repr(kept)


async def test_nothing_more_is_asked_where_no_signature_is_wanted(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [answered(signed(body=BODY))]
    confirmed = await caller()("income_confirmation", "o-1")
    assert confirmed.signature is None
    assert len(server.asked) == 1 and "Accept-Signature" not in server.asked[0][3]


async def test_a_reply_that_was_altered_on_its_way_is_refused_by_both_clients(
    server: FakeServer, caller: MakeCaller
) -> None:
    altered = BODY.replace(b"2026-11-25T09:58:11Z", b"2026-11-24T09:58:11Z")
    server.answers = [answered(signed(body=altered)), web.Response(body=published())]
    with pytest.raises(SignatureInvalid):
        await caller()("income_confirmation", "o-1", signed=True)


async def test_keys_that_are_not_published_end_it_with_the_servers_reason(
    server: FakeServer, caller: MakeCaller
) -> None:
    missing = web.Response(
        status=404, body=b'{"exception":{"name":"NotFound","message":"No."}}', content_type="application/json"
    )
    server.answers = [answered(signed()), missing]
    with pytest.raises(KontoraApiError) as refused:
        await caller()("income_confirmation", "o-1", signed=True)
    assert refused.value.name == "NotFound"


@pytest.mark.parametrize(
    "reply",
    [
        signed(body=BODY + b" "),
        signed(signature=""),
        signed(signature="no base64!"),
        signed(signature=base64.b64encode(b"short").decode()),
        signed(signature=base64.b64encode(ed25519.Ed25519PrivateKey.generate().sign(BODY)).decode()),
        signed(**{"signature-key-id": ""}),
        signed(**{"signature-key-id": "unknown"}),
        signed(**{"signature-key-id": "older"}),
        signed(made_keys(), **{"signature-key-id": KEYS.sign(BODY).key_id}),
    ],
)
def test_a_signature_that_does_not_verify_is_refused(reply: HttpReply) -> None:
    assert verified(signed(), published()).body == BODY
    with pytest.raises(SignatureInvalid):
        verified(reply, published())


@pytest.mark.parametrize(
    "changed",
    [
        {"kty": "oct"},
        {"e": None},
        {"n": ""},
        {"n": "+/=="},
        {"n": "AQAB"},
        {"e": "Ag"},
    ],
)
def test_a_published_key_that_is_nothing_to_rely_on_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(SignatureInvalid):
        verified(signed(), published(**changed))


@pytest.mark.parametrize("jwks", [b"", b"[]", b'{"keys": 7}', b'{"keys": [7]}'])
def test_keys_that_nobody_would_publish_are_refused(jwks: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        verified(signed(), jwks)


def test_a_key_whose_id_is_not_its_thumbprint_is_refused() -> None:
    with pytest.raises(SignatureInvalid, match="thumbprint"):
        verified(signed(**{"signature-key-id": "../../key"}), published(kid="../../key"))


def test_a_key_too_short_or_too_long_to_rely_on_is_refused_before_it_is_used() -> None:
    weak = made_keys(1024)
    with pytest.raises(SignatureInvalid, match="size"):
        verified(signed(weak), weak.jwks())
    huge = base64.urlsafe_b64encode(b"\xff" * 9000).decode()
    with pytest.raises(SignatureInvalid, match="size"):
        verified(signed(), published(n=huge))
