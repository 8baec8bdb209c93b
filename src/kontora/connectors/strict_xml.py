"""XML from outside, read strictly: no DOCTYPE, no entity, no network, limited depth."""

from __future__ import annotations

from lxml import etree

from kontora.errors import BankChanged

_DEEPEST = 64


def parse_xml(body: bytes) -> etree._Element:
    """Return the root of an XML body.

    Raises: BankChanged, if it is not well-formed, has a DOCTYPE, or is nested deeper than 64.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BankChanged("the body is not XML") from error
    if root.getroottree().docinfo.doctype:
        raise BankChanged("the XML body has a DOCTYPE")
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise BankChanged("the XML body is nested too deeply")
    return root
