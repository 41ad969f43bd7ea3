"""No module needs itself to be imported, and no folder of `shared` needs itself through another.

So any module can be the first one a program imports, and any folder can be read, tested and moved
without those above it.
"""

import sys
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from grimp import ImportGraph, build_graph

PACKAGES = ("shared", "services", "deploy")


def rooms(module: str) -> set[str]:
    """The packages around a module; Python runs their `__init__` before the module itself."""
    parts = module.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts))}


def needs(graph: ImportGraph, module: str) -> set[str]:
    """What must have run before `module` can; its own packages are running already."""
    direct = graph.find_modules_directly_imported_by(module)
    return direct | set().union(*map(rooms, direct)) - rooms(module) - {module}


def first_cycle(graph: ImportGraph) -> list[str]:
    """The modules of one circle of imports, in order; empty when there is none."""
    return _circle({module: needs(graph, module) for module in graph.modules})


def first_folder_cycle(graph: ImportGraph, package: str = "shared") -> list[str]:
    """The folders and files directly in the package of one circle of imports, in order."""
    needed: dict[str, set[str]] = {}
    for module in graph.find_descendants(package):
        here = needed.setdefault(_folder(module), set())
        for other in graph.find_modules_directly_imported_by(module):
            if other.startswith(f"{package}."):
                here.add(_folder(other))
        here.discard(_folder(module))
    return _circle(needed)


def _folder(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _circle(needed: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as circle:
        return list(reversed(circle.args[1]))
    return []


def main() -> int:
    """1 when modules or folders import each other in a circle, with the circle on stderr."""
    graph = build_graph(*PACKAGES, exclude_type_checking_imports=False)
    circle = first_cycle(graph) or first_folder_cycle(graph)
    if circle:
        sys.stderr.write("These need each other: " + " -> ".join(circle) + "\n")
    return int(bool(circle))


if __name__ == "__main__":
    sys.exit(main())
