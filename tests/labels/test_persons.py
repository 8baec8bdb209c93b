"""Who is taken for a person, and who for a company."""

from __future__ import annotations

from tests.labels.building import labels, mt


def test_a_surname_that_is_a_trade_makes_nobody_a_company() -> None:
    assert labels(mt("-20", "x", "Anna Bank")) == [{"person transfer"}]
    assert labels(mt("-20", "x", "Anna Bank ul. Lipowa 1")) == [{"person transfer"}]
    assert labels(mt("-20", "x", "Anna Bank Nowak")) == [{"person transfer"}]
    assert labels(mt("-20", "x", "Anna Bank-Nowak")) == [{"person transfer"}]
    for company in ("Bank Anna", "Anna Bank sp. z o.o.", "Anna Nowak Bank"):
        assert labels(mt("-20", "x", company)) == [set()]
