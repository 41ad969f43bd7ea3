"""What the other services tell: cases to book on, and products that count as delivered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.tables import case_file, product_delivery
from shared.clock import local_date
from shared.contracts.enforcement import (
    InspectionCompleted,
    InspectionPlanned,
    MeasureEnded,
    MeasureImposed,
    MeasureIntended,
    PenaltyForfeited,
)
from shared.contracts.intake import ComplaintClosed, ComplaintLinked, ComplaintReceived
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.handlers import Delivery, Handler, Handlers
from shared.rebuild.projection import Projection

_RULES = text("""
    SELECT event, qualifier, product, counts, valid_from, valid_until FROM product_rule
    WHERE event = :event AND activated_at IS NOT NULL
""")
# Events of one case may come out of order (their keys differ): the newest version describes it,
# an older one only fills what is not known.
_KEEP_CASES = text("""
    INSERT INTO case_file AS c (id, version, kind, number, qualifier, participant, location_id,
                                product, opened_on, closed_on, within_term, active_on)
    SELECT id, version, kind, number, qualifier, participant, location_id,
           product, opened_on, closed_on, within_term, active_on
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
        closed_on = coalesce(excluded.closed_on, c.closed_on),
        within_term = coalesce(excluded.within_term, c.within_term),
        active_on = greatest(c.active_on, excluded.active_on)
""")
_PARTICIPANTS = text("""
    SELECT id, participant FROM case_file
    WHERE id = ANY(CAST(:ids AS uuid[])) AND participant IS NOT NULL
""")
_GIVE_PARTICIPANT = text("""
    UPDATE product_delivery d SET participant = c.participant
    FROM case_file c
    WHERE c.id = d.subject AND d.subject = ANY(CAST(:ids AS uuid[]))
      AND d.participant IS NULL AND c.participant IS NOT NULL
""")
_LINK_HOURS = text("""
    UPDATE hour_line l SET case_id = c.id FROM case_file c
    WHERE c.id = ANY(CAST(:ids AS uuid[])) AND l.case_number = c.number
      AND l.case_id IS NULL AND l.case_number IS NOT NULL
""")


@dataclass(frozen=True, slots=True)
class Facts:
    """What an event says of its case.

    `day` is the day on which a product counts; if none, that on which the event came about.
    """

    kind: str
    qualifier: str
    day: date | None
    opened_on: date | None = None
    closed_on: date | None = None
    within_term: bool | None = None


def _complaint(event: ComplaintReceived | ComplaintLinked) -> Facts:
    day = local_date(event.received_at)
    return Facts("klacht", event.category, day, opened_on=day)


def _complaint_closed(event: ComplaintClosed) -> Facts:
    day = local_date(event.closed_at)
    opened = local_date(event.received_at)
    return Facts("klacht", event.category, day, opened, day, event.within_term)


def _planned(event: InspectionPlanned) -> Facts:
    return Facts("controle", event.kind, event.planned_on, event.planned_on)


def _completed(event: InspectionCompleted) -> Facts:
    return Facts("controle", event.kind, event.completed_on, closed_on=event.completed_on)


def _decided(event: MeasureIntended | MeasureImposed) -> Facts:
    day = event.decided_on
    return Facts("handhavingsmaatregel", event.instrument, day, opened_on=day)


def _forfeited(event: PenaltyForfeited) -> Facts:
    return Facts("handhavingsmaatregel", event.instrument, event.forfeited_on)


def _ended(event: MeasureEnded) -> Facts:
    day = event.ended_on
    return Facts("handhavingsmaatregel", event.instrument, day, closed_on=day)


class Told(NamedTuple):
    """An event, what it says of its case, and the day that counts."""

    delivery: Delivery[Any]
    facts: Facts
    day: date


class Rules:
    """Which product an event is about, on a day: its own qualifier before the general rule."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def find(self, qualifier: str, day: date) -> Row | None:
        """The rule, or None."""
        for wanted in (qualifier, ""):
            for row in self._rows:
                if row["qualifier"] == wanted and _holds(row, day):
                    return row
        return None


def _holds(row: Row, day: date) -> bool:
    return bool(
        row["valid_from"] <= day and (row["valid_until"] is None or day < row["valid_until"])
    )


