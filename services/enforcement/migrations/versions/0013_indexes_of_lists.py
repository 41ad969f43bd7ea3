"""Lists, counts and search by an index of their own; none of them reads what it does not show."""

from shared.db.revisions import build_concurrently

revision = "0013"
down_revision = "0012"

OPEN = "work_order < 500000"
SAID = (
    "lower(coalesce(name, '') || ' ' || coalesce(street, '') || ' ' || coalesce(house_number, '')"
    " || ' ' || coalesce(city, '') || ' ' || coalesce(postcode, '')"
    " || ' ' || coalesce(number, ''))"
)
INDEXES = {
    "inspection_kind": "inspection (kind, work_order, id)",
    "inspection_participant": "inspection (participant, work_order, id)",
    "inspection_inspector": "inspection (inspector, work_order, id)",
    "inspection_at_location": "inspection (location_id, work_order, id)",
    "inspection_number_begin": "inspection (number text_pattern_ops)",
    "violation_state": "violation (state, work_order, id)",
    "violation_participant": "violation (participant, work_order, id)",
    "violation_participant_state": "violation (participant, state, work_order, id)",
    "violation_in_cell": "violation (cell, work_order, id)",
    "violation_at_location": "violation (location_id, work_order, id)",
    "violation_due": f"violation (due_on) WHERE {OPEN}",
    "violation_number_begin": "violation (number text_pattern_ops)",
    "measure_instrument": "measure (instrument, chosen_on, id)",
    "measure_participant": "measure (participant, chosen_on, id)",
    "measure_at_location": "measure (location_id, chosen_on, id)",
    "measure_decided": "measure (cell, decided_on, id) WHERE decided_on IS NOT NULL",
    "term_watched": "term (ends_on, id) WHERE stopped_on IS NULL AND NOT lapses",
    "term_lapsing": "term (ends_on, id) WHERE stopped_on IS NULL AND lapses",
    "term_participant": "term (participant, lapses, ends_on, id) WHERE stopped_on IS NULL",
    "location_lower_name": "location ((lower(name)))",
    "location_participant": "location (participant, name, id)",
    "location_number_begin": "location (number text_pattern_ops)",
    "location_search": f"location USING gin (({SAID}) gin_trgm_ops)",
}


def upgrade() -> None:
    for name, on in INDEXES.items():
        build_concurrently(name, on)
