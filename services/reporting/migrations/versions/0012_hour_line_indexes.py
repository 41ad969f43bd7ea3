"""Indexes on the hours, built while hours are booked.

The hours of one product by year, for what is divided over all participants; and a case is found by
its number, however it was written.
"""

from shared.db.revisions import build_concurrently

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    build_concurrently("hour_line_product_day", "hour_line (product, booked_on)")
    build_concurrently(
        "hour_line_unlinked",
        "hour_line (upper(case_number)) WHERE case_id IS NULL AND case_number IS NOT NULL",
    )
