"""The models that score: the active one, and one that is to be, which scores everything first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import bindparam, case, or_, select

from services.risk.models.domain import Model, ModelState
from services.risk.models.tables import risk_model
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version


class _InUse(NamedTuple):
    id: UUID
    model_version: str
    state: ModelState
    parameters: Mapping[str, Any]
    confirmed: bool
    told: bool
    scored_to: UUID | None
    anew_since: datetime | None


@dataclass(frozen=True, slots=True)
class ScoringModel:
    """A model in use, and how far all locations were scored with it.

    `told`: the world knows of its scores. `anew_since`: scores that are older are made anew.
    """

    id: UUID
    model: Model
    state: ModelState
    confirmed: bool
    told: bool
    scored_to: UUID | None
    anew_since: datetime | None


class LockedModel(NamedTuple):
    """What activating needs of a model."""

    id: UUID
    version: int
    model_version: str
    state: ModelState
    author: str


class NewModel(NamedTuple):
    """A model as it is proposed."""

    id: UUID
    model_version: str
    description: str
    parameters: Mapping[str, Any]
    author: str


_IN_USE = select(*(risk_model.c[name] for name in _InUse._fields))
_ACTIVE = risk_model.c.state == str(ModelState.ACTIVE)
_PREPARING = risk_model.c.state == str(ModelState.PREPARING)
# A scalar subquery: which model the scores of lists are of.
ACTIVE_ID: Final = select(risk_model.c.id).where(_ACTIVE).scalar_subquery()
ACTIVE: Final = Query(_InUse, _IN_USE.where(_ACTIVE))
IN_USE: Final = Query(
    _InUse,
    _IN_USE.where(or_(_ACTIVE, _PREPARING)).order_by(case((_ACTIVE, 0), else_=1)),
)
LOCK: Final = Query(
    LockedModel,
    select(*(risk_model.c[name] for name in LockedModel._fields))
    .where(risk_model.c.id == bindparam("id"))
    .with_for_update(),
)
SAME_VERSION: Final = Query(
    UUID, select(risk_model.c.id).where(risk_model.c.model_version == bindparam("model_version"))
)


async def active(rows: Rows) -> ScoringModel:
    """The model whose scores are shown. Raises NotFound."""
    return _scoring(await rows.one(ACTIVE, "Een actief risicomodel"))


async def in_use(rows: Rows) -> list[ScoringModel]:
    """The active model, and the one that is to be when there is one."""
    return [_scoring(row) for row in await rows.all(IN_USE)]


async def lock(work: UnitOfWork, model_id: UUID, *, version: int) -> LockedModel:
    """The model, locked until the unit of work ends. Raises NotFound, VersionConflict."""
    found = await work.one(LOCK, "Dit risicomodel", id=model_id)
    require_version("Dit risicomodel", expected=version, found=found.version)
    return found


def add(work: UnitOfWork, proposed: NewModel) -> None:
    """Queue a proposed model."""
    row = {**proposed._asdict(), "version": 1, "state": str(ModelState.CONCEPT)}
    work.insert(risk_model, row)


def decide(work: UnitOfWork, model: LockedModel, by: str, reference: str) -> None:
    """Queue that the model is to score all locations, on this decision."""
    values = {
        "state": str(ModelState.PREPARING),
        "version": model.version + 1,
        "confirmed": True,
        "decision_reference": reference,
        "activated_by": by,
        "scored_to": None,
    }
    work.update(risk_model, key={"id": model.id}, values=values)


def note_scored(work: UnitOfWork, model_id: UUID, to: UUID) -> None:
    """Queue how far a model that is to be active has scored."""
    work.update(risk_model, key={"id": model_id}, values={"scored_to": to})


def note_told(work: UnitOfWork, model_id: UUID, to: UUID | None) -> None:
    """Queue up to which location the world knows the scores of the active model; None: all."""
    work.update(risk_model, key={"id": model_id}, values={"told": to is None, "scored_to": to})


async def succeed(work: UnitOfWork, active: UUID, by: UUID) -> None:
    """Retire the active model, and make the other one active."""
    gone = {"state": str(ModelState.RETIRED), "retired_at": work.now}
    work.update(risk_model, key={"id": active}, values=gone)
    # One model is active at any moment, also within a statement.
    await work.flush()
    comes = {
        "state": str(ModelState.ACTIVE),
        "activated_at": work.now,
        "told": False,
        "scored_to": None,
    }
    work.update(risk_model, key={"id": by}, values=comes)


def _scoring(row: _InUse) -> ScoringModel:
    return ScoringModel(
        id=row.id,
        model=_parsed(row.model_version, orjson.dumps(row.parameters)),
        state=row.state,
        confirmed=row.confirmed,
        told=row.told,
        scored_to=row.scored_to,
        anew_since=row.anew_since,
    )


@lru_cache(maxsize=16)
def _parsed(version: str, parameters: bytes) -> Model:
    return Model.of(version, orjson.loads(parameters))
