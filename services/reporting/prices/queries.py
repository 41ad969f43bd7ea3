"""Participants, products and what has versions."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.reporting.listing import Listing
from shared.db.rows import Rows

_VERSIONED = {
    "tariff": "product",
    "norm": "product",
    "sharing_key": "code",
    "parameter": "code",
    "product_rule": "product",
}
VERSIONS = {
    table: Listing(
        select=f"SELECT * FROM {table}",  # noqa: S608 - names of our own tables
        conditions={
            "key": f"{key} = :key",
            "day": "activated_at IS NOT NULL AND valid_from <= :day"
            " AND (valid_until IS NULL OR :day < valid_until)",
        },
        after="(valid_from, id) < (:after_0, :after_1)",
        order="valid_from DESC, id DESC",
        key=("valid_from", "id"),
        casts=(date.fromisoformat, UUID),
    )
    for table, key in _VERSIONED.items()
}


_PARAMETER = text("""
    SELECT value FROM parameter
    WHERE code = :code AND activated_at IS NOT NULL
      AND valid_from <= :day AND (valid_until IS NULL OR :day < valid_until)
""")


async def parameter_on(rows: Rows, code: str, day: date) -> dict[str, Any] | None:
    """The value in force on a day."""
    value: dict[str, Any] | None = await rows.value(_PARAMETER, code=code, day=day)
    return value
