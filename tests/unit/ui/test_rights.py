"""Who may do what: two administrators who decide nothing, and a page that says so."""

import re

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from shared.auth.issuer import EXAMPLE_USERS
from shared.product.roles import ROLES, Role, Scope
from shared.settings import Settings
from shared.ui.portal import build_portal
from shared.ui.rights import RIGHT_TEXTS
from shared.ui.signing_in import ROLE_TEXTS
from tests.support.sessions import use_tokens

HERE = {"sec-fetch-site": "same-origin"}
DECIDES = {
    Scope.COMPLAINTS_WRITE,
    Scope.INSPECTIONS_WRITE,
    Scope.ENFORCEMENT_WRITE,
    Scope.ORDER_IMPOSE,
    Scope.HOURS_APPROVE,
    Scope.SETTLEMENTS_ADOPT,
}
ABOUT_PEOPLE = {Scope.REPORTERS_READ, Scope.COMPLAINTS_READ}


@pytest.fixture
def portal() -> TestClient:
    settings = Settings(environment="local", token_key=SecretStr("k" * 32))
    portal = build_portal(settings)
    use_tokens(portal, settings)
    return TestClient(portal, follow_redirects=False)


@pytest.mark.parametrize("role", [Role.FUNCTIONAL_ADMINISTRATOR, Role.OPERATOR])
def test_an_administrator_sees_no_complainant_and_decides_no_case(role: Role) -> None:
    assert not ROLES[role] & (DECIDES | ABOUT_PEOPLE)


def test_the_two_administrators_share_nothing() -> None:
    assert not ROLES[Role.FUNCTIONAL_ADMINISTRATOR] & ROLES[Role.OPERATOR]


def test_nobody_has_every_right_and_every_right_is_somebody_s() -> None:
    assert all(rights < set(Scope) for rights in ROLES.values())
    assert frozenset().union(*ROLES.values()) == set(Scope)


def test_every_role_of_a_person_has_an_example_user_and_words() -> None:
    people = set(Role) - {Role.SYSTEM}
    assert {role for user in EXAMPLE_USERS for role in user.roles} == people
    assert set(ROLE_TEXTS) == {str(role) for role in people}
    assert set(RIGHT_TEXTS) == set(Scope)


def test_the_page_shows_the_roles_of_each_right_and_one_s_own(portal: TestClient) -> None:
    assert portal.get("/rechten").headers["location"].startswith("/inloggen")
    portal.post("/inloggen", data={"gebruiker": "techniek"}, headers=HERE)
    page = portal.get("/rechten")
    assert page.status_code == 200
    assert "Uw rol: technisch-beheerder." in page.text
    rows = re.findall(r"<tr>.*?</tr>", page.text)[1:]
    assert len(rows) == len(Scope)
    (managing,) = [row for row in rows if "gebeurtenissen.beheren" in row]
    assert "technisch-beheerder" in managing
    assert "<td>ja</td>" in managing
    (reporters,) = [row for row in rows if "melders.lezen" in row]
    assert "<td>klachtbehandelaar</td><td>nee</td>" in reporters
