"""No module needs itself to be imported: any module can be the first one a program imports."""

import sys
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
    try:
        TopologicalSorter({module: needs(graph, module) for module in graph.modules}).prepare()
    except CycleError as circle:
        return list(reversed(circle.args[1]))
    return []


def main() -> int:
    """1 when modules import each other in a circle, with the circle on stderr."""
    circle = first_cycle(build_graph(*PACKAGES, exclude_type_checking_imports=True))
    if circle:
        sys.stderr.write("Modules that need each other: " + " -> ".join(circle) + "\n")
    return int(bool(circle))


if __name__ == "__main__":
    sys.exit(main())
