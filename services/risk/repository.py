"""The store of risk: locations, models and the facts of locations, many at a time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.risk.domain import Facts, Inspection, Model, Violation
from services.risk.tables import inspection, location, risk_model, violation
from shared.contracts.enforcement import InspectionKind
from shared.rows import Row, Rows
from shared.work import Work


def _any_of(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column == func.any(bindparam("ids", type_=ARRAY(Uuid)))


LOCK = select(location).where(location.c.id == bindparam("id")).with_for_update()
LOCK_ALL = select(location).where(_any_of(location.c.id)).order_by(location.c.id).with_for_update()
INSPECTIONS = select(inspection).where(_any_of(inspection.c.location_id))
VIOLATIONS = select(violation).where(_any_of(violation.c.location_id))
ACTIVE_MODEL = select(risk_model).where(risk_model.c.state == "actief")
LOCK_MODEL = select(risk_model).where(risk_model.c.id == bindparam("id")).with_for_update()


async def lock(work: Work, location_id: UUID) -> Row:
    """The location, locked until the unit of work ends. Raises NotFound."""
    return await work.one(LOCK, "Deze locatie", id=location_id)


async def lock_all(work: Work, ids: Sequence[UUID]) -> list[Row]:
    """Those of the locations that exist, locked in the order of their ids."""
    return await work.all(LOCK_ALL, ids=sorted(ids))


async def active_model(rows: Rows) -> Model:
    """The model that scores now."""
    row = await rows.one(ACTIVE_MODEL, "Een actief risicomodel")
    return Model.of(row["model_version"], row["parameters"])


async def facts_of(rows: Rows, locations: Sequence[Row]) -> dict[UUID, Facts]:
    """What is known of each location, in two reads however many there are."""
    ids = [row["id"] for row in locations]
    inspections = _grouped(await rows.all(INSPECTIONS, ids=ids))
    violations = _grouped(await rows.all(VIOLATIONS, ids=ids))
    return {
        row["id"]: Facts(
            activities=tuple(row["activities"]),
            inspections=tuple(map(_inspection, inspections.get(row["id"], ()))),
            violations=tuple(map(_violation, violations.get(row["id"], ()))),
        )
        for row in locations
    }


def _grouped(rows: Sequence[Row]) -> dict[UUID, list[Row]]:
    groups: dict[UUID, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["location_id"], []).append(row)
    return groups


def _inspection(row: Row) -> Inspection:
    return Inspection(row["completed_on"], row["kind"] == InspectionKind.REINSPECTION)


def _violation(row: Row) -> Violation:
    return Violation(
        on=row["established_on"],
        cell=row["cell"],
        sanctioned=row["sanctioned_on"] is not None,
        resolved=row["resolved_on"] is not None,
    )


def fact(work: Work, table: Table, row: dict[str, Any]) -> None:
    """Keep a fact that another service told; the newest wins."""
    work.upsert(table, row, keys=("id",))
