"""What a schema has beside its tables: types, extensions, functions, triggers, policies.

An installation gets them by a revision. Told to the metadata as well, `create_all` makes them, so
that a test can compare what the code means with what the revisions made.
"""

from typing import Literal

from sqlalchemy import Connection, MetaData, event


def before_tables(metadata: MetaData, *statements: str) -> None:
    """Let `create_all` run these statements first."""
    _listen(metadata, "before_create", statements)


def after_tables(metadata: MetaData, *statements: str) -> None:
    """Let `create_all` run these statements when the tables are there."""
    _listen(metadata, "after_create", statements)


def _listen(
    metadata: MetaData,
    moment: Literal["before_create", "after_create"],
    statements: tuple[str, ...],
) -> None:
    def execute(_: MetaData, connection: Connection, **__: object) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    event.listen(metadata, moment, execute)
