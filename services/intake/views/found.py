"""What the search field finds: complaints by number, address or words of the place."""

from typing import Any, Final

from sqlalchemy import Integer, Text, bindparam, func, or_, select

from services.intake.tables import complaint, incident, location
from services.intake.views.limits import visible
from shared.rows import Row, Rows

SHOWN: Final = 20

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
    rows: Rows, words: str, participants: list[str] | None, limit: int = SHOWN
) -> list[Row]:
    """Complaints with that number or at such an address, in the order of the work list."""
    return await _found(rows, _COMPLAINTS, words, participants, limit, pattern=True)


async def incidents(
    rows: Rows, words: str, participants: list[str] | None, limit: int = SHOWN
) -> list[Row]:
    """Incidents with that number."""
    return await _found(rows, _INCIDENTS, words, participants, limit)


async def _found(
    rows: Rows,
    statement: Any,
    words: str,
    participants: list[str] | None,
    limit: int,
    *,
    pattern: bool = False,
) -> list[Row]:
    plain = _plain(words)
    if len(plain) < 2:
        return []
    values: dict[str, Any] = {"number": plain.upper(), "participants": participants}
    if pattern:
        values["pattern"] = f"%{plain}%"
    return await rows.all(statement, **values, limit=limit)
