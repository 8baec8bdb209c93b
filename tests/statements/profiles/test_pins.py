"""Pinned certificates: those of banks always, the practice bank's in practice mode alone."""

from __future__ import annotations

import pytest

from kontobank.statements.practice_keys import issuer_pem
from kontora.statements.pins import PINS_DIR, PinBroken, pinned_certificates


def test_the_practice_issuer_is_pinned_in_practice_mode_alone():
    assert issuer_pem().encode() in pinned_certificates(practice=True)
    assert issuer_pem().encode() not in pinned_certificates(practice=False)


def test_an_operator_adds_certificates_of_a_folder(tmp_path):
    (tmp_path / "bank.pem").write_text(issuer_pem())
    assert issuer_pem().encode() in pinned_certificates(practice=False, extra=tmp_path)


def test_a_file_without_a_certificate_is_refused_by_name(tmp_path):
    (tmp_path / "bank.pem").write_text("nothing")
    with pytest.raises(PinBroken, match=r"bank\.pem"):
        pinned_certificates(practice=False, extra=tmp_path)


def test_how_to_add_one_is_told():
    assert "## Adding one" in (PINS_DIR / "README.md").read_text("utf-8")
