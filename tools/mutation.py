"""Change the rules one at a time and see whether the unit tests notice: mutmut over the domains.

Prints the score of each module and of all, writes the changes that no test noticed to
`build/mutation.txt`, and fails below the floor. It takes half an hour on one core, so it is no part
of `make check`.

    python -m tools.mutation                  all rules
    python -m tools.mutation services.risk.*  these alone, from the last run on
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "mutants"
REPORT = ROOT / "build" / "mutation.txt"
FLOOR = 85.0
NOTICED = frozenset({"killed", "timeout"})
RESULT = re.compile(r"^\s*(services\.\S+)\.(\S+__mutmut_\d+): (.+)$")
SHOW = "# Each change that no test noticed; `.venv/bin/mutmut show NAME` prints it.\n"


def mutmut(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).parent / "mutmut"), *arguments]


def run(names: Sequence[str]) -> None:
    """Try every change, or those of these modules. Raises CalledProcessError."""
    if not names and WORK.exists():
        # What was tried before says nothing of tests that changed since.
        shutil.rmtree(WORK)
    subprocess.run(mutmut("run", "--max-children", "1", *names), cwd=ROOT, check=True)


def results() -> list[str]:
    """One line for each change that was tried, as mutmut tells it."""
    listed = subprocess.run(
        mutmut("results", "--all", "true"), cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def read(lines: Iterable[str]) -> dict[str, dict[str, str]]:
    """By module, what became of each change."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        if result := RESULT.match(line):
            module, change, status = result.groups()
            found.setdefault(module, {})[change] = status
    return found


def score(statuses: Iterable[str]) -> float:
    """Which part of the changes was noticed, in percents."""
    counts = Counter(status in NOTICED for status in statuses)
    return 100 * counts[True] / counts.total() if counts else 100.0


def table(found: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The score of each module, and of all."""
    every = [status for changes in found.values() for status in changes.values()]
    rows = [(module, list(changes.values())) for module, changes in sorted(found.items())]
    return [
        f"{score(statuses):6.1f} %  {sum(s not in NOTICED for s in statuses):4d} of "
        f"{len(statuses):4d} unnoticed  {name}"
        for name, statuses in (*rows, ("all", every))
    ]


def unnoticed(found: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The full names of the changes that no test noticed, with what became of them."""
    return [
        f"{module}.{change}: {status}"
        for module, changes in sorted(found.items())
        for change, status in changes.items()
        if status not in NOTICED
    ]


def main(names: Sequence[str]) -> int:
    run(names)
    found = read(results())
    lines = table(found)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(SHOW + "\n".join([*lines, "", *unnoticed(found)]) + "\n", "utf-8")
    print("\n".join(lines))
    print(f"the changes that no test noticed: {REPORT.relative_to(ROOT)}")
    reached = score(status for changes in found.values() for status in changes.values())
    if reached < FLOOR:
        print(f"ERROR: {reached:.1f} % is below the floor of {FLOOR:g} %")
    return int(reached < FLOOR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
