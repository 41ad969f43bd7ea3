"""The chained statement: placeholders, order of columns, bulk and conflicts."""

from sqlalchemy import Column, Integer, MetaData, Table, Text

from shared.db.write_queue import Queue

metadata = MetaData()
thing = Table("thing", metadata, Column("id", Integer, primary_key=True), Column("name", Text))
other = Table("other", metadata, Column("id", Integer, primary_key=True), Column("user", Text))


def test_one_insert_is_a_plain_statement_in_the_order_of_the_row() -> None:
    queue = Queue()
    queue.insert(thing, {"name": "a", "id": 1})
    sql, arguments = queue.take()
    assert sql == "INSERT INTO thing (id, name) VALUES ($2::INTEGER, $1::VARCHAR)"
    assert arguments == ["a", 1]
    assert not queue


def test_several_writes_become_one_statement_with_shifted_placeholders() -> None:
    queue = Queue()
    queue.insert(thing, {"id": 1, "name": "a"})
    queue.update(other, {"id": 2}, {"user": "b"})
    sql, arguments = queue.take()
    assert sql.startswith("WITH w0 AS (INSERT INTO thing (id, name) VALUES ($1::INTEGER")
    assert 'UPDATE other SET "user"=$3::VARCHAR WHERE other.id = $4::INTEGER' in sql
    assert arguments == [1, "a", "b", 2]


def test_many_rows_of_one_shape_are_one_argument() -> None:
    queue = Queue()
    for number in range(3):
        queue.insert(thing, {"id": number, "name": "x"})
    sql, arguments = queue.take()
    assert 'json_populate_recordset(NULL::"thing", $1::text::json)' in sql
    assert len(arguments) == 1


def test_the_last_upsert_of_a_row_wins_within_a_flush() -> None:
    queue = Queue()
    queue.upsert(thing, {"id": 1, "name": "old"}, ("id",))
    queue.upsert(thing, {"id": 1, "name": "new"}, ("id",))
    sql, arguments = queue.take()
    assert sql.endswith('ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name"')
    assert arguments == [1, "new"]


def test_the_text_of_a_shape_is_made_once() -> None:
    def text() -> str:
        queue = Queue()
        queue.insert(thing, {"id": 1, "name": "a"})
        return queue.take()[0]

    assert text() is text()


def test_an_insert_that_locks_gives_what_is_there() -> None:
    queue = Queue()
    queue.insert_or_lock(thing, {"id": 1, "name": "a"}, ("id",))
    sql, arguments = queue.take()
    assert sql.startswith("INSERT INTO thing (id, name) VALUES ")
    assert sql.endswith('ON CONFLICT ("id") DO UPDATE SET "id" = excluded."id" RETURNING *')
    assert arguments == [1, "a"]
