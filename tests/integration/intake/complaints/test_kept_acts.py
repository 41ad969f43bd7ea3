"""What a complaint was assessed and answered with stays when it is taken up again."""

from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from services.intake.tables import complaint_act
from shared.contracts.risk import LocationRegistered
from tests.integration.intake.complaints.test_answering import ASSESSMENT
from tests.integration.intake.conftest import Intake, change, linked

ANSWER = {"antwoordwijze": "e-mail"}
ANEW = {"oordeel": "ongegrond", "oorzaak": "storing", "toelichting": "Het filter was heel."}


@pytest.fixture(scope="module")
async def factory(intake: Intake) -> LocationRegistered:
    return await intake.location(number="L-2026-000010")


async def test_an_assessment_and_an_answer_stay_when_others_follow(
    intake: Intake, officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    seen = await linked(officer, factory)
    steps = (
        ("beoordelingen", ASSESSMENT),
        ("afhandeling", ANSWER),
        ("heropening", {"reden": "De melder ruikt het weer."}),
        ("beoordelingen", ANEW),
        ("afhandeling", ANSWER),
    )
    dues = []
    for step, body in steps:
        answer = await change(officer, seen, step, body)
        assert answer.status_code in {200, 201}, answer.text
        seen = answer.json()
        dues.append(seen["terugkoppelingUiterlijk"])
    mine = complaint_act.c.complaint_id == UUID(seen["id"])
    acts = await intake.rows(select(complaint_act).where(mine).order_by(complaint_act.c.version))
    assert [(act["state"], act["outcome"], act["explanation"]) for act in acts] == [
        ("beoordeeld", "gegrond", "Het filter was stuk."),
        ("afgehandeld", "gegrond", "Het filter was stuk."),
        ("heropend", "gegrond", "Het filter was stuk."),
        ("beoordeeld", "ongegrond", "Het filter was heel."),
        ("afgehandeld", "ongegrond", "Het filter was heel."),
    ]
    assert [act["within_term"] for act in acts] == [None, True, None, None, True]
    assert [str(act["feedback_due"]) for act in acts] == dues
    assert {act["recorded_by"] for act in acts} == {"klachten"}
    assert all(act["recorded_at"] for act in acts)
