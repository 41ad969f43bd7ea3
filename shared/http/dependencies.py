"""What an operation asks for besides its context: the version that the caller saw."""

from typing import Annotated

from fastapi import Depends, Header

_ETAG = r'^(W/)?"[0-9]{1,9}"$'


async def if_match(
    if_match: Annotated[
        str,
        Header(description='De versie die u zag: de ETag, bijvoorbeeld "3"', pattern=_ETAG),
    ],
) -> int:
    """The version in If-Match."""
    return int(if_match.removeprefix("W/").strip('"'))


IfMatch = Annotated[int, Depends(if_match)]
