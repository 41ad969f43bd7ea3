"""What the other services tell: cases to book on, and products that count as delivered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.reporting.tables import product_delivery
from shared.clock import local_date
from shared.contracts.base import Event
from shared.contracts.enforcement import (
    InspectionCompleted,
    InspectionPlanned,
    MeasureEnded,
    MeasureImposed,
    MeasureIntended,
    PenaltyForfeited,
)
from shared.contracts.intake import ComplaintClosed, ComplaintLinked, ComplaintReceived
from shared.ids import new_id
from shared.messaging.handlers import Delivery, Handler, Handlers
from shared.rows import Row
from shared.work import Work

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
    """What an event says of its case; `day` is the day on which a product counts (now if none)."""

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


def tells(facts_of: Callable[[Any], Facts]) -> Handler:
    """A handler that keeps the case and counts what was delivered."""

    async def handle(deliveries: Sequence[Delivery[Any]], work: Work) -> None:
        event_name = deliveries[0].event.type.rsplit(".", 1)[-1]
        rules = Rules(await work.all(_RULES, event=event_name))
        told = [(each, facts_of(each.event)) for each in deliveries]
        ids = sorted({each.event.subject for each, _ in told})
        await _keep_cases([_case(each, facts, rules, work) for each, facts in told], work)
        await work.execute(_GIVE_PARTICIPANT, ids=ids)
        await work.execute(_LINK_HOURS, ids=ids)
        await _count(event_name, told, rules, work)

    return handle


def _case(each: Delivery[Any], facts: Facts, rules: Rules, work: Work) -> dict[str, Any]:
    event = each.event
    rule = rules.find(facts.qualifier, facts.day or work.today)
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
        "active_on": facts.day or work.today,
    }


async def _keep_cases(rows: Sequence[dict[str, Any]], work: Work) -> None:
    """One row per case: a statement may not touch a row twice."""
    kept: dict[UUID, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["version"]):
        before = kept.get(row["id"], {})
        known = {name: value for name, value in row.items() if value is not None}
        kept[row["id"]] = {**row, **before, **known}
    await work.execute(_KEEP_CASES, rows=[kept[identity] for identity in sorted(kept)])


async def _count(
    event_name: str, told: Sequence[tuple[Delivery[Any], Facts]], rules: Rules, work: Work
) -> None:
    ids = sorted({each.event.subject for each, _ in told})
    found = await work.all(_PARTICIPANTS, ids=ids)
    participants = {row["id"]: row["participant"] for row in found}
    for each, facts in told:
        day = facts.day or work.today
        rule = rules.find(facts.qualifier, day)
        if rule and rule["counts"]:
            row = _delivery(each, facts, event_name, rule["product"], participants)
            work.insert(product_delivery, {**row, "delivered_on": day}, ignore=True)


def _delivery(
    each: Delivery[Any],
    facts: Facts,
    event_name: str,
    product: str,
    participants: Mapping[UUID, str],
) -> dict[str, Any]:
    event: Event = each.event
    return {
        "id": new_id(),
        "subject": event.subject,
        "product": product,
        "event": event_name,
        "event_id": each.envelope.event_id,
        "participant": event.participant or participants.get(event.subject),
        "case_kind": facts.kind,
        "case_number": each.event.number,
    }


CONSUMERS: Handlers = {
    ComplaintReceived: tells(_complaint),
    ComplaintLinked: tells(_complaint),
    ComplaintClosed: tells(_complaint_closed),
    InspectionPlanned: tells(_planned),
    InspectionCompleted: tells(_completed),
    MeasureIntended: tells(_decided),
    MeasureImposed: tells(_decided),
    PenaltyForfeited: tells(_forfeited),
    MeasureEnded: tells(_ended),
}
