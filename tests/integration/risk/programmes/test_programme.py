"""The programme: strictly by rank, until one does not fit; and it says why."""

from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any

import httpx2
import pytest

from services.risk.context import system
from services.risk.programmes.domain import Ranking, Request
from services.risk.programmes.queries import RankedRow, planned
from services.risk.scores.tables import location_score
from shared.auth.sight import Sight
from tests.integration.risk.conftest import Risk, registered

HOURS = {"hoog": 24, "midden": 12, "laag": 7}


def class_of(score: Decimal) -> str:
    return "hoog" if score >= 50 else "midden" if score >= 30 else "laag"


async def scored(risk: Risk, planner: httpx2.AsyncClient, code: str, *scores: str) -> None:
    """Locations of a participant with exactly these scores."""
    model = (await planner.get("/v1/risicomodellen")).json()["resultaten"][-1]["id"]
    for score in scores:
        made = await registered(planner, deelnemer=code, naam=f"Score {score}")
        async with risk.db.work("test", sight=Sight.ALL) as work:
            work.update(
                location_score,
                key={"model_id": model, "location_id": made["id"]},
                values={"score": Decimal(score), "risk_class": class_of(Decimal(score))},
            )


async def plan(client: httpx2.AsyncClient, query: str) -> dict[str, Any]:
    response = await client.get(f"/v1/toezichtprogramma?{query}")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def test_a_lighter_location_never_takes_the_place_of_one_that_does_not_fit(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    await scored(risk, planner, "gm0147", "75.83", "49.93", "20.00")
    none = await plan(planner, "uren=20&deelnemer=gm0147")
    assert (none["resultaten"], none["drempelscore"], none["gebruikteUren"]) == ([], None, 0)
    first, second, third = none["reservelijst"]
    assert (first["score"], first["reden"]) == (75.83, "past niet: kost 24 uur, er is 20 uur over")
    assert second["reden"] == third["reden"] == "staat na de eerste die niet past"
    one = await plan(planner, "uren=33&deelnemer=gm0147")
    assert [row["score"] for row in one["resultaten"]] == [75.83]
    assert one["resultaten"][0]["reden"] == "gekozen: 24 van 33 uur"
    assert (one["drempelscore"], one["gebruikteUren"], one["aantalGepasseerd"]) == (75.83, 24, 0)
    assert one["reservelijst"][0]["reden"] == "past niet: kost 12 uur, er is 9 uur over"
    assert "ook niet als het minder uren kost" in one["regel"]


async def test_score_per_hour_says_which_heavier_locations_drop_out(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    await scored(risk, planner, "gm0168", "75.00", "30.00", "29.99", "29.00")
    by_hour = await plan(planner, "uren=15&deelnemer=gm0168&rangschikking=score-per-uur")
    assert [row["score"] for row in by_hour["resultaten"]] == [29.99, 29.0]
    assert (by_hour["drempelscore"], by_hour["aantalGepasseerd"]) == (29.0, 2)
    page = await planner.get(
        "/toezichtprogramma?uren=15&deelnemer=gm0168&rangschikking=score-per-uur"
    )
    assert "Score per uur zet lichtere locaties voor zwaardere" in page.text
    assert "2 locaties met een hogere score" in page.text
    assert "Past niet: kost 24 uur" in page.text


@pytest.mark.parametrize("ranking", list(Ranking))
async def test_the_database_fills_as_the_rule_says(
    risk: Risk, planner: httpx2.AsyncClient, ranking: Ranking
) -> None:
    chance = Random(ranking)
    code = "gm0173" if ranking is Ranking.SCORE else "gm0183"
    scores = [f"{chance.uniform(0, 100):.2f}" for _ in range(25)]
    await scored(risk, planner, code, *scores)
    for hours in (1, 24, 60, 137, 260, 100_000):
        places = await everything(risk, Request(hours, code, ranking))
        worth = [_worth(row, ranking) for row in places]
        assert worth == sorted(worth, reverse=True)
        assert [row.through for row in places] == list(accumulate(row.hours for row in places))
        assert all(row.hours == HOURS[row.risk_class] for row in places)
        async with risk.db.work("test", sight=Sight.ALL) as work:
            found = await planned(Request(hours, code, ranking), 0, 200, system(work))
        chosen = [row for row in places if row.through <= hours]
        assert found.places == chosen
        assert found.programme.chosen == len(chosen)
        assert found.programme.used == sum((row.hours for row in chosen), Decimal(0))
        assert found.programme.threshold == (chosen[-1].score if chosen else None)
        heavier = [row for row in places if chosen and row.score > chosen[-1].score]
        assert found.programme.passed_over == len(set(heavier) - set(chosen))


async def everything(risk: Risk, request: Request) -> list[RankedRow]:
    """All places: a programme with more hours than anybody needs."""
    async with risk.db.work("test", sight=Sight.ALL) as work:
        enough = Request(100_000, request.participant, request.ranking)
        return (await planned(enough, 0, 200, system(work))).places


def _worth(row: RankedRow, ranking: Ranking) -> Decimal:
    return row.score if ranking is Ranking.SCORE else row.score / row.hours


async def test_a_programme_has_pages(risk: Risk, planner: httpx2.AsyncClient) -> None:
    await scored(risk, planner, "gm0189", "40.00", "39.00", "38.00")
    response = await planner.get("/v1/toezichtprogramma?uren=40&deelnemer=gm0189&limit=2")
    body = response.json()
    assert body["aantalKandidaten"] == 3
    assert [row["rang"] for row in body["resultaten"]] == [1, 2]
    rest = await planner.get(response.links["next"]["url"])
    assert [row["rang"] for row in rest.json()["resultaten"]] == [3]
    assert "next" not in rest.links
    assert (await planner.get("/v1/toezichtprogramma?uren=0")).status_code == 400
