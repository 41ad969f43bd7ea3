"""A form is read by the wire model of its operation, and says what is wrong beside each field."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field

from shared.errors import Conflict, Invalid, InvalidParam
from shared.http.schema import Amount, Day, Flag, Instant, PointIn, Text, minutes, whole
from shared.product.glossary import wire_path
from shared.ui.forms import FieldError, Form
from shared.ui.reading import Words


class Kind(StrEnum):
    FIRST, SECOND = "eerste", "tweede"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)


class Order(Strict):
    amount: Amount = Field(alias="bedrag")
    unit: Literal["dag", "week"] | None = Field(None, alias="tijdseenheid")


class Line(Strict):
    spent: Annotated[int, minutes(0, 1440)] = Field(alias="minuten")
    about: Text | None = Field(None, alias="zaak")


class Everything(Strict):
    reason: Text = Field(alias="reden")
    kind: Kind = Field(alias="soort")
    decided_on: Day | None = Field(None, alias="besluitdatum")
    happened_at: Instant | None = Field(None, alias="tijdstip")
    count: Annotated[int, whole(1, 10)] | None = Field(None, alias="aantal")
    spent: Annotated[int, minutes(0, 1440)] = Field(0, alias="uren")
    urgent: Flag = Field(alias="spoed")
    wanted: Flag = Field(True, alias="gewenst")
    order: Order | None = Field(None, alias="last")
    lines: tuple[Line, ...] = Field((), alias="regels")
    kinds: list[Kind] = Field(default_factory=list, alias="soorten")
    place: PointIn | None = Field(None, alias="geometrie")
    id: UUID | None = Field(None, alias="zaakId")


def form(**fields: str | list[str]) -> Form:
    return Form(fields={name.replace("__", "."): value for name, value in fields.items()})


LEAST = {"reden": "omdat", "soort": "eerste"}


def refused(posted: Form, words: Words | None = None) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        posted.read(Everything, words)
    again = posted.refused(refusal.value)
    return {problem.name: problem.text for problem in again.problems}


def test_every_type_is_read_as_people_type_it() -> None:
    read = form(
        idempotentiesleutel="abc",
        versie="3",
        zoekveld="van de pagina",
        reden=" omdat ",
        soort="tweede",
        besluitdatum="24-11-2026",
        tijdstip__datum="2026-11-24",
        tijdstip__tijd="14:30",
        aantal="3",
        uren="7:30",
        spoed="ja",
        last__bedrag="€ 1.234,5",
        last__tijdseenheid="week",
        regels__0__minuten="0:15",
        regels__1__minuten="1,5",
        regels__1__zaak="Z-1",
        soorten=["eerste", "tweede"],
        geometrie__lat="52.28",
        geometrie__lon="6.72",
        zaakId="018f2b6e-0000-7000-8000-000000000000",
    ).read(Everything)
    assert read.reason == "omdat"
    assert read.kind is Kind.SECOND
    assert read.decided_on == date(2026, 11, 24)
    assert read.happened_at == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert (read.count, read.spent, read.urgent) == (3, 450, True)
    assert read.order is not None
    assert (read.order.amount, read.order.unit) == (Decimal("1234.50"), "week")
    assert [(line.spent, line.about) for line in read.lines] == [(15, None), (90, "Z-1")]
    assert read.kinds == [Kind.FIRST, Kind.SECOND]
    assert read.place is not None
    assert read.place.coordinates == (6.72, 52.28)
    assert read.id is not None


def test_what_was_left_open_takes_the_value_of_the_model() -> None:
    read = form(**LEAST, besluitdatum=" ", last__bedrag="", aantal="").read(Everything)
    assert (read.decided_on, read.count, read.order, read.lines) == (None, None, None, ())
    assert (read.urgent, read.wanted) == (False, True)


def test_what_is_missing_is_asked_for_by_its_label() -> None:
    assert refused(form()) == {"reden": "Vul in: reden.", "soort": "Kies: soort."}
    words = Words(labels={"reden": "Waarom wijkt u af?"}, missing={"soort": "Kies een soort."})
    assert refused(form(), words) == {
        "reden": "Vul in: Waarom wijkt u af?.",
        "soort": "Kies een soort.",
    }


def test_each_wrong_field_has_one_message_beside_it() -> None:
    wrong = refused(
        form(
            **LEAST,
            besluitdatum="31-02-2026",
            aantal="99",
            uren="veel",
            last__tijdseenheid="eeuw",
            regels__0__minuten="25:00",
        )
    )
    assert wrong == {
        "besluitdatum": "Vul een bestaande datum in, bijvoorbeeld 24-11-2026.",
        "aantal": "Aantal: gebruik ten hoogste 10.",
        "uren": "Vul uren in, bijvoorbeeld 7:30.",
        "last.bedrag": "Vul in: bedrag.",
        "last.tijdseenheid": "Kies: tijdseenheid.",
        "regels.0.minuten": "Minuten: gebruik ten hoogste 1440.",
    }


def test_a_field_may_stand_under_another_name_on_the_page() -> None:
    words = Words(names={"last.bedrag": "bedrag", "geometrie": "kaart"})
    read = form(**LEAST, bedrag="5").read(Everything, words)
    assert read.order is not None
    assert read.order.amount == Decimal("5.00")
    assert refused(form(**LEAST, bedrag="vijf"), words) == {
        "bedrag": "Vul een bedrag in, bijvoorbeeld 1.250,00."
    }


def test_rows_that_do_not_follow_on_each_other_are_refused() -> None:
    with pytest.raises(Invalid, match="sluiten niet op elkaar aan"):
        form(**LEAST, regels__1__minuten="1").read(Everything)


def test_a_model_that_a_form_cannot_hold_is_a_fault_of_the_program() -> None:
    class Odd(BaseModel):
        either: int | str = 0

    with pytest.raises(TypeError, match="either"):
        form(either="1").read(Odd)


def test_a_refusal_of_the_domain_lands_beside_the_field_of_the_wire() -> None:
    params = (
        InvalidParam("deviation_reason", "verplicht", "Motiveer de afwijking."),
        InvalidParam("order.amount", "te-laag", "Het bedrag is te laag."),
    )
    names = [problem.name for problem in Form().refused(Conflict("Nee.", params=params)).problems]
    assert names == [wire_path("deviation_reason"), wire_path("order.amount")]
    assert names == ["redenAfwijking", "last.bedrag"]


def test_what_is_wrong_with_the_form_as_a_whole_is_its_message() -> None:
    whole = InvalidParam("body", "plaats", "Vul een plaats in.")
    again = Form().refused(Invalid("Het formulier klopt nog niet.", params=(whole,)))
    assert (again.message, again.problems) == ("Vul een plaats in.", ())
    renamed = Form().refused(Invalid("Nee.", params=(whole,)), {"body": "postcode"})
    assert renamed.problems == (FieldError("postcode", "Vul een plaats in."),)


@pytest.mark.parametrize(("text", "version"), [("3", 3), ("", 0), ("x", 0), ("9" * 20, 0)])
def test_the_version_of_a_form(text: str, version: int) -> None:
    assert form(versie=text).version == version
