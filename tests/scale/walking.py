"""Finds what can be asked of the services: pages by their links, APIs by their documents.

Nothing is listed here, so a new route is measured as soon as a page leads to it or its API has it.
"""

import json
import re
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from tests.scale.calls import Answer, Asker
from tests.scale.reading import ID, SEARCH, Page, first_rows, label, next_page

# The location with far more complaints than any other (sql/intake.sql).
LARGEST: Final = "d5189de0-0000-7000-8000-000000000001"
# A number, a street that many have, a part of most streets, and what nobody has.
WORDS: Final = (
    "K-2024-000777",
    "C-2024-000777",
    "OV-2024-000777",
    "L-2019-000777",
    "Molenstraat",
    "straat",
    "qzxjv",
)
STARTS: Final = (
    "/",
    "/zoeken?q=straat",
    f"/risk/locaties/{LARGEST}",
    f"/intake/klachten?locatieId={LARGEST}",
)
OF_A_PATH: Final = 30
VALUES: Final = 3


@dataclass(slots=True)
class Walk:
    """What one caller was answered: the address of each thing that can be asked, by its label."""

    services: Collection[str]
    addresses: dict[str, str] = field(default_factory=dict)
    routes: set[str] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def keep(self, address: str, answer: Answer) -> bool:
        """Remember the answer to an address; whether there was one."""
        elsewhere = answer.status == 303 and "/inloggen" not in answer.headers["location"]
        if answer.status != 200 and not elsewhere:
            self.refused[named(address)] = answer.status
            return False
        self.routes.add(answer.route)
        self.addresses[named(address)] = address
        service = address.split("/")[1]
        for segment, identity in re.findall(rf"/([\w-]+)/({ID.pattern})", address):
            if identity != LARGEST:
                self.ids.setdefault((service, segment), identity)
        return True


def named(address: str) -> str:
    """The label of an address; the largest location has one of its own."""
    return label(address.replace(LARGEST, "{largest}"))


async def walk_pages(asker: Asker, walk: Walk, starts: Iterable[str] = STARTS) -> None:
    """Follow every link and every field of every form, each kind once."""
    waiting = deque(starts)
    seen: set[str] = set()
    often: Counter[str] = Counter()
    while waiting:
        address = waiting.popleft()
        name = named(address)
        path = name.partition("?")[0]
        if name in seen or not _ours(address, walk.services) or often[path] >= OF_A_PATH:
            continue
        seen.add(name)
        often[path] += 1
        answer = await asker.get(address, at_most=1.0)
        if walk.keep(address, answer) and "html" in answer.headers.get("content-type", ""):
            waiting.extend(_sooner(Page(address, WORDS).addresses(answer.text)))


def _ours(address: str, services: Collection[str]) -> bool:
    path, _, query = address.partition("?")
    parts = path.split("/")
    return (
        address.startswith("/")
        and (path in {"/", "/zoeken"} or parts[1] in services)
        and len(query.split("&")) <= 2
    )


def _sooner(addresses: Iterable[str]) -> list[str]:
    """Other pages before more filters of this one."""
    return sorted(addresses, key=lambda address: address.count("&"))


async def walk_api(asker: Asker, walk: Walk, service: str) -> None:
    """Ask every GET of an API: plainly, with each value of each parameter, and its second page."""
    document = json.loads((await asker.get(f"/{service}/v1/openapi.json")).text)
    # Lists come before what is in them, whose identities they give.
    for path in sorted(document["paths"], key=lambda path: path.count("{")):
        operation = document["paths"][path].get("get")
        if operation is None:
            continue
        parameters = [_resolved(document, each) for each in operation.get("parameters", [])]
        for place in _places(path, f"/{service}/v1", parameters, walk, document):
            needed = [
                _values(each, document)[:1] for each in _asked(parameters) if each.get("required")
            ]
            base = [pair for pairs in needed for pair in pairs]
            found = await _ask(asker, walk, place, base)
            if found is None:
                continue
            for each in _asked(parameters):
                for pair in _values(each, document):
                    await _ask(asker, walk, place, [*base, pair])


