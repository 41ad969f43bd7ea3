"""Words that have no place in the tree: package registries, paths of one machine, loose ends."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    # The names in two halves, so that this file is not its own finding.
    "a package registry": "pypi"
    r"\.org|python"
    r"hosted|npm"
    r"js\.org|repo"
    r"\d?\.maven|repo\.maven",
    "a path of one machine": r"(?<![\w.<{}\"'-])/(?:" "work|root|home/" r"\w+)/",
    "a loose end": r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|raise Not" r"ImplementedError)\b",
}
PATTERNS = {what: re.compile(pattern) for what, pattern in FORBIDDEN.items()}
# Files of others: their text is not ours to change.
SKIPPED = {"LICENSE", "package-lock.json"}


def tracked() -> list[Path]:
    """The files under version control that are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [name for name in listed.stdout.split("\0") if name and name not in SKIPPED]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def findings(path: Path) -> list[str]:
    """What stands in the file and should not."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        return []
    return [
        f"{path.relative_to(ROOT)}:{number} {what}: {line.strip()[:120]}"
        for number, line in enumerate(lines, 1)
        for what, pattern in PATTERNS.items()
        if pattern.search(line)
    ]


def main() -> int:
    files = tracked()
    found = [finding for path in files for finding in findings(path)]
    for finding in found:
        print(finding, file=sys.stderr)
    print(f"{len(files)} files, {len(found)} words that have no place here")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
