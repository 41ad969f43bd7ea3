"""One time line of all that is known of a location."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, bindparam, text

from services.risk.scores.tables import score
from shared.db.rows import Row, Rows
from shared.http.paging import Paging, bad_cursor

# Days count from their start on the Dutch clock, so that they fall among the instants.
TIMELINE = text(
    """
    SELECT * FROM (
        SELECT received_at AS at, 'Klacht ' || number || ' (' || category || ')'
               || coalesce(': ' || outcome, '') AS what, '/intake/klachten/' || id AS reference,
               'klacht:' || id AS entry
          FROM complaint WHERE location_id = :id
        UNION ALL
        SELECT completed_on::timestamp AT TIME ZONE 'Europe/Amsterdam',
               upper(left(kind, 1)) || substr(kind, 2) || ' ' || number || ': '
               || CASE violations WHEN 0 THEN 'geen overtredingen' WHEN 1 THEN '1 overtreding'
                  ELSE violations || ' overtredingen' END,
               '/enforcement/controles/' || id, 'controle:' || id
          FROM inspection WHERE location_id = :id
        UNION ALL
        SELECT established_on::timestamp AT TIME ZONE 'Europe/Amsterdam' + interval '1 second',
               'Overtreding ' || number || ': ' || nature || coalesce(' (cel ' || cell || ')', ''),
               '/enforcement/overtredingen/' || id, 'overtreding:' || id
          FROM violation WHERE location_id = :id
        UNION ALL
        SELECT resolved_on::timestamp AT TIME ZONE 'Europe/Amsterdam' + interval '3 seconds',
               'Overtreding ' || number || ' hersteld',
               '/enforcement/overtredingen/' || id, 'hersteld:' || id
          FROM violation WHERE location_id = :id AND resolved_on IS NOT NULL
        UNION ALL
        SELECT decided_on::timestamp AT TIME ZONE 'Europe/Amsterdam' + interval '2 seconds',
               upper(left(instrument, 1)) || substr(instrument, 2) || ' ' || number,
               '/enforcement/handhavingsmaatregelen/' || id, 'maatregel:' || id
          FROM measure WHERE location_id = :id
        UNION ALL
        SELECT scored_at, 'Risicoscore ' || replace(round(score, 1)::text, '.', ',') || ' ('
               || risk_class || ') na: ' || cause, NULL, 'score:' || lpad(seq::text, 19, '0')
          FROM score WHERE location_id = :id
    ) AS entries
    WHERE CAST(:before AS timestamptz) IS NULL
       OR (at, entry) < (CAST(:before AS timestamptz), CAST(:before_entry AS text))
    ORDER BY at DESC, entry DESC
    LIMIT :n
    """
).bindparams(bindparam("id", type_=score.c.location_id.type), bindparam("n", type_=Integer))


async def page(
    rows: Rows, location_id: UUID, paging: Paging
) -> tuple[list[Row], Sequence[Any] | None]:
    """A page of all that happened, newest first, and the key of the next page."""
    before, entry = _before_of(paging)
    found = await rows.all(
        TIMELINE, id=location_id, n=paging.limit + 1, before=before, before_entry=entry
    )
    more = len(found) > paging.limit
    found = found[: paging.limit]
    return found, (found[-1]["at"].isoformat(), found[-1]["entry"]) if more else None


def _before_of(page: Paging) -> tuple[datetime | None, str]:
    if page.after is None:
        return None, ""
    try:
        at, entry = page.after
        moment = datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        raise bad_cursor() from None
    if not isinstance(entry, str) or "\x00" in entry:
        raise bad_cursor()
    return moment, entry
