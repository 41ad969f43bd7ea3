"""The earlier violations at a location that may make recidivism."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam, case, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from services.enforcement.policy import queries as policy
from services.enforcement.policy.domain.dated_policy import (
    ENDED_AFTER_INTENTION,
    Earlier,
    Kinship,
    Suggestion,
    suggest,
)
from services.enforcement.tables import measure, topic, violation
from services.enforcement.violations.domain import Violation
from shared.db.filters import equals
from shared.db.query import Query
from shared.db.rows import Rows


@dataclass(frozen=True, slots=True)
class _EarlierRow:
    id: UUID
    number: str
    established_on: date
    nature: str
    rule: str | None
    domain: str | None
    instruments: tuple[str, ...] | None


_ANSWER = case(
    (measure.c.decided_on.isnot(None), measure.c.instrument),
    (
        (measure.c.intended_on.isnot(None)) & (violation.c.resolved_on.isnot(None)),
        literal(ENDED_AFTER_INTENTION),
    ),
)
_ANSWERS = func.array_remove(
    func.array_agg(aggregate_order_by(_ANSWER, measure.c.chosen_on)), None, type_=ARRAY(Text)
)
_EARLIER: Final = Query(
    _EarlierRow,
    select(
        violation.c.id,
        violation.c.number,
        violation.c.established_on,
        violation.c.nature,
        violation.c.rule,
        topic.c.domain,
        _ANSWERS.label("instruments"),
    )
    .select_from(
        violation.outerjoin(measure, measure.c.violation_id == violation.c.id).outerjoin(
            topic, topic.c.code == violation.c.nature
        )
    )
    .where(
        equals(violation.c.location_id, "location_id"),
        violation.c.id != bindparam("violation_id"),
        violation.c.established_on <= bindparam("established_on"),
    )
    .group_by(violation.c.id, topic.c.domain)
    .order_by(violation.c.established_on.desc()),
)


async def suggestion_for(found: Violation, today: date, rows: Rows) -> Suggestion:
    """Whether the earlier violations at the location look like recidivism, by today's policy."""
    held = await policy.policy_on(today, rows)
    kinship = Kinship(found.rule, found.nature, await policy.domain_of(found.nature, rows))
    earlier = await rows.all(
        _EARLIER,
        location_id=found.location_id,
        violation_id=found.id,
        established_on=found.established_on,
    )
    return suggest(held, kinship, found.established_on, [_earlier(row) for row in earlier])


def _earlier(row: _EarlierRow) -> Earlier:
    kinship = Kinship(row.rule, row.nature, row.domain)
    return Earlier(row.id, row.number, row.established_on, kinship, row.instruments or ())
