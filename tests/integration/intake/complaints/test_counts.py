"""Whatever is done, in whatever order: the counts of the work list equal a recount."""

import random
from collections import Counter
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from services.intake.complaints.domain.complaint import OPEN, State
from services.intake.tables import complaint, incident
from shared.contracts.risk import LocationRegistered
from tests.integration.intake.conftest import Intake, change, receive

CONTACT = {"soort": "telefoon", "verslag": "Gebeld."}
ACTS: tuple[tuple[str, dict[str, Any] | None], ...] = (
    ("koppeling", {"locatieId": "{location}"}),
    ("toewijzing", None),
    ("beoordelingen", {"oordeel": "gegrond", "oorzaak": "storing", "toelichting": "Stuk."}),
    ("beoordelingen", {"oordeel": "niet vast te stellen", "toelichting": "Niets."}),
    ("afhandeling", {"antwoordwijze": "telefoon"}),
    ("afhandeling", {"antwoordwijze": "e-mail"}),
    ("doorzending", {"doorgestuurdNaar": "Waterschap"}),
    ("intrekking", None),
    ("heropening", {"reden": "Nieuwe feiten."}),
)


async def recounted(intake: Intake) -> dict[str, int]:
    rows = await intake.rows(select(complaint))
    today = intake.clock.now().date()
    still = [row for row in rows if row["state"] in {str(state) for state in OPEN}]
    late = [
        row
        for row in still
        if row["feedback_due"] < today
        or (row["first_contact_at"] is None and row["contact_due"] < today)
    ]
    return {
        "open": len(still),
        "laat": len(late),
        "mijn": sum(row["handler"] == "klachten" for row in still),
        "vrij": sum(row["handler"] is None for row in still),
    }


@pytest.mark.parametrize("seed", range(3))
async def test_counts_equal_a_recount(
    officer: httpx2.AsyncClient, intake: Intake, seed: int
) -> None:
    dice = random.Random(seed)
    place: LocationRegistered = await intake.location(number=f"L-TEL-{seed}")
    taken = [await receive(officer) for _ in range(5)]
    seen: Counter[int] = Counter()
    for _ in range(60):
        found = (await officer.get(f"/v1/klachten/{dice.choice(taken)['id']}")).json()
        if dice.random() < 0.2:
            await officer.post(f"/v1/klachten/{found['id']}/contactmomenten", json=CONTACT)
            continue
        act, body = dice.choice(ACTS)
        body = body and {
            name: value.format(location=place.location_id) for name, value in body.items()
        }
        response = await change(officer, found, act, body)
        assert response.status_code in {200, 409}, response.text
        seen[response.status_code] += 1
        if response.status_code == 200:
            assert response.json()["versie"] == found["versie"] + 1
    assert seen[200] > 10
    assert seen[409] > 10
    page = (await officer.get("/klachten")).text
    counts = await recounted(intake)
    for view, number in counts.items():
        assert _count_on(page, view) == number, view
    await _incidents_follow_their_complaints(intake)


def _count_on(page: str, view: str) -> int:
    after = page.split(f"weergave={view}", 1)[1].split("</a>", 1)[0]
    digits = "".join(each for each in after.rpartition("(")[2] if each.isdigit())
    return int(digits)


async def _incidents_follow_their_complaints(intake: Intake) -> None:
    rows = await intake.rows(select(complaint.c.incident_id, complaint.c.state))
    finished = {str(state) for state in State} - {str(state) for state in OPEN}
    for about in await intake.rows(select(incident)):
        own = [row["state"] for row in rows if row["incident_id"] == about["id"]]
        if own:
            assert (about["state"] == "afgesloten") == all(state in finished for state in own)
