"""The check that published events only grow, on every event and on each kind of change."""

import copy
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts.base import Contract, Event, Open, Unlisted
from shared.contracts.enforcement import InspectionKind, Instrument, MeasureResult
from shared.contracts.intake import Outcome, Urgency
from shared.contracts.registry import EVENTS, NOTICES
from shared.contracts.schemas import as_text, schema_of
from shared.contracts.upcasting import UPCASTERS, Upcaster, way_to
from tools.check_contracts import FOLDER, breaks, check, whole


def open_list(*known: str) -> dict[str, Any]:
    """As pydantic writes it: the known values, or any text."""
    anything = {"type": "string", "minLength": 1, "maxLength": 100}
    return {"anyOf": [{"enum": [*known], "type": "string"}, anything]}


OLD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "nummer": {"type": "string", "title": "Nummer"},
        "status": {"enum": ["open", "dicht"], "type": "string"},
        "soort": open_list("stank", "geluid"),
        "vorm": {"const": "Point", "type": "string"},
        "aantal": {"type": "integer", "minimum": 1},
        "code": {"type": "string", "pattern": "^gm"},
        "op": {"type": "string", "format": "date"},
        "plaats": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "adres": {
            "type": "object",
            "properties": {"straat": {"type": "string"}, "stad": {"type": "string"}},
            "required": ["straat"],
        },
        "delen": {"type": "array", "items": {"type": "string"}},
        "paar": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}]},
    },
    "required": ["nummer"],
}
TEXT = {"type": "string"}


def changed(**properties: Any) -> dict[str, Any]:
    new = copy.deepcopy(OLD)
    new["properties"] |= properties
    return new


def renamed() -> dict[str, Any]:
    new = changed(kenmerk=OLD["properties"]["plaats"])
    del new["properties"]["plaats"]
    return new


def without(name: str) -> dict[str, Any]:
    kept = {key: value for key, value in OLD["properties"].items() if key != name}
    return {**OLD, "properties": kept}


def address(**changes: Any) -> dict[str, Any]:
    return changed(adres=OLD["properties"]["adres"] | changes)


@pytest.mark.parametrize("event", [*EVENTS, *NOTICES], ids=lambda event: event.type)
def test_an_event_is_compatible_with_itself(event: Any) -> None:
    schema = whole(as_text(schema_of(event)))
    assert "$ref" not in as_text(schema["properties"])
    assert not list(breaks(schema, schema))


@pytest.mark.parametrize(
    "new",
    [
        changed(kleur={"anyOf": [TEXT, {"type": "null"}], "default": None}),
        changed(nummer={"type": "string", "title": "Kenmerk", "description": "Van de zaak"}),
        changed(status={"enum": ["dicht", "open"], "type": "string"}),
        changed(soort=open_list("geluid", "stank", "trilling")),
        changed(status=open_list("open", "dicht", "weg")),
        address(properties=OLD["properties"]["adres"]["properties"] | {"land": TEXT}),
    ],
    ids=[
        "optional field",
        "other words",
        "other order",
        "open list grown",
        "list opened",
        "optional within",
    ],
)
def test_what_a_reader_can_do_without_may_be_added(new: dict[str, Any]) -> None:
    assert not list(breaks(OLD, new))