async def walk_rest(asker: Asker, walk: Walk, paths: Iterable[str]) -> None:
    """Go to the pages that no link led to, with the identities that the API told."""
    for path in sorted(set(paths) - walk.routes):
        service, _, rest = path.strip("/").partition("/")
        for place in _places(f"/{rest}", f"/{service}", [], walk, {}):
            await walk_pages(asker, walk, [place])


async def _ask(asker: Asker, walk: Walk, place: str, query: list[tuple[str, str]]) -> Answer | None:
    address = place + (f"?{urlencode(query)}" if query else "")
    if named(address) in walk.addresses:
        return None
    answer = await asker.get(address)
    if not walk.keep(address, answer):
        return None
    service, segment = address.split("/")[1], place.rpartition("/")[2]
    if "json" in answer.headers.get("content-type", ""):
        for row in first_rows(json.loads(answer.text))[:1]:
            for name in ("id", "code", "deelnemerCode", "jaar"):
                if name in row:
                    walk.ids.setdefault((service, segment), str(row[name]))
                    break
    if following := next_page(answer.headers.get("link", "")):
        path = "/" + following.split("/", 3)[3] if "://" in following else following
        await _ask_next(asker, walk, path)
    return answer


async def _ask_next(asker: Asker, walk: Walk, address: str) -> None:
    if named(address) not in walk.addresses:
        walk.keep(address, await asker.get(address))


def _places(
    path: str,
    root: str,
    parameters: list[dict[str, Any]],
    walk: Walk,
    document: dict[str, Any],
) -> Iterator[str]:
    """The path with what stands in its places; a location also the one with the most complaints."""
    given = {each["name"]: each for each in parameters if each["in"] == "path"}
    filled, largest, service = "", "", root.split("/")[1]
    for part in path.strip("/").split("/"):
        value = part
        for name in re.findall(r"\{(\w+)\}", part):
            segment = filled.rpartition("/")[2]
            chosen = _chosen(walk, service, segment) or _first(given.get(name, {}), document)
            if chosen is None:
                walk.refused[root + path] = 0
                return
            value = value.replace(f"{{{name}}}", chosen)
            if segment == "locaties":
                largest = value
        filled = f"{filled}/{value}"
    yield root + filled
    if largest:
        yield root + filled.replace(largest, LARGEST)


def _chosen(walk: Walk, service: str, segment: str) -> str | None:
    own = walk.ids.get((service, segment))
    others = (value for (_, each), value in walk.ids.items() if each == segment)
    return own or next(others, None)


def _first(parameter: dict[str, Any], document: dict[str, Any]) -> str | None:
    pairs = _values(parameter, document) if parameter else []
    return pairs[0][1] if pairs else None


def _asked(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in parameters if each["in"] == "query" and each["name"] != "cursor"]


def _resolved(document: Mapping[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def _values(parameter: dict[str, Any], document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Values that this parameter may have, where its schema or its name tells."""
    name, schema = parameter["name"], parameter.get("schema", {})
    if name in SEARCH:
        return [(name, word) for word in WORDS]
    schema = _resolved(document, next(iter(schema.get("anyOf", [schema])), {}))
    schema = _resolved(document, schema.get("items", schema))
    now = datetime.now(UTC)
    by_name = {
        "deelnemer": "gm0153",
        "deelnemerCode": "gm0153",
        "locatieId": LARGEST,
        "jaar": str(now.year),
        "limit": "200",
        "cel": "B2",
        "product": "T10-01",
        "productCode": "T10-01",
    }
    if name in by_name:
        return [(name, by_name[name])]
    if "enum" in schema:
        return [(name, str(value)) for value in schema["enum"][:VALUES]]
    if schema.get("format") == "date":
        return [(name, now.date().isoformat())]
    return [(name, "true")] if schema.get("type") == "boolean" else []
