"""The same input through the API, a form and an import: the answers are compared as one.

A test describes an operation once (`Doors`), with a thing to do it to (`Target`), and asks for
`by_api` and `by_screen`, or gives the cells of a row to `by_import`. What comes back says what was
refused, and beside which fields.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, TypeAlias

import httpx2

from deploy.importer import engine
from shared.db.database import Database
from shared.ids import new_id
from shared.imports import ImportSpec

Body: TypeAlias = Mapping[str, Any]

_PROBLEM = re.compile(r'<li><a class="nl-link" href="#([^"]*)">(.*?)</a></li>', re.DOTALL)
_MESSAGE = re.compile(
    r'class="utrecht-alert__content"><h2[^>]*>[^<]*</h2>\s*<p>(.*?)</p>', re.DOTALL
)
# One reason of several begins with the name of its field.
_NEXT_FIELD = re.compile(r"; (?=[a-z_.0-9]+: )")
_OF_FIELD = re.compile(r"([a-z_.0-9]+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Target:
    """What is changed: where each door is, the version that was seen, and where it is read."""

    api: str
    screen: str
    version: int | None = None
    method: str = "POST"
    # Fields of the form that stand in the path of the API.
    hidden: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door says: done, or the status with the fields that are wrong."""

    done: bool
    status: int
    fields: tuple[str, ...] = ()
    said: frozenset[str] = frozenset()

    @property
    def refusal(self) -> tuple[int, tuple[str, ...]]:
        """The status and the fields, for what each door says in its own words."""
        return self.status, self.fields


async def by_api(client: httpx2.AsyncClient, target: Target, body: Body) -> Answer:
    """The answer of the API."""
    headers = {} if target.version is None else {"If-Match": f'"{target.version}"'}
    response = await client.request(target.method, target.api, json=body, headers=headers)
    if response.is_success:
        return Answer(done=True, status=200)
    problem = response.json()
    params = problem.get("invalidParams") or []
    said = {param["reason"] for param in params} or {problem["detail"]}
    names = sorted({param["name"] for param in params})
    return Answer(False, response.status_code, tuple(names), frozenset(said))


async def by_screen(
    client: httpx2.AsyncClient,
    target: Target,
    body: Body,
    form: Callable[[Body], Body] | None = None,
) -> Answer:
    """The answer of the page, when its form is filled in with the same input.

    `form` gives the fields of a page that asks in another way than the API does.
    """
    fields = {"idempotentiesleutel": str(new_id())} | dict(target.hidden)
    fields |= dict(flat(form(body) if form else body))
    if target.version is not None:
        fields["versie"] = str(target.version)
    response = await client.post(target.screen, data=fields)
    if response.status_code == 303:
        assert "/inloggen" not in response.headers["location"], "not signed in"
        return Answer(done=True, status=200)
    assert response.headers["content-type"].startswith("text/html"), response.text
    problems = _PROBLEM.findall(response.text)
    said = {unescape(text) for _, text in problems}
    said = said or {unescape(text) for text in _MESSAGE.findall(response.text)}
    names = sorted({unescape(name) for name, _ in problems})
    return Answer(False, response.status_code, tuple(names), frozenset(said))


async def by_import(
    database: Database, spec: ImportSpec, cells: Mapping[str, str], folder: Path, key: str = ""
) -> Answer:
    """The answer of an import of one row; its fields have the names of the code.

    Without a key it is a row of its own; with the key of a row before it corrects that one.
    """
    row = {"source_key": key or str(new_id()), **cells}
    path = folder / f"{new_id()}.csv"
    lines = (";".join(row), ";".join(f'"{value}"' for value in row.values()))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    prepared = engine.prepare(spec, path, None, "proef")
    tried = await engine.dry_run(prepared, database, lambda _: None)
    report = await engine.run(prepared, database, lambda _: None)
    assert (tried.new, tried.changed, tried.refused) == (
        *(report.new, report.changed),
        report.refused,
    )
    if not report.refused:
        assert report.new + report.changed == 1, report
        return Answer(done=True, status=200)
    parts = _NEXT_FIELD.split(report.refused[0].reason)
    found = [_OF_FIELD.fullmatch(part) for part in parts]
    names = sorted({match[1] for match in found if match})
    said = {match[2] if match else part for match, part in zip(found, parts, strict=True)}
    return Answer(False, 400, tuple(names), frozenset(said))


def last_names(answer: Answer) -> tuple[str, ...]:
    """The fields without the model that they stand in: `regels.0.product` is `product`."""
    return tuple(sorted({name.rpartition(".")[2] for name in answer.fields}))


def flat(body: Body, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The fields of a form for a body: dotted names, no empty ones, "ja" for a checked box."""
    for name, value in body.items():
        here = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from flat(value, f"{here}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, each in enumerate(value):
                yield from flat(each, f"{here}.{number}.")
        elif isinstance(value, bool):
            if value:
                yield here, "ja"
        elif value is not None:
            yield here, value


def without(body: Body, name: str) -> dict[str, Any]:
    """The body without one field, by its dotted name."""
    first, _, rest = name.partition(".")
    if not rest:
        return {key: value for key, value in body.items() if key != first}
    inner = body[first]
    if isinstance(inner, list):
        number, _, rest = rest.partition(".")
        changed: Any = [
            without(each, rest) if index == int(number) else each
            for index, each in enumerate(inner)
        ]
    else:
        changed = without(inner, rest)
    return {**body, first: changed}


def stored(read: Any, volatile: frozenset[str]) -> Any:
    """What was read, without what differs between two things that are otherwise the same."""
    if isinstance(read, dict):
        return {
            name: stored(value, volatile) for name, value in read.items() if name not in volatile
        }
    return [stored(each, volatile) for each in read] if isinstance(read, list) else read


def leaves(read: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value with where it stands, so that a difference is named."""
    if isinstance(read, dict):
        for name, value in read.items():
            yield from leaves(value, f"{path}.{name}")
    elif isinstance(read, list):
        yield f"{path}.length", len(read)
        for number, each in enumerate(read):
            yield from leaves(each, f"{path}.{number}")
    else:
        yield path, read
