"""A key gives its answer again to the same caller with the same rights, and to nobody else."""

import httpx2
import pytest
from fastapi import FastAPI

from shared.auth.issuer import ExampleUser, issue
from shared.auth.pages import SESSION_COOKIE
from shared.product.roles import Role
from shared.ui.forms import KEY_FIELD

FORM = "/dingen/nieuw"
OFFICER = (Role.COMPLAINTS_OFFICER,)


def officer(roles: tuple[Role, ...] = OFFICER, *participants: str) -> ExampleUser:
    """The same account each time: an answer is kept for the account."""
    return ExampleUser("herhaler", "Herhaler (voorbeeld)", roles, participants or ("*",))


async def sent(
    app: FastAPI, who: ExampleUser, key: str, path: str = "/v1/dingen", **body: str
) -> httpx2.Response:
    token = issue(app.state.settings, who)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app, raise_app_exceptions=False),
        base_url="http://vth.test",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        cookies={SESSION_COOKIE: token},
    ) as client:
        if path == FORM:
            return await client.post(path, data={**body, KEY_FIELD: key})
        return await client.post(path, json=body)


async def test_the_same_caller_gets_the_answer_again(app: FastAPI) -> None:
    first = await sent(app, officer(), "herhaling-1", naam="herhaald-1")
    again = await sent(app, officer(), "herhaling-1", naam="herhaald-1")
    assert (first.status_code, again.content) == (201, first.content)


async def test_who_lost_the_right_does_not(app: FastAPI) -> None:
    first = await sent(app, officer(), "herhaling-2", naam="herhaald-2")
    again = await sent(app, officer((Role.SYSTEM,)), "herhaling-2", naam="herhaald-2")
    assert (first.status_code, again.status_code) == (201, 403)


@pytest.mark.parametrize(
    ("before", "after"),
    [(("*",), ("gm0153",)), (("gm0153",), ("gm0164",)), (("gm0153", "gm0164"), ("gm0153",))],
)
async def test_who_sees_other_rows_by_now_does_not(
    app: FastAPI, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    name = f"herhaald-{'-'.join(before)}"
    first = await sent(app, officer(OFFICER, *before), name, naam=name)
    again = await sent(app, officer(OFFICER, *after), name, naam=name)
    assert (first.status_code, again.status_code) == (201, 409)


async def test_a_form_of_who_lost_the_right_goes_nowhere(app: FastAPI) -> None:
    first = await sent(app, officer(), "herhaling-3", FORM, naam="herhaald-3")
    again = await sent(app, officer(), "herhaling-3", FORM, naam="herhaald-3")
    assert (first.status_code, again.headers["location"]) == (303, first.headers["location"])
    lost = await sent(app, officer((Role.SYSTEM,)), "herhaling-3", FORM, naam="herhaald-3")
    assert lost.status_code == 403
