"""Query keys: an unknown or repeated one is refused, so that a typing error is seen."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request

from shared.errors import Invalid, InvalidParam

# The keys of an operation, and whether each may be repeated.
Keys = Mapping[str, bool]


def known_keys(api: FastAPI) -> dict[tuple[str, str], Keys]:
    """The query keys of every operation, by its path and method, as documented."""
    return {
        (path, method.upper()): {
            each["name"]: _is_list(each["schema"])
            for each in operation.get("parameters", ())
            if each["in"] == "query"
        }
        for path, operations in api.openapi()["paths"].items()
        for method, operation in operations.items()
    }


def _is_list(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "array" or any(map(_is_list, schema.get("anyOf", ())))


def only_known_keys(request: Request) -> None:
    """Raises Invalid for every query key that the operation does not have, or has once."""
    if not request.scope["query_string"]:
        return
    keys = _keys_of(request)
    wrong = [
        InvalidParam(name, "onbekend", "Deze parameter bestaat hier niet.", as_sent=True)
        if name not in keys
        else InvalidParam(name, "dubbel", "Geef deze parameter één keer.", as_sent=True)
        for name, times in Counter(name for name, _ in request.query_params.multi_items()).items()
        if name not in keys or (times > 1 and not keys[name])
    ]
    if wrong:
        raise Invalid("De vraag in het adres klopt niet.", params=tuple(wrong))


def _keys_of(request: Request) -> Keys:
    state = request.app.state
    if not hasattr(state, "query_keys"):
        state.query_keys = known_keys(request.app)
    found: Keys = state.query_keys[request.scope["route"].path_format, request.method]
    return found
