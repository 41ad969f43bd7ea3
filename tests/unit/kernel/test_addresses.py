"""A postcode is written in one way, whatever door it came through."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.addresses import address_line, normal_postcode
from shared.contracts.base import Address
from shared.http.schema import Postcode

WIRE = TypeAdapter(Postcode)


@pytest.mark.parametrize(
    "text", ["7511AB", "7511 AB", "7511ab", " 7511  ab ", "7511\u00a0AB", "7511 Ab"]
)
def test_every_way_of_writing_becomes_one(text: str) -> None:
    assert normal_postcode(text) == "7511 AB"
    assert Address(postcode=text).postcode == "7511 AB"


@pytest.mark.parametrize("text", ["BLAB LA", "0511 AB", "7511", "7511 ABC", "", "75 11 AB"])
def test_what_is_no_postcode_is_kept_from_events_and_refused_at_the_doors(text: str) -> None:
    assert Address(postcode=text).postcode == text
    with pytest.raises(ValidationError):
        WIRE.validate_python(text)


def test_the_wire_takes_both_ways_and_gives_one() -> None:
    assert {WIRE.validate_python(text) for text in ("7511AB", "7511 AB", "7511ab")} == {"7511 AB"}


@pytest.mark.parametrize(
    ("street", "number", "postcode", "city", "line"),
    [
        ("Havenweg", "20", "7511 AB", "Enschede", "Havenweg 20, 7511 AB Enschede"),
        ("Havenweg", None, None, "Enschede", "Havenweg, Enschede"),
        (None, "8", "7511 AB", None, "7511 AB 8"),
        (None, "8", "7511 AB", "Enschede", "7511 AB 8, Enschede"),
        (None, "8", None, "Enschede", "Enschede"),
        (None, "8", None, None, ""),
        (None, None, None, "Enschede", "Enschede"),
        (None, None, None, None, ""),
    ],
)
def test_an_address_reads_as_one_line(
    street: str | None, number: str | None, postcode: str | None, city: str | None, line: str
) -> None:
    assert address_line(street, number, postcode, city) == line
