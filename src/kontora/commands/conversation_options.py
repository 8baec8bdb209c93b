"""What a client's page asks of the widget: listed options only, each of its own type, all else ignored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from kontora.commands.owners import checked_external_id
from kontora.commands.reading import earliest
from kontora.errors import InvalidParameter, InvalidSince

DAYS_WITHOUT_WISH = 90
ACCESS_MODES = ("SINGLE", "MULTIPLE", "MIXED")
COLOURS = (
    "alertErrorBgColor",
    "alertErrorBorderColor",
    "alertErrorTextColor",
    "bodyBgColor",
    "btnBgColor",
    "btnBorderColor",
    "btnTextColor",
    "btnPrimaryBgColor",
    "btnPrimaryBorderColor",
    "btnPrimaryTextColor",
    "inputBgColor",
    "inputBorderColor",
    "inputTextColor",
    "inputDisabledTextColor",
    "inputBorderFocusColor",
    "menuHighlightBgColor",
    "textColor",
)
MOST_MONTHS = 60
_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}|[A-Za-z]{3,24}|(?:rgb|hsl)a?\([0-9.,%/ ]{1,40}\)")
_RADIUS = re.compile(r"\d{1,2}(?:\.\d)?")
_LOCALE = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?")
_COUNTRY = re.compile(r"[a-z]{2}|all")
_TARGET = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Options(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The options of one visit. `history_from`: the earliest day wanted, `None` for 90 days back.

    `embedded_origin`: the origin of the page around the widget, if the client registered it.
    """

    owner_external_id: str
    locale: str | None = None
    country: str | None = None
    target: str | None = None
    access_mode: str | None = None
    history_from: date | None = None
    force_sca: bool = False
    auto_import: bool = False
    force_test_credentials: bool = False
    show_favicons: bool = False
    show_screenshots: bool = True
    layout: bool = False
    dynamic_height: bool = False
    show_target_missing_option: bool = True
    show_target_missing_form: bool = True
    show_default_target: bool = True
    show_beta_quality_labels: bool = True
    screenshot_zoom_in: bool = False
    is_popup: bool = False
    client_identity: str | None = None
    embedded_origin: str | None = None
    styles: dict[str, str] = {}


def parse_options(
    given: Mapping[str, str], *, today: date, environment: str, origins: tuple[str, ...]
) -> Options:
    """Read the options of a query, e.g. `{"country": "pl", "psd2[forceSca]": "true"}`; flat names win.

    Raises: InvalidParameter, InvalidSince, MalformedOwnerExternalId.
    """
    found: dict[str, Any] = {
        name: parse(value)
        for wire_name, (name, parse) in _FIELDS.items()
        if (value := given.get(wire_name, given.get(f"psd2[{wire_name}]"))) is not None
    }
    auto_import, months_from = _auto_import(_either(given, "autoImport"), today)
    wanted = _either(given, "maxImportDate") or _either(given, "since")
    found.setdefault("show_beta_quality_labels", environment == "test")
    if environment != "test":
        found["force_test_credentials"] = False
    return Options(
        owner_external_id=checked_external_id(given.get("ownerExternalId") or None),
        history_from=_day(wanted, today) if wanted else months_from,
        auto_import=auto_import,
        embedded_origin=embedded_origin(given.get("widgetEmbeddedUrl"), origins),
        styles=parse_styles(given),
        **{name: value for name, value in found.items() if value is not None},
    )


def history_start(options: Options, today: date, *, long_history_needs_sca: bool) -> date:
    """Return the first day to read: five years back at most, 90 days where nothing else is wanted.

    `long_history_needs_sca`: more than 90 days cost the owner one more confirmation at this target, which
    `forceSca` allows.
    Source: `wire.md` 3.5.
    """
    usual = today - timedelta(days=DAYS_WITHOUT_WISH)
    wanted = options.history_from
    if wanted is None or (wanted < usual and long_history_needs_sca and not options.force_sca):
        return usual
    return max(wanted, earliest(today))


def embedded_origin(url: str | None, origins: tuple[str, ...]) -> str | None:
    """Reduce the address of the page around the widget to its origin; `None`, unless it is registered.

    Path, query and fragment may hold the owner's data: they are dropped here (W04).
    """
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme == "file":
        origin = "file:"
    else:
        default = {"https": 443, "http": 80}.get(parts.scheme)
        suffix = "" if port in {None, default} else f":{port}"
        host = parts.hostname or ""
        origin = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{suffix}"
    return origin if origin in origins else None


def parse_styles(given: Mapping[str, str]) -> dict[str, str]:
    """Read `styles[btnBgColor]=#00FF00` and so on: colours and a radius of the listed keys, nothing else."""
    found = {}
    for name in COLOURS:
        value = given.get(f"styles[{name}]", "").strip()
        if _COLOUR.fullmatch(value):
            found[name] = value
    radius = given.get("styles[borderRadius]", "").strip().removesuffix("px")
    if _RADIUS.fullmatch(radius):
        found["borderRadius"] = radius
    return found


def _either(given: Mapping[str, str], name: str) -> str | None:
    value = given.get(name)
    return given.get(f"psd2[{name}]") if value is None else value


def _flag(text: str) -> bool:
    return text.strip().lower() in {"true", "1", "yes", "on"}


def _matching(pattern: re.Pattern[str], *, lower: bool = False) -> Callable[[str], str | None]:
    def parse(text: str) -> str | None:
        value = text.strip().lower() if lower else text.strip()
        return value if pattern.fullmatch(value) else None

    return parse


def _access_mode(text: str) -> str | None:
    mode = text.strip().upper()
    if mode and mode not in ACCESS_MODES:
        raise InvalidParameter("accessMode must be SINGLE, MULTIPLE or MIXED.")
    return mode or None


def _printable(text: str) -> str | None:
    return text.strip()[:200] if text.strip().isprintable() and text.strip() else None


def _auto_import(text: str | None, today: date) -> tuple[bool, date | None]:
    """Read `autoImport`: a boolean, or for how many months back."""
    if text is None:
        return False, None
    value = text.strip()
    if value.isdecimal() and 0 < int(value[:6]) <= MOST_MONTHS:
        return True, _months_before(today, int(value))
    return _flag(value), None


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    first = date(count // 12, count % 12 + 1, 1)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text.strip()) if _DAY.fullmatch(text.strip()) else None
    except ValueError:
        day = None
    if day is None:
        raise InvalidSince("maxImportDate and since must be a day such as 2026-01-31.")
    if day > today + timedelta(days=1):
        raise InvalidSince("maxImportDate and since must not be in the future.")
    return day


_FIELDS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "locale": ("locale", _matching(_LOCALE)),
    "country": ("country", _matching(_COUNTRY, lower=True)),
    "target": ("target", _matching(_TARGET)),
    "accessMode": ("access_mode", _access_mode),
    "forceSca": ("force_sca", _flag),
    "forceTestCredentials": ("force_test_credentials", _flag),
    "showFavicons": ("show_favicons", _flag),
    "showScreenshots": ("show_screenshots", _flag),
    "layout": ("layout", _flag),
    "dynamicHeight": ("dynamic_height", _flag),
    "showTargetMissingOption": ("show_target_missing_option", _flag),
    "showTargetMissingForm": ("show_target_missing_form", _flag),
    "showDefaultTarget": ("show_default_target", _flag),
    "showBetaQualityLabels": ("show_beta_quality_labels", _flag),
    "screenshotZoomIn": ("screenshot_zoom_in", _flag),
    "isPopup": ("is_popup", _flag),
    "clientIdentity": ("client_identity", _printable),
}
