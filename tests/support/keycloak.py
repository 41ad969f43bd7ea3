"""The administration of Keycloak, as its console uses it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2

Json = dict[str, Any]


class Administration:
    """The realm of the platform, seen by the administrator of Keycloak."""

    def __init__(self, client: httpx2.Client, realm: str) -> None:
        self._client = client
        self._realm = realm

    def add_client(self, described: Mapping[str, Any], secret: str, roles: Iterable[str]) -> None:
        """A client that works by itself, without a screen."""
        made = self._post("clients", {**described, "secret": secret})
        user = self._get(f"{made}/service-account-user")["id"]
        self._give(f"{self._realm}/users/{user}", roles)

    def add_user(
        self, name: str, password: str, roles: Iterable[str], participants: list[str]
    ) -> None:
        """Somebody who signs in at the screens."""
        described = {
            "username": name,
            "enabled": True,
            "attributes": {"deelnemers": participants},
            "credentials": [{"type": "password", "value": password, "temporary": False}],
        }
        self._give(self._post("users", described), roles)

    def users(self) -> list[str]:
        """The names of all who can sign in."""
        return [each["username"] for each in self._get(f"{self._realm}/users")]

    def realm(self) -> Json:
        """How the realm is set."""
        found: Json = self._get(self._realm)
        return found

    def _give(self, user: str, roles: Iterable[str]) -> None:
        known = {role["name"]: role for role in self._get(f"{self._realm}/roles")}
        given = [known[name] for name in roles]
        self._client.post(f"{user}/role-mappings/realm", json=given).raise_for_status()

    def _get(self, address: str) -> Any:
        return self._client.get(address).raise_for_status().json()

    def _post(self, what: str, body: Json) -> str:
        made = self._client.post(f"{self._realm}/{what}", json=body).raise_for_status()
        return str(made.headers["location"])


@contextmanager
def administration(console: str, password: str, realm: str) -> Iterator[Administration]:
    """Sign in as the administrator at the console's own port."""
    form = {
        "grant_type": "password",
        "client_id": "admin-cli",
        "username": "admin",
        "password": password,
    }
    with httpx2.Client(timeout=30) as client:
        at = f"{console}/realms/master/protocol/openid-connect/token"
        token = client.post(at, data=form).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield Administration(client, f"{console}/admin/realms/{realm}")
