"""Who complained: read for a reason that is kept, and erasable for good."""

from uuid import UUID

import httpx2
from sqlalchemy import select

from services.intake.tables import processing
from tests.integration.intake.conftest import Intake, problem, receive


async def test_reading_who_complained_is_written_down_with_the_reason(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    taken = await receive(officer)
    url = f"/v1/klachten/{taken['id']}/melder"
    problem(await officer.get(url), 400)
    problem(await officer.get(url, params={"doel": "nieuwsgierigheid"}), 400)
    why = {"doel": "contact met de melder"}
    read = await officer.get(url, params=why)
    assert read.json()["emailadres"] == "j@example.nl"
    rows = await intake.rows(
        select(processing).where(processing.c.complaint_id == UUID(taken["id"]))
    )
    assert [(row["actor"], row["act"], row["purpose"]) for row in rows] == [
        ("klachten", "ingezien", "contact met de melder")
    ]
    log = (await officer.get(f"/v1/klachten/{taken['id']}/verwerkingen")).json()["resultaten"]
    assert log[0]["doel"] == "contact met de melder"


async def test_erasing_the_key_makes_the_person_unreadable(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    taken = await receive(officer)
    url = f"/v1/klachten/{taken['id']}/melder"
    why = {"doel": "verzoek van de betrokkene"}
    problem(await officer.delete(url, params=why, headers={"If-Match": '"9"'}), 412)
    gone = await officer.delete(url, params=why, headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    problem(await officer.get(url, params=why), 404)
    read = (await officer.get(f"/v1/klachten/{taken['id']}")).json()
    assert (read["versie"], read["terugkoppelingGewenst"]) == (2, False)
