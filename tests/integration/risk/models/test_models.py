"""Risk models: versions of data, four eyes, and what a new one does to the scores."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from services.risk.context import system
from services.risk.scores.commands import RescoreDue, rescore_due
from services.risk.scores.store import SCORE_ALL_ANEW
from services.risk.scores.tables import location_score
from shared.auth.issuer import ExampleUser
from shared.auth.sight import Sight
from shared.contracts.risk import RiskScored
from shared.product.roles import Role
from tests.integration.risk.conftest import Risk, explained, registered


async def example(client: httpx2.AsyncClient) -> dict[str, Any]:
    found = (await client.get("/v1/risicomodellen")).json()["resultaten"]
    model: dict[str, Any] = found[-1]
    return model


async def proposed(client: httpx2.AsyncClient, version: str, **sections: Any) -> httpx2.Response:
    parameters = deepcopy((await example(client))["parameters"])
    for name, values in sections.items():
        parameters[name] |= values
    body = {"modelversie": version, "omschrijving": "Proef", "parameters": parameters}
    return await client.post("/v1/risicomodellen", json=body)


async def test_the_example_model_says_that_nobody_adopted_it(planner: httpx2.AsyncClient) -> None:
    found = await example(planner)
    assert found["status"] == "actief"
    assert found["vastgesteld"] is False
    assert found["besluitkenmerk"] == "voorbeeldmodel, niet vastgesteld"
    assert found["parameters"]["gewichten"]["klachten"] == "0.00"


async def activated(risk: Risk, planner: httpx2.AsyncClient, version: str, **more: Any) -> None:
    """Propose a model and decide that it is to be active."""
    made = await proposed(planner, version, **more)
    assert made.status_code == 201, made.text
    url = made.headers["location"].removeprefix("/risk")
    decision, seen = {"besluitkenmerk": "DB 2026-1"}, {"If-Match": '"1"'}
    refused = await planner.post(f"{url}/activering", json=decision, headers=seen)
    assert refused.status_code == 409
    assert "vier ogen" in refused.json()["detail"]
    async with risk.client("beheer") as other:
        done = await other.post(f"{url}/activering", json=decision, headers=seen)
        assert done.json()["status"] == "in doorrekening", done.text
        again = await other.post(f"{url}/activering", json=decision, headers={"If-Match": '"2"'})
        assert again.status_code == 409


async def turn(risk: Risk, size: int = 2000) -> bool:
    async with risk.db.work("test", sight=Sight.ALL) as work:
        return await rescore_due(RescoreDue(size), system(work))


async def versions_of(planner: httpx2.AsyncClient) -> set[str]:
    rows = (await planner.get("/v1/locaties?limit=200")).json()["resultaten"]
    return {row["modelversie"] for row in rows}


HEAVIER = {"effect": "0.80", "naleefgedrag": "0.10", "tijd": "0.10"}


async def test_the_old_scores_show_everywhere_until_every_location_has_its_new_one(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    places = [await registered(planner) for _ in range(5)]
    old = await explained(planner, places[0])
    await activated(risk, planner, "twee", gewichten=HEAVIER)
    other = await proposed(planner, "drie", gewichten=HEAVIER)
    url = other.headers["location"].removeprefix("/risk")
    async with risk.client("beheer") as boss:
        busy = await boss.post(
            f"{url}/activering", json={"besluitkenmerk": "DB"}, headers={"If-Match": '"1"'}
        )
    assert (busy.status_code, "doorgerekend" in busy.json()["detail"]) == (409, True)
    while (await explained(planner, places[0]))["modelversie"] == "voorbeeld-1":
        assert await versions_of(planner) == {"voorbeeld-1"}
        assert (await explained(planner, places[0])) == old
        assert await turn(risk, 2)
        # Who is registered or scored meanwhile is so by both.
        places.append(await registered(planner)) if len(places) < 7 else None
    new = await explained(planner, places[0])
    assert new["score"] != old["score"]
    assert await versions_of(planner) == {"twee"}
    listed = (await planner.get(f"/v1/locaties/{places[0]['id']}")).json()
    assert listed["score"] == new["score"]
    assert (await example(planner))["status"] == "vervallen"
    assert await risk.published(RiskScored, places[0]["id"]) == 1
    while await turn(risk, 3):
        pass
    for place in places:
        history = (await planner.get(f"/v1/locaties/{place['id']}/scorehistorie")).json()
        newest = history["resultaten"][0]
        assert (newest["modelversie"], newest["aanleiding"]) == ("twee", "risicomodel twee geldt")
        assert await risk.published(RiskScored, place["id"]) == 2
    kept = await risk.rows(select(location_score.c.model_id).distinct())
    assert len(kept) == 1


async def test_rebuilt_facts_are_scored_anew_in_batches(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    await registered(planner)
    while await turn(risk):
        pass
    risk.clock.instant = datetime.now(UTC) - timedelta(seconds=1)
    async with risk.db.work("test", sight=Sight.ALL) as work:
        await work.execute(SCORE_ALL_ANEW)
    risk.clock.instant = datetime.now(UTC) + timedelta(seconds=1)
    before = await risk.rows(select(func.min(location_score.c.scored_at).label("oldest")))
    while await turn(risk, 2):
        pass
    after = await risk.rows(select(func.min(location_score.c.scored_at).label("oldest")))
    assert after[0]["oldest"] > before[0]["oldest"]


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"gewichten": {"effect": "0.50"}}, "samen 1"),
        ({"klassen": {"hoog": 10, "midden": 30}}, "midden"),
    ],
)
async def test_a_model_that_contradicts_itself_is_refused(
    planner: httpx2.AsyncClient, sections: dict[str, Any], said: str
) -> None:
    response = await proposed(planner, "fout", **sections)
    assert response.status_code == 409
    assert said in response.json()["detail"]


@pytest.mark.parametrize(
    ("sections", "name"),
    [
        ({"gewichten": {"effect": "een"}}, "parameters.gewichten.effect"),
        ({"naleefgedrag": {"halveringstijdJaren": 0}},
         "parameters.naleefgedrag.halveringstijdJaren"),
        ({"klachten": {"kleur": 1}}, "parameters.klachten.kleur"),
    ],
)  # fmt: skip
async def test_a_parameter_of_the_wrong_kind_is_named(
    planner: httpx2.AsyncClient, sections: dict[str, Any], name: str
) -> None:
    response = await proposed(planner, "fout", **sections)
    assert response.status_code == 400
    assert name in {param["name"] for param in response.json()["invalidParams"]}


async def test_a_version_is_used_once(planner: httpx2.AsyncClient) -> None:
    assert (await proposed(planner, "eenmalig")).status_code == 201
    assert (await proposed(planner, "eenmalig")).status_code == 409


async def test_a_model_is_for_the_whole_agency_to_decide(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await proposed(planner, "van-de-dienst")
    url = made.headers["location"].removeprefix("/risk")
    limited = ExampleUser("eigen", "Planner van Enschede", (Role.PLANNER,), ("gm0153",))
    async with risk.client(limited) as client:
        refused = await proposed(client, "van-enschede")
        decision, seen = {"besluitkenmerk": "DB 2026-1"}, {"If-Match": '"1"'}
        activation = await client.post(f"{url}/activering", json=decision, headers=seen)
        form = await client.get("/risicomodellen/nieuw")
        listed = await client.get("/risicomodellen")
        read = await client.get(f"/risicomodellen/{url.rpartition('/')[2]}")
    assert (refused.status_code, activation.status_code, form.status_code) == (403, 403, 403)
    assert (listed.status_code, read.status_code) == (200, 200)
    assert "/risicomodellen/nieuw" not in listed.text
    assert 'name="besluitkenmerk"' not in read.text
