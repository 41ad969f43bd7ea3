"""The store of cases and of what they delivered."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.cases.domain import ProductRule
from services.reporting.cases.tables import product_delivery
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork


class CaseParticipant(NamedTuple):
    """Whose a case is."""

    id: UUID
    participant: str


_RULES = Query(
    ProductRule,
    text("""
        SELECT qualifier, product, counts, valid_from, valid_until FROM product_rule
        WHERE event = :event AND activated_at IS NOT NULL
    """),
)
# Events of one case may come out of order (their keys differ): the newest version describes it,
# an older one only fills what is not known. It is closed when the newest says so: nothing but a
# reopening comes after.
_KEEP_CASES = text("""
    INSERT INTO case_file AS c (id, version, kind, number, qualifier, participant, location_id,
                                product, opened_on, closed_on, within_term, active_on, source_key)
    SELECT id, version, kind, number, qualifier, participant, location_id,
           product, opened_on, closed_on, within_term, active_on, source_key
    FROM json_populate_recordset(NULL::case_file, CAST(:rows AS json))
    ON CONFLICT (id) DO UPDATE SET
        version = greatest(c.version, excluded.version),
        product = CASE WHEN excluded.version > c.version
                       THEN coalesce(excluded.product, c.product) ELSE c.product END,
        participant = CASE WHEN excluded.version > c.version
                           THEN coalesce(excluded.participant, c.participant)
                           ELSE coalesce(c.participant, excluded.participant) END,
        location_id = CASE WHEN excluded.version > c.version
                           THEN coalesce(excluded.location_id, c.location_id)
                           ELSE coalesce(c.location_id, excluded.location_id) END,
        opened_on = least(c.opened_on, excluded.opened_on),
        closed_on = CASE WHEN excluded.version > c.version
                         THEN excluded.closed_on ELSE c.closed_on END,
        within_term = CASE WHEN excluded.version > c.version
                           THEN excluded.within_term ELSE c.within_term END,
        active_on = greatest(c.active_on, excluded.active_on),
        source_key = coalesce(c.source_key, excluded.source_key)
""")
_PARTICIPANTS = Query(
    CaseParticipant,
    text("""
        SELECT id, participant FROM case_file
        WHERE id = ANY(CAST(:ids AS uuid[])) AND participant IS NOT NULL
    """),
)
_GIVE_PARTICIPANT = text("""
    UPDATE product_delivery d SET participant = c.participant
    FROM case_file c
    WHERE c.id = d.subject AND d.subject = ANY(CAST(:ids AS uuid[]))
      AND d.participant IS NULL AND c.participant IS NOT NULL
""")
_LINK_HOURS_OF = text("""
    UPDATE hour_line l SET case_id = c.id FROM case_file c
    WHERE c.id = ANY(CAST(:ids AS uuid[])) AND upper(l.case_number) = upper(c.number)
      AND l.case_id IS NULL AND l.case_number IS NOT NULL
""")
# Hours that were imported while their case was being told pass each other by.
_LINK_HOURS = text("""
    UPDATE hour_line l SET case_id = c.id FROM case_file c
    WHERE l.case_id IS NULL AND l.case_number IS NOT NULL
      AND upper(c.number) = upper(l.case_number)
""")


async def rules(rows: Rows, event: str) -> list[ProductRule]:
    """The rules in force of an event, of all days."""
    return await rows.all(_RULES, event=event)


async def keep(work: UnitOfWork, cases: Sequence[Mapping[str, Any]]) -> None:
    """Keep the cases, and give what they delivered the participant that is known by now."""
    await work.execute(_KEEP_CASES, rows=list(cases))
    await work.execute(_GIVE_PARTICIPANT, ids=[case["id"] for case in cases])


async def participants(rows: Rows, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Whose these cases are."""
    return {row.id: row.participant for row in await rows.all(_PARTICIPANTS, ids=ids)}


def count(work: UnitOfWork, deliveries: Sequence[Mapping[str, Any]]) -> None:
    """Queue products that were delivered, each once."""
    for row in deliveries:
        work.insert(product_delivery, row, ignore=True)


async def link_hours_of(work: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Link hours that were booked before their case was heard of."""
    await work.execute(_LINK_HOURS_OF, ids=list(ids))


async def link_hours(work: UnitOfWork) -> None:
    """Link all hours whose case is known by now."""
    await work.execute(_LINK_HOURS)
