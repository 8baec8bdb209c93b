"""Reading PDFs: words with places, what is painted, how the file is made, who signed it."""

from kontora.statements.extraction.limits import DEFAULT_LIMITS, ExtractionLimits
from kontora.statements.extraction.loading import load_early
from kontora.statements.extraction.opening import open_document
from kontora.statements.extraction.silence import silence_libraries

__all__ = ["DEFAULT_LIMITS", "ExtractionLimits", "open_document"]

load_early()
silence_libraries()
