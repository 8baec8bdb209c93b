"""The fuzzer's inputs: any text is a document, and the seeds reach the rows of every layout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.statement_fuzz.inputs import document_in, read, seeds

from kontora.statements.library import layouts

ROOT = Path(__file__).parents[3]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_a_document(text: str) -> None:
    assert read(*document_in(text)) >= 0


def test_the_seeds_reach_the_rows_of_every_layout_of_a_bank() -> None:
    reached = set()
    for _, text in seeds():
        layout, document = document_in(text)
        if read(layout, document):
            reached.add(layout.name)
    assert reached == {layout.name for layout in layouts() if not layout.institution.practice}


# The fuzzer is not made for newer versions.
if sys.version_info < (3, 13):

    @pytest.mark.slow
    def test_a_few_seconds_of_fuzzing_find_nothing(tmp_path: Path) -> None:
        command = [sys.executable, "-m", "tools.statement_fuzz", "--seconds", "3", "--out", str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        assert list(tmp_path.iterdir()) == []
