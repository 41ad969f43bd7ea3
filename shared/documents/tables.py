"""The table of documents, for the metadata of a service; its rows are only ever added.

A service adds it in a revision of its own, with the row-level security of its other tables that
carry a participant.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, Uuid

from shared.db.columns import moment


def documents_table(metadata: MetaData) -> Table:
    """One row per document. A snapshot about a person is sealed with the key named by `key_id`."""
    table = Table(
        "document",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("subject_id", Uuid, nullable=False),
        Column("participant", Text),
        Column("template_version", Integer, nullable=False),
        Column("snapshot", LargeBinary, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("key_id", Uuid),
        Column("created_by", Text, nullable=False),
        moment("created_at"),
    )
    Index("document_subject", table.c.subject_id, table.c.kind, table.c.created_at)
    return table
