"""Where it was, as the pages say it: an address without a street, and what is near."""

import re

import httpx2

from tests.integration.intake.conftest import Intake, receive
from tests.integration.intake.test_screens import answer_all, post, seen


async def test_a_postcode_with_a_number_is_an_address_on_every_page(
    intake: Intake, officer: httpx2.AsyncClient
) -> None:
    async with intake.site() as citizen:
        place = {"straat": "", "huisnummer": "8", "postcode": "7511ab", "plaats": ""}
        await answer_all(citizen, waar=place)
        assert "7511 AB 8" in await seen(citizen, "/melden/controleren")
        await post(citizen, "/melden/controleren")
    listed = await seen(officer, "/klachten")
    assert "<td>7511 AB 8<" in listed
    (path,) = re.findall(
        r'href="/intake(/klachten/[0-9a-f-]{36})"', listed.partition("<td>7511 AB 8<")[0]
    )[-1:]
    assert "7511 AB 8" in await seen(officer, path)


async def test_only_what_is_near_is_called_near(
    intake: Intake, officer: httpx2.AsyncClient
) -> None:
    factory = await intake.location(number="L-NABIJ", name="Nabijfabriek")
    named = (
        await receive(
            officer, vermoedelijkeBron=factory.name, geometrie=None, adres={"postcode": "7511 AB"}
        )
    )["id"]
    assert "Past bij wat is gemeld" in await seen(officer, f"/klachten/{named}/koppelen")
