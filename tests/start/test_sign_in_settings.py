"""The settings of the sign-in: what is not the origin of our own pages is refused."""

from __future__ import annotations

import pytest

from kontora.errors import ConfigurationError
from kontora.settings import read_settings


@pytest.mark.parametrize(
    "url",
    [
        "http://signin.lender.example",
        "https://signin.lender.example/",
        "https://signin.lender.example/signin",
        "https://signin.lender.example?x=1",
        "https://user@signin.lender.example",
        "signin.lender.example",
        "https://",
    ],
)
def test_the_address_of_the_widget_is_an_https_origin(url: str) -> None:
    with pytest.raises(ConfigurationError):
        read_settings({"KONTORA_SIGNIN_URL": url})


def test_practice_may_serve_the_widget_by_plain_http() -> None:
    settings = read_settings({"KONTORA_SIGNIN_URL": "http://127.0.0.1:8700", "KONTORA_PRACTICE": "on"})
    assert settings.signin_url == "http://127.0.0.1:8700"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KONTORA_REDIRECTION_SECONDS", "59"),
        ("KONTORA_REDIRECTION_SECONDS", "604801"),
        ("KONTORA_WIDGET_PAGES_PER_MINUTE", "0"),
    ],
)
def test_a_limit_out_of_its_bounds_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read_settings({name: value})
