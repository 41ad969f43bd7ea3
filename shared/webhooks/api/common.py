"""What the routes share: who may come in, which events may be asked for, and cursors."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import Query, Request

from shared.auth.caller import Caller
from shared.auth.sight import Sight
from shared.context import ReadContext
from shared.errors import InvalidParam, NotFound
from shared.http.context import ApiWriteContext, reading, writing
from shared.http.paging import decode_cursor, encode_cursor
from shared.http.schema import Cursor, Participant
from shared.webhooks.schemas import EventType

Reading = Annotated[ReadContext[Any], reading()]
Writing = Annotated[ApiWriteContext[Any], writing()]

ByType = Annotated[
    list[EventType] | None, Query(alias="type", description="Soorten gebeurtenissen; leeg: alle")
]
ByParticipants = Annotated[
    list[Participant] | None,
    Query(alias="deelnemer", description="Codes van deelnemers; leeg: alle die u ziet"),
]
After = Annotated[
    Cursor | None,
    Query(alias="na", description="Cursor uit het vorige antwoord; leeg: vanaf de oudste"),
]

LARGEST = 2**63 - 1


def visible(caller: Caller, asked: list[str] | None) -> Sight:
    """Whose events the caller gets: of whom it asked, or all that it sees. Raises Forbidden."""
    for participant in asked or ():
        caller.require_participant(participant)
    return Sight.of(asked) if asked else caller.sight


def cursor_of(seq: int) -> str:
    """A place in the feed as an opaque cursor."""
    return encode_cursor((seq,))


def place_of(cursor: str) -> int:
    """The place back. Raises NotFound for a cursor that was not given out by a feed."""
    with suppress(NotFound):
        key = decode_cursor(cursor)
        if len(key) == 1 and type(key[0]) is int and 0 <= key[0] <= LARGEST:
            return int(key[0])
    reason = "Gebruik de cursor 'volgende' uit een eerder antwoord van deze dienst."
    raise NotFound("Deze cursor bestaat niet.", params=(InvalidParam("na", "cursor", reason),))


def address_of(request: Request) -> str:
    """The address of the request as the caller sees it, without its query."""
    path: str = request.scope["path"]
    root: str = request.scope.get("root_path", "")
    return root + path.removeprefix(root)
