"""The file of a violation as the lawyer reads it: everything on one page, each figure sourced."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.enforcement.inspections import queries as inspection_views
from services.enforcement.inspections.domain import FindingResult, InspectionState
from services.enforcement.measures import queries as measure_views
from services.enforcement.measures.commands import check_mandate
from services.enforcement.measures.domain.measure import (
    ARTICLES,
    IN_FORCE,
    PREPARED,
    STATES,
    MeasureState,
    Mode,
    Unit,
)
from services.enforcement.measures.domain.terms import ARTICLES as TERM_ARTICLES
from services.enforcement.measures.domain.terms import NEXT, TermKind
from services.enforcement.measures.store import MEASURE
from services.enforcement.policy import store as policy
from services.enforcement.policy.domain.mandate import Check
from services.enforcement.policy.domain.matrix import Matrix, axes_of, level_of
from services.enforcement.rendering import templates
from services.enforcement.violations import queries as views
from services.enforcement.violations.commands import suggestion_for
from services.enforcement.violations.domain import ViolationState
from services.enforcement.violations.store import VIOLATION
from shared.auth.caller import Caller
from shared.clock import AMSTERDAM, local_date
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import Instrument
from shared.db.rows import Row, Rows
from shared.product.roles import Scope
from shared.ui.formats import euro
from shared.ui.forms import Form

CONSEQUENCES: Final = {
    Consequence.NEGLIGIBLE: "vrijwel nihil",
    Consequence.LIMITED: "beperkt",
    Consequence.SIGNIFICANT: "van belang",
    Consequence.SEVERE: "aanzienlijk en/of onomkeerbaar",
}
BEHAVIOURS: Final = {
    Behaviour.WILLING: "goedwillend",
    Behaviour.INDIFFERENT: "onverschillig",
    Behaviour.CALCULATING: "calculerend",
    Behaviour.NOTORIOUS: "notoir/crimineel",
}


async def dossier(
    request: Request,
    caller: Caller,
    rows: Rows,
    now: datetime,
    identity: UUID,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    """The page, also with a form that was refused."""
    row = await views.one(rows, identity, caller.participant_filter)
    today = local_date(now)
    matrix = await policy.matrix_for(rows, row["matrix_version"])
    measures = await measure_views.of_violation(rows, identity)
    forfeited = await measure_views.forfeited_for(rows, identity)
    again = await _reinspections(rows, identity, forfeited)
    positions = await views.positions(rows, identity)
    open_now = row["state"] != ViolationState.RESOLVED
    return templates.page(
        request,
        "enforcement/overtreding.html",
        status_code=status,
        form=form,
        violation=row,
        now=now,
        today=today,
        positions=positions,
        **drawn(matrix, row),
        suggestion=await suggestion_for(rows, VIOLATION.of(row), today),
        aspects=await views.aspects(rows),
        measures=[await _measure(rows, each, caller, today, forfeited, again) for each in measures],
        clocks=[_clock(each) for each in await _clocks(rows, today, identity)],
        first=await _first(rows, identity),
        comparable=await views.comparable(rows, row, caller.participant_filter),
        reinspections=again,
        timeline=timeline(row, positions, measures, forfeited, again),
        instruments=_instruments(matrix, row["cell"]),
        modes=[(str(mode), str(mode).capitalize()) for mode in Mode],
        units=[(str(unit), str(unit).capitalize()) for unit in Unit],
        may_position=open_now and caller.may(Scope.ENFORCEMENT_WRITE),
        may_inspect=open_now and caller.may(Scope.INSPECTIONS_WRITE),
    )


async def _clocks(rows: Rows, today: date, identity: UUID) -> list[Row]:
    return await measure_views.clocks_of(rows, today, violation_id=identity)


async def _first(rows: Rows, identity: UUID) -> Row | None:
    return (await measure_views.first_clocks(rows, [identity])).get(identity)


def drawn(matrix: Matrix, row: Mapping[str, Any]) -> dict[str, Any]:
    """The matrix as it is drawn, with the advice of the cell in words."""
    cell = matrix.cells[row["cell"]] if row["cell"] else None
    consequence, behaviour = axes_of(row["cell"]) if row["cell"] else (None, None)
    return {
        "consequences": [
            {"code": str(code), "label": label} for code, label in reversed(CONSEQUENCES.items())
        ],
        "behaviours": [{"code": str(code), "label": label} for code, label in BEHAVIOURS.items()],
        "cells": {
            name: {"level": level_of(name), "text": str(each.segment)}
            for name, each in matrix.cells.items()
        },
        "cell": cell,
        "consequence": CONSEQUENCES[consequence] if consequence else "",
        "behaviour": BEHAVIOURS[behaviour] if behaviour else "",
        "matrix": matrix,
    }


def _instruments(matrix: Matrix, cell: str | None) -> list[tuple[str, str]]:
    """Those of the cell first, then the others, each from light to heavy."""
    advised = matrix.cells[cell].advice if cell else ()
    others = [each for each in Instrument if each not in advised]
    return [(str(each), f"{str(each).capitalize()} (advies)") for each in advised] + [
        (str(each), f"{str(each).capitalize()} (afwijking)") for each in others
    ]


async def _reinspections(
    rows: Rows, identity: UUID, forfeited: Sequence[Row]
) -> list[dict[str, Any]]:
    """Each re-inspection with what it found, and whether that was used already."""
    used = {each["inspection_id"] for each in forfeited}
    found = []
    for row in await views.reinspections(rows, identity):
        findings = await inspection_views.findings(rows, row["id"])
        results = [each["result"] for each in findings if each["violation_id"] == identity]
        done = row["state"] == InspectionState.COMPLETED
        found.append(
            {
                **dict(row),
                "done": done,
                "violated": done and FindingResult.VIOLATED in results,
                "results": results,
                "used": row["id"] in used,
            }
        )
    return found


async def _measure(
    rows: Rows,
    row: Row,
    caller: Caller,
    today: date,
    forfeited: Sequence[Row],
    again: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """A measure with what may be done with it now, and whether the caller has the mandate."""
    measure = MEASURE.of(row)
    prepared = measure.state in PREPARED
    check: Check | None = None
    if prepared and measure.is_decision:
        check = await check_mandate(rows, measure, caller, today)
    lost = [each for each in forfeited if each["measure_id"] == measure.id]
    writes, imposes = caller.may(Scope.ENFORCEMENT_WRITE), caller.may(Scope.ORDER_IMPOSE)
    consequence, behaviour = axes_of(measure.cell)
    return {
        **dict(row),
        "consequence": CONSEQUENCES[consequence],
        "behaviour": BEHAVIOURS[behaviour],
        "is_decision": measure.is_decision,
        "article": ARTICLES.get(measure.instrument, ""),
        "steps": STATES.next(measure.state),
        "check": check,
        "forfeitures": lost,
        "may_collect": imposes and any(each["paid_on"] is None for each in lost),
        "may_intend": measure.state is MeasureState.CHOSEN and measure.is_decision and writes,
        "may_impose": prepared and imposes,
        "may_end": measure.state in {*PREPARED, *IN_FORCE} and imposes,
        "proof": _proof(row, again) if imposes and measure.state in IN_FORCE else [],
    }


def _proof(row: Row, again: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Re-inspections after the term that found the violation again and were not used yet."""
    if row["instrument"] != Instrument.PENALTY_ORDER or row["forfeited"] >= row["maximum"]:
        return []
    after = row["compliance_until"] or row["published_on"]
    return [
        each
        for each in again
        if each["violated"] and not each["used"] and each["completed_on"] > after
    ]


