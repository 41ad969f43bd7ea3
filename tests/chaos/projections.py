"""Each projection twice: from the tables of the service that owns it, and as another keeps it.

Both statements give the same columns as text, the key first.
"""

from typing import Final, NamedTuple


class Pair(NamedTuple):
    """Where the truth is, where the copy is, and how to read both."""

    name: str
    owner: str
    truth: str
    keeper: str
    copy: str


_PLACE: Final = """
SELECT id::text, version::text, number, name, city, participant, lon::text, lat::text,
       array_to_string(activities, ','), active::text FROM location
"""
_COMPLAINT: Final = """
SELECT id::text, number, category, location_id::text, received_at::text, outcome, closed_at::text
FROM complaint
"""
_VIOLATION: Final = """
SELECT id::text, location_id::text, number, established_on::text, nature, cell, resolved_on::text
FROM violation
"""

PAIRS: Final = (
    Pair("intake.location", "risk", _PLACE, "intake", _PLACE),
    Pair("enforcement.location", "risk", _PLACE, "enforcement", _PLACE),
    Pair("risk.complaint", "intake", _COMPLAINT, "risk", _COMPLAINT),
    Pair(
        "risk complaints per location",
        "intake",
        "SELECT location_id::text, count(*)::text FROM complaint "
        "WHERE location_id IS NOT NULL GROUP BY 1",
        "risk",
        "SELECT location_id::text, count(*)::text FROM complaint "
        "WHERE location_id IS NOT NULL GROUP BY 1",
    ),
    Pair(
        "risk.inspection",
        "enforcement",
        """
        SELECT i.id::text, i.location_id::text, i.number, i.kind, i.completed_on::text,
               (SELECT count(*) FROM violation v WHERE v.inspection_id = i.id)::text
        FROM inspection i WHERE i.state = 'uitgevoerd'
        """,
        "risk",
        "SELECT id::text, location_id::text, number, kind, completed_on::text, violations::text "
        "FROM inspection",
    ),
    Pair("risk.violation", "enforcement", _VIOLATION, "risk", _VIOLATION),
    # A complaint is told of at a location once: a second line in its history is a double effect.
    Pair(
        "risk.score",
        "risk",
        "SELECT location_id || '/' || cause_event, '1' FROM score "
        "WHERE cause_event IS NOT NULL GROUP BY 1",
        "risk",
        "SELECT location_id || '/' || cause_event, count(*)::text FROM score "
        "WHERE cause_event IS NOT NULL GROUP BY 1",
    ),
    Pair(
        "intake.inspection",
        "enforcement",
        """
        SELECT id::text, incident_id::text, number, planned_on::text, completed_on::text
        FROM inspection WHERE incident_id IS NOT NULL
        """,
        "intake",
        "SELECT id::text, incident_id::text, number, planned_on::text, completed_on::text "
        "FROM inspection",
    ),
    Pair(
        "intake.violation",
        "enforcement",
        "SELECT id::text, incident_id::text, number, established_on::text FROM violation "
        "WHERE incident_id IS NOT NULL",
        "intake",
        "SELECT id::text, incident_id::text, number, established_on::text FROM violation",
    ),
    # Lines are only added, never replaced: an event with effect twice stands here twice.
    Pair(
        "intake time line of what enforcement told",
        "enforcement",
        """
        SELECT 'Controle ' || number || ' gepland', incident_id::text FROM inspection
        WHERE incident_id IS NOT NULL
        UNION ALL SELECT 'Controle ' || number || ' uitgevoerd', incident_id::text FROM inspection
        WHERE incident_id IS NOT NULL AND state = 'uitgevoerd'
        UNION ALL SELECT 'Overtreding ' || number || ' vastgesteld', incident_id::text
        FROM violation WHERE incident_id IS NOT NULL
        """,
        "intake",
        "SELECT title, incident_id::text FROM timeline_entry "
        "WHERE actor = 'Toezicht en handhaving'",
    ),
    Pair(
        "enforcement inspections that intake asked for",
        "intake",
        "SELECT id::text, incident_id::text, urgency FROM inspection_request",
        "enforcement",
        "SELECT request_id::text, incident_id::text, urgency FROM inspection "
        "WHERE request_id IS NOT NULL",
    ),
    Pair(
        "reporting complaints",
        "intake",
        "SELECT id::text, number, location_id::text, participant FROM complaint",
        "reporting",
        "SELECT id::text, number, location_id::text, participant FROM case_file "
        "WHERE kind = 'klacht'",
    ),
    Pair(
        "reporting inspections",
        "enforcement",
        "SELECT id::text, number, location_id::text, participant, completed_on::text "
        "FROM inspection",
        "reporting",
        "SELECT id::text, number, location_id::text, participant, closed_on::text FROM case_file "
        "WHERE kind = 'controle'",
    ),
    Pair(
        "reporting products of inspections",
        "enforcement",
        "SELECT id::text, participant, completed_on::text, '1' FROM inspection "
        "WHERE state = 'uitgevoerd'",
        "reporting",
        "SELECT subject::text, participant, delivered_on::text, quantity::text "
        "FROM product_delivery WHERE case_kind = 'controle'",
    ),
)
