"""Search: what is a number, what is a phrase, and the text that index and statement share."""

import pytest
from sqlalchemy import Column, MetaData, Table, Text, select
from sqlalchemy.schema import CreateIndex

from shared.db.search import (
    beginning,
    begins,
    holds,
    number_in,
    number_index,
    phrase_of,
    search_index,
    search_text,
)
from shared.db.statements import DIALECT, compiled


def a_table() -> Table:
    return Table(
        "place", MetaData(), Column("number", Text), Column("street", Text), Column("city", Text)
    )


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("K-2026-000123", "K-2026-000123"),
        (" k-2026", "K-2026"),
        ("OV-", "OV-"),
        ("Kerkstraat", None),
        ("K-straat", None),
        ("2026", None),
        ("", None),
    ],
)
def test_the_beginning_of_a_number_is_known(typed: str, number: str | None) -> None:
    assert number_in(typed) == number


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("  Kerk   straat 1 ", "%Kerk straat 1%"),
        ("7511ab", "%7511 AB%"),
        ("100%_\\", "%100\\%\\_\\\\%"),
        ("ab", None),
        ("a\x00b", None),
        ("", None),
    ],
)
def test_a_phrase_is_a_pattern_without_signs_of_its_own(typed: str, pattern: str | None) -> None:
    assert phrase_of(typed) == pattern


def test_the_index_holds_what_the_statement_asks() -> None:
    table = a_table()
    text = search_text(table.c.street, table.c.city)
    made = str(CreateIndex(search_index("place_search", text)).compile(dialect=DIALECT))
    said = "lower(coalesce(street, '') || ' ' || coalesce(city, ''))"
    assert made.strip() == (f"CREATE INDEX place_search ON place USING gin ({said} gin_trgm_ops)")
    asked = compiled(select(table.c.number).where(holds(text)))
    qualified = said.replace("street", "place.street").replace("city", "place.city")
    assert asked.planned_anew
    assert f"{qualified} LIKE lower($1::VARCHAR)" in asked.sql.replace("TEXT", "VARCHAR")


def test_a_number_is_between_its_beginning_and_what_comes_after() -> None:
    table = a_table()
    made = str(CreateIndex(number_index("begin", table.c.number)).compile(dialect=DIALECT))
    assert made.strip() == "CREATE INDEX begin ON place (number text_pattern_ops)"
    asked = compiled(select(table.c.city).where(begins(table.c.number, "number")))
    assert "place.number ~>=~ $1" in asked.sql
    assert "place.number ~<~ $2" in asked.sql
    assert beginning("number", "K-2026") == {"number": "K-2026", "number_end": "K-2027"}
