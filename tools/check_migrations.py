"""Lint the SQL of the revisions with squawk: nothing may lock a table for long.

The revisions of before the linter are exempt: every installation has run them.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy import databases

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


def main() -> int:
    scripts = {name: databases.sql_of(name, since) for name, since in FROZEN.items()}
    code, text = lint(scripts)
    print(text.strip())
    return code


if __name__ == "__main__":
    sys.exit(main())
