"""One time line of all that is known of a location."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, bindparam, text

from services.risk.context import ReadCtx
from services.risk.locations.queries import LocationRow
from services.risk.scores.tables import score
from shared.db.query import Query
from shared.http.paging import Paging, bad_cursor
from shared.product.roles import Scope


class EntryRow(NamedTuple):
    """A line of the time line; `entry` tells lines of one moment apart."""

    at: datetime
    what: str
    reference: str | None
    entry: str


# Days count from their start on the Dutch clock, so that they fall among the instants.
TIMELINE: Final = Query(
    EntryRow,
    text(
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
        SELECT retracted_on::timestamp AT TIME ZONE 'Europe/Amsterdam' + interval '4 seconds',
               'Overtreding ' || number || ' ingetrokken: telt niet meer mee',
               '/enforcement/overtredingen/' || id, 'geen-overtreding:' || id
          FROM violation WHERE location_id = :id AND retracted_on IS NOT NULL
        UNION ALL
        SELECT decided_on::timestamp AT TIME ZONE 'Europe/Amsterdam' + interval '2 seconds',
               upper(left(instrument, 1)) || substr(instrument, 2) || ' ' || number,
               '/enforcement/handhavingsmaatregelen/' || id, 'maatregel:' || id
          FROM measure WHERE location_id = :id
        UNION ALL
        SELECT ended_on::timestamp AT TIME ZONE 'Europe/Amsterdam' + interval '4 seconds',
               upper(left(instrument, 1)) || substr(instrument, 2) || ' ' || number
               || CASE WHEN withdrawn_on IS NULL THEN ' beëindigd'
                  ELSE ' ingetrokken: telt niet meer mee' END,
               '/enforcement/handhavingsmaatregelen/' || id, 'maatregel-einde:' || id
          FROM measure WHERE location_id = :id AND ended_on IS NOT NULL
        UNION ALL
        SELECT scored_at, 'Risicoscore ' || replace(score::text, '.', ',') || ' ('
               || risk_class || ') na: ' || cause, NULL, 'score:' || lpad(seq::text, 19, '0')
          FROM score WHERE location_id = :id
    ) AS entries
    WHERE CAST(:before AS timestamptz) IS NULL
       OR (at, entry) < (CAST(:before AS timestamptz), CAST(:before_entry AS text))
    ORDER BY at DESC, entry DESC
    LIMIT :n
    """
    ).bindparams(bindparam("id", type_=score.c.location_id.type), bindparam("n", type_=Integer)),
)


async def page_of(
    location: LocationRow, page: Paging, ctx: ReadCtx
) -> tuple[list[EntryRow], Sequence[Any] | None]:
    """A page of all that happened there, newest first, and the key of the next page."""
    ctx.require(Scope.LOCATIONS_READ)
    before, entry = _before_of(page)
    rows = await ctx.rows.all(
        TIMELINE, id=location.id, n=page.limit + 1, before=before, before_entry=entry
    )
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    return shown, (shown[-1].at.isoformat(), shown[-1].entry) if more else None


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
