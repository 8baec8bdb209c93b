from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.catalogue import Catalogue, CredentialKind, found_facts
from kontora.connectors.protocol import Connector, ReadsCreditCards, SignsOut
from kontora.connectors.target_settings import TargetSettings, parse_target_settings, read_target_settings
from kontora.errors import ConfigurationError, InvalidTarget

URL = "http://127.0.0.1:8790"


REAL = [facts.name for facts in found_facts() if not facts.practice]


def test_practice_targets_exist_in_practice_only() -> None:
    offered = {target.name for target in Catalogue.load(practice=True, practice_bank_url=URL)}
    assert offered == {facts.name for facts in found_facts() if facts.practice}
    assert {"KontoBankApi", "KontoBankApi_cz", "KontoBankApi_es", "KontoBankPolishApi"} <= offered
    assert list(Catalogue.load(practice=False)) == []
    with pytest.raises(InvalidTarget):
        Catalogue.load(practice=False).target("KontoBankApi")


def test_settings_of_a_practice_target_are_refused_outside_practice() -> None:
    with pytest.raises(ConfigurationError, match="KontoBankApi"):
        Catalogue.load(practice=False, settings={"KontoBankApi": TargetSettings()})


def test_a_target_tells_its_facts_and_commands() -> None:
    target = Catalogue.load(practice=True, practice_bank_url=URL + "/").target("KontoBankApi_cz")
    assert (target.country, target.institution.name, target.institution.official_name) == (
        "cz",
        "KontoBank_cz",
        "KontoBank",
    )
    assert target.institution.official_url == "https://bank.kontomatik.com"
    assert target.base_url == URL + "/cz"
    assert (target.facts.beta, target.facts.psd2, target.facts.login_name) == (True, True, None)
    assert target.facts.account_types == ("Individual",)
    assert target.facts.credential_kinds == (CredentialKind.API_SETUP,)
    assert target.commands == (
        "DefaultImportCommand",
        "ImportOwnersDetailsCommand",
        "ImportAccountsCommand",
        "ImportAccountTransactionsCommand",
        "EnterCredentialCommand",
        "ImportCreditCardsCommand",
        "ImportCreditCardTransactionsCommand",
        "SignOutCommand",
    )


async def test_a_connector_has_the_abilities_that_its_target_declares() -> None:
    http = BankHttp()
    for target in Catalogue.load(practice=True, practice_bank_url=URL):
        connector = target.connector(http)
        assert isinstance(connector, Connector)
        assert isinstance(connector, ReadsCreditCards) is target.reads_credit_cards
        assert isinstance(connector, SignsOut) is target.signs_out
    await http.close()


def test_target_names_follow_their_country() -> None:
    for facts in found_facts():
        suffix = "" if facts.institution.country == "pl" else f"_{facts.institution.country}"
        assert facts.name.endswith(suffix)
        assert facts.institution.name.endswith(suffix)
        assert facts.name.removesuffix(suffix).endswith("Api") is facts.psd2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    leaf = trustme.CA().issue_cert("PSDPL-KNF-1")
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "qwac.pem")
    leaf.private_key_pem.write_to_path(tmp_path / "qwac.key")
    (tmp_path / "qwac.key").chmod(0o600)
    return tmp_path


GOOD = """
[KontoBankApi]
base_url = "http://127.0.0.1:1/api"
client_id = "PSDPL-KNF-1"
certificate = "qwac.pem"
key = "qwac.key"
seal_certificate = "qwac.pem"
seal_key = "qwac.key"
seal_headers = ["Digest", "X-Request-ID"]
hosts = ["login.bank.example"]
"""


def test_settings_of_a_target_are_read_from_toml(folder: Path) -> None:
    (folder / "targets.toml").write_text(GOOD)
    settings = read_target_settings(folder / "targets.toml")
    one = settings["KontoBankApi"]
    assert (one.base_url, one.client_id, one.hosts) == (
        "http://127.0.0.1:1/api",
        "PSDPL-KNF-1",
        ("login.bank.example",),
    )
    assert one.tls.certificate == folder / "qwac.pem"
    assert one.seal is not None and one.seal.headers == ("digest", "x-request-id")
    target = Catalogue.load(practice=True, practice_bank_url=URL, settings=settings).target("KontoBankApi")
    assert target.base_url == "http://127.0.0.1:1/api"
    assert {origin.host for origin in target.reach.origins} == {"127.0.0.1", "login.bank.example"}


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[KontoBankApi", "not TOML"),
        ("KontoBankApi = 1", "must be a table"),
        ("[KontoBankApi]\ncolour = 'red'", "colour is not a setting"),
        ("[KontoBankApi]\nclient_id = 7", "client_id must be text"),
        ("[KontoBankApi]\nhosts = 'a'", "hosts must be a list"),
        ("[KontoBankApi]\ncertificate = 'qwac.pem'", "go together"),
        ("[KontoBankApi]\ncertificate = 'no.pem'\nkey = 'qwac.key'", "there is no file"),
    ],
)
def test_a_mistake_in_the_settings_says_what_is_wrong(folder: Path, toml: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        parse_target_settings(toml, folder)


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602])
def test_a_key_that_everybody_may_use_is_refused(folder: Path, mode: int) -> None:
    (folder / "qwac.key").chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        parse_target_settings(GOOD, folder)


