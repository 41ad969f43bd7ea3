"""Inspections, their findings, and the locations they are held at."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select

from services.enforcement.inspections.domain import (
    Finding,
    FindingResult,
    Inspection,
    InspectionState,
    Trigger,
)
from services.enforcement.inspections.tables import finding, inspection
from services.enforcement.locations.tables import location
from services.enforcement.mapping import Mapped
from services.enforcement.policy.tables import topic
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import InspectionKind
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, conflict

INSPECTION: Final = Mapped(
    Inspection, {"state": InspectionState, "kind": InspectionKind, "trigger": Trigger}
)
FINDING: Final = Mapped(
    Finding, {"result": FindingResult, "consequence": Consequence, "behaviour": Behaviour}
)

_ONE = select(*(inspection.c[name] for name in INSPECTION.names)).where(
    inspection.c.id == bindparam("id")
)
_LOCK = _ONE.with_for_update()
_FINDINGS = (
    select(finding)
    .where(finding.c.inspection_id == bindparam("inspection_id"))
    .order_by(finding.c.sequence)
)
_LOCATION = select(location).where(location.c.id == bindparam("id"))
_TOPIC = select(topic).where(
    func.lower(topic.c.code) == bindparam("word"),
)
_TOPIC_BY_NAME = select(topic).where(func.lower(topic.c.name) == bindparam("word"))
_TOPICS = select(topic).order_by(topic.c.position)


async def lock(work: UnitOfWork, inspection_id: UUID) -> Inspection:
    """The inspection, locked until the work ends. Raises NotFound."""
    return INSPECTION.of(await work.one(_LOCK, "Deze controle", id=inspection_id))


async def one(rows: Rows, inspection_id: UUID) -> Inspection:
    """The inspection as it is now. Raises NotFound."""
    return INSPECTION.of(await rows.one(_ONE, "Deze controle", id=inspection_id))


async def findings_of(rows: Rows, inspection_id: UUID) -> list[Finding]:
    """The findings, in order."""
    return [FINDING.of(row) for row in await rows.all(_FINDINGS, inspection_id=inspection_id)]


def add(work: UnitOfWork, new: Inspection, **further: Any) -> None:
    """Queue a new inspection."""
    work.insert(inspection, {**_columns(new, work.today), **further})


def save(work: UnitOfWork, changed: Inspection) -> None:
    """Queue what changed."""
    values = _columns(changed, work.today)
    if changed.planned_on is None and changed.completed_on is None:
        del values["listed_on"]
    work.update(inspection, key={"id": values.pop("id")}, values=values)


def _columns(one_of_them: Inspection, today: date) -> dict[str, Any]:
    listed_on = one_of_them.completed_on or one_of_them.planned_on or today
    return {**INSPECTION.values(one_of_them), "listed_on": listed_on}


def add_finding(work: UnitOfWork, inspection_id: UUID, new: Finding, by: str) -> None:
    """Queue a new finding."""
    work.insert(finding, _finding(work, inspection_id, new, by))


def save_finding(work: UnitOfWork, inspection_id: UUID, changed: Finding, by: str) -> None:
    """Queue a finding that was corrected before it became final."""
    values = _finding(work, inspection_id, changed, by)
    key = {name: values.pop(name) for name in ("inspection_id", "sequence")}
    work.update(finding, key=key, values=values)


def link_finding(work: UnitOfWork, inspection_id: UUID, sequence: int, violation_id: UUID) -> None:
    """Queue that the finding established this violation."""
    key = {"inspection_id": inspection_id, "sequence": sequence}
    work.update(finding, key=key, values={"violation_id": violation_id})


def _finding(work: UnitOfWork, inspection_id: UUID, values: Finding, by: str) -> dict[str, Any]:
    return {
        "inspection_id": inspection_id,
        **FINDING.values(values),
        "recorded_at": work.now,
        "recorded_by": by,
    }


async def location_of(rows: Rows, location_id: UUID) -> Row:
    """The location. Raises Conflict, by its wire name, when it is not known here."""
    row = await rows.first(_LOCATION, id=location_id)
    if row is None:
        raise conflict("locatieId", "onbekend", "Kies een locatie die bij de dienst bekend is.")
    return row


async def topic_of(rows: Rows, word: str) -> str:
    """The code of a topic, by its code or its name. Raises Conflict, naming the choices."""
    wanted = word.strip().lower()
    row = await rows.first(_TOPIC, word=wanted) or await rows.first(_TOPIC_BY_NAME, word=wanted)
    if row is None:
        raise await _unknown_topic(rows)
    return str(row["code"])


async def _unknown_topic(rows: Rows) -> Conflict:
    codes = ", ".join(row["code"] for row in await rows.all(_TOPICS))
    return conflict("controleOnderwerp", "onbekend", f"Kies een van: {codes}.")
