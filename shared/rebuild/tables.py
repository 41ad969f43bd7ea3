"""The table of rebuilds: who asked for which, how far it is, what came of it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from shared.db.columns import moment, one_of


class RebuildState(StrEnum):
    """The life of a rebuild."""

    REQUESTED = "aangevraagd"
    RUNNING = "loopt"
    DONE = "klaar"
    FAILED = "mislukt"


def rebuild_table(metadata: MetaData) -> Table:
    """Define the table in the metadata of one service; one rebuild at a time is open."""
    table = Table(
        "rebuild",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("projection", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("step", Text, nullable=False, server_default=text("''")),
        Column("done", BigInteger, nullable=False, server_default=text("0")),
        Column("total", BigInteger, nullable=False, server_default=text("0")),
        Column("requested_by", Text, nullable=False),
        _now("requested_at"),
        _now("seen_at"),
        moment("started_at", nullable=True),
        moment("finished_at", nullable=True),
        Column("error", Text),
        one_of("state", RebuildState, "rebuild_state"),
        CheckConstraint(
            "(state IN ('aangevraagd', 'loopt')) = (finished_at IS NULL)", name="rebuild_open"
        ),
    )
    is_open = table.c.finished_at.is_(None)
    Index("rebuild_one_open", is_open, unique=True, postgresql_where=is_open)
    Index("rebuild_requested", table.c.requested_at)
    return table


def _now(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())
