"""Compile the widget's gettext files to JSON; `python -m tools.locales`, or with `--check` only compare."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[2] / "src" / "kontora" / "widget" / "locale"


def compiled(po_file: Path) -> str:
    """Return the JSON of a catalogue, keys in the order of the file."""
    with po_file.open("rb") as file:
        catalogue = read_po(file)
    texts = {message.id: message.string for message in catalogue if message.id}
    return json.dumps(texts, ensure_ascii=False, indent=1) + "\n"


def stale() -> tuple[str, ...]:
    """Return the names of the catalogues whose JSON is not what the gettext file says."""
    return tuple(
        po_file.stem
        for po_file in sorted(FOLDER.glob("*.po"))
        if not (json_file := po_file.with_suffix(".json")).exists()
        or json_file.read_text(encoding="utf-8") != compiled(po_file)
    )


def main() -> int:
    """Compile, or check; return the exit code."""
    if "--check" in sys.argv:
        for name in stale():
            print(f"{name}.json is not what {name}.po says. Run: python -m tools.locales")
        return 1 if stale() else 0
    for po_file in sorted(FOLDER.glob("*.po")):
        po_file.with_suffix(".json").write_text(compiled(po_file), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
