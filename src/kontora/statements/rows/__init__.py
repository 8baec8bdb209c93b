"""From a document and its layout to typed rows: the machinery is general and names no bank."""

from kontora.statements.rows.confirmation import parse_confirmations
from kontora.statements.rows.statement import parse_statement

__all__ = ["parse_confirmations", "parse_statement"]
