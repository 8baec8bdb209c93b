from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.target import Target, TargetFacts
from kontora.connectors.target_settings import TargetSettings, parse_target_settings

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-bank.md").read_text()


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TargetFacts:
    """The bank of the documentation, as a package outside the program."""
    folder = tmp_path / "pl_example"
    folder.mkdir()
    (folder / "__init__.py").touch()
    blocks = re.findall(r"```python\n# banks/pl_example/(\w+\.py)\n(.*?)```", PAGE, re.DOTALL)
    assert [name for name, _ in blocks] == ["target.py", "connector.py"]
    for name, code in blocks:
        (folder / name).write_text(code.replace("kontora.connectors.banks.pl_example", "pl_example"))
    monkeypatch.syspath_prepend(str(tmp_path))
    facts: TargetFacts = importlib.import_module("pl_example.target").TARGETS[0]
    return facts


async def test_the_bank_of_the_documentation_works(example: TargetFacts) -> None:
    target = Target.of(example, TargetSettings(), "")
    assert "ImportCreditCardsCommand" in target.commands
    assert {(origin.host, origin.port) for origin in target.reach.origins} == {
        ("api.bank.example", 443),
        ("login.bank.example", 443),
    }
    http = BankHttp()
    target.connector(http)
    await http.close()


def test_the_settings_of_the_documentation_are_settings(tmp_path: Path) -> None:
    (toml,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    for name in re.findall(r'"([\w-]+\.(?:pem|key))"', toml):
        (tmp_path / name).touch(0o600)
        (tmp_path / name).chmod(0o600)
    settings = parse_target_settings(toml, tmp_path)["ExampleApi"]
    assert settings.seal is not None
    assert settings.hosts == ("sandbox-login.bank.example",)
