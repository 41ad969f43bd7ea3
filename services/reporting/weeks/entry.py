"""From what somebody typed to lines: the case gives participant and product where they lack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.weeks.domain import Line, ProductKind
from shared.db.query import Query
from shared.db.rows import Rows
from shared.errors import Conflict, InvalidParam
from shared.ids import new_id


class CaseRow(NamedTuple):
    """What a case says of hours on it."""

    id: UUID
    number: str
    participant: str | None
    product: str | None


class ProductRow(NamedTuple):
    """A product, and when it exists."""

    code: str
    kind: ProductKind
    valid_from: date
    valid_until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the product exists on this day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


_CASES = Query(
    CaseRow,
    text("""
        SELECT id, number, participant, product FROM case_file
        WHERE id = ANY(CAST(:ids AS uuid[]))
           OR upper(number) = ANY(CAST(:numbers AS text[]))
    """),
)
_PRODUCTS = Query(
    ProductRow,
    text("""
        SELECT code, kind, valid_from, valid_until FROM product
        WHERE code = ANY(CAST(:codes AS text[]))
    """),
)
_PARTICIPANTS = Query(
    str, text("SELECT code FROM participant WHERE code = ANY(CAST(:codes AS text[]))")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line as it was typed; a case by its id, or by its number."""

    work_date: date
    minutes: int
    product: str | None = None
    participant: str | None = None
    case_id: UUID | None = None
    case_number: str | None = None
    activity: str | None = None


@dataclass(frozen=True, slots=True)
class References:
    """What the lines of a week refer to."""

    cases: Mapping[UUID, CaseRow]
    cases_by_number: Mapping[str, CaseRow]
    products: Mapping[str, ProductRow]
    participants: frozenset[str]

    @property
    def numbers(self) -> dict[UUID, str]:
        """The numbers of the cases."""
        return {identity: case.number for identity, case in self.cases.items()}

    def case_of(self, entry: Entry) -> CaseRow | None:
        """The case of an entry."""
        if entry.case_id is not None:
            return self.cases.get(entry.case_id)
        return self.cases_by_number.get((entry.case_number or "").upper())


async def references(rows: Rows, entries: Sequence[Entry]) -> References:
    """Everything that these entries refer to, in three statements."""
    ids = list({entry.case_id for entry in entries if entry.case_id})
    numbers = list({entry.case_number.upper() for entry in entries if entry.case_number})
    cases = await rows.all(_CASES, ids=ids, numbers=numbers) if ids or numbers else []
    codes = {entry.product for entry in entries} | {case.product for case in cases}
    products = await rows.all(_PRODUCTS, codes=sorted(code for code in codes if code))
    named = {entry.participant for entry in entries} | {case.participant for case in cases}
    participants = await rows.all(_PARTICIPANTS, codes=sorted(code for code in named if code))
    return References(
        {case.id: case for case in cases},
        {case.number.upper(): case for case in cases},
        {product.code: product for product in products},
        frozenset(participants),
    )


def resolve(entries: Sequence[Entry], about: References) -> list[Line]:
    """The lines. Raises Conflict with every field that refers to nothing, or to another's."""
    lines: list[Line] = []
    wrong: list[InvalidParam] = []
    for number, entry in enumerate(entries):
        line, faults = resolve_one(entry, about)
        wrong += [InvalidParam(f"lines.{number}.{name}", *why) for name, why in faults.items()]
        lines.append(line)
    if wrong:
        count = "1 veld is" if len(wrong) == 1 else f"{len(wrong)} velden zijn"
        raise Conflict(f"{count} niet goed.", params=tuple(wrong))
    return lines


def resolve_one(
    entry: Entry, about: References, *, waits: bool = False
) -> tuple[Line, dict[str, tuple[str, str]]]:
    """The line of one entry, and what is wrong by field; with `waits` its case may come later."""
    case = about.case_of(entry)
    code = entry.product or (case.product if case else None)
    product = about.products.get(code or "")
    kind = product.kind if product else ProductKind.DIRECT
    given = entry.participant
    if case and kind is ProductKind.DIRECT:
        given = given or case.participant
    line = Line(
        id=new_id(),
        work_date=entry.work_date,
        booked_on=entry.work_date,
        minutes=entry.minutes,
        product=code or "",
        participant=given,
        case_id=case.id if case else entry.case_id,
        activity=entry.activity,
        kind=kind,
    )
    faults = _faults(entry, line, case, product, about)
    if waits and case is None:
        faults.pop("case_number", None)
    return line, faults


def _faults(
    entry: Entry, line: Line, case: CaseRow | None, product: ProductRow | None, about: References
) -> dict[str, tuple[str, str]]:
    faults: dict[str, tuple[str, str]] = {}
    if entry.case_id and case is None:
        faults["case_id"] = ("onbekend", "Kies een bestaande zaak.")
    if entry.case_number and case is None:
        shown = entry.case_number[:40]
        faults["case_number"] = (
            "onbekend",
            f"Zaak {shown} is niet bekend. Controleer het nummer.",
        )
    if not line.product:
        faults["product"] = ("verplicht", "Kies een product.")
    elif product is None or not product.holds_on(line.work_date):
        faults["product"] = ("onbekend", "Kies een product dat op deze dag bestaat.")
    if line.participant and line.participant not in about.participants:
        faults["participant"] = ("onbekend", "Kies een deelnemer van de dienst.")
    elif case and entry.participant and case.participant not in {None, entry.participant}:
        faults["participant"] = ("andere_zaak", f"De zaak is van {case.participant}.")
    return faults
