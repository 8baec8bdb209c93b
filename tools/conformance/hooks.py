"""All that schemathesis is told of how to ask and how to read answers: it loads one module only."""

from tools.conformance import wire_headers, xml_replies

__all__ = ["wire_headers", "xml_replies"]
