"""Hooks of schemathesis, which checks no XML by itself: XML replies as the objects that the schemas describe.

What the description does not know - an element, an attribute, a list's member of another name - is a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import schemathesis
from lxml import etree

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
XML = "application/xml"
Schema = Mapping[str, Any]


@schemathesis.deserializer(XML)
def read_reply(context: schemathesis.DeserializationContext, response: schemathesis.Response) -> Any:
    """Return a reply as the object that its schema describes.

    Raises: ValueError, if it holds what the schema does not know.
    """
    document = context.operation.schema.raw_schema
    answers = document["paths"][context.operation.path][context.operation.method]["responses"]
    described = answers.get(str(response.status_code))
    if described is None:
        raise NotImplementedError  # status_code_conformance tells
    element = etree.fromstring(response.content, etree.XMLParser(resolve_entities=False, no_network=True))
    return converted(element, described["content"][XML]["schema"], document)


def converted(element: etree._Element, schema: Schema, document: Schema) -> Any:
    """Return an element as the value that a schema describes.

    Raises: ValueError.
    """
    schema = _resolved(schema, document)
    name = schema.get("xml", {}).get("name")
    if name is not None and element.tag != name:
        raise ValueError(f"<{element.tag}> where <{name}> is described")
    if schema.get("type") == "array":
        return [converted(child, schema["items"], document) for child in element]
    if schema.get("type") != "object":
        if len(element):
            raise ValueError(f"<{element.tag}> has elements, but is described as text")
        return _value(element.text or "", schema)
    properties = schema.get("properties", {})
    found: dict[str, Any] = {}
    for attribute, text in element.attrib.items():
        if str(attribute).startswith(XSI):
            continue
        if not properties.get(attribute, {}).get("xml", {}).get("attribute"):
            raise ValueError(f"the attribute {attribute} of <{element.tag}> is not described")
        found[str(attribute)] = _value(str(text), properties[attribute])
    for child in element:
        _take(child, element, properties, found, document)
    return found


def _take(
    child: etree._Element,
    element: etree._Element,
    properties: Schema,
    found: dict[str, Any],
    document: Schema,
) -> None:
    described = properties.get(child.tag)
    if described is None or described.get("xml", {}).get("attribute"):
        raise ValueError(f"<{child.tag}> in <{element.tag}> is not described")
    if described.get("type") == "array" and not described.get("xml", {}).get("wrapped"):
        found.setdefault(child.tag, []).append(converted(child, described["items"], document))
        return
    if child.tag in found:
        raise ValueError(f"<{child.tag}> in <{element.tag}> comes more than once")
    found[child.tag] = converted(child, described, document)


def _resolved(schema: Schema, document: Schema) -> Schema:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _value(text: str, schema: Schema) -> Any:
    return float(text) if schema.get("type") == "number" else text