def test_a_secret_in_a_file_that_everybody_may_read_is_refused(folder: Path) -> None:
    file = folder / "targets.toml"
    file.write_text("[KontoBankApi]\nclient_secret = 's3cret'")
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        read_target_settings(file)
    file.chmod(0o600)
    assert "s3cret" not in repr(read_target_settings(file))


def test_a_certificate_that_is_none_stops_the_start(folder: Path) -> None:
    (folder / "qwac.pem").write_text("nothing")
    with pytest.raises(ConfigurationError, match="PEM"):
        Catalogue.load(practice=True, practice_bank_url=URL, settings=parse_target_settings(GOOD, folder))


def test_settings_cannot_point_a_target_at_a_name_that_is_none(folder: Path) -> None:
    settings = {"KontoBankApi": TargetSettings(base_url="file:///etc/passwd")}
    with pytest.raises(ConfigurationError, match="KontoBankApi"):
        Catalogue.load(practice=True, practice_bank_url=URL, settings=settings)
    with pytest.raises(ConfigurationError):
        read_target_settings(folder / "missing.toml")


@pytest.mark.parametrize("name", REAL)
def test_a_real_bank_is_beta_never_exercised_and_has_no_address_of_ours(name: str) -> None:
    facts = next(one for one in found_facts() if one.name == name)
    assert (facts.beta, facts.psd2, facts.exercised) == (True, True, "never against the bank")
    assert (facts.base_url, facts.hosts, facts.institution.official_url) == ("", (), None)


SEALED = """
[PkoApi]
base_url = "https://api.bank.example/psd2"
client_id = "PSDPL-KNF-1"
certificate = "qwac.pem"
key = "qwac.key"
seal_certificate = "qwac.pem"
seal_key = "qwac.key"
bank_keys = "qwac.pem"

[CommerzbankApi_de]
base_url = "https://api.other.example/psd2"
certificate = "qwac.pem"
key = "qwac.key"
"""


async def test_a_real_bank_is_offered_where_the_operator_has_set_it_up(folder: Path) -> None:
    settings = parse_target_settings(SEALED, folder)
    catalogue = Catalogue.load(practice=False, settings=settings)
    assert [target.name for target in catalogue] == ["CommerzbankApi_de", "PkoApi"]
    assert catalogue.target("PkoApi").base_url == "https://api.bank.example/psd2"
    with pytest.raises(InvalidTarget):
        catalogue.target("MBankApi")
    http = BankHttp()
    assert isinstance(catalogue.target("PkoApi").connector(http), Connector)
    await http.close()


@pytest.mark.parametrize(
    "left_out", ["base_url", "client_id", "certificate", "seal_certificate", "bank_keys"]
)
def test_a_real_bank_that_is_half_set_up_stops_the_start(folder: Path, left_out: str) -> None:
    keys = {"certificate": ("certificate", "key"), "seal_certificate": ("seal_certificate", "seal_key")}
    names = keys.get(left_out, (left_out,))
    lines = [
        line for line in SEALED.partition("[Commerz")[0].splitlines() if line.split(" =")[0] not in names
    ]
    settings = parse_target_settings("\n".join(lines), folder)
    with pytest.raises(ConfigurationError, match=f"PkoApi: set {left_out}"):
        Catalogue.load(practice=False, settings=settings)


def test_keys_of_a_bank_that_are_none_stop_the_start(folder: Path) -> None:
    (folder / "bank.jwks").write_text('{"keys": []}')
    settings = parse_target_settings(
        SEALED.replace('bank_keys = "qwac.pem"', 'bank_keys = "bank.jwks"'), folder
    )
    with pytest.raises(ConfigurationError, match="none that can be used"):
        Catalogue.load(practice=False, settings=settings)
