"""The time line of a violation: who did what when, newest first, from the things themselves."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from services.enforcement.measures.queries import ForfeitureRow, MeasureRow
from services.enforcement.violations.queries import PositionRow, ReinspectionRow, ViolationRow
from shared.clock import AMSTERDAM
from shared.ui.formats import euro


def timeline(
    row: ViolationRow,
    positions: Sequence[PositionRow],
    measures: Sequence[MeasureRow],
    forfeited: Sequence[ForfeitureRow],
    again: Sequence[ReinspectionRow],
) -> list[dict[str, Any]]:
    """Every step; of one day the last one comes first."""
    entries = [
        _entry(
            row.established_on,
            f"Vastgesteld bij controle {row.inspection_number}",
            who=row.inspector_name,
            href=f"/enforcement/controles/{row.inspection_id}",
        )
    ]
    entries += [_positioned(each) for each in positions]
    for each in measures:
        entries += _measured(each)
    entries += [
        _entry(
            lost.forfeited_on,
            f"Dwangsom verbeurd: {euro(lost.amount)}",
            text=f"{lost.measure_number}, verbeurte {lost.sequence}",
        )
        for lost in forfeited
    ]
    entries += [_inspected(each) for each in again]
    if row.resolved_on:
        entries.append(_entry(row.resolved_on, "Overtreding hersteld"))
    # Days have no hour to tell steps apart.
    return sorted(entries, key=lambda entry: entry["when"])[::-1]


def _entry(when: date | datetime, what: str, **further: Any) -> dict[str, Any]:
    day = None if isinstance(when, datetime) else when
    if day is not None:
        when = datetime.combine(day, time(12), AMSTERDAM)
    return {
        "when": when,
        "day": day,
        "what": what,
        **{key: value or "" for key, value in further.items()},
    }


def _positioned(row: PositionRow) -> dict[str, Any]:
    what = f"Gepositioneerd in cel {row.cell}"
    return _entry(row.positioned_at, what, who=row.positioned_by, text=row.reason)


def _measured(row: MeasureRow) -> list[dict[str, Any]]:
    name = f"{row.instrument.capitalize()} ({row.number})"
    steps = (
        (row.chosen_on, f"Maatregel gekozen: {name}", row.chosen_by, row.deviation_reason),
        (row.intended_on, f"Voornemen verstuurd: {name}", "", ""),
        (row.decided_on, f"Opgelegd: {name}", row.decided_by, ""),
        (row.ended_on, f"Maatregel {row.state}: {name}", "", row.end_reason),
    )
    return [_entry(when, what, who=who, text=why) for when, what, who, why in steps if when]


def _inspected(row: ReinspectionRow) -> dict[str, Any]:
    href = f"/enforcement/controles/{row.id}"
    if not row.done or row.completed_on is None:
        return _entry(row.listed_on, f"Hercontrole {row.number} gepland", href=href)
    return _entry(
        row.completed_on,
        f"Hercontrole {row.number} uitgevoerd",
        who=row.inspector_name,
        text=", ".join(row.results),
        href=href,
    )
