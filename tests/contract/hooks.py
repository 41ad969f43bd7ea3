"""What a JSON Schema cannot say: days lie in the past, codes are known, least corners come first.

The documents say so in words; a value in the future, an unknown code and a complaint without a
place are refused with a 400 of their own, which tests/contract/test_bad_input.py checks.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import strategies as st

PAST = st.datetimes(
    min_value=datetime.fromisoformat("2000-01-01"),
    max_value=datetime.fromisoformat("2026-10-31"),
    timezones=st.just(UTC),
)

schemathesis.openapi.format("date-time", PAST.map(lambda at: at.isoformat().replace("+00:00", "Z")))
schemathesis.openapi.format("date", PAST.map(lambda at: at.date().isoformat()))

PLACES = ("geometrie", "adres", "plaatsomschrijving", "locatieId")


@schemathesis.hook
def before_call(
    _: schemathesis.HookContext, case: schemathesis.Case[Any], __: dict[str, Any]
) -> None:
    """A complaint gets a category of the list and a place, a box its order; both as documented.

    A key that is repeated gives the answer of the first time, also of a subscription that was
    removed since (kernel/test_http tries repeats); here each asks for a new one.
    """
    if (case.method, case.path) == ("POST", "/abonnementen") and _is_right(case):
        case.headers["idempotency-key"] = str(uuid4())
    right = _is_right(case)
    if right and (case.method, case.path) == ("POST", "/klachten") and isinstance(case.body, dict):
        case.body["categorie"] = "geur"
        if all(case.body.get(name) is None for name in PLACES):
            case.body["plaatsomschrijving"] = "Bij de haven"
    box = case.query.get("bbox") if right and case.query else None
    if isinstance(box, str):
        # On the map in each system, whichever of its axes comes first.
        a, b, c, d = (max(-90.0, min(90.0, float(part))) for part in box.split(","))
        corners = (min(a, c), min(b, d), max(a, c), max(b, d))
        case.query["bbox"] = ",".join(f"{part:.6f}" for part in corners)


def _is_right(case: schemathesis.Case[Any]) -> bool:
    return case.meta is None or case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE
