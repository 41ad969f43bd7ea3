"""Published events only grow: each schema against the same file of the last release (tag `v*`).

Events are kept for ever and read by others: a field may be added, if a reader can do without it;
nothing is taken away, renamed or given another type within a major version.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "shared/contracts/schemas"
WORDS = {"title", "description", "examples", "$schema", "$defs", "default"}
Schema = Mapping[str, Any]


def breaks(old: Schema, new: Schema, where: str = "") -> Iterator[str]:
    """What a reader of the old schema would miss in, or not understand of, the new one."""
    yield from _fields(old, new, where)
    for name in sorted((old.keys() | new.keys()) - WORDS - {"properties", "required"}):
        was, now = old.get(name), new.get(name)
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from breaks(was, now, where)
        elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
            yield from _parts(was, now, f"{where} {name}".strip())
        elif was != now:
            yield f"{where or 'event'}: {name} was {was}, is {now}"


def _fields(old: Schema, new: Schema, where: str) -> Iterator[str]:
    was, now = old.get("properties", {}), new.get("properties", {})
    for name in sorted(was.keys() - now.keys()):
        yield f"{where}{name}: taken away"
    for name in sorted(was.keys() & now.keys()):
        yield from breaks(was[name], now[name], f"{where}{name}.")
    for name in sorted(set(old.get("required", ())) ^ set(new.get("required", ()))):
        yield f"{where}{name}: required was {name in old.get('required', ())}"


def _parts(was: list[Any], now: list[Any], where: str) -> Iterator[str]:
    for one, other in zip(was, now, strict=True):
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from breaks(one, other, where)
        elif one != other:
            yield f"{where}: {one} became {other}"


def inlined(node: Any, definitions: Schema) -> Any:
    """The schema with each reference replaced by what it points to."""
    if isinstance(node, Mapping):
        if "$ref" in node:
            return inlined(definitions[node["$ref"].rpartition("/")[2]], definitions)
        return {name: inlined(value, definitions) for name, value in node.items()}
    return [inlined(part, definitions) for part in node] if isinstance(node, list) else node


def whole(text: str) -> Any:
    """A schema file without references."""
    schema = json.loads(text)
    return inlined(schema, schema.get("$defs", {}))


def git(*arguments: str) -> str | None:
    """What git says, or None where it has no answer."""
    result = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return result.stdout if result.returncode == 0 else None


def main() -> int:
    tag = (git("describe", "--tags", "--abbrev=0", "--match", "v*") or "").strip()
    if not tag:
        print("contracts: no release yet, so nothing that others rely on")
        return 0
    found = []
    for name in (git("ls-tree", "-r", "--name-only", tag, FOLDER) or "").split():
        path = ROOT / name
        if not path.exists():
            found.append(f"{name}: the schema of a release is gone")
            continue
        old, new = whole(git("show", f"{tag}:{name}") or "{}"), whole(path.read_text("utf-8"))
        found += [f"{name}: {each}" for each in breaks(old, new)]
    for each in found:
        print(each, file=sys.stderr)
    print(f"contracts: {len(found)} changes since {tag} that would break a reader")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
