"""The OpenAPI document as the NL API Design Rules want it, from the routes of FastAPI."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from shared.auth.api import BEARER_SCHEME
from shared.http.context import KEY_HEADER
from shared.http.problems import PROBLEM_JSON, SCHEMA

PROBLEM = {
    "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Probleem"}}},
}
MEANING = {
    400: "De invoer is ongeldig",
    401: "Niet aangemeld",
    403: "Geen recht",
    404: "Niet gevonden",
    406: "Het gevraagde mediatype (Accept) kan niet worden geleverd",
    408: "Het verzoek kwam niet op tijd binnen",
    409: "In strijd met wat is vastgelegd, of met een regel",
    410: "Niet meer bewaard",
    412: "Intussen gewijzigd (If-Match klopt niet meer)",
    413: "Het verzoek is te groot",
    415: "Het mediatype wordt niet ondersteund",
    429: "Te vaak; zie Retry-After",
    503: "De database is vol of niet bereikbaar; zie Retry-After",
}
METHODS = frozenset({"get", "put", "post", "patch", "delete"})
FIRST = ("tags", "summary", "description", "operationId", "security")
CONTACT = {
    "name": "Beheer VTH Platform",
    "url": "https://vth.example.nl",
    "email": "beheer@vth.example.nl",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of one operation, beyond those that every operation has."""
    return {status: {"description": MEANING[status], **PROBLEM} for status in statuses}


def document(app: FastAPI, service: str) -> dict[str, Any]:
    """The document of a service's API."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        servers=[{"url": f"/{service}/v1", "description": "Deze installatie"}],
        contact=CONTACT,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    components = found.setdefault("components", {})
    components.setdefault("securitySchemes", {}).update(BEARER_SCHEME)
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Probleem"] = SCHEMA
    for operation in _operations(found):
        _complete(operation)
    return _named(found)


def _named(found: dict[str, Any]) -> dict[str, Any]:
    """Generic models get UpperCamelCase names: `Results_LocationOut_` is `LocationOutResults`."""
    schemas: dict[str, Any] = found["components"]["schemas"]
    renamed = {
        name: "".join(part[:1].upper() + part[1:] for part in reversed(name.split("_")))
        for name in schemas
        if "_" in name
    }
    found["components"]["schemas"] = {renamed.get(n, n): schema for n, schema in schemas.items()}
    return dict(_repointed(found, renamed))


def _repointed(node: Any, renamed: dict[str, str]) -> Any:
    """The same with the new names; keys that have a pattern are the only ones."""
    if isinstance(node, dict):
        closed = {"additionalProperties": False} if "patternProperties" in node else {}
        return closed | {
            key: _reference(value, renamed) if key == "$ref" else _repointed(value, renamed)
            for key, value in node.items()
        }
    return [_repointed(value, renamed) for value in node] if isinstance(node, list) else node


def _reference(target: str, renamed: dict[str, str]) -> str:
    where, _, name = target.rpartition("/")
    return f"{where}/{renamed.get(name, name)}"


def _operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in found.get("paths", {}).values():
        yield from (operation for method, operation in path.items() if method in METHODS)


def _complete(operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation["responses"]
    responses.pop("422", None)
    for status in sorted(_common(operation)):
        responses.setdefault(str(status), {"description": MEANING[status], **PROBLEM})
    for code, response in responses.items():
        if code[0] in "23":
            response.setdefault("headers", {}).update(_headers(operation))
    operation["responses"] = dict(sorted(responses.items()))
    # Who may ask comes before what one asks.
    first = {key: operation[key] for key in FIRST if key in operation}
    rest = {key: value for key, value in operation.items() if key not in first}
    operation.clear()
    operation.update(first | rest)


def _common(operation: dict[str, Any]) -> set[int]:
    common = {400, 406, 503}
    if operation.get("security"):
        common |= {401, 403, 429}
    if "requestBody" in operation:
        common |= {408, 413, 415}
    parameters = operation.get("parameters", ())
    if any(each["in"] == "path" or each["name"] == "cursor" for each in parameters):
        common |= {404}
    if any(each["name"] == KEY_HEADER.lower() for each in parameters):
        common |= {409}
    return common


def _headers(operation: dict[str, Any]) -> dict[str, Any]:
    headers = {"API-Version": _header("Volledig versienummer van de API")}
    if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ())):
        headers["Link"] = _header("De eerste en de volgende pagina (RFC 8288)")
    return headers


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}
