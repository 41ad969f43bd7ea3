"""Events of the other services become cases, and products that are counted once."""

from datetime import date
from typing import Any

from sqlalchemy import select

from services.reporting.tables import case_file, product_delivery
from shared.auth.sight import Sight
from shared.contracts.enforcement import InspectionKind
from shared.db.database import Database
from shared.ids import new_id
from tests.integration.reporting import events
from tests.integration.reporting.conftest import Client, Tell


async def delivered(db: Database, subject: Any) -> list[tuple[str, str | None]]:
    async with db.read(Sight.ALL) as rows:
        statement = select(product_delivery).where(product_delivery.c.subject == subject)
        found = await rows.all(statement.order_by(product_delivery.c.product))
    return [(row["product"], row["participant"]) for row in found]


async def case(db: Database, identity: Any) -> dict[str, Any]:
    async with db.read(Sight.ALL) as rows:
        return dict(await rows.one(select(case_file).where(case_file.c.id == identity)))


async def test_a_complaint_gets_its_participant_when_it_is_linked(db: Database, tell: Tell) -> None:
    identity = new_id()
    await tell(events.received(identity, "K-2026-000001"))
    assert (await case(db, identity))["participant"] is None
    await tell(events.linked(identity, "K-2026-000001", "gm0164"))
    assert (await case(db, identity))["participant"] == "gm0164"


async def test_events_of_a_case_may_come_out_of_order(db: Database, tell: Tell) -> None:
    identity = new_id()
    await tell(events.closed(identity, "K-2026-000002"))
    assert await delivered(db, identity) == [("K10-01", None)]
    await tell(events.linked(identity, "K-2026-000002", "gm0153"))
    await tell(events.received(identity, "K-2026-000002"))
    found = await case(db, identity)
    assert (found["version"], found["participant"], found["within_term"]) == (4, "gm0153", True)
    assert await delivered(db, identity) == [("K10-01", "gm0153")]


async def test_a_complaint_that_is_taken_up_again_is_open_until_it_is_closed_again(
    db: Database, tell: Tell
) -> None:
    identity, number = new_id(), "K-2026-000003"
    await tell(events.received(identity, number), events.closed(identity, number, version=4))
    assert (await case(db, identity))["closed_on"] is not None
    await tell(events.reopened(identity, number, version=5))
    found = await case(db, identity)
    assert (found["closed_on"], found["within_term"]) == (None, None)
    # Heard late: it was closed before that.
    await tell(events.closed(identity, number, version=4))
    assert (await case(db, identity))["closed_on"] is None
    await tell(events.closed(identity, number, version=7))
    found = await case(db, identity)
    assert (found["closed_on"], found["within_term"]) == (date(2026, 11, 24), True)


async def test_a_product_is_counted_once_however_often_it_is_told(db: Database, tell: Tell) -> None:
    identity = new_id()
    event = events.completed(identity, "C-2026-000010")
    await tell(event, event)
    await tell(event)
    assert await delivered(db, identity) == [("T10-01", "gm0153")]


async def test_the_kind_of_inspection_decides_the_product(db: Database, tell: Tell) -> None:
    identity = new_id()
    kind = InspectionKind.REINSPECTION
    await tell(events.planned(identity, "C-2026-000011", kind=kind))
    assert await delivered(db, identity) == []
    await tell(events.completed(identity, "C-2026-000011", kind=kind))
    assert await delivered(db, identity) == [("T10-04", "gm0153")]
    assert (await case(db, identity))["closed_on"] is not None


async def test_an_order_and_its_collection_are_two_products(db: Database, tell: Tell) -> None:
    identity = new_id()
    await tell(events.imposed(identity, "M-2026-000001"))
    await tell(events.forfeited(identity, "M-2026-000001"))
    await tell(events.forfeited(identity, "M-2026-000001"))
    assert await delivered(db, identity) == [("H10-02", "gm0153"), ("H10-04", "gm0153")]


async def test_cases_are_found_by_number_and_limited_to_the_participant(
    client: Client, tell: Tell
) -> None:
    await tell(events.planned(new_id(), "C-2026-000020", participant="gm0164"))
    inspector = client("toezicht")
    found = await inspector.get("/reporting/v1/zaken", params={"nummer": "c-2026-00002"})
    assert [row["nummer"] for row in found.json()["resultaten"]] == ["C-2026-000020"]
    wildcard = await inspector.get("/reporting/v1/zaken", params={"nummer": "%"})
    assert wildcard.json()["resultaten"] == []
    own = await client("hengelo").get("/reporting/v1/zaken")
    assert {row["deelnemer"] for row in own.json()["resultaten"]} == {"gm0164"}


async def test_delivered_products_are_paged(client: Client, tell: Tell) -> None:
    for number in range(3):
        await tell(events.completed(new_id(), f"C-2026-00003{number}"))
    controller = client("controller")
    seen: list[str] = []
    address = "/reporting/v1/geleverde-producten?limit=2"
    while address:
        page = await controller.get(address)
        assert page.status_code == 200, page.text
        seen += [row["id"] for row in page.json()["resultaten"]]
        links = [link for link in page.headers["link"].split(", ") if 'rel="next"' in link]
        address = links[0].split(">")[0][1:] if links else ""
    assert len(seen) == len(set(seen)) >= 3
