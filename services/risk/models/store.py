"""The model that scores now, and a model under a lock."""

from functools import lru_cache

import orjson
from sqlalchemy import bindparam, select

from services.risk.models.domain import Model
from services.risk.models.tables import risk_model
from shared.db.rows import Row, Rows

ACTIVE = select(risk_model).where(risk_model.c.state == "actief")
LOCK = select(risk_model).where(risk_model.c.id == bindparam("id")).with_for_update()


async def active_model(rows: Rows) -> Model:
    """The model that scores now."""
    return model_of(await rows.one(ACTIVE, "Een actief risicomodel"))


def model_of(row: Row) -> Model:
    """The model in a row."""
    return _parsed(row["model_version"], orjson.dumps(row["parameters"]))


@lru_cache(maxsize=16)
def _parsed(version: str, parameters: bytes) -> Model:
    return Model.of(version, orjson.loads(parameters))
