"""What the screens of enforcement share."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import Path as InPath

from services.enforcement.context import PageCtx
from services.enforcement.inspections.domain import InspectionState
from services.enforcement.measures.domain.measure import MeasureState
from services.enforcement.policy.domain.matrix import MatrixState
from services.enforcement.violations.domain import ViolationState
from shared.http.paging import Paging
from shared.participants import names_for
from shared.ui.links import with_query
from shared.ui.render import Templates

R = TypeVar("R")

templates = Templates(Path(__file__).parent / "templates")

Identity = Annotated[UUID, InPath(alias="id")]

TONES: Final = {
    InspectionState.PLANNED: "info",
    InspectionState.COMPLETED: "good",
    ViolationState.ESTABLISHED: "warning",
    ViolationState.POSITIONED: "info",
    ViolationState.ENFORCED: "warning",
    ViolationState.RESOLVED: "good",
    MatrixState.DRAFT: "info",
    MatrixState.ACTIVE: "good",
    MatrixState.EXPIRED: "neutral",
    MeasureState.CHOSEN: "info",
    MeasureState.INTENDED: "info",
    MeasureState.IMPOSED: "warning",
    MeasureState.FORFEITED: "bad",
    MeasureState.EXECUTED: "good",
    MeasureState.WITHDRAWN: "neutral",
    MeasureState.EXHAUSTED: "bad",
}


def participants_of(ctx: PageCtx) -> list[tuple[str, str]]:
    """The participants that the caller may choose from."""
    return names_for(ctx.request).choices(ctx.sight.sees)


def name_of(ctx: PageCtx, participant: str | None) -> str:
    """The name of a participant."""
    return names_for(ctx.request).name_of(participant)


def one_of(value: str, values: Iterable[str]) -> str | None:
    """The value of a filter when it is one of these; else it does not limit."""
    return value if value in set(values) else None


def words_in(ctx: PageCtx, name: str) -> str:
    """What was typed in a filter."""
    return ctx.request.query_params.get(name, "").replace("\x00", "")[:200]


def uuid_in(ctx: PageCtx, name: str) -> UUID | None:
    """The identity in a filter; None when it is none."""
    try:
        return UUID(words_in(ctx, name))
    except ValueError:
        return None


def typed_filters(ctx: PageCtx) -> dict[str, str]:
    """The filters as they were typed, to be shown again."""
    return {name: value[:200] for name, value in ctx.request.query_params.items()}


def query_of(ctx: PageCtx) -> str:
    """The filters of the page, as the query of an export."""
    path = with_query(ctx.request, cursor=None)
    return path[path.find("?") :] if "?" in path else ""


def page_links(ctx: PageCtx, page: Paging, next_key: tuple[Any, ...] | None) -> dict[str, Any]:
    """Where the next page of a list and its first one are."""
    return {
        "next_href": page.next_url(next_key) if next_key else "",
        "first_href": with_query(ctx.request, cursor=None) if page.after else "",
    }


templates.environment.globals.update(tones=TONES)
