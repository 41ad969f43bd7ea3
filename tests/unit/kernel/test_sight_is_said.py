"""Whoever reads or writes says whose rows it sees: the product leaves it to no default."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
SAID = {"read": 0, "work": 1}


def silent(tree: ast.AST) -> Iterator[int]:
    """The lines that ask a database for a reader or a unit of work without a Sight."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in SAID or not _is_database(ast.unparse(node.func.value)):
            continue
        by_name = any(keyword.arg == "sight" for keyword in node.keywords)
        if not by_name and len(node.args) <= SAID[node.func.attr]:
            yield node.lineno


def _is_database(receiver: str) -> bool:
    last = receiver.rsplit(".", maxsplit=1)[-1].lower()
    return last.strip("_") in {"db", "database"} or last.startswith("databases[")


def test_a_silent_reader_is_found() -> None:
    code = "db.read()\nself._database.work(actor='x')\ndb.read(ctx.sight)\ndb.work('x', sight=s)"
    assert list(silent(ast.parse(code))) == [1, 2]


def test_every_reader_and_unit_of_work_says_its_sight() -> None:
    files = [
        path for part in ("services", "shared", "deploy") for path in (ROOT / part).rglob("*.py")
    ]
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in files
        for line in silent(ast.parse(path.read_text("utf-8")))
    ]
    assert len(files) > 100
    assert found == []
