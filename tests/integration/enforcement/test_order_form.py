"""The sum of an order on the form where it is imposed: asked for, and shown when it was chosen."""

import re
from datetime import timedelta

import httpx2

from tests.integration.enforcement.conftest import (
    TODAY,
    Enforcement,
    chosen,
    established,
    ok,
    positioned,
)
from tests.integration.enforcement.test_pages import html, send


async def test_an_order_chosen_without_a_sum_gets_it_where_it_is_imposed(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    found = await established(inspector, place.location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found, last=None, begunstigingsdagen=None)
    imposing = f"/handhavingsmaatregelen/{measure['id']}/oplegging"
    urgent = {"besluitdatum": TODAY.isoformat(), "redenSpoed": "Acuut gevaar"}
    refused = await send(lawyer, imposing, f"/enforcement{imposing}", **urgent)
    assert "De last noemt de wijze, het bedrag en het maximum" in html(refused, 409)
    order = {
        "last.wijze": "per tijdseenheid",
        "last.tijdseenheid": "week",
        "last.bedrag": "1.250,00",
        "last.maximum": "5.000",
        "begunstigingsdagen": "14",
    }
    imposed = await send(lawyer, imposing, f"/enforcement{imposing}", **urgent, **order)
    assert imposed.status_code == 303, imposed.text
    (kept,) = ok(await lawyer.get(f"/v1/overtredingen/{found}"))["handhavingsmaatregelen"]
    assert (kept["status"], kept["bedrag"], kept["maximum"]) == ("opgelegd", "1250.00", "5000.00")
    assert kept["begunstigingTot"] == (TODAY + timedelta(days=14)).isoformat()


async def test_the_form_to_impose_shows_the_order_that_was_chosen(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    found = await established(inspector, place.location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found)
    page = html(await lawyer.get(f"/handhavingsmaatregelen/{measure['id']}/oplegging"))
    assert page.count('value="5.000,00"') == 2
    assert not re.search(r"Bedrag in euro\s*<[^>]*>\s*\(niet verplicht\)", page)
    assert re.search(r'name="begunstigingsdagen"[^>]*value="14"', page)
    warning = await chosen(lawyer, found, handhavingsinstrument="verscherpt toezicht", last=None)
    page = html(await lawyer.get(f"/handhavingsmaatregelen/{warning['id']}/oplegging"))
    assert "last.bedrag" not in page


async def test_a_sum_that_is_cleared_where_the_order_is_imposed_is_not_imposed_unseen(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    place = await enforcement.location()
    found = await established(inspector, place.location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found)
    imposing = f"/handhavingsmaatregelen/{measure['id']}/oplegging"
    typed = {
        "besluitdatum": TODAY.isoformat(),
        "redenSpoed": "Acuut gevaar",
        "last.wijze": "bedrag ineens",
        "last.tijdseenheid": "",
        "last.bedrag": "",
        "last.maximum": "",
    }
    page = html(await send(lawyer, imposing, f"/enforcement{imposing}", **typed), 400)
    assert 'href="#last.bedrag"' in page
    assert 'href="#last.maximum"' in page
    (kept,) = ok(await lawyer.get(f"/v1/overtredingen/{found}"))["handhavingsmaatregelen"]
    assert kept["status"] == "gekozen"
