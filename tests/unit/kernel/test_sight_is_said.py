"""Whoever reads or writes says whose rows it sees: no default does it for him."""

import inspect
from collections.abc import Callable

import pytest

from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork


@pytest.mark.parametrize("opening", [Database.read, Database.work, UnitOfWork])
def test_sight_has_no_default(opening: Callable[..., object]) -> None:
    sight = inspect.signature(opening).parameters["sight"]
    assert sight.default is inspect.Parameter.empty
