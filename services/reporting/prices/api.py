"""Tarieven, kentallen, sleutels en parameters: versies die een ander in werking zet.

Every kind has the same three operations; they are written once and registered for each.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.context import Reading, Writing
from services.reporting.dependencies import ProductFilter, VersionId
from services.reporting.prices import commands, queries, schemas
from services.reporting.prices.commands import ActivateVersion
from services.reporting.prices.kinds import KEYS, NORMS, PARAMETERS, TARIFFS, Kind
from services.reporting.prices.schemas import VersionIn, VersionOut
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import listing
from shared.http.schema import Day, Text, Wire

router = APIRouter(tags=["Tarieven, kentallen en parameters"])
DayFilter = Annotated[Day | None, Query(alias="datum", description="Alleen wat op deze dag geldt")]
CodeFilter = Annotated[Text | None, Query(alias="code", description="Code")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind on the wire: its path, its words and its schemas."""

    kind: Kind[Any]
    path: str
    one: str
    a: str
    filter: Any
    body: type[VersionIn]
    out: type[VersionOut]
    results: type[Wire]
    about: str

    @property
    def operation(self) -> str:
        """The name as it stands in the ids of operations."""
        return self.one.capitalize()


RESOURCES = (
    Resource(
        kind=TARIFFS,
        path="tarieven",
        one="tarief",
        a="een tarief",
        filter=ProductFilter,
        body=schemas.TariffIn,
        out=schemas.TariffOut,
        results=schemas.Tariffs,
        about="De tarieven met hun geldigheid, ook de voorgestelde.",
    ),
    Resource(
        kind=NORMS,
        path="kentallen",
        one="kental",
        a="een kental",
        filter=ProductFilter,
        body=schemas.NormIn,
        out=schemas.NormOut,
        results=schemas.Norms,
        about="De kentallen (normuren per product) met hun geldigheid.",
    ),
    Resource(
        kind=KEYS,
        path="verdeelsleutels",
        one="verdeelsleutel",
        a="een verdeelsleutel",
        filter=CodeFilter,
        body=schemas.KeyIn,
        out=schemas.KeyOut,
        results=schemas.Keys,
        about="De sleutels waarmee collectieve uren en het resultaat worden verdeeld.",
    ),
    Resource(
        kind=PARAMETERS,
        path="parameters",
        one="parameter",
        a="een parameter",
        filter=CodeFilter,
        body=schemas.ParameterIn,
        out=schemas.ParameterOut,
        results=schemas.Parameters,
        about="Grenzen en keuzes die beleid zijn: verkeerslicht, bandbreedte, seizoen, urenstap.",
    ),
)


def register(resource: Resource) -> None:
    """Add the three operations of a kind."""

    async def versions(
        ctx: Reading, page: Page, key: Any = None, day: DayFilter = None
    ) -> Response:
        rows = await queries.versions(resource.kind, page, ctx, key=key, day=day)
        return listing([resource.out.of(row) for row in rows], page, next_key=rows.next_key)

    async def propose(body: VersionIn, ctx: Writing) -> Response:
        row = await commands.propose(body.command(resource.kind), ctx)
        where = f"/reporting/v1/{resource.path}"
        return ctx.answer(resource.out.of(row), status=201, version=1, location=where)

    async def activate(version_id: VersionId, version: IfMatch, ctx: Writing) -> Response:
        row = await commands.activate(ActivateVersion(resource.kind, version_id, version), ctx)
        return ctx.answer(resource.out.of(row), version=row.version)

    versions.__annotations__["key"] = resource.filter
    propose.__annotations__["body"] = resource.body
    path = f"/{resource.path}"
    router.add_api_route(
        path,
        versions,
        summary=f"Lijst {resource.path}",
        description=resource.about,
        operation_id=f"toon{resource.path.capitalize()}",
        response_model=resource.results,
    )
    router.add_api_route(
        path,
        propose,
        methods=["POST"],
        summary=f"Stel {resource.a} voor",
        description=f"{resource.a.capitalize()} geldt pas nadat iemand anders het activeert.",
        operation_id=f"maak{resource.operation}",
        status_code=201,
        response_model=resource.out,
        responses=problems(400, 403, 404, 409),
    )
    router.add_api_route(
        f"{path}/{{versieId}}/activering",
        activate,
        methods=["POST"],
        summary=f"Activeer {resource.a}",
        description=f"Zet {resource.a} dat is voorgesteld in werking (vierogenprincipe).",
        operation_id=f"activeer{resource.operation}",
        response_model=resource.out,
        responses=problems(403, 404, 409, 412),
    )


for each in RESOURCES:
    register(each)
