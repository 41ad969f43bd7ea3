"""What every use case and read of enforcement is given."""

from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from services.enforcement.metadata import inspection_number, measure_number, violation_number
from shared.context import ReadContext, WriteContext, system_context
from shared.db.numbers import Numbers
from shared.db.unit_of_work import UnitOfWork
from shared.http.context import ApiWriteContext, reading, writing
from shared.settings import Settings
from shared.ui.context import PageReadContext, Submission, page_reading, page_writing


@dataclass(frozen=True, slots=True)
class Kit:
    """The readable numbers that new things get."""

    inspections: Numbers
    violations: Numbers
    measures: Numbers


KIT: Final = Kit(
    inspections=Numbers("C", inspection_number),
    violations=Numbers("OV", violation_number),
    measures=Numbers("HM", measure_number),
)

ReadCtx: TypeAlias = ReadContext[Kit]
Ctx: TypeAlias = WriteContext[Kit]
PageCtx: TypeAlias = PageReadContext[Kit]
Sent: TypeAlias = Submission[Kit]

Reading = Annotated[ReadContext[Kit], reading()]
Writing = Annotated[ApiWriteContext[Kit], writing()]
PageReading = Annotated[PageReadContext[Kit], page_reading()]
PageWriting = Annotated[Submission[Kit], page_writing()]


def kit(settings: Settings) -> Kit:
    """The same for every process of the service."""
    return KIT


def of_system(work: UnitOfWork) -> Ctx:
    """The context of what consumers and jobs do."""
    return system_context(work, KIT)
