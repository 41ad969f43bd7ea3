"""The close of a month and a correction on the wire."""

from services.reporting.fields import Minutes, Reason
from shared.http.schema import Day, Whole, Wire


class CorrectionIn(Wire, validate_by_name=False):
    """What a closed line should have been; 0 takes it back."""

    minutes: Minutes
    reason: Reason


class MonthIn(Wire, validate_by_name=False):
    """The month to close, by its first day."""

    month: Day


class MonthOut(Wire):
    """A closed month."""

    month: Day
    line_count: Whole
    minutes: Whole
