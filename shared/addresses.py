"""One way to write an address, so that it is the same text in every service."""

import re
from typing import Final, Protocol

POSTCODE: Final = r"^[1-9][0-9]{3} ?[A-Za-z]{2}$"

# A no-break space comes out of spreadsheets and web pages.
_POSTCODE: Final = re.compile(
    r"[\s\u00a0]*([1-9][0-9]{3})[\s\u00a0]*([A-Za-z]{2})[\s\u00a0]*", re.ASCII
)


def address_line(
    street: str | None, house_number: str | None, postcode: str | None, city: str | None
) -> str:
    """An address on one line; what is unknown is left out, and a number that stands alone.

    Who gives no street gives a postcode and a number, which are an address by themselves.
    """
    parts = ((street, house_number), (postcode, city))
    if not street:
        parts = ((postcode, postcode and house_number), (None, city))
    said = (" ".join(filter(None, part)) for part in parts)
    return ", ".join(filter(None, said))


def normal_postcode(text: str) -> str:
    """The postcode as it is stored and shown, "7511 AB"; what is no postcode stays as it was."""
    found = _POSTCODE.fullmatch(text)
    return f"{found[1]} {found[2].upper()}" if found else text


class HasAddress(Protocol):
    """A row with an address, of which parts may be unknown."""

    @property
    def street(self) -> str | None: ...
    @property
    def house_number(self) -> str | None: ...
    @property
    def postcode(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...


def on_one_line(row: HasAddress) -> str:
    """The address on one line; what is unknown is left out."""
    return address_line(row.street, row.house_number, row.postcode, row.city) or "adres onbekend"
