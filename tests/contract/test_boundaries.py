"""What import-linter cannot say: a domain imports little, a part keeps its storage to itself."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.settings import SERVICES

ROOT = Path(__file__).resolve().parents[2]
PURE = ("contracts", "calendar", "clock", "errors", "state_machine", "money", "four_eyes")
# What only the part itself imports. A read joins the tables that the service gathers.
OWN = ("store", "tables")
# Who still reaches into another part; each line goes when it is mended.
EXCEPTIONS = {
    "services.risk.locations.queries -> services.risk.models.store",
    "services.risk.locations.queries -> services.risk.models.tables",
    "services.risk.locations.queries -> services.risk.scores.tables",
    "services.risk.locations.timeline -> services.risk.scores.tables",
    "services.risk.scores.commands -> services.risk.locations.store",
    "services.risk.scores.commands -> services.risk.models.store",
    "services.risk.scores.queries -> services.risk.models.store",
    "services.risk.scores.store -> services.risk.locations.store",
    "services.risk.scores.store -> services.risk.locations.tables",
    "services.risk.scores.store -> services.risk.models.tables",
}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def domains_of(service: str) -> list[Path]:
    """Of each of its parts; a file or a package."""
    folder = ROOT / "services" / service
    ways = ("*/domain.py", "*/domain/**/*.py")
    return sorted({path for way in ways for path in folder.glob(way)})


def is_pure(name: str, service: str) -> bool:
    first, *rest = name.split(".")
    if first == "shared":
        return bool(rest) and rest[0] in PURE
    if first == "services":
        return rest[:1] == [service] and "domain" in rest[1:3]
    return first in sys.stdlib_module_names


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_imports_the_standard_library_and_contracts(service: str) -> None:
    files = domains_of(service)
    assert files
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in imported(path)
        if not is_pure(name, service)
    }
    assert not strangers


@pytest.mark.parametrize(
    "name",
    [
        "sqlalchemy.select",
        "shared.db.database.Database",
        "shared",
        "services.risk.domain",
        "services.risk.models.domain.Model",
        "services.intake.complaints.store.lock",
    ],
)
def test_other_imports_would_be_seen(name: str) -> None:
    assert not is_pure(name, "intake")


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def trespassing(importer: str, name: str) -> str | None:
    """The line for a module that imports the storage of another part of its service."""
    _, service, part, *_ = (*importer.split("."), "", "")
    first, *rest = name.split(".")
    if first != "services" or len(rest) < 3 or rest[0] != service:
        return None
    _, other, role, *_ = rest
    if role not in OWN or other == part:
        return None
    return f"{importer} -> services.{service}.{other}.{role}"


def parts() -> Iterator[Path]:
    """Every file of every part: what is in a folder that has a role of its own."""
    for folder in sorted((ROOT / "services").glob("*/*/")):
        if any((folder / f"{role}{end}").exists() for role in OWN for end in (".py", "")):
            yield from sorted(folder.rglob("*.py"))


def test_a_part_keeps_its_storage_to_itself() -> None:
    files = list(parts())
    assert files
    found = {trespassing(module_of(path), name) for path in files for name in imported(path)}
    assert found - {None} == EXCEPTIONS


def test_reaching_into_another_part_would_be_seen() -> None:
    own, other = "services.risk.models", "services.risk.programmes"
    assert trespassing(f"{own}.commands", f"{other}.store.lock") is not None
    assert trespassing(f"{own}.screens.list", f"{other}.tables.programme") is not None
    assert trespassing(f"{own}.commands", f"{own}.store.lock") is None
    assert trespassing(f"{own}.queries", "services.risk.tables.programme") is None


# Names of before, or that say what every reader of FastAPI takes for something else.
BANNED = frozenset(
    {
        *("handlers", "repository", "views", "pages", "importing", "desk", "doors", "deeds"),
        *("taking", "post", "wire", "lanes", "places", "known", "limits", "common", "utils"),
    }
)


def test_folders_and_files_have_the_names_of_the_field_and_its_roles() -> None:
    services = ROOT / "services"
    found = {
        str(path.relative_to(ROOT))
        for path in services.rglob("*.py")
        if BANNED & set(path.relative_to(services).with_suffix("").parts)
    }
    assert not found
