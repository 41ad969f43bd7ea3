"""What the queue refuses: a second write that may touch a row of the same flush."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, Uuid

from shared.db.write_queue import DoubleWriteError, Queue

metadata = MetaData()
thing = Table(
    "thing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", Integer),
    Column("a", Text),
    Column("b", Text),
)
child = Table(
    "child",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("thing_id", ForeignKey("thing.id", ondelete="CASCADE")),
)
Act = Callable[[Queue], None]


def insert(**row: Any) -> Act:
    return lambda queue: queue.insert(thing, row)


def ignore(**row: Any) -> Act:
    return lambda queue: queue.insert(thing, row, ignore=True)


def upsert(**row: Any) -> Act:
    return lambda queue: queue.upsert(thing, row, ("id",))


def update(key: dict[str, Any], **values: Any) -> Act:
    return lambda queue: queue.update(thing, key, values)


def delete(**key: Any) -> Act:
    return lambda queue: queue.delete(thing, key)


REFUSED = [
    (update({"id": 1}, a="x"), update({"id": 1}, b="y")),
    (update({"id": 1}, a="x"), update({"id": 1}, a="y")),
    (update({"id": 1}, a="x"), update({"owner": 5}, b="y")),
    (update({"id": 1}, a="x"), delete(id=1)),
    (update({"id": 1}, a="x"), delete(a="x")),
    (update({"id": 1}, a="x"), upsert(id=1, a="y")),
    (update({"id": 1}, a="x"), insert(id=1, a="y")),
    (insert(id=1, a="x"), update({"id": 1}, b="y")),
    (insert(id=1, owner=5), update({"owner": 5}, b="y")),
    (insert(id=1, a="x"), update({"owner": 5}, b="y")),
    (insert(id=1, a="x"), delete(id=1)),
    (insert(id=1, a="x"), upsert(id=1, b="y")),
    (ignore(id=1, owner=5), delete(owner=6)),
    (ignore(owner=5), delete(id=1)),
    (ignore(id=1, a="x"), insert(id=1, a="y")),
    (ignore(id=1, a="x"), ignore(id=1, b="y")),
    (upsert(id=1, a="x"), upsert(id=1, b="y")),
    (upsert(id=1, a="x"), update({"id": 1}, b="y")),
    (upsert(id=1, owner=5), delete(owner=5)),
    (delete(id=1), insert(id=1, a="x")),
    (delete(owner=5), ignore(id=1, a="x")),
    (delete(id=1), update({"id": 1}, a="x")),
    (delete(owner=5), update({"id": 1}, a="x")),
    (delete(id=1), upsert(id=1, a="x")),
]
ACCEPTED = [
    (update({"id": 1}, a="x"), update({"id": 2}, b="y")),
    (update({"id": 1}, a="x"), delete(id=2)),
    (update({"id": 1, "owner": 5}, a="x"), update({"owner": 6}, b="y")),
    (insert(id=1, owner=5), delete(owner=6)),
    (insert(owner=5, a="x"), update({"id": 1}, a="y")),
    (insert(id=1, a="x"), insert(id=2, b="y")),
    (delete(owner=5), insert(id=1, owner=5)),
    (delete(owner=5), delete(id=1)),
    (delete(id=1), ignore(id=2, a="x")),
    (ignore(id=1, a="x"), ignore(id=1, a="y")),
    (upsert(id=1, a="x"), upsert(id=1, a="y")),
    (upsert(id=1, a="x"), upsert(id=2, b="y")),
]


@pytest.mark.parametrize(("first", "second"), REFUSED)
def test_writes_that_may_touch_one_row_are_refused(first: Act, second: Act) -> None:
    queue = Queue()
    first(queue)
    with pytest.raises(DoubleWriteError, match="thing"):
        second(queue)
    queue.take()
    second(queue)


@pytest.mark.parametrize(("first", "second"), ACCEPTED)
def test_writes_that_touch_different_rows_or_end_the_same_are_kept(first: Act, second: Act) -> None:
    queue = Queue()
    first(queue)
    second(queue)
    assert queue


def test_the_error_names_table_and_key() -> None:
    queue = Queue()
    queue.update(thing, {"id": 7}, {"a": "x"})
    with pytest.raises(DoubleWriteError, match=r"thing \(id=7\)") as caught:
        queue.delete(thing, {"id": 7})
    assert (caught.value.table, caught.value.key) == ("thing", {"id": 7})


def test_among_many_rows_of_one_shape_the_one_is_found() -> None:
    queue = Queue()
    for number in range(50):
        queue.insert(thing, {"id": number, "owner": number % 5, "a": "x"})
    queue.update(thing, {"id": 50}, {"a": "y"})
    queue.insert(thing, {"id": 51, "owner": 9, "a": "x"})
    for key in ({"id": 49}, {"id": 51}, {"owner": 9}, {"owner": 4}):
        with pytest.raises(DoubleWriteError):
            queue.update(thing, key, {"b": "y"})


def test_an_identity_may_come_as_text() -> None:
    queue, identity = Queue(), uuid4()
    queue.insert(child, {"id": identity, "thing_id": 1})
    with pytest.raises(DoubleWriteError):
        queue.delete(child, {"id": str(identity)})


def test_a_deleted_parent_takes_its_children_along() -> None:
    for first, second in ((thing, child), (child, thing)):
        queue = Queue()
        acts: dict[Table, Act] = {
            thing: lambda queue: queue.delete(thing, {"id": 1}),
            child: lambda queue: queue.insert(child, {"id": uuid4(), "thing_id": 1}),
        }
        acts[first](queue)
        with pytest.raises(DoubleWriteError):
            acts[second](queue)


def test_a_column_cannot_be_both_looked_for_and_changed() -> None:
    with pytest.raises(TypeError, match="version"):
        Queue().update(thing, {"id": 1, "version": 1}, {"version": 2})


def test_a_statement_concerns_the_queue_when_it_names_a_table_of_it() -> None:
    queue = Queue()
    assert not queue.concerns("SELECT * FROM thing")
    queue.insert(thing, {"id": 1})
    assert queue.concerns('SELECT * FROM other JOIN "thing" t ON true')
    assert not queue.concerns("SELECT * FROM things JOIN child ON true")
    queue.take()
    queue.delete(thing, {"id": 1})
    assert queue.concerns("SELECT * FROM child")
