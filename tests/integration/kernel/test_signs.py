"""A sign that no database keeps is wrong input at every door, and no fault of the platform."""

import httpx2

from shared.http.paging import encode_cursor
from shared.ui.forms import KEY_FIELD


async def test_where_no_check_of_its_own_sees_it(
    client: httpx2.AsyncClient, browser: httpx2.AsyncClient
) -> None:
    read = await client.get("/dingen", params={"cursor": encode_cursor(["\x00"])})
    assert (read.status_code, read.json()["code"]) == (400, "ongeldige-invoer")
    posted = await browser.post("/dingen/nieuw", data={"naam": "nul", KEY_FIELD: "a\x00b"})
    assert posted.status_code == 400
    assert "teken" in posted.text
