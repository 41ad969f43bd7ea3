"""The use cases with the days of another system: a case of the past, walked as it went then."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.enforcement.context import KIT, Ctx
from services.enforcement.inspections import commands as inspections
from services.enforcement.inspections.commands import (
    CompleteInspection,
    PlanInspection,
    PlanReinspection,
    RecordFinding,
)
from services.enforcement.inspections.domain import Finding, FindingResult
from services.enforcement.measures import commands as measures
from services.enforcement.measures.commands import ChooseMeasure, EndMeasure, ImposeMeasure
from services.enforcement.measures.domain.measure import Mode, Order
from services.enforcement.violations import commands as violations
from services.enforcement.violations.commands import PositionViolation
from services.enforcement.violations.domain import Assessment
from shared.auth.caller import Caller
from shared.auth.sight import Sight
from shared.context import write_context
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import InspectionKind, Instrument, MeasureResult
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotAllowed
from tests.integration.enforcement.conftest import TODAY, Enforcement, ok

SOURCE = "Squit"
INSPECTED, DECIDED, REPAIRED = date(2021, 3, 2), date(2021, 4, 6), date(2021, 7, 1)
ORDER = Order(Mode.ONCE, Decimal("2500.00"), Decimal("2500.00"))


def importing(work: UnitOfWork) -> Ctx:
    return write_context(work, Caller.system("import"), KIT).importing(SOURCE)


async def found_violated(service: Enforcement, ctx: Ctx, location_id: UUID, key: str) -> UUID:
    """An inspection of the past with one violation."""
    planned = await inspections.plan(
        PlanInspection(
            kind=InspectionKind.PERIODIC,
            location_id=location_id,
            planned_on=INSPECTED,
            source_key=key,
            inspector_name="J. de Vries",
        ),
        ctx,
    )
    finding = Finding(0, "geur", FindingResult.VIOLATED, details="Stank bij de buren")
    await inspections.record(RecordFinding(planned.id, finding), ctx)
    await ctx.work.flush()
    await inspections.complete(CompleteInspection(planned.id, INSPECTED), ctx)
    await ctx.work.flush()
    return planned.id


async def violation_of(service: Enforcement, inspection_id: UUID) -> UUID:
    async with service.client("jurist") as reader:
        read = ok(await reader.get(f"/v1/controles/{inspection_id}"))
        return UUID(read["bevindingen"][0]["overtredingId"])


async def test_a_case_of_the_past_keeps_its_own_days_and_people(enforcement: Enforcement) -> None:
    enforcement.at(TODAY)
    place = await enforcement.location()
    async with enforcement.db.work("import", sight=Sight.ALL) as work:
        inspection_id = await found_violated(
            enforcement, importing(work), place.location_id, "ZK-2021-17"
        )
    violation_id = await violation_of(enforcement, inspection_id)
    assessment = Assessment(Consequence.SIGNIFICANT, Behaviour.INDIFFERENT)
    async with enforcement.db.work("import", sight=Sight.ALL) as work:
        ctx = importing(work)
        positioned = PositionViolation(violation_id, assessment, positioned_on=INSPECTED)
        await violations.position(positioned, ctx)
        chosen = await measures.choose(
            ChooseMeasure(
                violation_id, Instrument.PENALTY_ORDER, order=ORDER, chosen_on=DECIDED, term_days=28
            ),
            ctx,
        )
        imposed = await measures.impose(
            ImposeMeasure(chosen.id, decided_on=DECIDED, urgency_reason="Overgenomen"), ctx
        )
    assert imposed.mandate is not None
    assert imposed.mandate["toelichting"] == "Overgenomen uit Squit"
    async with enforcement.db.work("import", sight=Sight.ALL) as work:
        ctx = importing(work)
        again = await inspections.plan_again(PlanReinspection(violation_id, REPAIRED), ctx)
        await inspections.record(
            RecordFinding(again.id, Finding(0, "geur", FindingResult.COMPLIANT)), ctx
        )
        await inspections.complete(CompleteInspection(again.id, REPAIRED), ctx)
    async with enforcement.client("jurist") as reader:
        inspection = ok(await reader.get(f"/v1/controles/{inspection_id}"))
        case = ok(await reader.get(f"/v1/overtredingen/{violation_id}"))
    assert inspection["nummer"].startswith("C-2021-")
    assert inspection["toezichthouder"] == "J. de Vries"
    assert (case["nummer"][:8], case["overtredingsdatum"]) == ("OV-2021-", "2021-03-02")
    assert (case["status"], case["hersteldatum"]) == ("hersteld", "2021-07-01")
    assert case["positioneringen"][0]["gepositioneerdOp"].startswith("2021-03-02")
    (measure,) = case["handhavingsmaatregelen"]
    assert measure["nummer"].startswith("HM-2021-")
    assert (measure["status"], measure["besluitdatum"]) == ("uitgevoerd", "2021-04-06")
    assert measure["begunstigingTot"] == "2021-05-04"
    assert measure["einddatum"] == "2021-07-01"
    assert case["termijnen"] == []


async def test_the_law_holds_for_what_is_imported_too(enforcement: Enforcement) -> None:
    enforcement.at(TODAY)
    place = await enforcement.location()
    async with enforcement.db.work("import", sight=Sight.ALL) as work:
        inspection_id = await found_violated(
            enforcement, importing(work), place.location_id, "ZK-2021-18"
        )
    violation_id = await violation_of(enforcement, inspection_id)
    choice = ChooseMeasure(violation_id, Instrument.PENALTY_ORDER, chosen_on=DECIDED)
    async with enforcement.db.work("import", sight=Sight.ALL) as work:
        with pytest.raises(NotAllowed, match="LHSO stap 5"):
            await measures.choose(choice, importing(work))


async def test_only_an_import_names_a_day_of_its_own(enforcement: Enforcement) -> None:
    """Who acts now acts today, whatever the command says."""
    enforcement.at(TODAY)
    place = await enforcement.location()
    async with enforcement.db.work("import", sight=Sight.ALL) as work:
        inspection_id = await found_violated(
            enforcement, importing(work), place.location_id, "ZK-2021-19"
        )
    violation_id = await violation_of(enforcement, inspection_id)
    assessment = Assessment(Consequence.SIGNIFICANT, Behaviour.INDIFFERENT)
    async with enforcement.db.work("test", sight=Sight.ALL) as work:
        ctx = write_context(work, Caller.system("jurist"), KIT)
        _, kept = await violations.position(
            PositionViolation(violation_id, assessment, positioned_on=INSPECTED), ctx
        )
        chosen = await measures.choose(
            ChooseMeasure(violation_id, Instrument.PENALTY_ORDER, chosen_on=DECIDED), ctx
        )
        assert (kept.positioned_at.date(), chosen.chosen_on) == (TODAY, TODAY)
        with pytest.raises(NotAllowed, match="Awb 10:1"):
            await measures.impose(
                ImposeMeasure(chosen.id, order=ORDER, urgency_reason="Acuut."), ctx
            )
        ended = EndMeasure(chosen.id, MeasureResult.WITHDRAWN, reason="Nieuw inzicht.")
        assert (await measures.end(ended, ctx)).ended_on == TODAY
