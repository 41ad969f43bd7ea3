"""Norms, tariffs, keys, limits and rules: proposed by one, put in force by another."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, select, text, update
from sqlalchemy.sql.base import Executable

from services.reporting.periods import store as periods_store
from services.reporting.prices import domain as versions
from services.reporting.prices.domain import Validity
from services.reporting.tables import norm, parameter, product_rule, sharing_key, tariff
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotAllowed, conflict, unknown
from shared.http.versions import require_version
from shared.ids import new_id

# What tells apart the things that have versions.
KEYS: Mapping[Table, tuple[str, ...]] = {
    norm: ("product",),
    tariff: ("product",),
    sharing_key: ("code",),
    parameter: ("code",),
    product_rule: ("event", "qualifier"),
}
_PRODUCT = text("SELECT code FROM product WHERE code = :code")
_PARTICIPANTS = text("SELECT code FROM participant WHERE code = ANY(:codes)")
PRICING = (norm, tariff, sharing_key)


def _lock(table: Table) -> Executable:
    return select(table).where(table.c.id == bindparam("id")).with_for_update()


def _active(table: Table) -> Executable:
    same = [table.c[key].is_not_distinct_from(bindparam(key)) for key in KEYS[table]]
    return select(table).where(table.c.activated_at.is_not(None), *same).with_for_update()


_LOCKS = {table: _lock(table) for table in KEYS}
_ACTIVE = {table: _active(table) for table in KEYS}
_END = {
    table: update(table)
    .where(table.c.id == bindparam("row_id"))
    .values(valid_until=bindparam("until"), version=table.c.version + 1)
    for table in KEYS
}


async def propose(
    table: Table, values: Mapping[str, Any], validity: Validity, reference: str, work: UnitOfWork
) -> dict[str, Any]:
    """Put a version forward; it has no effect yet. Raises Conflict."""
    versions.require_order(validity)
    product = values.get("product")
    if product is not None and await work.first(_PRODUCT, code=product) is None:
        raise unknown("product", "Kies een product uit de catalogus.")
    row = {
        "id": new_id(),
        "valid_from": validity.start,
        "valid_until": validity.end,
        "decision_reference": reference,
        "confirmed": False,
        "proposed_by": work.actor,
        "proposed_at": work.now,
        **values,
    }
    work.insert(table, row)
    return {**row, "version": 1, "activated_by": None, "activated_at": None}


async def activate(table: Table, identity: UUID, version: int, work: UnitOfWork) -> dict[str, Any]:
    """Put a proposed version in force; it follows up the open-ended one before it.

    Raises NotFound, VersionConflict, Forbidden, NotAllowed.
    """
    row = await work.one(_LOCKS[table], "Deze versie", id=identity)
    require_version(row, version, "Deze versie")
    if row["activated_at"] is not None:
        raise NotAllowed("deze versie geldt al", article="vierogenprincipe")
    versions.require_second_person(row["proposed_by"], work.actor)
    new = Validity(row["valid_from"], row["valid_until"])
    if table in PRICING:
        versions.require_open_period(new.start, await periods_store.closed_until(work))
    await _follow_up(table, row, new, work)
    changes = {
        "activated_by": work.actor,
        "activated_at": work.now,
        "confirmed": True,
        "version": version + 1,
    }
    work.update(table, key={"id": identity}, values=changes)
    return {**row, **changes}


async def _follow_up(table: Table, row: Row, new: Validity, work: UnitOfWork) -> None:
    keys = {key: row[key] for key in KEYS[table]}
    active = await work.all(_ACTIVE[table], **keys)
    spans = {Validity(other["valid_from"], other["valid_until"]): other for other in active}
    followed = versions.replaced_by(spans, new)
    if followed is not None:
        await work.execute(_END[table], row_id=spans[followed]["id"], until=new.start)


async def check_weights(weights: Mapping[str, int], work: UnitOfWork) -> None:
    """Raises Conflict for weights of strangers, or that divide nothing."""
    found = await work.all(_PARTICIPANTS, codes=sorted(weights))
    strangers = weights.keys() - {row["code"] for row in found}
    if strangers:
        raise unknown("gewichten", f"Geen deelnemer: {', '.join(sorted(strangers))}.")
    if not any(weights.values()):
        raise conflict("gewichten", "leeg", "Geef ten minste een deelnemer een gewicht boven 0.")


def checked_parameter(code: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """The value, when it has the shape that this parameter needs. Raises Conflict."""
    shape = SHAPES.get(code)
    if shape is None:
        raise unknown("code", f"Kies uit: {', '.join(sorted(SHAPES))}.")
    if not shape(value):
        raise conflict("inhoud", "vorm", "De inhoud heeft niet de vorm van deze parameter.")
    return dict(value)


def _whole(value: Mapping[str, Any]) -> bool:
    found = value.get("minuten")
    return value.keys() == {"minuten"} and type(found) is int and 0 < found <= 10080


def _percents(value: Any) -> bool:
    digits = value.replace(".", "", 1) if isinstance(value, str) else ""
    return bool(digits) and digits.isascii() and digits.isdecimal() and float(value) <= 100


def _lights(value: Mapping[str, Any]) -> bool:
    if value.keys() != {"groen", "oranje"} or not all(map(_percents, value.values())):
        return False
    return float(value["groen"]) <= float(value["oranje"])


def _band(value: Mapping[str, Any]) -> bool:
    modes = {"geen", "alleen meerdere", "alles bij overschrijding"}
    return (
        value.keys() == {"percentage", "wijze"}
        and _percents(value["percentage"])
        and value["wijze"] in modes
    )


def _season(value: Mapping[str, Any]) -> bool:
    months = value.get("maanden")
    if value.keys() != {"maanden"} or not isinstance(months, list) or len(months) != 12:
        return False
    return all(type(weight) is int and 0 < weight <= 1000 for weight in months)


def _key(value: Mapping[str, Any]) -> bool:
    return value.keys() == {"sleutel"} and isinstance(value["sleutel"], str)


SHAPES = {
    "urenstap": _whole,
    "werkweek": _whole,
    "verkeerslicht": _lights,
    "bandbreedte": _band,
    "seizoen": _season,
    "sleutel-collectief": _key,
    "sleutel-resultaat": _key,
}
