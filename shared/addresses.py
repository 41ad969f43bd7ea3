"""One way to write a postcode, so that the same address is the same text in every service."""

import re
from typing import Final

POSTCODE: Final = r"^[1-9][0-9]{3} ?[A-Za-z]{2}$"

# A no-break space comes out of spreadsheets and web pages.
_POSTCODE: Final = re.compile(
    r"[\s\u00a0]*([1-9][0-9]{3})[\s\u00a0]*([A-Za-z]{2})[\s\u00a0]*", re.ASCII
)


def normal_postcode(text: str) -> str:
    """The postcode as it is stored and shown, "7511 AB"; what is no postcode stays as it was."""
    found = _POSTCODE.fullmatch(text)
    return f"{found[1]} {found[2].upper()}" if found else text
