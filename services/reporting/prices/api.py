"""Tariffs, norms, keys and parameters: versions that a second person puts in force."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import Table
from starlette.responses import Response

from services.reporting.dependencies import HoursReader, Identity, Planner, ProductFilter
from services.reporting.prices import commands as versions
from services.reporting.prices import queries as reference
from services.reporting.prices.schemas import (
    KeyIn,
    KeyOut,
    NormIn,
    NormOut,
    ParameterIn,
    ParameterOut,
    TariffIn,
    TariffOut,
    VersionIn,
    VersionOut,
)
from services.reporting.tables import norm, parameter, sharing_key, tariff
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.http.dependencies import IfMatch, Reading, Writing
from shared.http.idempotency import Idempotency, Once
from shared.http.openapi import problems
from shared.http.paging import Page, Paging
from shared.http.responses import answer, listing
from shared.http.schema import Day, Text, Wire

router = APIRouter(tags=["Tarieven, kentallen en parameters"])
ON_CREATE = problems(400, 403, 404, 409)
ON_ACTIVATE = problems(403, 404, 409, 412)
DayFilter = Annotated[Day | None, Query(alias="datum", description="Alleen wat op deze dag geldt")]
CodeFilter = Annotated[Text | None, Query(alias="code", description="Code")]


class Tariffs(Wire):
    """Tariffs."""

    results: tuple[TariffOut, ...]


class Norms(Wire):
    """Norms."""

    results: tuple[NormOut, ...]


class Keys(Wire):
    """Keys."""

    results: tuple[KeyOut, ...]


class Parameters(Wire):
    """Parameters."""

    results: tuple[ParameterOut, ...]


@router.get(
    "/tarieven", summary="Lijst tarieven", operation_id="lijstTarieven", response_model=Tariffs
)
async def tariffs(
    caller: HoursReader,
    rows: Reading,
    page: Page,
    product: ProductFilter = None,
    day: DayFilter = None,
) -> Response:
    """De tarieven met hun geldigheid, ook de voorgestelde."""
    return await _list("tariff", TariffOut, rows, page, product, day)


@router.post(
    "/tarieven",
    summary="Stel een tarief voor",
    operation_id="maakTarief",
    status_code=201,
    response_model=TariffOut,
    responses=ON_CREATE,
)
async def propose_tariff(caller: Planner, body: TariffIn, work: Writing, once: Once) -> Response:
    """Een tarief geldt pas nadat iemand anders het activeert."""
    return await _propose(tariff, body, TariffOut, "tarieven", work, once)


@router.post(
    "/tarieven/{id}/activering",
    summary="Activeer een tarief",
    operation_id="activeerTarief",
    response_model=TariffOut,
    responses=ON_ACTIVATE,
)
async def activate_tariff(
    caller: Planner, identity: Identity, version: IfMatch, work: Writing
) -> Response:
    """Zet een voorgesteld tarief in werking (vierogenprincipe)."""
    row = await versions.activate(tariff, identity, version, work)
    return answer(TariffOut.of(row), version=row["version"])


@router.get(
    "/kentallen", summary="Lijst kentallen", operation_id="lijstKentallen", response_model=Norms
)
async def norms(
    caller: HoursReader,
    rows: Reading,
    page: Page,
    product: ProductFilter = None,
    day: DayFilter = None,
) -> Response:
    """De kentallen (normuren per product) met hun geldigheid."""
    return await _list("norm", NormOut, rows, page, product, day)


@router.post(
    "/kentallen",
    summary="Stel een kental voor",
    operation_id="maakKental",
    status_code=201,
    response_model=NormOut,
    responses=ON_CREATE,
)
async def propose_norm(caller: Planner, body: NormIn, work: Writing, once: Once) -> Response:
    """Een kental geldt pas nadat iemand anders het activeert."""
    return await _propose(norm, body, NormOut, "kentallen", work, once)


@router.post(
    "/kentallen/{id}/activering",
    summary="Activeer een kental",
    operation_id="activeerKental",
    response_model=NormOut,
    responses=ON_ACTIVATE,
)
async def activate_norm(
    caller: Planner, identity: Identity, version: IfMatch, work: Writing
) -> Response:
    """Zet een voorgesteld kental in werking (vierogenprincipe)."""
    row = await versions.activate(norm, identity, version, work)
    return answer(NormOut.of(row), version=row["version"])


@router.get(
    "/verdeelsleutels",
    summary="Lijst verdeelsleutels",
    operation_id="lijstVerdeelsleutels",
    response_model=Keys,
)
async def keys(
    caller: HoursReader,
    rows: Reading,
    page: Page,
    code: CodeFilter = None,
    day: DayFilter = None,
) -> Response:
    """De sleutels waarmee collectieve uren en het resultaat worden verdeeld."""
    return await _list("sharing_key", KeyOut, rows, page, code, day)


@router.post(
    "/verdeelsleutels",
    summary="Stel een verdeelsleutel voor",
    operation_id="maakVerdeelsleutel",
    status_code=201,
    response_model=KeyOut,
    responses=ON_CREATE,
)
async def propose_key(caller: Planner, body: KeyIn, work: Writing, once: Once) -> Response:
    """Een verdeelsleutel geldt pas nadat iemand anders hem activeert."""
    await versions.check_weights(body.weights, work)
    return await _propose(sharing_key, body, KeyOut, "verdeelsleutels", work, once)


@router.post(
    "/verdeelsleutels/{id}/activering",
    summary="Activeer een verdeelsleutel",
    operation_id="activeerVerdeelsleutel",
    response_model=KeyOut,
    responses=ON_ACTIVATE,
)
async def activate_key(
    caller: Planner, identity: Identity, version: IfMatch, work: Writing
) -> Response:
    """Zet een voorgestelde verdeelsleutel in werking (vierogenprincipe)."""
    row = await versions.activate(sharing_key, identity, version, work)
    return answer(KeyOut.of(row), version=row["version"])


@router.get(
    "/parameters",
    summary="Lijst parameters",
    operation_id="lijstParameters",
    response_model=Parameters,
)
async def parameters(
    caller: HoursReader,
    rows: Reading,
    page: Page,
    code: CodeFilter = None,
    day: DayFilter = None,
) -> Response:
    """Grenzen en keuzes die beleid zijn: verkeerslicht, bandbreedte, seizoen, urenstap."""
    return await _list("parameter", ParameterOut, rows, page, code, day)


@router.post(
    "/parameters",
    summary="Stel een parameter voor",
    operation_id="maakParameter",
    status_code=201,
    response_model=ParameterOut,
    responses=ON_CREATE,
)
async def propose_parameter(
    caller: Planner, body: ParameterIn, work: Writing, once: Once
) -> Response:
    """Een parameter geldt pas nadat iemand anders hem activeert."""
    values = {"code": body.code, "value": versions.checked_parameter(body.code, body.content)}
    return await _propose(parameter, body, ParameterOut, "parameters", work, once, values)


@router.post(
    "/parameters/{id}/activering",
    summary="Activeer een parameter",
    operation_id="activeerParameter",
    response_model=ParameterOut,
    responses=ON_ACTIVATE,
)
async def activate_parameter(
    caller: Planner, identity: Identity, version: IfMatch, work: Writing
) -> Response:
    """Zet een voorgestelde parameter in werking (vierogenprincipe)."""
    row = await versions.activate(parameter, identity, version, work)
    return answer(ParameterOut.of(row), version=row["version"])


async def _list(
    name: str, out: type[VersionOut], rows: Rows, page: Paging, key: str | None, day: date | None
) -> Response:
    filters = {"key": key, "day": day}
    found, next_key = await reference.VERSIONS[name].page(rows, page, filters)
    return listing([out.of(row) for row in found], page, next_key=next_key)


async def _propose(
    table: Table,
    body: VersionIn,
    out: type[VersionOut],
    resource: str,
    work: UnitOfWork,
    once: Idempotency,
    values: Mapping[str, Any] | None = None,
) -> Response:
    row = await versions.propose(
        table, values or body.values(), body.validity, body.decision_reference, work
    )
    where = f"/reporting/v1/{resource}"
    return once.answer(work, out.of(row), status=201, version=1, location=where)
