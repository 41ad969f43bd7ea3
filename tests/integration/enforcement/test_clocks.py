"""The list of clocks: two kinds, each by its own index, in one order over pages."""

from datetime import date
from typing import Any

import httpx2

from tests.integration.enforcement.conftest import (
    Enforcement,
    act,
    chosen,
    established,
    ok,
    positioned,
)


async def pages(client: httpx2.AsyncClient, found: str) -> list[list[tuple[str, str]]]:
    """The clocks of a violation a page at a time, as (end, kind)."""
    url: str | None = f"/v1/termijnen?overtredingId={found}&limit=1"
    seen = []
    while url:
        answer = await client.get(url)
        rows: list[dict[str, Any]] = ok(answer)["resultaten"]
        seen.append([(row["looptTot"], row["soort"]) for row in rows])
        url = answer.links.get("next", {}).get("url")
        url = url and url.removeprefix("/enforcement")
    return seen


async def test_clocks_that_lapse_and_those_that_do_not_are_one_list(
    enforcement: Enforcement, inspector: httpx2.AsyncClient, lawyer: httpx2.AsyncClient
) -> None:
    enforcement.at(date(2025, 2, 10))
    found = await established(inspector, (await enforcement.location()).location_id)
    await positioned(lawyer, found)
    measure = await chosen(lawyer, found, begunstigingsdagen=58)
    ok(await act(lawyer, measure["id"], "voornemen"))
    enforcement.at(date(2025, 3, 3))
    ok(await act(lawyer, measure["id"], "oplegging"))
    objection = [("2025-04-14", "bezwaar")]
    remedy = [("2025-04-30", "begunstigingstermijn")]
    assert await pages(lawyer, found) == [objection, remedy]
    enforcement.at(date(2025, 4, 15))
    assert await pages(lawyer, found) == [remedy]
