"""Lists, counts and search by an index of their own; none of them reads what it does not show."""

from shared.db.revisions import build_concurrently

revision = "0016"
down_revision = "0015"

OPEN = "work_order < 500000"
ADDRESS = (
    "coalesce(street, '') || ' ' || coalesce(house_number, '') || ' ' || coalesce(city, '')"
    " || ' ' || coalesce(postcode, '')"
)
COMPLAINT = f"lower({ADDRESS})"
LOCATION = f"lower(coalesce(name, '') || ' ' || {ADDRESS} || ' ' || coalesce(number, ''))"
INDEXES = {
    "complaint_state": "complaint (state, work_order, id)",
    "complaint_category": "complaint (category, work_order, id)",
    "complaint_handler": "complaint (handler, work_order, id) WHERE handler IS NOT NULL",
    "complaint_free": f"complaint (work_order, id) WHERE handler IS NULL AND {OPEN}",
    "complaint_at_location": (
        "complaint (location_id, work_order, id) WHERE location_id IS NOT NULL"
    ),
    "complaint_number_begin": "complaint (number text_pattern_ops)",
    "complaint_search": f"complaint USING gin (({COMPLAINT}) gin_trgm_ops)",
    "outgoing_mail_state": "outgoing_mail (state, created_at, id)",
    "incident_state": "incident (state, started_at, id)",
    "incident_category": "incident (category, started_at, id)",
    "incident_participant": "incident (participant, started_at, id)",
    "incident_at_location": "incident (location_id, started_at, id)",
    "incident_number_begin": "incident (number text_pattern_ops)",
    "location_by_name": "location (name, id)",
    "location_participant": "location (participant, name, id)",
    "location_number_begin": "location (number text_pattern_ops)",
    "location_search": f"location USING gin (({LOCATION}) gin_trgm_ops)",
}


def upgrade() -> None:
    for name, on in INDEXES.items():
        build_concurrently(name, on)
