"""The clocks of a complaint on screen."""

from datetime import datetime
from typing import Any

from services.intake.complaints.queries import ComplaintRow
from shared.ui.clock import ClockView, clock_view


def urgent_clock(row: ComplaintRow, now: datetime) -> tuple[str, ClockView]:
    """The term that matters most: contact until somebody called, then feedback."""
    waiting = row.first_contact_at is None and row.closed_at is None
    if waiting and row.contact_due <= row.feedback_due:
        return "Eerste contact", clock_view(row.contact_due, now)
    return "Terugkoppeling", clock_view(row.feedback_due, now, done=row.closed_at)


def all_clocks(row: ComplaintRow, now: datetime) -> list[dict[str, Any]]:
    """Both terms, running or done."""
    contact = row.first_contact_at or row.closed_at
    return [
        {"label": "Eerste contact", "view": clock_view(row.contact_due, now, done=contact)},
        {
            "label": "Terugkoppeling",
            "view": clock_view(row.feedback_due, now, done=row.closed_at),
        },
    ]
