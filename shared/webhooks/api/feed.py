"""The pull feed: events after a cursor, for who would rather ask than be called."""

from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from shared.http.openapi import problems
from shared.http.responses import JSON
from shared.http.schema import Cursor, Wire
from shared.product.roles import Scope
from shared.webhooks import feed
from shared.webhooks.api.common import (
    After,
    ByParticipants,
    ByType,
    Reading,
    address_of,
    cursor_of,
    place_of,
    visible,
)
from shared.webhooks.feed import FeedPage, Wanted

router = APIRouter(tags=["gebeurtenissen"])

MOST = 500


class CloudEvent(BaseModel):
    """Een gebeurtenis volgens CloudEvents 1.0 (NL GOV profiel), als één JSON-document."""

    model_config = ConfigDict(extra="allow")

    specversion: str = Field(description="Altijd 1.0")
    id: str = Field(description="Uniek per gebeurtenis; hetzelfde bij een herhaling")
    source: str = Field(description="De dienst waar zij vandaan komt, als URN met OIN")
    type: str = Field(description="Soort gebeurtenis")
    time: str = Field(description="Moment van vastleggen")
    subject: str = Field(description="Kenmerk van het onderwerp")
    sequence: str = Field(description="Versie van het onderwerp")
    partitionkey: str = Field(description="Binnen deze sleutel staat de volgorde vast")
    dataref: str = Field(description="Waar de gegevens te lezen zijn")
    dataschema: str = Field(description="JSON Schema van de gegevens")
    deelnemer: str | None = Field(None, description="De deelnemer die het aangaat")
    data: dict[str, Any] = Field(description="De gegevens, per soort beschreven")


class Events(Wire):
    """Een pagina gebeurtenissen, en waar de volgende begint."""

    results: list[CloudEvent]
    next_cursor: Cursor
    more: bool


@router.get(
    "/gebeurtenissen",
    operation_id="toonGebeurtenissen",
    summary="Gebeurtenissen na een cursor",
    response_model=Events,
    responses=problems(404, 410),
)
async def events(
    *,
    request: Request,
    ctx: Reading,
    na: After = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Aantal gebeurtenissen")] = 100,
    types: ByType = None,
    deelnemer: ByParticipants = None,
) -> Response:
    """Elke gebeurtenis één keer, op volgorde per sleutel.

    Bewaar `volgende` na het verwerken en geef het bij de volgende vraag mee als `na`. Is een cursor
    ouder dan de bewaartermijn, dan is het antwoord 410: lees de huidige gegevens en begin opnieuw
    zonder cursor.
    """
    ctx.require(Scope.EVENTS_READ)
    wanted = Wanted(visible(ctx.caller, deelnemer), types)
    after = None if na is None else place_of(na)
    return _answer(request, await feed.page(ctx.rows, wanted, after=after, most=limit))


def _answer(request: Request, page: FeedPage) -> Response:
    cursor = cursor_of(page.cursor)
    documents = b",".join(event.document for event in page.events)
    more = b"true" if page.more else b"false"
    body = b'{"resultaten":[%b],"volgende":%b,"meer":%b}' % (documents, orjson.dumps(cursor), more)
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "na"]
    link = f'<{address_of(request)}?{urlencode([*query, ("na", cursor)])}>; rel="next"'
    return Response(body, media_type=JSON, headers={"Link": link})
