"""What the search field finds: complaints by number, address or words of the place."""

from typing import Final

from sqlalchemy import Integer, Text, bindparam, func, or_, select

from services.intake.conditions import given, visible
from services.intake.tables import complaint, incident, location
from shared.db.rows import Row, Rows

SHOWN: Final = 20
SHORTEST: Final = 2

_NUMBER = bindparam("number", type_=Text)
_PATTERN = bindparam("pattern", type_=Text)
_LIMIT = bindparam("limit", type_=Integer)
_COMPLAINTS = (
    select(
        complaint,
        location.c.name.label("location_name"),
        location.c.number.label("location_number"),
        incident.c.number.label("incident_number"),
    )
    .select_from(
        complaint.outerjoin(location, location.c.id == complaint.c.location_id).outerjoin(
            incident, incident.c.id == complaint.c.incident_id
        )
    )
    .where(
        visible(complaint),
        given(complaint.c.category, "category"),
        given(complaint.c.participant, "participant"),
        or_(
            complaint.c.number.startswith(_NUMBER, autoescape=False),
            func.concat_ws(
                " ", complaint.c.street, complaint.c.house_number, complaint.c.city
            ).ilike(_PATTERN),
            func.replace(complaint.c.postcode, " ", "").ilike(func.replace(_PATTERN, " ", "")),
            location.c.name.ilike(_PATTERN),
            func.concat_ws(" ", location.c.street, location.c.house_number).ilike(_PATTERN),
        ),
    )
    .order_by(complaint.c.work_order, complaint.c.id)
    .limit(_LIMIT)
)
_INCIDENTS = (
    select(incident, location.c.name.label("location_name"))
    .select_from(incident.outerjoin(location, location.c.id == incident.c.location_id))
    .where(visible(incident), incident.c.number.startswith(_NUMBER, autoescape=False))
    .order_by(incident.c.started_at.desc())
    .limit(_LIMIT)
)


def _plain(words: str) -> str:
    return " ".join(words.replace("\\", "").replace("%", "").replace("_", "").split())


async def complaints(
    rows: Rows,
    words: str,
    participants: list[str] | None,
    limit: int = SHOWN,
    *,
    category: str | None = None,
    participant: str | None = None,
) -> list[Row]:
    """Complaints with that number or at such an address, in the order of the work list."""
    plain = _plain(words)
    if len(plain) < SHORTEST:
        return []
    return await rows.all(
        _COMPLAINTS,
        number=plain.upper(),
        pattern=f"%{plain}%",
        participants=participants,
        category=category,
        participant=participant,
        limit=limit,
    )


async def incidents(
    rows: Rows, words: str, participants: list[str] | None, limit: int = SHOWN
) -> list[Row]:
    """Incidents with that number."""
    plain = _plain(words)
    if len(plain) < SHORTEST:
        return []
    return await rows.all(_INCIDENTS, number=plain.upper(), participants=participants, limit=limit)
