"""What a JSON Schema cannot say of our values: days and instants lie in the past.

The documents say so in words; a value in the future is refused with a 400 of its own, which
tests/contract/test_bad_input.py checks.
"""

from datetime import UTC, datetime

import schemathesis
from hypothesis import strategies as st

PAST = st.datetimes(
    min_value=datetime.fromisoformat("2000-01-01"),
    max_value=datetime.fromisoformat("2026-10-31"),
    timezones=st.just(UTC),
)

schemathesis.openapi.format("date-time", PAST.map(lambda at: at.isoformat().replace("+00:00", "Z")))
schemathesis.openapi.format("date", PAST.map(lambda at: at.date().isoformat()))
