"""Row-level security: what PostgreSQL shows to the two roles of a service (docs/adr, sight).

The role `vth_<service>_all` sees every row: its policy is `true`, so that plans stay as they are.
The role `vth_<service>_some` sees the rows of the participants in the setting `vth.participants`,
and the rows that hang on those. A row without participant is for the first role only, except in
tables where it holds for every participant.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from sqlalchemy import MetaData, Table

from shared.db.schema import after_tables
from shared.db.statements import DIALECT

# Read once per statement; the cast tells PostgreSQL that it is a list, and not a set of rows.
_OURS: Final = (
    "participant = ANY ((SELECT NULLIF(current_setting('vth.participants', true), ''))::text[])"
)


def protect(
    metadata: MetaData,
    service: str,
    *,
    parents: Mapping[str, Mapping[str, str]],
    shared: Collection[str] = (),
) -> None:
    """Protect every table with a column `participant`, and those that hang on one.

    `parents` names per table its columns and the tables that they refer to: the row is visible when
    one of those is. In a table that is `shared` a row without participant is for everybody. Call it
    when the tables are there; a revision has to do the same, which a test compares.
    """
    statements = list(_statements(metadata, service, parents, shared))
    after_tables(metadata, *statements)


def _statements(
    metadata: MetaData,
    service: str,
    parents: Mapping[str, Mapping[str, str]],
    shared: Collection[str],
) -> Iterator[str]:
    for table in metadata.sorted_tables:
        if table.name in parents:
            refers = parents[table.name].items()
            visible = " OR ".join(f"{column} IN (SELECT id FROM {to})" for column, to in refers)  # noqa: S608 - names of our tables
            # The parent may come in the same statement, and is not seen by it yet.
            yield from _policies(table, service, visible, check="true")
        elif is_personal(table):
            ours = f"participant IS NULL OR {_OURS}" if table.name in shared else _OURS
            yield from _policies(table, service, ours)


def is_personal(table: Table) -> bool:
    """Whether its rows belong to participants; the list of participants itself is for all."""
    return "participant" in table.c


def _policies(table: Table, service: str, visible: str, check: str = "") -> Iterator[str]:
    name = DIALECT.identifier_preparer.format_table(table)
    checked = f" WITH CHECK ({check})" if check else ""
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"CREATE POLICY everyone ON {name} TO vth_{service}_all USING (true)"
    yield f"CREATE POLICY named ON {name} TO vth_{service}_some USING ({visible}){checked}"
