from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from kontora.errors import ConfigurationError, StoreUnavailable
from kontora.store import migrate
from kontora.store.embedded_program import find_programs

STEP = """
from alembic import op
revision = {revision!r}
down_revision = {before!r}
def upgrade():
    op.execute("create table step_{revision} (n integer)")
    op.execute({more!r})
def downgrade():
    op.execute("drop table step_{revision}")
"""


def schema(url: str) -> str:
    """The whole schema as text, but for the table in which the revision is noted."""
    dump = subprocess.run(
        [find_programs() / "bin" / "pg_dump", "--schema-only", "--exclude-table=alembic_version", url],
        check=True,
        capture_output=True,
        text=True,
    )
    # Each dump is guarded by a random word.
    return "\n".join(line for line in dump.stdout.splitlines() if not line.startswith("\\"))


def steps(folder: Path, *more: str) -> Path:
    """A folder of migrations with a table, and one more statement, in each."""
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    shutil.copy(migrate.MIGRATIONS / "env.py", folder)
    for number, statement in enumerate(more, start=1):
        revision = f"{number:04}"
        before = f"{number - 1:04}" if number > 1 else None
        text = STEP.format(revision=revision, before=before, more=statement)
        (folder / "versions" / f"{revision}_step.py").write_text(text)
    return folder


def test_every_revision_goes_forward_back_and_forward_to_the_same_schema(empty_url: str) -> None:
    seen = {"base": schema(empty_url)}
    before = "base"
    for revision in migrate.revisions():
        migrate.upgrade(empty_url, revision)
        seen[revision] = schema(empty_url)
        assert seen[revision] != seen[before]
        migrate.downgrade(empty_url, before)
        assert schema(empty_url) == seen[before]
        migrate.upgrade(empty_url, revision)
        assert schema(empty_url) == seen[revision]
        before = revision
    migrate.downgrade(empty_url, "base")
    assert schema(empty_url) == seen["base"]
    migrate.upgrade(empty_url)
    assert schema(empty_url) == seen[migrate.head()]


def test_the_revisions_are_one_line_named_by_their_files() -> None:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(migrate.MIGRATIONS))
    assert [step.revision for step in reversed(list(script.walk_revisions()))] == migrate.revisions()
    assert script.get_heads() == [migrate.head()]


def test_a_database_at_another_revision_is_refused_and_told_what_to_do(empty_url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"at no revision.*run `kontora migrate`"):
        migrate.check(empty_url)
    migrate.upgrade(empty_url)
    migrate.check(empty_url)


def test_an_older_program_refuses_a_newer_database(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    with psycopg.connect(empty_url) as db:
        db.execute("update alembic_version set version_num = '9999'")
    for move in (migrate.check, migrate.upgrade, migrate.move_to):
        with pytest.raises(ConfigurationError, match=r"9999.*newer version"):
            move(empty_url)
    with pytest.raises(ConfigurationError, match="9999"):
        migrate.downgrade(empty_url, "base")


def test_an_unknown_revision_is_refused(empty_url: str) -> None:
    with pytest.raises(ConfigurationError, match="There is no revision"):
        migrate.upgrade(empty_url, "nonsense")


def test_programs_that_start_together_migrate_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(migrate.upgrade, empty_url) for _ in range(4)]:
            done.result()
    assert migrate.current(empty_url) == migrate.head()


def test_a_move_that_fails_leaves_the_database_as_it_was(empty_url: str, tmp_path: Path) -> None:
    folder = steps(tmp_path / "migrations", "select 1", "select 1/0")
    with pytest.raises(Exception, match="division by zero"):
        migrate.upgrade(empty_url, folder=folder)
    assert migrate.current(empty_url) is None
    assert "step_0001" not in schema(empty_url)


def test_one_call_goes_forward_or_back(empty_url: str, tmp_path: Path) -> None:
    folder = steps(tmp_path / "migra%tions", "select 1", "select 1", "select 1")
    assert migrate.move_to(empty_url, folder=folder) == "0003"
    assert migrate.move_to(empty_url, "0001", folder=folder) == "0001"
    assert migrate.move_to(empty_url, "0002", folder=folder) == "0002"
    assert migrate.move_to(empty_url, "base", folder=folder) == "base"


def test_a_database_that_cannot_be_reached_is_a_named_failure(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        migrate.check(f"postgresql://kontora@/kontora?host={tmp_path}")


def test_checking_a_database_loads_no_migration_tool() -> None:
    program = (
        "import sys, kontora.store.migrate; print('alembic' in sys.modules, 'sqlalchemy' in sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert loaded.stdout.split() == ["False", "False"]