BREAKS = {
    "removed": (without("plaats"), "plaats: taken away"),
    "renamed": (renamed(), "plaats: taken away"),
    "retyped": (changed(nummer={"type": "integer"}), "nummer.: type was string, is integer"),
    "retyped within": (
        address(properties={"straat": {"type": "integer"}, "stad": TEXT}),
        "adres.straat.: type was string",
    ),
    "removed within": (address(properties={"straat": TEXT}), "adres.stad: taken away"),
    "required": ({**OLD, "required": ["nummer", "status"]}, "status: required was False"),
    "required within": (address(required=["straat", "stad"]), "adres.stad: required was False"),
    "new and required": (
        {**changed(kleur=TEXT), "required": ["nummer", "kleur"]},
        "kleur: required was False",
    ),
    "no longer sent": ({**OLD, "required": []}, "nummer: required was True"),
    "enum grown": (
        changed(status={"enum": ["open", "dicht", "weg"], "type": "string"}),
        "status.: value weg is new, and the list is not an open one",
    ),
    "enum shrunk": (changed(status={"enum": ["open"], "type": "string"}), "value dicht taken away"),
    "open list shrunk": (changed(soort=open_list("stank")), "soort.: value geluid taken away"),
    "open list closed": (
        changed(soort={"enum": ["stank", "geluid"], "type": "string"}),
        "soort.: a list of values was",
    ),
    "opened, one gone": (changed(status=open_list("open")), "status.: value dicht taken away"),
    "enum became text": (changed(status=TEXT), "status.: a list of values was"),
    "text became a list": (changed(nummer=open_list("1")), "nummer.: was no list of values"),
    "enum closed": (changed(nummer={"enum": ["1"], "type": "string"}), "nummer.: a list of values"),
    "const changed": (
        changed(vorm={"const": "Line", "type": "string"}),
        "vorm.: const was Point, is Line",
    ),
    "limit changed": (changed(aantal={"type": "integer", "minimum": 2}), "minimum was 1, is 2"),
    "pattern changed": (changed(code={"type": "string", "pattern": "^pv"}), "pattern was ^gm"),
    "format changed": (
        changed(op={"type": "string", "format": "date-time"}),
        "format was date, is date-time",
    ),
    "may be null no more": (changed(plaats=TEXT), "plaats.: anyOf was"),
    "may be null now": (
        changed(nummer={"anyOf": [TEXT, {"type": "null"}]}),
        "nummer.: anyOf was None",
    ),
    "another choice": (
        changed(plaats={"anyOf": [TEXT, {"type": "object"}]}),
        "plaats. anyOf: type was null",
    ),
    "items retyped": (
        changed(delen={"type": "array", "items": {"type": "integer"}}),
        "delen.: type was string",
    ),
    "tuple longer": (
        changed(paar={"type": "array", "prefixItems": [{"type": "number"}] * 3}),
        "paar.: prefixItems was",
    ),
    "closed to more": ({**OLD, "additionalProperties": False}, "additionalProperties was None"),
}


@pytest.mark.parametrize("kind", BREAKS)
def test_each_kind_of_break_is_seen(kind: str) -> None:
    new, said = BREAKS[kind]
    found = list(breaks(OLD, new))
    assert any(said in each for each in found), found


class Kind(StrEnum):
    ODOUR = "stank"


class Wish(Contract):
    kind: Open[Kind]


def test_a_reader_keeps_a_value_of_an_open_list_that_it_does_not_know() -> None:
    assert Wish.model_validate_json('{"soort": "stank"}').kind is Kind.ODOUR
    wish = Wish.model_validate_json('{"soort": "trilling"}')
    assert isinstance(wish.kind, Unlisted)
    assert wish.kind == "trilling"
    assert wish.model_dump_json(by_alias=True) == '{"soort":"trilling"}'


@pytest.mark.parametrize("value", ["", "x" * 101, 7, None, ["stank"]])
def test_an_open_list_holds_short_texts_only(value: Any) -> None:
    with pytest.raises(ValidationError):
        Wish.model_validate({"soort": value})


# What the field extends: the CIm's lists of instruments and kinds, and an agency's own urgencies.
EXTENDED = {InspectionKind, Instrument, MeasureResult, Urgency, Outcome}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_what_the_field_extends_is_an_open_list(event: type[Event]) -> None:
    for name, field in event.model_fields.items():
        assert field.annotation not in EXTENDED, f"{event.__name__}.{name} is a closed list"


def without_upcaster(types: Iterable[str], upcasters: Sequence[Upcaster]) -> list[str]:
    """The new majors that nothing leads to from the one before."""
    lacking = []
    for event_type in types:
        base, _, major = event_type.rpartition(".v")
        if base and major.isdecimal():
            before = base if major == "2" else f"{base}.v{int(major) - 1}"
            if way_to(before, {event_type}, upcasters) is None:
                lacking.append(event_type)
    return lacking


