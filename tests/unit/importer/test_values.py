"""Cells as exports write them: read as the mapping states or for certain, else refused."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime

from deploy.importer.values import Notation, read
from shared.clock import AMSTERDAM

NONE = Notation()
DUTCH = Notation(numbers="nl", dates="dd-mm-jjjj")
ENGLISH = Notation(numbers="en", dates="mm-dd-jjjj")


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "annotation", "notation", "value"),
    [
        ("31-12-2024", date, NONE, date(2024, 12, 31)),
        ("2024-12-31", date, NONE, date(2024, 12, 31)),
        ("12/31/2024", date, NONE, date(2024, 12, 31)),
        ("09/09/2013", date, NONE, date(2013, 9, 9)),
        ("09/03/2013", date, DUTCH, date(2013, 3, 9)),
        ("09/03/2013", date, ENGLISH, date(2013, 9, 3)),
        ("9-3-2013", date, DUTCH, date(2013, 3, 9)),
        ("20130309", date, Notation(dates="jjjjmmdd"), date(2013, 3, 9)),
        ("09032013", date, Notation(dates="ddmmjjjj"), date(2013, 3, 9)),
        ("2025-12-31T23:30:00Z", date, NONE, date(2026, 1, 1)),
        ("2025-06-30T21:30:00+00:00", date, NONE, date(2025, 6, 30)),
        ("31-12-2024 23:30", datetime, NONE, local(2024, 12, 31, 23, 30)),
        ("31-12-2024 23:30:15", AwareDatetime, NONE, local(2024, 12, 31, 23, 30, 15)),
        ("2024-12-31T23:30:00+01:00", datetime, NONE, local(2024, 12, 31, 23, 30)),
        (
            "31-12-2024 23:30",
            datetime,
            Notation(zone=ZoneInfo("UTC")),
            datetime(2024, 12, 31, 23, 30, tzinfo=UTC),
        ),
        ("1.234,56", Decimal, NONE, Decimal("1234.56")),
        ("150,000.00", Decimal, NONE, Decimal("150000.00")),
        ("1,200.00", Decimal, NONE, Decimal("1200.00")),
        ("1.234.567", Decimal, NONE, Decimal(1234567)),
        ("250.500", Decimal, DUTCH, Decimal(250500)),
        ("250.500", Decimal, ENGLISH, Decimal("250.500")),
        ("0,33", Decimal, NONE, Decimal("0.33")),
        ("7,5", Decimal, NONE, Decimal("7.5")),
        ("7.5", Decimal, NONE, Decimal("7.5")),
        ("€ 1.000,00", Decimal, NONE, Decimal("1000.00")),
        ("52.221", float, NONE, 52.221),
        ("6,893", float, DUTCH, 6.893),
        ("257845.123", float, DUTCH, 257845.123),
        ("Ja", bool, NONE, True),
        ("n", bool, NONE, False),
        ("", str | None, NONE, None),
        ("Null", str | None, NONE, "Null"),
        ("n.v.t.", Decimal | None, NONE, None),
        ("a, b", tuple[str, ...], NONE, ("a", "b")),
        ("", tuple[str, ...], NONE, ()),
        ("onbekend", tuple[str, ...], NONE, ()),
    ],
)
def test_what_is_certain_or_stated_is_read(
    text: str, annotation: Any, notation: Notation, value: object
) -> None:
    assert read(text, annotation, notation) == value


@pytest.mark.parametrize(("text", "hours"), [("7:30", "7.5"), ("-0:15", "-0.25"), ("7,5", "7.5")])
def test_hours_may_be_written_as_on_a_clock(text: str, hours: str) -> None:
    assert read(text, Decimal, NONE, hours=True) == Decimal(hours)


@pytest.mark.parametrize(
    ("text", "annotation", "said"),
    [
        ("250.500", Decimal, "250.500 of 250500"),
        ("1,200", Decimal, "getallen"),
        ("09/03/2013", date, "datums"),
        ("09-03-2013", date, "datums"),
        ("201231", date, "geen datum"),
        ("31-12-24", date, "vier cijfers"),
        ("31-02-2024", date, "geen datum"),
        ("31-12-2024 25:00", datetime, "geen geldige tijd"),
        ("27-10-2024 02:30", datetime, "klok"),
        ("31-03-2024 02:30", datetime, "klok"),
        ("Infinity", Decimal, "geen getal"),
        ("NaN", Decimal, "geen getal"),
        ("1e9", Decimal, "geen getal"),
        ("1.23.456", Decimal, "geen getal"),
        ("7,5", int, "geheel"),
        ("7:30", Decimal, "geen getal"),
        ("8:00", int, "geen getal"),
        ("misschien", bool, "ja of nee"),
        ("onbekend", date, "leeg"),
        ("0001-01-01T00:00:00", datetime, "tussen 1990 en 2100"),
        ("01-01-1900", date, "tussen 1990 en 2100"),
        ("2100-01-01", date, "tussen 1990 en 2100"),
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused(
    text: str, annotation: Any, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        read(text, annotation, NONE)


@given(st.text(max_size=30), st.sampled_from([date, datetime, Decimal, int, float, bool, str]))
def test_no_cell_raises_anything_else(text: str, annotation: Any) -> None:
    with suppress(ValueError):
        read(text, annotation, NONE)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from(["nl", "en"]))
def test_an_amount_as_its_notation_writes_it_comes_back(amount: Decimal, form: str) -> None:
    written = f"{amount:,.2f}"
    if form == "nl":
        written = written.translate(str.maketrans(",.", ".,"))
    assert read(written, Decimal, Notation(numbers=form)) == amount


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_as_its_form_writes_it_comes_back(day: date) -> None:
    assert read(f"{day:%d-%m-%Y}", date, DUTCH) == day
    assert read(f"{day:%m/%d/%Y}", date, ENGLISH) == day
    assert read(day.isoformat(), date, NONE) == day
