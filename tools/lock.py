"""Lock the dependencies: hashed, for every platform, without addresses. `make lock`."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
OPTIONS = (
    *("--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"),
    *("--python-version", "3.11", "--custom-compile-command", "make lock"),
)


def main() -> None:
    for source in sorted(FOLDER.glob("*.in")):
        target = source.with_suffix(".txt")
        command = ["uv", "pip", "compile", *OPTIONS, source.name, "-o", target.name, *sys.argv[1:]]
        subprocess.run(command, cwd=FOLDER, check=True)
        print(target.relative_to(FOLDER.parent))


if __name__ == "__main__":
    main()
