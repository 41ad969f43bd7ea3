"""Files and functions stay small: at most 350 and 60 lines. Prints the medians."""

import ast
import subprocess
import sys
from pathlib import Path
from statistics import median

MAX_FILE = 350
MAX_FUNCTION = 60
Function = ast.FunctionDef | ast.AsyncFunctionDef


def measured(path: Path) -> tuple[int, list[tuple[str, int]]]:
    """The lines of a file, and of each function in it."""
    text = path.read_text("utf-8")
    functions = [
        (f"{path}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, Function)
    ]
    return text.count("\n"), functions


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "*.py"], capture_output=True, text=True, check=True)
    paths = [Path(name) for name in listed.stdout.splitlines() if Path(name).exists()]
    sizes = {path: measured(path) for path in paths}
    code = [path for path in paths if path.parts[0] != "tests" and "migrations" not in path.parts]
    too_long = [f"{path} ({lines} lines)" for path, (lines, _) in sizes.items() if lines > MAX_FILE]
    for path in code:
        too_long += [f"{name} ({n} lines)" for name, n in sizes[path][1] if n > MAX_FUNCTION]
    functions = [lines for path in code for _, lines in sizes[path][1]]
    tests = sum(lines for path, (lines, _) in sizes.items() if path.parts[0] == "tests")
    total = sum(sizes[path][0] for path in code)
    print(
        f"{len(code)} files, median {median(sizes[path][0] for path in code):.0f} lines; "
        f"functions median {median(functions):.0f}; tests / code {tests / total:.2f}"
    )
    for line in too_long:
        print(f"too long: {line}", file=sys.stderr)
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
