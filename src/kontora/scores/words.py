"""Features in plain words."""

from __future__ import annotations

from kontora.scores.features import Feature, Unit


def words_of(feature: Feature, value: float | None) -> str:
    """Tell a feature and its value: `Days below zero in 12 months: 4`."""
    return f"{feature.words[:1].upper()}{feature.words[1:]}: {shown(value, feature.unit)}"


def shown(value: float | None, unit: Unit) -> str:
    """Show a value in its unit, short enough to read at a glance."""
    if value is None:
        return "not known"
    match unit:
        case Unit.SHARE:
            return f"{100 * value:.0f} %" if value in {0, 1} or value >= 0.1 else f"{100 * value:.1f} %"
        case Unit.COUNT | Unit.DAYS:
            return f"{value:.1f}".removesuffix(".0")
        case Unit.MONEY:
            return f"{value:,.2f}".replace(",", " ")
        case Unit.RATIO:
            return f"{value:.2f}"
