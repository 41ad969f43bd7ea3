"""Lint the SQL of the revisions with squawk: nothing may lock a table for long.

The revisions of before the linter are exempt: every installation has run them.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy import databases

ALEMBIC = re.compile(r"CREATE TABLE alembic_version \(.*?\);", re.DOTALL)
ROOT = Path(__file__).resolve().parent.parent
FROZEN: Mapping[str, str] = {
    "intake": "0004",
    "risk": "0003",
    "enforcement": "0003",
    "reporting": "0003",
    databases.EVENTS: "0002",
}


def lint(scripts: Mapping[str, str]) -> tuple[int, str]:
    """The exit code of squawk over these scripts by name, and what it says."""
    program = shutil.which("squawk", path=str(Path(sys.executable).parent)) or "squawk"
    with tempfile.TemporaryDirectory() as folder:
        for name, script in scripts.items():
            (Path(folder) / f"{name}.sql").write_text(script, "utf-8")
        done = subprocess.run(
            [program, "--config", str(ROOT / ".squawk.toml"), *sorted(f"{n}.sql" for n in scripts)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    return done.returncode, done.stdout + done.stderr


def script_of(name: str) -> str:
    """The SQL of the revisions that are linted; Alembic's own table is not ours to change."""
    return ALEMBIC.sub("", databases.sql_of(name, FROZEN.get(name, "base")))


def main() -> int:
    scripts = {name: script_of(name) for name in databases.DATABASES}
    code, text = lint(scripts)
    print(text.strip())
    return code


if __name__ == "__main__":
    sys.exit(main())
