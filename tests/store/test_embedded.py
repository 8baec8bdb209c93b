from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from kontora.errors import ConfigurationError
from kontora.store.embedded import EmbeddedPostgres
from kontora.store.embedded_program import SCRATCH_PREFIX, choose_user, find_programs

OWNER = """
import sys, time
from pathlib import Path
from kontora.store.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.start(), flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose cluster is made once; each test starts it anew."""
    data_dir = tmp_path_factory.mktemp("embedded") / "postgres"
    with EmbeddedPostgres(data_dir):
        pass
    return data_dir


@contextmanager
def running(data_dir: Path, port: int | None = None) -> Iterator[psycopg.Connection]:
    server = EmbeddedPostgres(data_dir, port=port)
    url = server.start()
    try:
        with psycopg.connect(url, autocommit=True) as db:
            yield db
    finally:
        server.stop()


@contextmanager
def another_process(data_dir: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process of its own that starts the embedded PostgreSQL there, and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, data_dir],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    assert process.stdout
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def setting(db: psycopg.Connection, name: str) -> str:
    row = db.execute("select current_setting(%s)", (name,)).fetchone()
    assert row
    return str(row[0])


def ends(pid: int, within_seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.02)
    return False


def no_server_holds(data_dir: Path, within_seconds: float = 10.0) -> bool:
    """Whether no process of PostgreSQL is left: each of them inherits the lock."""
    deadline = time.monotonic() + within_seconds
    with (data_dir / "server.lock").open("a") as lock:
        while time.monotonic() < deadline:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.02)
            else:
                return True
    return False