def test_a_new_major_version_has_an_upcaster_from_the_one_before() -> None:
    def same(document: dict[str, Any]) -> dict[str, Any]:
        return document

    types = ["nl.vth.a", "nl.vth.a.v2", "nl.vth.a.v3", "nl.vth.b.v2"]
    made = [Upcaster("nl.vth.a", "nl.vth.a.v2", same), Upcaster("nl.vth.b", "nl.vth.b.v2", same)]
    assert without_upcaster(types, made) == ["nl.vth.a.v3"]
    assert without_upcaster([event.type for event in EVENTS], UPCASTERS) == []


class Repository:
    """A repository with one schema on main."""

    event = "nl.vth.proeven.proef-genoteerd"

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write(OLD)
        self.commit()

    def git(self, *arguments: str) -> None:
        named = ("-c", "user.name=Proef", "-c", "user.email=proef@example.nl")
        subprocess.run(["git", *named, *arguments], cwd=self.path, check=True)

    def write(self, schema: dict[str, Any], version: str = "1.0") -> None:
        folder = self.path / FOLDER / self.event
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{version}.json").write_text(as_text(schema), "utf-8")

    def commit(self) -> None:
        self.git("add", ".")
        self.git("commit", "-q", "-m", "proef")

    def clone(self, name: str) -> "Repository":
        """A fresh clone of main alone, as continuous integration makes it."""
        made = object.__new__(Repository)
        made.path = self.path.with_name(name)
        command = ["git", "clone", "-q", "--single-branch", "--branch", "main"]
        subprocess.run([*command, self.path.as_uri(), str(made.path)], check=True)
        return made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


BROKEN = {**OLD, "required": []}
GROWN = changed(kleur={"anyOf": [TEXT, {"type": "null"}], "default": None})


def test_in_a_fresh_clone_of_main_a_branch_is_compared_with_main(repository: Repository) -> None:
    clone = repository.clone("kloon")
    assert check(clone.path) == ([], ["origin/main"])
    clone.git("checkout", "-q", "-b", "wens")
    clone.write(BROKEN)
    clone.commit()
    found, against = check(clone.path)
    assert against == ["origin/main"]
    assert found == [f"{FOLDER}/{clone.event}/1.0.json: nummer: required was True"]


def test_what_main_got_meanwhile_is_not_held_against_a_branch(repository: Repository) -> None:
    clone = repository.clone("kloon")
    clone.git("checkout", "-q", "-b", "wens")
    repository.write(GROWN)
    repository.commit()
    clone.git("fetch", "-q", "origin", "main:refs/remotes/origin/main")
    assert check(clone.path).breaks == []


def test_on_main_the_last_commit_and_the_working_tree_are_compared(repository: Repository) -> None:
    repository.write(BROKEN)
    assert len(check(repository.path).breaks) == 1
    repository.commit()
    found, against = check(repository.path)
    assert against == ["main", "main~1"]
    assert len(found) == 1


def test_a_schema_that_is_gone_is_missed(repository: Repository) -> None:
    repository.git("rm", "-q", "-r", FOLDER)
    (repository.path / FOLDER).mkdir(parents=True)
    assert check(repository.path).breaks == [
        f"{FOLDER}/{repository.event}/1.0.json: gone since main"
    ]


def test_after_a_release_growth_is_a_new_minor_version(repository: Repository) -> None:
    repository.git("tag", "v1.0.0")
    repository.write(GROWN)
    assert "give the event a new schema_version" in check(repository.path).breaks[0]
    repository.write(OLD)
    repository.write(GROWN, "1.1")
    assert check(repository.path).breaks == []


def test_a_new_minor_version_may_not_break_an_older_one(repository: Repository) -> None:
    repository.write(GROWN, "1.1")
    repository.write(OLD, "1.2")
    repository.write(BROKEN, "2.0")
    assert check(repository.path).breaks == [
        f"{repository.event}: 1.2 after 1.1: kleur: taken away"
    ]


def test_without_history_it_says_so_and_compares_the_versions(repository: Repository) -> None:
    shutil.rmtree(repository.path / ".git")
    repository.write(BROKEN, "1.1")
    found, against = check(repository.path)
    assert against == []
    assert len(found) == 1
