"""Circles of imports are found: between modules, and between the folders of the kernel."""

import pytest
from grimp import ImportGraph

from tools.check_cycles import first_cycle, first_folder_cycle


def graph(*imports: tuple[str, str]) -> ImportGraph:
    made = ImportGraph()
    made.add_module("shared")
    for importer, imported in imports:
        for module in (importer, imported):
            made.add_module(module)
            made.add_module(module.rpartition(".")[0])
        made.add_import(importer=importer, imported=imported)
    return made


def test_without_a_circle_there_is_none() -> None:
    straight = graph(("shared.http.a", "shared.db.a"), ("shared.http.b", "shared.http.a"))
    assert first_cycle(straight) == first_folder_cycle(straight) == []


@pytest.mark.parametrize("third", ["shared.db.b", "shared.errors"])
def test_folders_may_need_each_other_where_modules_do_not(third: str) -> None:
    around = graph(("shared.http.a", "shared.db.a"), (third, "shared.http.b"))
    assert first_cycle(around) == []
    found = first_folder_cycle(around)
    assert bool(found) is (third == "shared.db.b")
    if found:
        assert set(found) == {"shared.http", "shared.db"}


def test_modules_that_need_each_other_are_named() -> None:
    around = graph(("shared.db.a", "shared.db.b"), ("shared.db.b", "shared.db.a"))
    assert set(first_cycle(around)) == {"shared.db.a", "shared.db.b"}
    assert first_folder_cycle(around) == []
