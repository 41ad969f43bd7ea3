"""For who builds on our events: every kind explained, their schemas, and the AsyncAPI document."""

from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from shared.auth.pages import visitor
from shared.contracts import asyncapi, guide, schemas
from shared.errors import NotFound
from shared.ui.render import SHARED_TEMPLATES, Templates

templates = Templates(SHARED_TEMPLATES / "portal")
router = APIRouter(include_in_schema=False)

KEPT = {"Cache-Control": "public, max-age=3600"}


@router.get("/gebeurtenissen")
async def explained(request: Request) -> Response:
    """Every kind of event, when it is published, its fields and an example."""
    await visitor(request)
    return templates.page(
        request, "gebeurtenissen.html", services=guide.by_service(), owners=guide.OWNERS
    )


@router.get("/schemas/{event_type}/{version}.json")
async def schema(event_type: str, version: str) -> Response:
    """The schema that an event names in `dataschema`; also of versions that came before."""
    found = _schemas().get((event_type, version))
    if found is None:
        raise NotFound("Dit schema bestaat niet.")
    return Response(found, media_type="application/schema+json", headers=KEPT)


@lru_cache(maxsize=1)
def _schemas() -> dict[tuple[str, str], bytes]:
    """Every committed schema by type and version."""
    files = schemas.FOLDER.glob("*/*.json")
    return {(path.parent.name, path.stem): path.read_bytes() for path in files}


@router.get("/asyncapi.json")
async def document() -> Response:
    """All channels and messages."""
    return JSONResponse(asyncapi.document(), headers=KEPT)
