"""Inspections of another system that found nothing: most rows, so they are stored many at once.

Each is decided by the rules by which one is planned, filled and completed.
"""

from collections.abc import Sequence

from services.enforcement.context import Ctx
from services.enforcement.imports.existing import Known
from services.enforcement.imports.rows import InspectionRow
from services.enforcement.imports.taking_over import NOTHING_WRONG, plan_of, require_whole
from services.enforcement.inspections import commands as inspections
from services.enforcement.inspections import domain, store
from services.enforcement.inspections.domain import Finding
from shared.contracts.base import Event
from shared.contracts.enforcement import InspectionKind
from shared.errors import Refused
from shared.imports import Rejection, reason_of
from shared.product.roles import Scope


def is_plain(row: InspectionRow) -> bool:
    """Whether nothing was found, and nothing looked at again."""
    return row.nature is None and row.kind is not InspectionKind.REINSPECTION


async def take_over_plain(rows: Sequence[InspectionRow], known: Known, ctx: Ctx) -> list[Rejection]:
    """Plan these inspections, and complete what was held. Raises Forbidden."""
    ctx.require(Scope.INSPECTIONS_WRITE)
    days = [row.planned_on or row.completed_on or ctx.today for row in rows]
    numbers = await ctx.kit.inspections.many(ctx.work, [day.year for day in days])
    rejected: list[Rejection] = []
    for row, number in zip(rows, numbers, strict=True):
        try:
            _take_over(row, number, known, ctx)
        except Refused as refused:
            rejected.append(Rejection(row.source_key, reason_of(refused)))
    return rejected


def _take_over(row: InspectionRow, number: str, known: Known, ctx: Ctx) -> None:
    require_whole(row)
    place = known.location(row)
    command = plan_of(row, place.id, None)
    held = inspections.new_inspection(command, place, None, number, ctx)
    events: list[Event] = [domain.plan(held, row.source_key)]
    findings: list[Finding] = []
    if row.completed_on is not None:
        held, finding = domain.record(held, NOTHING_WRONG)
        findings.append(finding)
        held, event = domain.complete(held, findings, row.completed_on, ctx.today)
        events.append(event)
    store.add(ctx.work, held, source_key=row.source_key)
    for each in findings:
        store.add_finding(ctx.work, held.id, each, ctx.caller.name)
    for told in events:
        ctx.work.publish(told)
