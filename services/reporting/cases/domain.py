"""Which product a case is about, and which event counts it as delivered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProductRule:
    """A rule in force; qualifier '' is any."""

    qualifier: str
    product: str
    counts: bool
    valid_from: date
    valid_until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the rule holds on this day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def rule_for(rules: Iterable[ProductRule], qualifier: str, day: date) -> ProductRule | None:
    """The rule of a day: its own qualifier before the general rule."""
    holding = [rule for rule in rules if rule.holds_on(day)]
    for wanted in (qualifier, ""):
        for rule in holding:
            if rule.qualifier == wanted:
                return rule
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """What an event of another service says of its case; `day` is the day that counts."""

    event_id: UUID
    event: str
    case_id: UUID
    version: int
    kind: str
    number: str
    qualifier: str
    day: date
    participant: str | None = None
    location_id: UUID | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    within_term: bool | None = None
    source_key: str | None = None


def case_rows(events: Sequence[CaseEvent], rules: Sequence[ProductRule]) -> list[dict[str, Any]]:
    """One row per case, the newest version on top: a statement may not touch a row twice."""
    kept: dict[UUID, dict[str, Any]] = {}
    for event in sorted(events, key=lambda event: event.version):
        row = _case_row(event, rules)
        before = kept.get(event.case_id, {})
        given = {name: value for name, value in row.items() if value is not None}
        kept[event.case_id] = {**row, **before, **given}
    return [kept[identity] for identity in sorted(kept)]


def _case_row(event: CaseEvent, rules: Sequence[ProductRule]) -> dict[str, Any]:
    rule = rule_for(rules, event.qualifier, event.day)
    return {
        "id": event.case_id,
        "version": event.version,
        "kind": event.kind,
        "number": event.number,
        "qualifier": event.qualifier,
        "participant": event.participant,
        "location_id": event.location_id,
        "product": rule.product if rule else None,
        "opened_on": event.opened_on,
        "closed_on": event.closed_on,
        "within_term": event.within_term,
        "active_on": event.day,
        "source_key": event.source_key,
    }


def deliveries(
    events: Iterable[CaseEvent], rules: Sequence[ProductRule], participants: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    """The products that these events count as delivered."""
    rows = []
    for event in events:
        rule = rule_for(rules, event.qualifier, event.day)
        if rule is None or not rule.counts:
            continue
        row = {
            # An event delivers one product at most: its id does for both.
            "id": event.event_id,
            "subject": event.case_id,
            "product": rule.product,
            "event": event.event,
            "event_id": event.event_id,
            "participant": event.participant or participants.get(event.case_id),
            "delivered_on": event.day,
            "case_kind": event.kind,
            "case_number": event.number,
        }
        rows.append(row)
    return rows
