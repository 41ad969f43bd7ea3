"""Inspections by the API and by an import: same input, same refusal, same words."""

from pathlib import Path

import pytest
from sqlalchemy import select

from services.enforcement.imports import IMPORTS
from services.enforcement.tables import inspection, messaging
from shared.contracts.enforcement import InspectionPlanned
from shared.ids import new_id
from shared.product.glossary import wire_name
from tests.integration.enforcement.conftest import ORDER
from tests.integration.enforcement.hands import Hands, hands
from tests.support.doors import Target, by_api, by_import, last_names

__all__ = ["hands"]

(INSPECTIONS,) = IMPORTS
FOUND = {"nature": "geur", "consequence": "3", "behaviour": "B"}


async def row(hands: Hands, folder: Path, **cells: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """What an import says of an inspection that was held."""
    place = await hands.service.location()
    held = {"location_number": place.number, "completed_on": "2026-03-02", **cells}
    answer = await by_import(hands.service.db, INSPECTIONS, held, folder)
    assert not answer.done
    return tuple(sorted(wire_name(name) for name in answer.fields)), answer.said


@pytest.mark.parametrize("day", ["2026-12-24", "2099-01-01"])
async def test_a_day_to_come_is_refused_alike(hands: Hands, tmp_path: Path, day: str) -> None:
    found = await hands.inspection("voorschriften nageleefd")
    at = Target(f"/v1/controles/{found['id']}/afronding", "", found["versie"])
    async with hands.by("toezicht") as client:
        api = await by_api(client, at, {"uitvoeringsdatum": day})
    assert (last_names(api), api.said) == await row(hands, tmp_path, completed_on=day)


@pytest.mark.parametrize(
    ("body", "cells"),
    [
        ({"soort": "bezoek"}, {"kind": "bezoek"}),
        ({"soort": "hercontrole"}, {"kind": "hercontrole"}),
    ],
)
async def test_a_kind_is_refused_alike(
    hands: Hands, tmp_path: Path, body: dict[str, str], cells: dict[str, str]
) -> None:
    place = await hands.service.location()
    asked = {"locatieId": str(place.location_id), **body}
    async with hands.by("toezicht") as client:
        api = await by_api(client, Target("/v1/controles", ""), asked)
    assert (last_names(api), api.said) == await row(hands, tmp_path, **cells)


async def test_a_sum_for_what_is_no_order_is_refused_alike(hands: Hands, tmp_path: Path) -> None:
    found = await hands.violation(placed=True)
    at = Target(f"/v1/overtredingen/{found['id']}/handhavingsmaatregelen", "", found["versie"])
    body = {**ORDER, "handhavingsinstrument": "waarschuwing", "redenAfwijking": "x"}
    async with hands.by("jurist") as client:
        api = await by_api(client, at, body)
    _, said = await row(hands, tmp_path, **FOUND, instrument="waarschuwing", amount="2500,00")
    assert api.said == said


async def test_a_location_is_found_by_its_key_in_the_source(hands: Hands, tmp_path: Path) -> None:
    service, key = hands.service, str(new_id())
    place = await service.location(source_key=f"proef/P {key}")
    other = await service.location(source_key=f"elders/P {key}")
    cells = {"location_key": f"P {key}", "completed_on": "2026-03-02"}
    for number, extra in enumerate(({}, FOUND)):
        given = {**cells, **extra}
        answer = await by_import(service.db, INSPECTIONS, given, tmp_path, f"{key}-{number}")
        assert answer.done, answer
        (held,) = await service.rows(
            select(inspection).where(inspection.c.source_key == f"proef/{key}-{number}")
        )
        assert held["location_id"] == place.location_id
        (told,) = await service.rows(
            select(messaging.outbox.c.payload).where(
                messaging.outbox.c.aggregateid == str(held["id"]),
                messaging.outbox.c.type == InspectionPlanned.type,
            )
        )
        event = InspectionPlanned.model_validate_json(told["payload"])
        assert event.source_key == f"proef/{key}-{number}"
    wrong = {**cells, "location_number": other.number}
    answer = await by_import(service.db, INSPECTIONS, wrong, tmp_path)
    assert answer.fields == ("location_key",)
    assert answer.said == {f"dit is locatie {place.number}"}


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"location_key": "weg"}, "location_key", "van proef is hier niet bekend"),
        ({}, "location_number", "Geef het nummer van de locatie"),
    ],
)
async def test_a_row_that_names_no_location_is_refused(
    hands: Hands, tmp_path: Path, cells: dict[str, str], field: str, said: str
) -> None:
    given = {"completed_on": "2026-03-02", **cells}
    answer = await by_import(hands.service.db, INSPECTIONS, given, tmp_path)
    assert answer.fields == (field,)
    assert said in " ".join(answer.said)
