"""Read XML from a server that is not trusted to send only what it should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from kontora.client.failures import UnexpectedReply

Element = etree._Element


def parse_document(body: bytes) -> Element:
    """Return the root of a reply.

    Raises: UnexpectedReply, if the body is not well-formed XML, has a DOCTYPE, or is not a `reply`.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise UnexpectedReply("The reply has a DOCTYPE, which no reply of Kontora has.")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnexpectedReply("The reply is not well-formed XML. Is the base URL that of Kontora?") from error
    if root.tag != "reply":
        raise UnexpectedReply("The reply is XML, but not a reply of Kontora.")
    return root


def text(parent: Element, name: str) -> str | None:
    """Return the text of a child; `None` where the child is absent or empty."""
    return parent.findtext(name) or None


def required(parent: Element, name: str) -> str:
    """Return the text of a child that must be there; it may be empty.

    Raises: UnexpectedReply.
    """
    found = parent.findtext(name)
    if found is None:
        raise _complaint(parent, f"without {name}")
    return found


def attribute(element: Element, name: str) -> str:
    """Return an attribute that must be there.

    Raises: UnexpectedReply.
    """
    found = element.get(name)
    if found is None:
        raise _complaint(element, f"without the attribute {name}")
    return found


def child(parent: Element, name: str) -> Element:
    """Return a child that must be there.

    Raises: UnexpectedReply.
    """
    found = parent.find(name)
    if found is None:
        raise _complaint(parent, f"without {name}")
    return found


def children(parent: Element, group: str, name: str) -> Iterator[Element]:
    """Yield the children of a group, in their order; nothing where the group is absent."""
    yield from parent.iterfind(f"{group}/{name}")


def money(parent: Element, name: str) -> Decimal | None:
    """Return an amount; `None` where it is absent.

    Raises: UnexpectedReply.
    """
    found = text(parent, name)
    try:
        return None if found is None else Decimal(found)
    except InvalidOperation as error:
        raise _complaint(parent, f"whose {name} is not a number") from error


def day(parent: Element, name: str) -> date | None:
    """Return a calendar day; `None` where it is absent.

    Raises: UnexpectedReply.
    """
    found = text(parent, name)
    try:
        return None if found is None else date.fromisoformat(found)
    except ValueError as error:
        raise _complaint(parent, f"whose {name} is not a date") from error


def moment(element: Element, name: str) -> datetime | None:
    """Return an instant written in an attribute; `None` where it is absent.

    Raises: UnexpectedReply.
    """
    found = element.get(name)
    try:
        return None if found is None else datetime.fromisoformat(found)
    except ValueError as error:
        raise _complaint(element, f"whose {name} is not a date and time") from error


def flag(element: Element, name: str) -> bool:
    """Tell whether an attribute is `true`."""
    return element.get(name) == "true"


def _complaint(element: Element, what: str) -> UnexpectedReply:
    return UnexpectedReply(f"The reply has an element {etree.QName(element).localname} {what}.")
