"""What a version of a price refuses when it is proposed and when it is activated."""

from typing import Any

import httpx2
import pytest

from tests.integration.reporting.conftest import Client, is_problem

BODY = {"geldigVanaf": "2028-01-01", "besluitkenmerk": "AB 2027-9"}
KEY = {**BODY, "code": "sleutel-proef", "naam": "Proef"}


async def propose(client: Client, path: str, **changes: Any) -> httpx2.Response:
    return await client("controller").post(f"/reporting/v1/{path}", json={**BODY, **changes})


async def activate(client: Client, path: str, made: Any, version: int = 1) -> httpx2.Response:
    at = f"/reporting/v1/{path}/{made['id']}/activering"
    return await client("concern").post(at, headers={"If-Match": f'"{version}"'})


@pytest.mark.parametrize(
    ("path", "body", "field", "reason"),
    [
        ("tarieven", {"product": "X99-99", "uurtarief": "95.00"}, "product", "onbekend"),
        ("kentallen", {"product": "X99-99", "minuten": 60}, "product", "onbekend"),
        ("verdeelsleutels", {**KEY, "gewichten": {"gm9999": 1}}, "gewichten", "onbekend"),
        ("verdeelsleutels", {**KEY, "gewichten": {"gm0153": 0}}, "gewichten", "leeg"),
    ],
)
async def test_a_proposal_names_what_exists_and_divides_something(
    client: Client, path: str, body: dict[str, Any], field: str, reason: str
) -> None:
    problem = is_problem(await propose(client, path, **body), 409)
    told = problem["invalidParams"][0]
    assert (told["name"], told["code"]) == (field, reason)


async def test_a_version_is_activated_once_and_as_it_was_read(client: Client) -> None:
    made = (await propose(client, "tarieven", product="T10-01", uurtarief="99.00")).json()
    is_problem(await activate(client, "tarieven", made, version=2), 412)
    assert (await activate(client, "tarieven", made)).json()["vastgesteld"] is True
    problem = is_problem(await activate(client, "tarieven", made, version=2), 409)
    assert "geldt al" in problem["detail"]


async def test_the_first_version_of_a_key_ends_none(client: Client) -> None:
    weights = {"gm0153": 3, "gm0164": 1}
    made = (await propose(client, "verdeelsleutels", **KEY, gewichten=weights)).json()
    active = (await activate(client, "verdeelsleutels", made)).json()
    assert (active["vastgesteld"], active["geldigTot"]) == (True, None)
    next_body = {**KEY, "geldigVanaf": "2029-01-01", "gewichten": {"gm0164": 1}}
    follower = (await propose(client, "verdeelsleutels", **next_body)).json()
    assert (await activate(client, "verdeelsleutels", follower)).is_success
    listed = await client("controller").get("/reporting/v1/verdeelsleutels?code=sleutel-proef")
    ends = {each["geldigVanaf"]: each["geldigTot"] for each in listed.json()["resultaten"]}
    assert ends == {"2028-01-01": "2029-01-01", "2029-01-01": None}
