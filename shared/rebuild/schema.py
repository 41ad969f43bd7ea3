"""What a migration of a service runs."""

from sqlalchemy import Connection, MetaData

from shared.rebuild.tables import rebuild_table


def create(connection: Connection) -> None:
    """Create the table where it is missing; the first migration of a new database made it."""
    metadata = MetaData()
    rebuild_table(metadata)
    metadata.create_all(connection, checkfirst=True)
