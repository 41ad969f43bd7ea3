"""What other services tell: locations become a projection, a request becomes an inspection."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Uuid, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from services.enforcement import numbers
from services.enforcement.inspections import domain as rules
from services.enforcement.inspections import store as inspections
from services.enforcement.inspections.domain import Inspection, InspectionState, Trigger
from services.enforcement.policy import store as policy
from services.enforcement.tables import inspection, location
from shared.contracts.enforcement import InspectionKind
from shared.contracts.intake import InspectionRequested
from shared.contracts.risk import LocationRegistered
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.locations import KeptLocations
from shared.messaging.handlers import Delivery, Handlers
from shared.rebuild.projection import Projection, only

_IDS = bindparam("ids", type_=ARRAY(Uuid))
_LOCATIONS = KeptLocations(location)
_PARTICIPANTS = select(location.c.id, location.c.participant).where(location.c.id == func.any(_IDS))
_PLANNED = select(inspection.c.request_id).where(inspection.c.request_id == func.any(_IDS))
# An inspection may be asked for before its location is heard of: other topic, no order.
_ADOPT = (
    update(inspection)
    .where(
        inspection.c.participant.is_(None),
        inspection.c.location_id == location.c.id,
        location.c.id == func.any(_IDS),
    )
    .values(participant=location.c.participant)
)


async def on_locations(
    deliveries: Sequence[Delivery[LocationRegistered]], work: UnitOfWork
) -> None:
    """Keep the newest state of each location; inspections that waited for it are adopted."""
    ids = await _LOCATIONS.keep(deliveries, work)
    await work.execute(_ADOPT, ids=ids)


async def on_requests(
    deliveries: Sequence[Delivery[InspectionRequested]], work: UnitOfWork
) -> None:
    """Plan the inspections that intake asks for; a request is carried out once."""
    asked = {delivery.event.request_id: delivery.event for delivery in deliveries}
    stored = await work.all(_PLANNED, ids=sorted(asked))
    for row in stored:
        del asked[row["request_id"]]
    if not asked:
        return
    places = sorted({event.location_id for event in asked.values()})
    participants = {
        row["id"]: row["participant"] for row in await work.all(_PARTICIPANTS, ids=places)
    }
    held = await policy.policy_on(work, work.today)
    given = await numbers.INSPECTIONS.many(work, [work.today.year] * len(asked))
    for event, number in zip(asked.values(), given, strict=True):
        participant = event.participant or participants.get(event.location_id)
        day = held.planned_on(event.urgency, work.today)
        planned = _inspection(event, number, participant, day)
        inspections.add(work, planned)
        work.publish(rules.plan(planned))


def _inspection(
    event: InspectionRequested, number: str, participant: str | None, planned_on: date
) -> Inspection:
    return Inspection(
        id=new_id(),
        number=number,
        version=1,
        state=InspectionState.PLANNED,
        kind=InspectionKind.INCIDENT,
        trigger=Trigger.INCIDENT,
        location_id=event.location_id,
        participant=participant,
        incident_id=event.incident_id,
        incident_number=event.incident_number,
        request_id=event.request_id,
        urgency=event.urgency,
        planned_on=planned_on,
    )


CONSUMERS: Final[Handlers] = {
    LocationRegistered: on_locations,
    InspectionRequested: on_requests,
}
PROJECTIONS: Final = (
    Projection(
        name="locaties",
        title="Locaties van risico",
        tables=(location,),
        handlers={LocationRegistered: only(_LOCATIONS.keep)},
    ),
)
