"""How inspections arrive from another system, with what followed from them."""

from collections.abc import Sequence
from typing import Final

from services.enforcement.context import KIT, Ctx
from services.enforcement.imports import existing
from services.enforcement.imports.at_once import is_plain, take_over_plain
from services.enforcement.imports.correcting import correct as correct_row
from services.enforcement.imports.rows import InspectionRow
from services.enforcement.imports.taking_over import take_over
from shared.context import system_context
from shared.db.unit_of_work import UnitOfWork
from shared.imports import TAKEN_OVER, ImportSpec, Rejection, row_by_row


async def store(rows: Sequence[InspectionRow], work: UnitOfWork) -> list[Rejection]:
    """Take over what is new; a row that is stored already is left as it is."""
    known = await existing.around(rows, work)
    new = [row for row in rows if row.source_key not in known.keys]
    plain = [row for row in new if is_plain(row)]
    rejected = await take_over_plain(plain, known, _ctx(plain[0], work)) if plain else []
    rest = [row for row in new if not is_plain(row)]
    rejected += await row_by_row(rest, work, lambda row: take_over(row, known, _ctx(row, work)))
    order = {row.source_key: number for number, row in enumerate(rows)}
    return sorted(rejected, key=lambda each: order[each.source_key])


async def correct(rows: Sequence[InspectionRow], work: UnitOfWork) -> list[Rejection]:
    """Add what happened since to what was taken over before."""
    known = await existing.around(rows, work)
    return await row_by_row(rows, work, lambda row: correct_row(row, known, _ctx(row, work)))


def _ctx(row: InspectionRow, work: UnitOfWork) -> Ctx:
    return system_context(work, KIT, name=TAKEN_OVER).importing(row.source)


IMPORTS: Final[tuple[ImportSpec, ...]] = (
    ImportSpec(
        kind="controles",
        row=InspectionRow,
        store=store,
        correct=correct,
        correction="Een gewijzigde regel voegt toe wat sindsdien gebeurde: uitvoering, plaats in "
        "de matrix, maatregel, herstel. Een andere cel van een open overtreding wordt een nieuwe "
        "positionering. Wat al vaststaat (bevindingen, besluiten, dagen) wordt geweigerd.",
    ),
)
