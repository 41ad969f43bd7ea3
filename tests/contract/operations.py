"""Every operation of the four APIs, from their own documents, with a plausible path and body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.services import app_of
from shared.service import api_of
from shared.settings import SERVICES, Settings

SETTINGS = Settings(
    environment="test",
    token_key="a-key-of-more-than-32-characters-for-tests",
    master_key="dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
    webhook_key="d2ViaG9va3dlYmhvb2t3ZWJob29rd2ViaG9va3dlYmg=",
)
DOCUMENTS: Mapping[str, dict[str, Any]] = {
    name: api_of(app_of(name, SETTINGS)).openapi() for name in SERVICES
}
NOBODY = "00000000-0000-7000-8000-000000000000"
SAMPLES = {"deelnemerCode": "gm0153"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one service."""

    service: str
    method: str
    path: str
    found: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"

    @property
    def url(self) -> str:
        """An address of it, at which nothing exists."""
        path = self.path
        for parameter in self.parameters("path"):
            name, schema = parameter["name"], parameter["schema"]
            value = NOBODY if schema.get("format") == "uuid" else SAMPLES.get(name, "1")
            path = path.replace("{" + name + "}", value)
        return f"/{self.service}/v1{path}"

    @property
    def version(self) -> str:
        """The version of its API."""
        return str(DOCUMENTS[self.service]["info"]["version"])

    @property
    def secured(self) -> bool:
        return bool(self.found.get("security"))

    @property
    def body(self) -> dict[str, Any] | None:
        """The schema of its body, when that is an object."""
        content = self.found.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return None if schema is None else self.resolved(schema)

    def parameters(self, where: str) -> list[dict[str, Any]]:
        return [each for each in self.found.get("parameters", ()) if each["in"] == where]

    def headers(self) -> dict[str, str]:
        """The headers that it cannot do without."""
        names = [each["name"].lower() for each in self.parameters("header")]
        return {"If-Match": '"1"'} if "if-match" in names else {}

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema itself, also where it is a reference or may be absent."""
        for option in schema.get("anyOf", ()):
            if option.get("type") != "null":
                return self.resolved(option)
        if "$ref" not in schema:
            return schema
        name = schema["$ref"].rpartition("/")[2]
        found: dict[str, Any] = DOCUMENTS[self.service]["components"]["schemas"][name]
        return found


def operations() -> Iterator[Operation]:
    for service, document in DOCUMENTS.items():
        for path, methods in document["paths"].items():
            for method, found in methods.items():
                yield Operation(service, method.upper(), path, found)


OPERATIONS = tuple(operations())
WITH_BODY = tuple(each for each in OPERATIONS if each.body is not None)
