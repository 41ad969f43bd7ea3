"""Hours of another system find their case by the key that their source gave it."""

from typing import Any, TypeVar

from sqlalchemy import select

from services.reporting.tables import hour_line
from shared.contracts.base import Event
from shared.contracts.enforcement import InspectionCompleted, InspectionPlanned
from shared.contracts.examples import example_of
from shared.contracts.intake import ComplaintReceived
from shared.ids import new_id
from tests.integration.reporting.conftest import Tell
from tests.integration.reporting.hands import hands
from tests.integration.reporting.test_import_door import HOUR, Doors, doors

__all__ = ["doors", "hands"]

E = TypeVar("E", bound=Event)


async def test_hours_find_their_case_by_its_key_in_the_source(doors: Doors, tell: Tell) -> None:
    key = str(new_id())
    held, elsewhere, received = (
        a_case(InspectionPlanned, source_key=f"proef/{key}", number="C-2026-700"),
        a_case(InspectionPlanned, source_key=f"elders/{key}", number="C-2026-701"),
        a_case(ComplaintReceived, source_key=f"proef/K {key}", number="K-2026-700"),
    )
    # An event of before has no key; a later one of the same case takes it from nobody.
    done = a_case(InspectionCompleted, inspection_id=held.subject, number="C-2026-700", version=2)
    await tell(held, elsewhere, received, done)
    day = {**HOUR, "employee": "m-zaak", "hours": "1,00"}
    for line, case in ((key, held), (f"K {key}", received)):
        assert (await doors.row(f"u {line}", **day, case_key=line)).done
        found = await doors.rows(
            select(hour_line).where(hour_line.c.source_key == f"proef/u {line}")
        )
        assert [(each["case_id"], each["case_number"]) for each in found] == [
            (case.subject, case.number)
        ]
    gone = await doors.row(**day, case_key="weg")
    assert (gone.fields, gone.said) == (
        ("case_key",),
        frozenset({"zaak weg van proef is hier niet bekend: neem die eerst over"}),
    )
    wrong = await doors.row(**day, case_key=key, case_number="C-2026-701")
    assert (wrong.fields, wrong.said) == (("case_key",), frozenset({"dit is zaak C-2026-700"}))


async def test_a_key_of_two_cases_is_not_guessed(doors: Doors, tell: Tell) -> None:
    key = str(new_id())
    await tell(
        a_case(InspectionPlanned, source_key=f"proef/{key}", number="C-2026-710"),
        a_case(ComplaintReceived, source_key=f"proef/{key}", number="K-2026-710"),
    )
    answer = await doors.row(**{**HOUR, "hours": "1,00"}, case_key=key)
    assert answer.fields == ("case_key",)
    assert answer.said == {"Geef het nummer: dit is C-2026-710 en K-2026-710."}


async def test_a_correction_names_its_case_by_key_as_well(doors: Doors, tell: Tell) -> None:
    case, key = str(new_id()), str(new_id())
    await tell(a_case(InspectionPlanned, source_key=f"proef/{case}", number="C-2026-720"))
    day = {**HOUR, "employee": "m-recht", "hours": "1,00"}
    assert (await doors.row(key, **day)).done
    assert (await doors.row(key, **day, case_key=case)).done
    found = await doors.rows(select(hour_line).where(hour_line.c.case_number == "C-2026-720"))
    assert [line["minutes"] for line in found] == [60]


def a_case(event: type[E], **values: Any) -> E:
    """What another service tells of a case of its own, with these values."""
    told = example_of(event).model_dump()
    own = {"incident_id": None, "violation_id": None, "source_key": None, "participant": "gm0153"}
    (identity,) = {"inspection_id", "complaint_id"} & told.keys()
    given = {**told, **own, identity: new_id(), **values}
    known = {name: value for name, value in given.items() if name in event.model_fields}
    return event.model_validate(known)
