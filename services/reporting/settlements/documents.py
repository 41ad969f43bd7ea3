"""The settlement as a document: made from what was stored, and kept once it is adopted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import text

from services.reporting.context import Ctx
from services.reporting.settlements.papers import DEFINITIONS, SETTLEMENT, TEMPLATES, TRIAL
from services.reporting.tables import document
from shared.clock import local_date
from shared.db.query import Query
from shared.documents.snapshot import Snapshot
from shared.documents.store import DocumentStore, Subject
from shared.product.roles import Scope

STORE: Final = DocumentStore(document)


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """What is stored of a settlement, with the name of its participant."""

    id: UUID
    version: int
    participant: str
    participant_name: str
    year: int
    state: str
    snapshot: bytes
    input_hash: str
    proposed_at: datetime
    adopted_on: date | None
    decision_reference: str | None


class ProductName(NamedTuple):
    """A product as people call it."""

    code: str
    name: str


# Locked, so that who asks first keeps it and who asks meanwhile finds it.
_FACTS: Final = Query(
    SettlementFacts,
    text("""
        SELECT s.id, s.version, s.participant, p.name AS participant_name, s.year, s.state,
               s.snapshot, s.input_hash, s.proposed_at, s.adopted_on, s.decision_reference
        FROM settlement s JOIN participant p ON p.code = s.participant
        WHERE s.id = :id
          AND (CAST(:sight_all AS boolean) OR s.participant = ANY(CAST(:sight AS text[])))
        FOR UPDATE OF s
    """),
)
_PRODUCTS: Final = Query(
    ProductName, text("SELECT code, name FROM product WHERE code = ANY(:codes)")
)


@dataclass(frozen=True, slots=True)
class OpenSettlement:
    """Which settlement is asked for as a document, and the name of the agency as it is now."""

    settlement_id: UUID
    agency: str


async def open_settlement(command: OpenSettlement, ctx: Ctx) -> Snapshot:
    """The document; that of an adopted settlement is kept when it is first asked for.

    Raises Forbidden, NotFound.
    """
    ctx.require(Scope.SETTLEMENTS_READ)
    facts = await ctx.rows.one(_FACTS, "Deze afrekening", id=command.settlement_id, sight=ctx.sight)
    kept = await STORE.newest(ctx.rows, SETTLEMENT, facts.id, ctx.sight)
    if kept is not None:
        return kept.opened()
    snapshot = await _snapshot(facts, command.agency, ctx)
    if facts.state != TRIAL:
        STORE.add(ctx.work, snapshot, Subject(facts.id, facts.participant))
    return snapshot


async def _snapshot(facts: SettlementFacts, agency: str, ctx: Ctx) -> Snapshot:
    calculation = orjson.loads(facts.snapshot)
    codes = sorted({line["product"] for line in calculation["invoer"]["regels"]})
    products = await ctx.rows.all(_PRODUCTS, codes=codes)
    proposed_on = local_date(facts.proposed_at)
    return Snapshot(
        kind=SETTLEMENT,
        template_version=TEMPLATES.newest(SETTLEMENT),
        agency=agency,
        dated=facts.adopted_on or proposed_on,
        values={
            "deelnemer": facts.participant,
            "deelnemernaam": facts.participant_name,
            "jaar": facts.year,
            "status": facts.state,
            "berekening": calculation,
            "producten": {each.code: each.name for each in products},
            "berekendOp": proposed_on.isoformat(),
            "vastgesteldOp": facts.adopted_on.isoformat() if facts.adopted_on else None,
            "besluitkenmerk": facts.decision_reference,
            "invoerhash": facts.input_hash,
        },
        definitions=DEFINITIONS,
        versions=_versions(facts, calculation["invoer"]),
    )


def _versions(facts: SettlementFacts, inputs: dict[str, object]) -> dict[str, str]:
    """The versions of what the settlement rests on."""
    lines = inputs["regels"]
    assert isinstance(lines, list)
    tariffs = sorted({line["tariefId"] for line in lines})
    return {
        "afrekening": str(facts.version),
        "begroting": str(inputs["begrotingId"]),
        "tarieven": ", ".join(tariffs),
    }


def file_name(snapshot: Snapshot) -> str:
    """The name to save it as."""
    return f"afrekening-{snapshot.values['jaar']}-{snapshot.values['deelnemer']}"
