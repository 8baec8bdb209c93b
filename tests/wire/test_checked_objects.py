"""Single values of bodies, read to the letter."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import msgspec
import pytest

from kontora.wire.checked_objects import converted


class Thing(msgspec.Struct, frozen=True):
    """A code or an amount."""

    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | None = None
    amount: Decimal | None = None


@pytest.mark.parametrize("code", ["PLN\n", "PLN ", "\nPLN", "PL", "PLNX"])
def test_a_code_is_nothing_but_its_letters(code: str) -> None:
    assert converted({"code": code}, Thing) == (("code", "It is not of the right form."),)
    assert converted({"code": "PLN"}, Thing) == Thing(code="PLN")


@pytest.mark.parametrize(
    "amount",
    [
        "1_000.00",
        " 15.00",
        "15.00\n",
        "1e3",
        "+5",
        ".5",
        "5.",
        "\uff11\uff15",
        "\u0661",
        "NaN",
        "Infinity",
        "",
        "15,00",
    ],
)
def test_money_as_text_has_digits_a_point_and_a_sign_alone(amount: str) -> None:
    assert converted({"amount": amount}, Thing) == (("amount", "It must be a number, such as -15.00."),)


@pytest.mark.parametrize("amount", ["-15.00", "15", -15, Decimal("-0.01"), "0.10"])
def test_money_is_kept_exactly(amount: Any) -> None:
    assert converted({"amount": amount}, Thing) == Thing(amount=Decimal(amount))


@pytest.mark.parametrize("amount", ["1000000000000000", Decimal("1E+15"), Decimal("0E+999999")])
def test_money_out_of_range_is_refused_even_if_it_is_nothing(amount: Any) -> None:
    ((path, message),) = converted({"amount": amount}, Thing)  # type: ignore[misc] # complaints are a tuple
    assert (path, message.partition(":")[0]) == ("amount", "It is out of range")
