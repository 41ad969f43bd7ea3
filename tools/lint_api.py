"""Check docs/openapi/*.json with the ruleset of the NL API Design Rules, and docs/asyncapi.json.

The ruleset is published by Logius and is not part of this repository: VTH_CHECKS names the folder
that holds `adr-ruleset.yaml`. Without it the check is left out, loudly; with CI=true it fails.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULESET = Path(os.environ.get("VTH_CHECKS", ROOT.parent / "shared" / "checks")) / "adr-ruleset.yaml"
SPECTRAL = ROOT / "node_modules" / ".bin" / "spectral"


def main() -> int:
    events = subprocess.run([sys.executable, str(ROOT / "tools" / "lint_events.py")], check=False)
    return _apis() or events.returncode


def _apis() -> int:
    if not RULESET.is_file():
        print(f"LEFT OUT: the API linter did not run; there is no ruleset at {RULESET}.")
        return 1 if os.environ.get("CI") == "true" else 0
    documents = sorted(str(path) for path in (ROOT / "docs" / "openapi").glob("*.json"))
    command = [str(SPECTRAL), "lint", "-r", str(RULESET), "--fail-severity=hint", *documents]
    result = subprocess.run(command, cwd=ROOT, check=False)
    if result.returncode == 0:
        print(f"API linter: 0 problems in {len(documents)} documents")
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
