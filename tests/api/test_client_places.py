"""How often a client may be inside at once."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from kontora.api.client_places import ClientPlaces
from kontora.errors import JobsQuotaExceeded


def test_a_client_is_refused_over_its_places_and_costs_another_none() -> None:
    places = ClientPlaces(2)
    with ExitStack() as inside:
        assert inside.enter_context(places.place("a")) == 0
        assert inside.enter_context(places.place("a")) == 1
        with pytest.raises(JobsQuotaExceeded), places.place("a"):
            pass
        assert inside.enter_context(places.place("b")) == 0
    with places.place("a") as beside:
        assert beside == 0


def test_a_place_is_free_again_after_a_failure() -> None:
    places = ClientPlaces(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), places.place("a"):
            raise ZeroDivisionError
