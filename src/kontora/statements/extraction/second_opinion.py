"""Where the two parsers disagree about what a page says."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping

from kontora.statements.document import Page
from kontora.statements.extraction.content import FontKey, ShownText
from kontora.statements.extraction.fonts import Font, codes_in

LIGATURES_FROM = "\ufb00"
"""From here on Unicode has letters joined or in other forms, which pdfium takes apart."""


def disagrees(page: Page, shown: ShownText, fonts: Mapping[FontKey, Font]) -> bool:
    """Tell whether the letters and digits of a page differ between the parsers.

    Text that cannot be decoded whole is not judged. Text painted twice in one place is one text to pdfium.
    """
    if not shown.is_whole:
        return False
    second = _count(shown.codes, fonts)
    repeated = _count(shown.repeated, fonts)
    if second is None or repeated is None:
        return False
    first = _letters(Counter("".join([word.text for word in page.words])))
    return any(not 0 <= second[each] - first[each] <= repeated[each] for each in first | second)


def _count(codes: Mapping[FontKey, bytes], fonts: Mapping[FontKey, Font]) -> Counter[str] | None:
    """Count the letters and digits that codes stand for; `None` where one stands for nothing."""
    counted: Counter[str] = Counter()
    for key, shown in codes.items():
        font = fonts[key]
        found = codes_in(shown, font.code_bytes)
        if found is None:
            return None
        for code, number in Counter(found).items():
            text = font.text_of(code)
            if text is None:
                return None
            for each in text:
                counted[each] += number
    return _letters(counted)


def _letters(counted: Counter[str]) -> Counter[str]:
    kept: Counter[str] = Counter()
    for each, number in counted.items():
        if each >= LIGATURES_FROM:
            for part in unicodedata.normalize("NFKC", each):
                if part.isalnum():
                    kept[part] += number
        elif each.isalnum():
            kept[each] += number
    return kept
