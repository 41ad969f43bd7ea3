"""The table of files, for the metadata of a service.

A service adds it in a revision of its own when it begins to keep files, with the row-level security
of its other tables that carry a participant.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)

from shared.db.columns import moment, one_of
from shared.files.states import FileState


def files_table(metadata: MetaData) -> Table:
    """One row per file. The name of a personal file is sealed with the key of its owner."""
    return Table(
        "file",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("owner_kind", Text, nullable=False),
        Column("owner_id", Uuid, nullable=False),
        Column("participant", Text),
        Column("kind", Text, nullable=False),
        Column("name", Text),
        Column("sealed_name", LargeBinary),
        Column("media_type", Text, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("storage_key", Text, nullable=False, unique=True),
        Column("thumbnail_size", BigInteger),
        Column("key_id", Uuid),
        moment("created_at"),
        Column("created_by", Text, nullable=False),
        moment("scanned_at", nullable=True),
        one_of("state", FileState, "file_state"),
        CheckConstraint(
            "(key_id IS NULL) = (sealed_name IS NULL) AND (key_id IS NULL) = (name IS NOT NULL)",
            name="file_name_sealed_with_key",
        ),
        CheckConstraint("state = 'ontvangen' OR scanned_at IS NOT NULL", name="file_scanned"),
        Index("file_owner", "owner_kind", "owner_id", "created_at"),
        Index("file_waiting", "created_at", postgresql_where=text("state = 'ontvangen'")),
    )
