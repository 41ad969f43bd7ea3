"""Settlements as lists, and the control totals of a year."""

from uuid import UUID

from sqlalchemy import text

from services.reporting.listing import Listing
from services.reporting.settlements.domain import Totals, control_totals
from shared.db.rows import Row, Rows

_ONE = """
    SELECT s.*, p.name AS participant_name FROM settlement s
    JOIN participant p ON p.code = s.participant
"""
SETTLEMENT = text(_ONE + " WHERE s.id = :id")
SETTLEMENTS = Listing(
    select=_ONE,
    conditions={
        "participants": "s.participant = ANY(:participants)",
        "participant": "s.participant = :participant",
        "year": "s.year = :year",
        "state": "s.state = :state",
    },
    after="(s.year, s.participant, s.id) < (:after_0, :after_1, :after_2)",
    order="s.year DESC, s.participant DESC, s.id DESC",
    key=("year", "participant", "id"),
    casts=(int, str, UUID),
)
OF_YEAR = text("""
    SELECT * FROM settlement WHERE participant = :participant AND year = :year
    ORDER BY state = 'vastgesteld' DESC, proposed_at DESC LIMIT 5
""")
_ADOPTED = text("""
    SELECT owed, advance, balance, result_share, to_pay FROM settlement
    WHERE year = :year AND state = 'vastgesteld'
      AND (CAST(:codes AS text[]) IS NULL OR participant = ANY(CAST(:codes AS text[])))
""")


async def settlement(rows: Rows, identity: UUID) -> Row:
    """One settlement. Raises NotFound."""
    return await rows.one(SETTLEMENT, "Deze afrekening", id=identity)


async def totals(rows: Rows, year: int, codes: list[str] | None) -> Totals:
    """The control totals of what was adopted of a year."""
    found = await rows.all(_ADOPTED, year=year, codes=codes)
    columns = ("owed", "advance", "balance", "result_share", "to_pay")
    amounts = [tuple(row[column] for column in columns) for row in found]
    return control_totals(amounts)
