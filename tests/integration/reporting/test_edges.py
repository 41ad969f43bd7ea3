"""Each edge of the states of a week by the API and by its page; what is no edge both refuse."""

from itertools import product

import pytest

from services.reporting.weeks.domain import TRANSITIONS, State
from tests.integration.reporting.hands import Hands, hands
from tests.support.doors import Target, by_api, by_screen

__all__ = ["hands"]

ROOT = "/reporting"
STARTS = (State.OPEN, State.SUBMITTED, State.APPROVED)
# What people do; closing and settling come with a month and a year.
STEPS = {
    State.SUBMITTED: ("toezicht", "indiening"),
    State.APPROVED: ("teamleider", "goedkeuring"),
    State.OPEN: ("teamleider", "afwijzing"),
}


@pytest.mark.parametrize("door", ["api", "screen"])
@pytest.mark.parametrize(("start", "end"), list(product(STARTS, STEPS)))
async def test_a_week(hands: Hands, start: State, end: State, door: str) -> None:
    sheet = await hands.week(str(start))
    user, step = STEPS[end]
    at = f"{ROOT}/v1/weekstaten/{sheet['id']}"
    body = {"reden": "Het product klopt niet."} if end is State.OPEN else {}
    if end is State.SUBMITTED:
        screen = f"{ROOT}/uren?week={sheet['week']}"
        form = {"rijen": "1", "uren-0-0": "1:00", "product-0": "T10-01", "deelnemer-0": "gm0153"}
        form["actie"] = "indienen"
    else:
        screen = f"{ROOT}/uren/goedkeuren/{sheet['id']}"
        form = {**body, "actie": "goedkeuren" if end is State.APPROVED else "afwijzen"}
    target = Target(f"{at}/{step}", screen, sheet["versie"])
    async with hands.by(user) as client:
        if door == "api":
            answer = await by_api(client, target, body)
        else:
            answer = await by_screen(client, target, body, lambda _: form)
    after = await hands.read(f"/weekstaten/{sheet['id']}")
    if (start, end) in TRANSITIONS.edges:
        assert answer.done, answer
        assert after["status"] == end
    else:
        assert answer.status == 409, answer
        assert after["status"] == start
        assert after["versie"] == sheet["versie"]
