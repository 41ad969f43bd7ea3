"""From what somebody typed to lines: the case gives participant and product where they lack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.reporting.weeks.domain import Line, ProductKind
from shared.db.rows import Row, Rows
from shared.errors import Conflict, InvalidParam
from shared.ids import new_id

_CASES = text(
    "SELECT id, number, participant, product FROM case_file WHERE id = ANY(CAST(:ids AS uuid[]))"
)
_PRODUCTS = text("""
    SELECT code, kind, valid_from, valid_until FROM product
    WHERE code = ANY(CAST(:codes AS text[]))
""")
_PARTICIPANTS = text("SELECT code FROM participant WHERE code = ANY(CAST(:codes AS text[]))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line as it was typed."""

    work_date: date
    minutes: int
    product: str | None = None
    participant: str | None = None
    case_id: UUID | None = None
    activity: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines refer to."""

    cases: Mapping[UUID, Row]
    products: Mapping[str, Row]
    participants: frozenset[str]

    @property
    def numbers(self) -> dict[UUID, str]:
        """The numbers of the cases."""
        return {identity: case["number"] for identity, case in self.cases.items()}


async def known(rows: Rows, entries: Sequence[Entry]) -> Known:
    """Everything that these entries refer to, in three statements."""
    wanted = list({entry.case_id for entry in entries if entry.case_id})
    cases = await rows.all(_CASES, ids=wanted) if wanted else []
    codes = {entry.product for entry in entries} | {case["product"] for case in cases}
    products = await rows.all(_PRODUCTS, codes=sorted(code for code in codes if code))
    named = {entry.participant for entry in entries} | {case["participant"] for case in cases}
    participants = await rows.all(_PARTICIPANTS, codes=sorted(code for code in named if code))
    return Known(
        {case["id"]: case for case in cases},
        {product["code"]: product for product in products},
        frozenset(row["code"] for row in participants),
    )


def resolve(entries: Sequence[Entry], about: Known) -> list[Line]:
    """The lines. Raises Conflict with every field that refers to nothing, or to another's."""
    lines: list[Line] = []
    wrong: list[InvalidParam] = []
    for number, entry in enumerate(entries):
        line, faults = _resolve(entry, about)
        wrong += [InvalidParam(f"regels.{number}.{name}", *why) for name, why in faults.items()]
        lines.append(line)
    if wrong:
        count = "1 veld is" if len(wrong) == 1 else f"{len(wrong)} velden zijn"
        raise Conflict(f"{count} niet goed.", params=tuple(wrong))
    return lines


def _resolve(entry: Entry, about: Known) -> tuple[Line, dict[str, tuple[str, str]]]:
    case = about.cases.get(entry.case_id) if entry.case_id else None
    product = entry.product or (case["product"] if case else None)
    found = about.products.get(product or "")
    kind = ProductKind(found["kind"]) if found else ProductKind.DIRECT
    given = entry.participant
    if case and kind is ProductKind.DIRECT:
        given = given or case["participant"]
    line = Line(
        id=new_id(),
        work_date=entry.work_date,
        booked_on=entry.work_date,
        minutes=entry.minutes,
        product=product or "",
        participant=given,
        case_id=entry.case_id,
        activity=entry.activity,
        kind=kind,
    )
    return line, _faults(entry, line, case, found, about)


def _faults(
    entry: Entry, line: Line, case: Row | None, product: Row | None, about: Known
) -> dict[str, tuple[str, str]]:
    faults: dict[str, tuple[str, str]] = {}
    if entry.case_id and case is None:
        faults["zaakId"] = ("onbekend", "Kies een bestaande zaak.")
    if not line.product:
        faults["product"] = ("verplicht", "Kies een product.")
    elif product is None or not _valid(product, line.work_date):
        faults["product"] = ("onbekend", "Kies een product dat op deze dag bestaat.")
    if line.participant and line.participant not in about.participants:
        faults["deelnemer"] = ("onbekend", "Kies een deelnemer van de dienst.")
    elif case and entry.participant and case["participant"] not in {None, entry.participant}:
        faults["deelnemer"] = ("andere_zaak", f"De zaak is van {case['participant']}.")
    return faults


def _valid(product: Row, day: date) -> bool:
    end: date | None = product["valid_until"]
    return bool(product["valid_from"] <= day and (end is None or day < end))
