"""Refused access is logged with who and why; nothing personal, no query, no address."""

import httpx2
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from shared.auth.issuer import BY_SUBJECT, issue


def lines_of(logs: list[dict[str, object]]) -> list[dict[str, object]]:
    return [line for line in logs if line["event"] in {"access", "access refused"}]


@pytest.mark.parametrize(
    ("subject", "status", "who"), [("", 401, "niet ingelogd"), ("enschede", 403, "enschede")]
)
async def test_who_was_refused_and_why(app: FastAPI, subject: str, status: int, who: str) -> None:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://vth.test/v1") as client:
        if subject:
            token = issue(app.state.settings, BY_SUBJECT[subject])
            client.headers["Authorization"] = f"Bearer {token}"
        with capture_logs() as logs:
            answer = await client.post("/dingen", json={"naam": "geheim@example.nl"})
    assert answer.status_code == status
    (line,) = lines_of([dict(each) for each in logs])
    assert line["event"] == "access refused"
    assert (line["status"], line["method"], line["who"]) == (status, "POST", who)
    assert line["why"]
    assert "geheim" not in repr(line)


async def test_what_is_answered_is_not_logged_unless_asked(client: httpx2.AsyncClient) -> None:
    with capture_logs() as logs:
        await client.get("/dingen")
    assert lines_of([dict(each) for each in logs]) == []
