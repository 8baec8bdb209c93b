"""Who is taken for a person, and who for a company."""

from __future__ import annotations

from tests.labels.building import labels, mt


def test_a_surname_that_is_a_trade_makes_nobody_a_company() -> None:
    assert labels(mt("-20", "x", "Anna Bank")) == [{"person transfer"}]
    assert labels(mt("-20", "x", "Anna Bank ul. Lipowa 1")) == [{"person transfer"}]
    assert labels(mt("-20", "x", "Anna Bank Nowak")) == [{"person transfer"}]
    assert labels(mt("-20", "x", "Anna Bank-Nowak")) == [{"person transfer"}]
    assert labels(mt("-20", "x", "Nowak Bank Anna", kind="przelew na telefon")) == [{"person transfer"}]
    for company in ("Bank Anna", "Nowak Bank Anna", "Anna Bank sp. z o.o.", "Anna Nowak Bank"):
        assert labels(mt("-20", "x", company)) == [set()]


def test_a_shop_that_is_paid_by_telephone_is_a_shop_and_what_friends_write_is_not() -> None:
    phone = "przelew na telefon"
    assert labels(mt("-20", "dwa bilety", "Kino Lipa sp. z o.o.", kind=phone)) == [{"leisure"}]
    assert labels(mt("-20", "kino", "Anna Nowak", kind=phone)) == [{"person transfer"}]
    assert labels(mt("-20", "kino", "+48600100200", kind=phone)) == [{"person transfer"}]
