"""Signatures of session ids."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontora.commands.signatures import parse_signing_keys
from kontora.errors import ConfigurationError
from kontora.store.ids import random_id

OLD = "old:" + "00112233445566778899aabbccddeeff" * 2
NEW = "new:" + "ffeeddccbbaa99887766554433221100" * 2


def test_a_signature_is_64_hex_characters_and_always_the_same() -> None:
    signature = parse_signing_keys(OLD).sign("test", "lender-test", 455164974)
    assert signature == "070fc5415495a0c505fb8607c63f558b554a92f00f2cc3547d36f541b98fe8b6"


def test_signatures_of_the_old_key_hold_while_it_is_still_named() -> None:
    signature = parse_signing_keys(OLD).sign("test", "lender", 1)
    assert parse_signing_keys(f"{NEW},{OLD}").verify(signature, "test", "lender", 1)
    assert not parse_signing_keys(NEW).verify(signature, "test", "lender", 1)


@given(st.sampled_from(["environment", "client", "session"]))
def test_a_signature_is_bound_to_environment_client_and_session(changed: str) -> None:
    keys = parse_signing_keys(OLD)
    signature = keys.sign("test", "lender", 1)
    environment = "production" if changed == "environment" else "test"
    client = "rival" if changed == "client" else "lender"
    session = 2 if changed == "session" else 1
    assert not keys.verify(signature, environment, client, session)


@given(st.text())
def test_no_other_text_is_a_signature(text: str) -> None:
    assert not parse_signing_keys(OLD).verify(text, "test", "lender", 1)


@pytest.mark.parametrize("text", ["", "k1", "k1:00", "k1:" + "00" * 32, f"{OLD},{OLD}", "k1:" + "zz" * 32])
def test_weak_or_malformed_keys_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse_signing_keys(text)


def test_a_key_does_not_show_itself() -> None:
    assert "00112233" not in repr(parse_signing_keys(OLD))


def test_ids_are_random_19_digits_and_never_rise_one_by_one() -> None:
    ids = [random_id() for _ in range(100_000)]
    assert len(set(ids)) == len(ids)
    assert all(2**62 <= one < 2**63 for one in ids)
    rising = sum(later > earlier for earlier, later in pairwise(ids))
    assert 49_000 < rising < 51_000
    assert 1 not in {later - earlier for earlier, later in pairwise(ids)}
