"""Fuzz the statement layouts: `python -m tools.statement_fuzz --seconds 60`.

Ends with 0, or with what went wrong: any error that is not a named refusal, or a document that takes longer
than five seconds; the input that did it is kept in `--out`. The corpus begins with the samples, so that the
first mutations already reach deep.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

MAX_BYTES = 8192
MAX_SECONDS_EACH = 5


def main() -> None:
    """Fuzz for some seconds, in a process of its own: the fuzzer ends the process it runs in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--out", type=Path, default=Path.cwd(), help="folder for inputs that fail")
    parser.add_argument("--corpus", type=Path, default=None, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.corpus is not None:
        _fuzz(wanted.corpus, wanted.seconds, wanted.out)
        return
    wanted.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus = _corpus(Path(folder))
        arguments = ["--seconds", str(wanted.seconds), "--out", str(wanted.out), "--corpus", str(corpus)]
        done = subprocess.run([sys.executable, "-m", "tools.statement_fuzz", *arguments], check=False)
    sys.exit(done.returncode)


def _corpus(folder: Path) -> Path:
    from tools.statement_fuzz.inputs import dictionary, seeds

    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in seeds():
        # Short ones mutate best: the heads and first rows of a sample have all its shapes.
        (corpus / name).write_text(text[:MAX_BYTES], encoding="utf-8")
    (folder / "words").write_text("\n".join(dictionary()), encoding="utf-8")
    return corpus


def _fuzz(corpus: Path, seconds: int, out: Path) -> None:
    import atheris

    # What is imported here is watched, so nothing of it may have been imported before.
    with atheris.instrument_imports(include=["kontora.statements"]):
        from tools.statement_fuzz.inputs import document_in, read

    options = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={seconds}",
        f"-max_len={MAX_BYTES}",
        f"-timeout={MAX_SECONDS_EACH}",
        f"-dict={corpus.parent / 'words'}",
        f"-artifact_prefix={out}/",
        "-print_final_stats=1",
    ]

    def one_input(data: bytes) -> None:
        read(*document_in(data.decode("utf-8", "replace")))

    atheris.Setup(options, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