def test_the_first_start_makes_a_database_for_a_role_without_a_superusers_rights(data_dir: Path) -> None:
    with running(data_dir) as db:
        assert db.execute("select current_user::text, current_database()::text").fetchone() == (
            "kontora",
            "kontora",
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("select pg_read_file('/etc/passwd')")


def test_it_is_durable_keeps_little_log_and_listens_on_a_private_socket_alone(data_dir: Path) -> None:
    with running(data_dir) as db:
        expected = {
            "listen_addresses": "",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "fsync": "on",
            "synchronous_commit": "on",
            "data_checksums": "on",
            "jit": "off",
            "server_encoding": "UTF8",
            "log_statement": "none",
        }
        assert {name: setting(db, name) for name in expected} == expected
        socket = data_dir / "run" / ".s.PGSQL.5432"
        assert socket.stat().st_mode & 0o777 == 0o700
        assert socket.parent.stat().st_mode & 0o777 == 0o700
        assert (data_dir / "cluster").stat().st_mode & 0o777 == 0o700


def test_the_server_never_runs_as_root(data_dir: Path) -> None:
    with running(data_dir):
        uid = Path(f"/proc/{postmaster(data_dir)}").stat().st_uid
        assert uid != 0
        assert uid == (data_dir / "cluster").stat().st_uid


def test_folders_above_the_data_folder_are_left_as_they_are(tmp_path: Path) -> None:
    above = tmp_path / "closed"
    above.mkdir(mode=0o700)
    before = [(p.stat().st_mode, p.stat().st_uid) for p in (above, tmp_path)]
    with running(above / "a" / "postgres"):
        pass
    assert [(p.stat().st_mode, p.stat().st_uid) for p in (above, tmp_path)] == before


def test_data_outlives_a_restart(data_dir: Path) -> None:
    with running(data_dir) as db:
        db.execute("create table if not exists kept (n integer)")
        db.execute("insert into kept values (1)")
    with running(data_dir) as db:
        assert db.execute("select n from kept limit 1").fetchone() == (1,)


def test_killing_the_owner_leaves_no_orphan_and_loses_no_commit(data_dir: Path) -> None:
    with another_process(data_dir) as (process, url):
        with psycopg.connect(url) as db:
            db.execute("create table if not exists survivor (n integer)")
            db.execute("insert into survivor values (1)")
        server = postmaster(data_dir)
        process.send_signal(signal.SIGKILL)
        assert ends(server)
        assert no_server_holds(data_dir)
    with running(data_dir) as db:
        assert db.execute("select n from survivor limit 1").fetchone() == (1,)


def test_a_new_owner_may_start_the_moment_the_old_one_was_killed(data_dir: Path) -> None:
    with another_process(data_dir) as (process, _):
        process.send_signal(signal.SIGKILL)
        process.wait()
        with running(data_dir) as db:
            assert db.execute("select 1").fetchone() == (1,)


def test_killing_the_guard_leaves_no_orphan_either(data_dir: Path) -> None:
    with another_process(data_dir):
        server = postmaster(data_dir)
        guard = int(Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()[1])
        os.kill(guard, signal.SIGKILL)
        assert ends(server)
        assert no_server_holds(data_dir)


def test_a_server_that_dies_is_started_again(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    url = server.start()
    try:
        first = postmaster(data_dir)
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 15
        while True:
            try:
                with psycopg.connect(url) as db:
                    assert db.execute("select 1").fetchone() == (1,)
                break
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        assert postmaster(data_dir) != first
    finally:
        server.stop()


def test_a_number_of_a_dead_server_that_belongs_to_somebody_else_fools_nobody(data_dir: Path) -> None:
    user = choose_user(data_dir / "cluster", None)
    with subprocess.Popen(["/bin/sleep", "60"], cwd="/", **user.popen()) as stranger:
        try:
            stale = f"{stranger.pid}\n{data_dir / 'cluster'}\n1\n5432\n\n\n\n\n"
            (data_dir / "cluster" / "postmaster.pid").write_text(stale)
            with running(data_dir) as db:
                assert db.execute("select 1").fetchone() == (1,)
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_second_process_is_refused_unless_it_joins(data_dir: Path) -> None:
    with another_process(data_dir) as (_, url):
        second = EmbeddedPostgres(data_dir)
        with pytest.raises(ConfigurationError, match="Another Kontora process"):
            second.start()
        assert second.start(join=True) == url
        second.stop()
        with psycopg.connect(url) as db:
            assert db.execute("select 1").fetchone() == (1,)


def test_joining_where_nobody_runs_starts_the_server(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    url = server.start(join=True)
    psycopg.connect(url).close()
    server.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_over_tcp_the_password_is_needed(data_dir: Path) -> None:
    with running(data_dir, port=0) as db:
        assert setting(db, "listen_addresses") == "127.0.0.1"
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://kontora@127.0.0.1:{db.info.port}/kontora", password="wrong")


def test_the_log_holds_no_statement_no_parameter_and_no_value(data_dir: Path) -> None:
    canary = "Canary7316"
    with running(data_dir) as db:
        db.execute("create table if not exists person (name text primary key)")
        db.execute("insert into person values (%s) on conflict do nothing", (canary,))
        with pytest.raises(psycopg.errors.UniqueViolation):
            db.execute("insert into person values (%s)", (canary,))
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            db.execute("select %s::text::integer", (canary,))
        with pytest.raises(psycopg.errors.UndefinedTable):
            db.execute(f"select '{canary}' from nowhere")
    log = (data_dir / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert canary not in log
    assert "select" not in log.lower()


def test_a_path_too_long_for_a_socket_works_and_leaves_nothing_behind(data_dir: Path, tmp_path: Path) -> None:
    far = tmp_path / ("x" * 100)
    assert no_server_holds(data_dir)
    shutil.copytree(data_dir, far / "postgres", ignore=shutil.ignore_patterns("run"))
    user = choose_user(data_dir / "cluster", None)
    for folder, _, files in os.walk(far / "postgres" / "cluster"):
        for name in (".", *files):
            user.give(Path(folder) / name)
    with running(far / "postgres") as db:
        scratch = Path(db.info.host).parent
        assert scratch.name.startswith(SCRATCH_PREFIX)
    assert not scratch.exists()


def test_programs_that_the_servers_user_cannot_reach_are_copied_while_it_runs(
    data_dir: Path, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(find_programs(), closed / "programs")
    server = EmbeddedPostgres(data_dir, programs=closed / "programs")
    url = server.start()
    psycopg.connect(url).close()
    program = Path(f"/proc/{postmaster(data_dir)}/exe").readlink()
    server.stop()
    if os.geteuid() == 0:
        assert not program.is_relative_to(closed)
        assert not program.exists()
    else:
        assert program.is_relative_to(closed)
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_first_start_that_was_cut_short_is_begun_anew(tmp_path: Path) -> None:
    torn = tmp_path / "postgres" / "cluster.new"
    torn.mkdir(parents=True)
    (torn / "PG_VERSION").write_text("18\n")
    started = time.monotonic()
    with running(tmp_path / "postgres") as db:
        assert time.monotonic() - started < 10
        assert db.execute("select 1").fetchone() == (1,)


def test_a_cluster_of_another_version_is_refused_and_told(data_dir: Path) -> None:
    version = data_dir / "cluster" / "PG_VERSION"
    version.write_text("17\n")
    try:
        with pytest.raises(ConfigurationError, match=r"PostgreSQL 17.*carries 18"):
            EmbeddedPostgres(data_dir).start()
    finally:
        version.write_text("18\n")


def test_an_unknown_user_is_refused_and_told(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", user="nobody-of-this-name")
    if os.geteuid() == 0:
        with pytest.raises(ConfigurationError, match="nobody-of-this-name"):
            server.start()
    else:
        server.start()
        server.stop()


def test_secrets_of_the_owner_do_not_reach_the_server(data_dir: Path) -> None:
    with another_process(data_dir, KONTORA_KEYS_MASTER="canary"):
        assert b"KONTORA" not in Path(f"/proc/{postmaster(data_dir)}/environ").read_bytes()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=r"cannot use .*file"):
        EmbeddedPostgres(tmp_path / "file" / "postgres").start()
