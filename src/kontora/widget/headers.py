"""The headers of the widget's pages: who may frame them, what may run in them, what they may tell others."""

from __future__ import annotations

from collections.abc import Sequence

Header = tuple[bytes, bytes]

PERMISSIONS = b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"
# Everything that runs or dresses a page is a file of our own; nothing stands inline, so no nonce is needed.
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; "
)


def frame_ancestors(origins: Sequence[str]) -> str:
    """Return the directive that lets exactly these origins frame a page; none of them, nobody."""
    return "frame-ancestors " + (" ".join(origins) or "'none'")


def page_headers(origins: Sequence[str], *, has_opener: bool = False) -> tuple[Header, ...]:
    """Return the headers of a page or a redirect.

    `has_opener`: it stands in a window that another page opened, and that must go on knowing of each other.
    """
    opener = b"unsafe-none" if has_opener else b"same-origin-allow-popups"
    return (
        (b"content-security-policy", (PAGE + frame_ancestors(origins)).encode()),
        (b"cross-origin-opener-policy", opener),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"permissions-policy", PERMISSIONS),
    )
