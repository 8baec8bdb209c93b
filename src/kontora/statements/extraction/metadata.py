"""What a file says of itself: the document information and the metadata stream, as written."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
from lxml import etree

from kontora.statements.extraction.naming import plain

MAX_XMP_BYTES = 1 << 20
MAX_VALUE = 1000

_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(?:([-+Z])(?:(\d\d)'?(?:(\d\d)'?)?)?)?")
_XMP = {
    "{http://ns.adobe.com/pdf/1.3/}Producer": "Producer",
    "{http://ns.adobe.com/pdf/1.3/}Keywords": "Keywords",
    "{http://ns.adobe.com/xap/1.0/}CreatorTool": "Creator",
    "{http://ns.adobe.com/xap/1.0/}CreateDate": "CreationDate",
    "{http://ns.adobe.com/xap/1.0/}ModifyDate": "ModDate",
    "{http://purl.org/dc/elements/1.1/}title": "Title",
    "{http://purl.org/dc/elements/1.1/}creator": "Author",
    "{http://purl.org/dc/elements/1.1/}description": "Subject",
}


def information(pdf: pikepdf.Pdf, raw: bytes | None) -> tuple[tuple[str, str], ...]:
    """Return the document information in its own order, where its bytes are given, else sorted."""
    info = pdf.trailer.get("/Info")
    if not isinstance(info, pikepdf.Dictionary):
        return ()
    values = {plain(key)[1:]: _written(value) for key, value in info.items()}
    if raw is not None:
        places = {key: raw.find(b"/" + key.encode()) for key in values}
        values = dict(sorted(values.items(), key=lambda item: places[item[0]]))
    return tuple(values.items())


def _written(value: object) -> str:
    """Return a plain value as text, cut; nothing of what holds others."""
    is_plain = not isinstance(value, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream)
    return plain(str(value)[:MAX_VALUE]) if is_plain else ""


def parse_date(text: str | None) -> datetime | None:
    """Read a PDF date; without a zone it is taken as UTC. `None` for anything else.

    Example: `D:20260601081500+02'00'`.
    """
    match = _DATE.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    year, month, day, hour, minute, second, sign, ahead_hours, ahead_minutes = match.groups()
    zone = UTC
    try:
        if sign in {"+", "-"}:
            ahead = timedelta(hours=int(ahead_hours or 0), minutes=int(ahead_minutes or 0))
            zone = timezone(ahead if sign == "+" else -ahead)
        return datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=zone,
        )
    except ValueError:
        return None


def xmp_fields(pdf: pikepdf.Pdf) -> tuple[tuple[str, str], ...]:
    """Return the fields of the metadata stream by their names in the document information, sorted."""
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return ()
    written = stream.read_bytes()
    if len(written) > MAX_XMP_BYTES:
        return ()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(written, parser) if written.strip() else None
    if root is None:
        return ()
    found = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in _XMP:
            text = " ".join("".join(map(str, element.itertext())).split())
            found[_XMP[element.tag]] = text[:MAX_VALUE]
        for key, value in element.attrib.items():
            if key in _XMP:
                found[_XMP[str(key)]] = str(value)[:MAX_VALUE]
    return tuple(sorted(found.items()))
