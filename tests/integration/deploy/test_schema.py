"""The revisions make exactly what the code says: every column, constraint, index and policy.

Beside the database that the revisions made stands one made from the tables in the code; what the
catalogs of PostgreSQL say of them must be the same.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from deploy import databases, services
from shared.db.schema import after_tables
from shared.messaging.postgres_schema import SCHEMA
from shared.settings import SERVICES
from tests.support.catalog import QUERIES, Catalog, catalog, differences
from tests.support.databases import FreshDatabase, Templates

# Rights are given by revisions alone: the tables in the code do not speak of roles.
COMPARED = tuple(kind for kind in QUERIES if kind != "rights")


async def read(url: str) -> Catalog:
    connection = await asyncpg.connect(url)
    try:
        return await catalog(connection, COMPARED)
    finally:
        await connection.close()


async def made_from(metadata: MetaData, url: str) -> Catalog:
    """The catalog of an empty database after `create_all`."""
    engine = create_async_engine(url.replace("://", "+asyncpg://", 1), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"SET ROLE {urlsplit(url).username}_owner")
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    return await read(url)


@pytest.mark.parametrize("service", SERVICES)
async def test_the_revisions_make_the_tables_of_the_code(
    service: str, fresh_database: FreshDatabase, templates: Templates
) -> None:
    migrated = await read(await fresh_database(service))
    empty = await templates.empty(service, f"vth_{service}_from_code")
    assert differences(migrated, await made_from(services.spec_of(service).metadata, empty)) == []
    await templates.drop(empty)


async def test_the_revisions_make_the_event_log_of_the_code(
    fresh_database: FreshDatabase, templates: Templates
) -> None:
    migrated = await read(await fresh_database(databases.EVENTS))
    empty = await templates.empty(databases.EVENTS, "vth_events_from_code")
    connection = await asyncpg.connect(empty)
    await connection.execute("SET ROLE vth_events_owner")
    for statement in SCHEMA:
        await connection.execute(statement)
    await connection.close()
    assert differences(migrated, await read(empty)) == []
    await templates.drop(empty)


def sample() -> MetaData:
    """A table with one of each thing that can be forgotten."""
    metadata = MetaData()
    Table(
        "measure",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("state", Text, nullable=False, server_default=text("'new'")),
        CheckConstraint("state IN ('new', 'done')", name="measure_state"),
    )
    return metadata


def with_a_column(table: Table) -> None:
    table.append_column(Column("note", Text))


def with_an_index(table: Table) -> None:
    Index("measure_state_index", table.c.state)


def with_a_state(table: Table) -> None:
    states = next(each for each in table.constraints if each.name == "measure_state")
    table.constraints.remove(states)
    check = "state IN ('new', 'done', 'gone')"
    table.append_constraint(CheckConstraint(check, name="measure_state"))


def without_a_default(table: Table) -> None:
    table.c.state.server_default = None


def with_a_null(table: Table) -> None:
    table.c.state.nullable = True


def after_create(statement: str) -> Callable[[Table], None]:
    def change(table: Table) -> None:
        after_tables(table.metadata, statement)

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (with_a_column, ["column measure.note"]),
        (with_an_index, ["index measure_state_index"]),
        (with_a_state, ["constraint measure.measure_state"]),
        (without_a_default, ["column measure.state"]),
        (with_a_null, ["column measure.state", "constraint measure.measure_state_not_null"]),
        (
            after_create("CREATE POLICY own ON measure USING (state = current_user)"),
            ["policy measure.own"],
        ),
        (after_create("ALTER TABLE measure ENABLE ROW LEVEL SECURITY"), ["table measure"]),
        (after_create("ALTER TABLE measure SET (fillfactor = 50)"), ["table measure"]),
    ],
)
async def test_what_a_revision_forgot_is_told(
    change: Callable[[Table], None], told: list[str], templates: Templates
) -> None:
    one = await templates.empty("risk", "vth_risk_drift")
    before = await made_from(sample(), one)
    changed = sample()
    change(changed.tables["measure"])
    one = await templates.empty("risk", "vth_risk_drift")
    after = await made_from(changed, one)
    assert [line.split(":")[0] for line in differences(before, after)] == told
    await templates.drop(one)