def keeping(facts_of: Callable[[Any], Facts]) -> Handler:
    """A handler that keeps the case and counts what was delivered, and does nothing else."""

    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        event_name = deliveries[0].event.type.rsplit(".", 1)[-1]
        rules = Rules(await work.all(_RULES, event=event_name))
        told = [
            Told(each, facts := facts_of(each.event), _day(each, facts, work))
            for each in deliveries
        ]
        await _keep_cases([_case(each, rules) for each in told], work)
        await work.execute(_GIVE_PARTICIPANT, ids=_cases(deliveries))
        await _count(event_name, told, rules, work)

    return handle


def linking(keep: Handler) -> Handler:
    """A handler that also links hours that were booked before their case was heard of."""

    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        await keep(deliveries, work)
        await work.execute(_LINK_HOURS, ids=_cases(deliveries))

    return handle


def _cases(deliveries: Sequence[Delivery[Any]]) -> list[UUID]:
    return sorted({each.event.subject for each in deliveries})


def _day(each: Delivery[Any], facts: Facts, work: UnitOfWork) -> date:
    """The day that counts; not that of handling, which another time would be another day."""
    if facts.day is not None:
        return facts.day
    return local_date(each.envelope.time) if each.envelope.time else work.today


def _case(told: Told, rules: Rules) -> dict[str, Any]:
    event, facts = told.delivery.event, told.facts
    rule = rules.find(facts.qualifier, told.day)
    return {
        "id": event.subject,
        "version": event.version,
        "kind": facts.kind,
        "number": event.number,
        "qualifier": facts.qualifier,
        "participant": event.participant,
        "location_id": getattr(event, "location_id", None),
        "product": rule["product"] if rule else None,
        "opened_on": facts.opened_on,
        "closed_on": facts.closed_on,
        "within_term": facts.within_term,
        "active_on": told.day,
    }


async def _keep_cases(rows: Sequence[dict[str, Any]], work: UnitOfWork) -> None:
    """One row per case: a statement may not touch a row twice."""
    kept: dict[UUID, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["version"]):
        before = kept.get(row["id"], {})
        known = {name: value for name, value in row.items() if value is not None}
        kept[row["id"]] = {**row, **before, **known}
    await work.execute(_KEEP_CASES, rows=[kept[identity] for identity in sorted(kept)])


async def _count(event_name: str, told: Sequence[Told], rules: Rules, work: UnitOfWork) -> None:
    found = await work.all(_PARTICIPANTS, ids=_cases([each.delivery for each in told]))
    participants = {row["id"]: row["participant"] for row in found}
    for each in told:
        rule = rules.find(each.facts.qualifier, each.day)
        if rule and rule["counts"]:
            row = _delivery(each, event_name, rule["product"], participants)
            work.insert(product_delivery, row, ignore=True)


def _delivery(
    told: Told, event_name: str, product: str, participants: Mapping[UUID, str]
) -> dict[str, Any]:
    event, event_id = told.delivery.event, told.delivery.envelope.event_id
    return {
        # An event delivers one product at most: its id does for both.
        "id": event_id,
        "subject": event.subject,
        "product": product,
        "event": event_name,
        "event_id": event_id,
        "participant": event.participant or participants.get(event.subject),
        "delivered_on": told.day,
        "case_kind": told.facts.kind,
        "case_number": event.number,
    }


CASES: Final[Handlers] = {
    ComplaintReceived: keeping(_complaint),
    ComplaintLinked: keeping(_complaint),
    ComplaintClosed: keeping(_complaint_closed),
    InspectionPlanned: keeping(_planned),
    InspectionCompleted: keeping(_completed),
    MeasureIntended: keeping(_decided),
    MeasureImposed: keeping(_decided),
    PenaltyForfeited: keeping(_forfeited),
    MeasureEnded: keeping(_ended),
}

CONSUMERS: Final[Handlers] = {event: linking(keep) for event, keep in CASES.items()}
PROJECTIONS: Final = (
    Projection(
        name="zaken",
        title="Zaken en geleverde producten",
        tables=(case_file, product_delivery),
        handlers=CASES,
    ),
)
