"""Reads of participants."""

from sqlalchemy import text

from shared.db.rows import Row, Rows

PARTICIPANTS = text("""
    SELECT * FROM participant
    WHERE (CAST(:codes AS text[]) IS NULL OR code = ANY(CAST(:codes AS text[]))) ORDER BY name
""")


PARTICIPANT = text("SELECT * FROM participant WHERE code = :code")


async def participants(rows: Rows, codes: list[str] | None) -> list[Row]:
    """The participants that a caller may see, by name."""
    return await rows.all(PARTICIPANTS, codes=codes)


async def participant(rows: Rows, code: str) -> Row:
    """One participant. Raises NotFound."""
    return await rows.one(PARTICIPANT, f"Deelnemer {code}", code=code)
