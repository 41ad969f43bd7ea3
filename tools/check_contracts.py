"""Published events only grow: each schema against those of main and of the last release (`v*`).

Events are kept for ever and read by others: a field may be added, if a reader can do without it;
nothing is taken away, renamed or given another type within a major version. An open list (known
values or any text) may grow, and a closed one may be opened; it never closes again. All else is a
new type on `.v2`, with an upcaster (shared/contracts/upcasting), and both published for one
release.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "shared/contracts/schemas"
WORDS = {"title", "description", "examples", "$schema", "$defs", "default"}
Schema = Mapping[str, Any]


def breaks(old: Schema, new: Schema, where: str = "") -> Iterator[str]:
    """What a reader of the old schema would miss in, or not understand of, the new one."""
    if (opened := _known_values(new)) is not None:
        known = old.get("enum") or _known_values(old)
        if known is None:
            yield f"{where or 'event'}: was no list of values, is an open one"
        yield from _taken_away(known or (), opened, where)
        return
    yield from _fields(old, new, where)
    yield from _values(old.get("enum", ()), new.get("enum", ()), where)
    apart = {"properties", "required", "enum"}
    for name in sorted((old.keys() | new.keys()) - WORDS - apart):
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


def _known_values(schema: Schema) -> Sequence[Any] | None:
    """The known values of an open list: those, or any text."""
    match schema.get("anyOf"):
        case [{"enum": [*known]}, {"type": "string"}]:
            return known
    return None


def _taken_away(was: Sequence[Any], now: Sequence[Any], where: str) -> Iterator[str]:
    for value in was:
        if value not in now:
            yield f"{where}: value {value} taken away"


def _values(was: Sequence[Any], now: Sequence[Any], where: str) -> Iterator[str]:
    """The values of a closed enumeration; their order says nothing."""
    if bool(was) != bool(now):
        yield f"{where}: a list of values was {list(was)}, is {list(now)}"
        return
    yield from _taken_away(was, now, where)
    for value in now:
        if value not in was:
            yield f"{where}: value {value} is new, and the list is not an open one"


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


class Base(NamedTuple):
    """A commit to compare with; of a release nothing changes any more."""

    name: str
    commit: str
    released: bool = False


class Found(NamedTuple):
    """What breaks a reader, and what it was compared with."""

    breaks: list[str]
    against: list[str]


def check(root: Path) -> Found:
    """Compare the schemas of a working tree."""
    bases = list(_bases(root))
    found = [each for base in bases for each in _since(root, base)]
    found += _between_versions(root / FOLDER)
    return Found(list(dict.fromkeys(found)), [base.name for base in bases])


def _bases(root: Path) -> Iterator[Base]:
    if tag := git(root, "describe", "--tags", "--abbrev=0", "--match", "v*"):
        yield Base(tag, tag, released=True)
    head = git(root, "rev-parse", "HEAD")
    for name in ("origin/main", "main"):
        shared = git(root, "merge-base", "HEAD", name)
        if shared:
            yield Base(name, shared)
        # On main itself: what the last commit brought, beside what is not committed yet.
        before = git(root, "rev-parse", "--verify", "HEAD~1") if shared == head else None
        if shared and before:
            yield Base(f"{name}~1", before)
        if shared:
            return


def _since(root: Path, base: Base) -> Iterator[str]:
    listed = git(root, "ls-tree", "-r", "--name-only", base.commit, f"{FOLDER}/") or ""
    for name in listed.splitlines():
        path = root / name
        if not path.exists():
            yield f"{name}: gone since {base.name}"
            continue
        old = whole(git(root, "show", f"{base.commit}:{name}") or "{}")
        new = whole(path.read_text("utf-8"))
        broken = [f"{name}: {each}" for each in breaks(old, new)]
        yield from broken
        if base.released and not broken and list(breaks(new, old)):
            yield f"{name}: grew after {base.name}; give the event a new schema_version"


def _between_versions(folder: Path) -> Iterator[str]:
    """Within a major version every later schema can be read as every earlier one."""
    for event in sorted(path for path in folder.iterdir() if path.is_dir()):
        versions = sorted(event.glob("*.json"), key=_version)
        for old, new in combinations(versions, 2):
            if _version(old)[0] == _version(new)[0]:
                schemas = (whole(path.read_text("utf-8")) for path in (old, new))
                for each in breaks(*schemas):
                    yield f"{event.name}: {new.stem} after {old.stem}: {each}"


def _version(path: Path) -> tuple[int, ...]:
    return tuple(map(int, path.stem.split(".")))


def git(root: Path, *arguments: str) -> str | None:
    """What git says, or None where it has no answer."""
    try:
        result = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return result.stdout.strip() if result.returncode == 0 else None


def main() -> int:
    found, against = check(ROOT)
    for each in found:
        print(each, file=sys.stderr)
    compared = ", ".join(against) or "nothing but earlier versions: no history here"
    print(f"contracts: {len(found)} changes that would break a reader (against {compared})")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
