"""What was found, chosen and announced stays when something else comes in its place."""

from decimal import Decimal

from sqlalchemy import Table, select

from services.enforcement.tables import finding, measure_act
from shared.auth.sight import Sight
from shared.db.rows import Row
from tests.integration.enforcement.conftest import (
    COMPLIANT,
    ORDER,
    VIOLATED,
    Enforcement,
    act,
    ok,
    version,
)
from tests.integration.enforcement.hands import Hands, hands

__all__ = ["hands"]


async def kept(service: Enforcement, table: Table, column: str, identity: str) -> list[Row]:
    """The rows of one inspection or measure, in their order."""
    async with service.db.read(Sight.ALL) as rows:
        mine = select(table).where(table.c[column] == identity)
        return await rows.all(mine.order_by(table.c.version))


async def test_a_finding_that_was_corrected_stays_and_counts_no_more(hands: Hands) -> None:
    inspection = await hands.inspection(VIOLATED)
    at = f"/v1/controles/{inspection['id']}"
    body = {"controleOnderwerp": "geluid", "resultaat": COMPLIANT}
    async with hands.by("toezicht") as inspector:
        for _ in range(2):
            read = await inspector.get(at)
            url = f"{at}/bevindingen/1"
            ok(await inspector.put(url, json=body, headers=version(read)))
        read = await inspector.get(at)
        assert [(each["volgnummer"], each["resultaat"]) for each in ok(read)["bevindingen"]] == [
            (1, COMPLIANT)
        ]
        second = {"controleOnderwerp": "geur", "resultaat": COMPLIANT}
        made = ok(await inspector.post(f"{at}/bevindingen", json=second), 201)
        assert made["volgnummer"] == 2
        read = await inspector.get(at)
        done = ok(await inspector.post(f"{at}/afronding", json={}, headers=version(read)))
    assert [each["overtredingId"] for each in done["bevindingen"]] == [None, None]
    rows = await kept(hands.service, finding, "inspection_id", inspection["id"])
    found = [(row["sequence"], row["version"], row["topic"], row["result"]) for row in rows]
    assert sorted(found) == [
        (1, 1, "geur", VIOLATED),
        (1, 2, "geluid", COMPLIANT),
        (1, 3, "geluid", COMPLIANT),
        (2, 1, "geur", COMPLIANT),
    ]
    assert all(row["recorded_at"] and row["recorded_by"] for row in rows)


async def test_a_corrected_finding_establishes_one_violation(hands: Hands) -> None:
    inspection = await hands.inspection(COMPLIANT)
    at = f"/v1/controles/{inspection['id']}"
    async with hands.by("toezicht") as inspector:
        body = {"controleOnderwerp": "geluid", "resultaat": VIOLATED}
        read = await inspector.get(at)
        ok(await inspector.put(f"{at}/bevindingen/1", json=body, headers=version(read)))
        read = await inspector.get(at)
        done = ok(await inspector.post(f"{at}/afronding", json={}, headers=version(read)))
    (shown,) = done["bevindingen"]
    rows = await kept(hands.service, finding, "inspection_id", inspection["id"])
    linked = [row["violation_id"] and str(row["violation_id"]) for row in rows]
    assert linked == [None, shown["overtredingId"]]
    assert shown["overtredingId"]


async def test_the_order_that_was_announced_stays_when_another_is_imposed(hands: Hands) -> None:
    made = await hands.measure()
    other = {**ORDER["last"], "bedrag": "750.00"}
    urgent = {
        "redenSpoed": "Acuut.",
        "besluitdatum": "2026-11-10",
        "last": {**other, "maximum": "750.00"},
    }
    async with hands.by("jurist") as lawyer:
        ok(await act(lawyer, made["id"], "oplegging", **urgent))
    rows = await kept(hands.service, measure_act, "measure_id", made["id"])
    first = Decimal(ORDER["last"]["bedrag"])
    assert [(row["version"], row["amount"]) for row in rows] == [(1, first), (2, Decimal(750))]
    assert len({row["state"] for row in rows}) == 2
    assert {row["recorded_by"] for row in rows} == {"jurist"}
