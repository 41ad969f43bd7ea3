"""Het afsluiten van een maand en een correctie, op de lijn."""

from uuid import UUID

from services.reporting.fields import Minutes, Reason
from services.reporting.periods.commands import Closed, CloseMonth, CorrectLine
from shared.http.schema import Day, Whole, Wire


class MonthIn(Wire, validate_by_name=False):
    """De maand die wordt afgesloten, met haar eerste dag."""

    month: Day

    def command(self) -> CloseMonth:
        return CloseMonth(self.month)


class MonthOut(Wire):
    """Een afgesloten maand."""

    month: Day
    line_count: Whole
    minutes: Whole

    @classmethod
    def of(cls, closed: Closed) -> "MonthOut":
        return cls(month=closed.month, line_count=closed.lines, minutes=closed.minutes)


class CorrectionIn(Wire, validate_by_name=False):
    """Wat een afgesloten regel had moeten zijn; 0 minuten haalt hem weg."""

    minutes: Minutes
    reason: Reason

    def command(self, line_id: UUID) -> CorrectLine:
        return CorrectLine(line_id, self.minutes, self.reason)
