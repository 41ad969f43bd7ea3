"""The lists to choose from, as they are valid today."""

from fastapi import APIRouter
from starlette.responses import Response

from services.intake.dependencies import AtDesk, ReaderOfComplaints
from services.intake.incidents.schemas import CategoryOut
from services.intake.reference.domain.lists import Entry
from shared.clock import local_date
from shared.http.dependencies import Db, Reading
from shared.http.paging import Page
from shared.http.responses import listing
from shared.http.schema import Results

router = APIRouter(tags=["referentielijsten"])


@router.get(
    "/categorieen",
    operation_id="toonCategorieen",
    summary="Categorieën van klachten",
    response_model=Results[CategoryOut],
)
async def categories(
    caller: ReaderOfComplaints, rows: Reading, db: Db, desk: AtDesk, page: Page
) -> Response:
    """De categorieën die vandaag gelden."""
    reference = await desk.reference.get(rows)
    today = local_date(db.clock.now())
    return listing([_out(entry) for entry in reference.categories_on(today)], page)


@router.get(
    "/oorzaken",
    operation_id="toonOorzaken",
    summary="Oorzaken van overlast",
    response_model=Results[CategoryOut],
)
async def causes(
    caller: ReaderOfComplaints, rows: Reading, db: Db, desk: AtDesk, page: Page
) -> Response:
    """De oorzaken die vandaag gelden."""
    reference = await desk.reference.get(rows)
    today = local_date(db.clock.now())
    return listing([_out(entry) for entry in reference.causes_on(today)], page)


def _out(entry: Entry) -> CategoryOut:
    return CategoryOut(
        code=entry.code,
        name=entry.name,
        examples=entry.examples,
        referral=entry.referral,
        mapping=entry.mapping,
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        confirmed=entry.confirmed,
    )
