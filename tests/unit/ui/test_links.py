"""Links keep the view, and never lead away from the site."""

import pytest
from starlette.requests import Request

from shared.product.navigation import PLACES, opens, place_of, places_for
from shared.ui.links import local_path, with_query


def asked(query: str) -> Request:
    """A request for a list."""
    return Request(
        {"type": "http", "method": "GET", "scheme": "http", "path": "/intake/klachten",
         "query_string": query.encode(), "server": ("t", 80), "headers": []}
    )  # fmt: skip


def test_the_rest_of_the_query_is_kept() -> None:
    request = asked("soort=geur&soort=stof&cursor=x")
    wanted = "/intake/klachten?soort=geur&soort=stof&sorteer=-tijd"
    assert with_query(request, sorteer="-tijd", cursor=None) == wanted
    assert with_query(asked("soort=geur"), soort="") == "/intake/klachten"


@pytest.mark.parametrize(
    "address",
    ["//kwaad.example", "/\\kwaad.example", "https://kwaad.example", "", "/a\r\nSet-Cookie: x"],
)
def test_no_open_redirects(address: str) -> None:
    assert local_path(address) == "/"


def test_paths_of_our_own_are_followed() -> None:
    assert local_path("/intake/klachten?soort=geur") == "/intake/klachten?soort=geur"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *((place.url, place.name) for place in PLACES),
        ("/intake/klachten/K-1", "Klachten"),
        ("/enforcement/overtredingen/1", "Handhaving"),
        ("/reporting/uren/2026/48", "Uren"),
        ("/intake/melden/waar", None),
        ("/", None),
    ],
)
def test_every_path_has_its_place(path: str, name: str | None) -> None:
    assert place_of(path) == name


def test_a_role_sees_its_places_only() -> None:
    assert [place.name for place in places_for({"klachten.lezen", "uren.schrijven"})] == [
        *("Klachten", "Uren")
    ]
    # Who only reads hours sees them in the reports; the week sheet is for who writes.
    assert places_for({"uren.lezen"}) == []


@pytest.mark.parametrize(
    ("path", "opened"),
    [
        ("/intake/klachten/1", True),
        ("/enforcement/overtredingen/1", False),
        ("/enforcement/controles/1", True),
        ("/intake/gebeurtenissen", False),
        ("/melden", True),
        ("", True),
    ],
)
def test_a_link_is_for_who_may_follow_it(path: str, opened: bool) -> None:
    assert opens(path, {"klachten.lezen", "controles.lezen"}) is opened
