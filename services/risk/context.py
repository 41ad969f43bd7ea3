"""What every use case of risk is given."""

from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from services.risk.locations.tables import location_number
from shared.context import ReadContext, WriteContext, system_context
from shared.db.numbers import Numbers
from shared.db.unit_of_work import UnitOfWork
from shared.http.context import ApiWriteContext, reading, writing
from shared.settings import Settings
from shared.ui.context import PageReadContext, Submission, page_reading, page_writing


@dataclass(frozen=True, slots=True)
class Kit:
    """What a process holds for as long as it runs."""

    numbers: Numbers


_KIT: Final = Kit(Numbers("L", location_number))


def kit(_: Settings) -> Kit:
    """The kit of this process."""
    return _KIT


def system(work: UnitOfWork) -> "Ctx":
    """The context of a consumer, a job or an import: every right, every row."""
    return system_context(work, _KIT)


ReadCtx: TypeAlias = ReadContext[Kit]
Ctx: TypeAlias = WriteContext[Kit]
PageCtx: TypeAlias = PageReadContext[Kit]

Reading = Annotated[ReadContext[Kit], reading()]
Writing = Annotated[ApiWriteContext[Kit], writing()]
PageReading = Annotated[PageReadContext[Kit], page_reading()]
PageWriting = Annotated[Submission[Kit], page_writing()]
