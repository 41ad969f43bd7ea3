"""What a use case of intake is given: keys, numbers, reference data, the agency; and who asks."""

from typing import Annotated, Final, TypeAlias

from services.intake.metadata import complaint_number, incident_number
from services.intake.reference.queries import ReferenceCache
from shared.auth.caller import ALL, Caller
from shared.context import ReadContext, WriteContext
from shared.db.numbers import Numbers
from shared.http.context import ApiWriteContext, reading, recorded_reading, writing
from shared.http.rate_limit import RateLimit
from shared.settings import Settings
from shared.ui.context import PageReadContext, Submission, page_reading, page_writing


class Kit:
    """One per process."""

    def __init__(self, settings: Settings) -> None:
        self.vault = settings.melder_vault()
        self.agency = settings.agency_name
        self.complaint_numbers = Numbers("K", complaint_number)
        self.incident_numbers = Numbers("I", incident_number)
        self.reference = ReferenceCache()
        self.public_limit = RateLimit.of(
            settings,
            "meldingen",
            settings.public_complaints_per_hour,
            "Vanaf uw internetadres kwamen het laatste uur al veel meldingen. Wat u invulde blijft "
            "bewaard.",
        )


Ctx: TypeAlias = WriteContext[Kit]
ReadCtx: TypeAlias = ReadContext[Kit]
PageCtx: TypeAlias = PageReadContext[Kit]
Sent: TypeAlias = Submission[Kit]

# Reports without account: no right to anything, and a report belongs to no participant yet.
CITIZEN: Final = Caller("publiek", "publiek", frozenset(), frozenset(), frozenset({ALL}))

Reading = Annotated[ReadContext[Kit], reading()]
Writing = Annotated[ApiWriteContext[Kit], writing()]
PageReading = Annotated[PageReadContext[Kit], page_reading()]
PageWriting = Annotated[Submission[Kit], page_writing()]
PublicReading = Annotated[PageReadContext[Kit], page_reading(stranger=CITIZEN)]
PublicWriting = Annotated[Submission[Kit], page_writing(stranger=CITIZEN)]


# A read that is written down; its answer holds personal data, so no repeat may keep it.
LoggedReading = Annotated[WriteContext[Kit], recorded_reading()]
