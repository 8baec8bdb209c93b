"""Whether a font's codes say what its glyphs show. What cannot be told for certain is not claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
JUDGED = frozenset(f"{DIGITS}{LETTERS}{LETTERS.upper()}{POLISH}-,.")
"""Characters that money, dates, names and accounts are made of; of no other is anything claimed."""
RUNS = (DIGITS, LETTERS, LETTERS.upper())
LOOKALIKES = {frozenset(pair) for pair in ("Il", "1l", "1I", "0O", "0o", "Oo")}
"""Some fonts draw these alike."""

LEAST_AGREEING = 6
AGREEING_SHARE = 4
"""A witness is believed if it agrees with the file so many times for each time that it does not."""

_DASHES = {ord(dash): "-" for dash in "\u00ad\u2010\u2011\u2012\u2013\u2014\u2212"}

Pair = tuple[str, str]
"""What the file says, and what the glyph shows."""


def contradictions(said: Mapping[int, str], shown: Mapping[int, set[str]]) -> tuple[Pair, ...]:
    """Return where a witness, who tells what codes show, is believed and contradicts what is said."""
    agreeing = 0
    against: list[Pair] = []
    for code, text in said.items():
        seen = {_plain(each) for each in shown.get(code, ())}
        if not seen:
            continue
        if _plain(text) in seen:
            agreeing += 1
        elif _plain(text) in JUDGED and (judged := sorted(seen & JUDGED)):
            against.append((text, judged[0]))
    is_believed = agreeing >= max(LEAST_AGREEING, AGREEING_SHARE * len(against))
    return tuple(sorted(set(against))) if is_believed else ()


def broken_runs(said: Mapping[int, str]) -> tuple[Pair, ...]:
    """Return where codes in the order of the alphabet say characters in another order.

    Fonts number digits and letters in their order. Where most codes keep it and the rest exchange places, or
    say what another code says already, the rest were changed. Fonts numbered otherwise are left alone.
    """
    found: list[Pair] = []
    for run in RUNS:
        steps = {code: code - ord(text) for code, text in said.items() if len(text) == 1 and text in run}
        if not steps:
            continue
        usual = max(set(steps.values()), key=lambda step: sum(other == step for other in steps.values()))
        kept = [code for code, step in steps.items() if step == usual]
        moved = {code: chr(code - usual) for code, step in steps.items() if step != usual and code >= usual}
        if not moved or len(kept) < max(LEAST_AGREEING, len(moved)):
            continue
        told = {said[code] for code in kept}
        changed = {said[code] for code in moved}
        exchanged = changed == set(moved.values())
        found += [
            (said[code], shown)
            for code, shown in moved.items()
            if shown in run and (exchanged or (said[code] in told and shown not in told | changed))
        ]
    return tuple(sorted(set(found)))


def twins(said: Mapping[int, str], outlines: Mapping[int, bytes]) -> tuple[Pair, ...]:
    """Return pairs of different characters that one outline is drawn for."""
    by_outline: dict[bytes, set[str]] = {}
    for code, outline in outlines.items():
        text = said.get(code, "")
        if text in JUDGED and text:
            by_outline.setdefault(outline, set()).add(text)
    return tuple(
        sorted(
            (one, other)
            for texts in by_outline.values()
            for one, other in combinations(sorted(texts), 2)
            if frozenset((one, other)) not in LOOKALIKES
        )
    )


def differences(
    said: Mapping[int, str], outlines: Mapping[int, bytes], known: Mapping[bytes, str]
) -> tuple[Pair, ...]:
    """Return where outlines that another font of the same name has say something else than there."""
    shown = {code: {known[outline]} for code, outline in outlines.items() if outline in known}
    return contradictions(said, shown)


def _plain(text: str) -> str:
    return text.translate(_DASHES) if len(text) == 1 else text


def joined(parts: Iterable[tuple[Pair, ...]]) -> tuple[Pair, ...]:
    """Put findings together, each once."""
    return tuple(sorted({pair for part in parts for pair in part}))