def _clock(row: Row) -> dict[str, Any]:
    kind = TermKind(row["kind"])
    return {**dict(row), "article": TERM_ARTICLES[kind], "next_step": NEXT[kind]}


def timeline(
    row: Row,
    positions: Sequence[Row],
    measures: Sequence[Row],
    forfeited: Sequence[Row],
    again: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Who did what when, newest first, from the things themselves."""
    entries = [
        _entry(
            row["established_on"],
            f"Vastgesteld bij controle {row['inspection_number']}",
            who=row["inspector_name"],
            href=f"/enforcement/controles/{row['inspection_id']}",
        )
    ]
    entries += [_positioned(each) for each in positions]
    for each in measures:
        entries += _measured(each)
    entries += [
        _entry(
            each["forfeited_on"],
            f"Dwangsom verbeurd: {euro(each['amount'])}",
            text=f"{each['measure_number']}, verbeurte {each['sequence']}",
        )
        for each in forfeited
    ]
    entries += [_looked(each) for each in again]
    if row["resolved_on"]:
        entries.append(_entry(row["resolved_on"], "Overtreding hersteld"))
    # Of one day the last step comes first: days have no hour to tell them apart.
    return sorted(entries, key=lambda entry: entry["when"])[::-1]


def _entry(when: date | datetime, what: str, **further: Any) -> dict[str, Any]:
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(12), AMSTERDAM)
    return {"when": when, "what": what, **{key: value or "" for key, value in further.items()}}


def _positioned(row: Row) -> dict[str, Any]:
    what = f"Gepositioneerd in cel {row['cell']}"
    return _entry(row["positioned_at"], what, who=row["positioned_by"], text=row["reason"])


def _measured(row: Row) -> list[dict[str, Any]]:
    name = f"{row['instrument'].capitalize()} ({row['number']})"
    steps = (
        (row["chosen_on"], f"Maatregel gekozen: {name}", row["chosen_by"], row["deviation_reason"]),
        (row["intended_on"], f"Voornemen verstuurd: {name}", "", ""),
        (row["decided_on"], f"Opgelegd: {name}", row["decided_by"], ""),
        (row["ended_on"], f"Maatregel {row['state']}: {name}", "", row["end_reason"]),
    )
    return [_entry(when, what, who=who, text=why) for when, what, who, why in steps if when]


def _looked(row: dict[str, Any]) -> dict[str, Any]:
    href = f"/enforcement/controles/{row['id']}"
    if not row["done"]:
        return _entry(row["listed_on"], f"Hercontrole {row['number']} gepland", href=href)
    who = row["inspector_name"]
    text = ", ".join(row["results"])
    return _entry(
        row["completed_on"],
        f"Hercontrole {row['number']} uitgevoerd",
        who=who,
        text=text,
        href=href,
    )
