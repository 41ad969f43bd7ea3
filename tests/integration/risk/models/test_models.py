"""Risk models: versions of data, four eyes, and what a new one does to the scores."""

from copy import deepcopy
from typing import Any

import httpx2
import pytest

from services.risk.scores.commands import rescore_due
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


async def test_a_model_needs_another_pair_of_eyes_and_then_scores_everything(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    place = await registered(planner)
    old = await explained(planner, place)
    heavier = {"effect": "0.80", "naleefgedrag": "0.10", "tijd": "0.10"}
    made = await proposed(planner, "twee", gewichten=heavier)
    assert made.status_code == 201, made.text
    url = made.headers["location"].removeprefix("/risk")
    decision, version = {"besluitkenmerk": "DB 2026-1"}, {"If-Match": '"1"'}
    refused = await planner.post(f"{url}/activering", json=decision, headers=version)
    assert refused.status_code == 409
    assert "vier ogen" in refused.json()["detail"]
    async with risk.client("beheer") as other:
        activated = await other.post(f"{url}/activering", json=decision, headers=version)
        assert activated.json()["status"] == "actief", activated.text
        again = await other.post(f"{url}/activering", json=decision, headers={"If-Match": '"2"'})
        assert again.status_code == 409
    new = await explained(planner, place)
    assert new["modelversie"] == "twee"
    assert new["score"] != old["score"]
    async with risk.db.work() as work:
        await rescore_due(work)
    listed = (await planner.get(f"/v1/locaties/{place['id']}")).json()
    assert (listed["score"], listed["modelversie"]) == (new["score"], "twee")
    assert (await example(planner))["status"] == "vervallen"


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


async def test_a_programme_fills_the_hours_with_the_highest_scores(
    planner: httpx2.AsyncClient,
) -> None:
    for activities in (["3.3.8"], ["3.7.2"], ["3.4.6"]):
        await registered(planner, activiteiten=activities, deelnemer="gm0147")
    response = await planner.get("/v1/toezichtprogramma?uren=40&deelnemer=gm0147&limit=1")
    plan = response.json()
    assert plan["aantalKandidaten"] == 3
    assert plan["gebruikteUren"] <= 40
    assert plan["resultaten"][0]["rang"] == 1
    rest = (await planner.get(response.links["next"]["url"])).json()
    assert rest["resultaten"][0]["rang"] == 2
    assert rest["resultaten"][0]["score"] <= plan["resultaten"][0]["score"]
    assert (await planner.get("/v1/toezichtprogramma?uren=0")).status_code == 400
