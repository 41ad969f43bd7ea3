"""What other services tell: locations become a projection, a request becomes an inspection."""

from collections.abc import Sequence
from typing import Final

from services.enforcement.context import of_system
from services.enforcement.inspections import commands as inspections
from services.enforcement.inspections.commands import AdoptInspections, PlanRequested
from services.enforcement.locations import queries as locations
from services.enforcement.locations.tables import location
from services.enforcement.tables import participant
from shared.contracts.intake import InspectionRequested
from shared.contracts.risk import LocationRegistered
from shared.db.unit_of_work import UnitOfWork
from shared.locations import KeptLocations
from shared.messaging.handlers import Delivery, Handlers
from shared.participants import KeptParticipants
from shared.rebuild.projection import Projection, only

_LOCATIONS = KeptLocations(location)
_PARTICIPANTS = KeptParticipants(participant)


async def on_locations(
    deliveries: Sequence[Delivery[LocationRegistered]], work: UnitOfWork
) -> None:
    """Keep the newest state of each location; inspections that waited for it are adopted.

    An inspection may be asked for before its location is heard of: other topic, no order.
    """
    ids = await _LOCATIONS.keep(deliveries, work)
    await work.flush()
    participants = await locations.participants_of(ids, work)
    await inspections.adopt(AdoptInspections(participants), of_system(work))


async def on_requests(
    deliveries: Sequence[Delivery[InspectionRequested]], work: UnitOfWork
) -> None:
    """Plan the inspections that intake asks for; a request is carried out once."""
    requests = tuple(delivery.event for delivery in deliveries)
    await inspections.plan_requested(PlanRequested(requests), of_system(work))


CONSUMERS: Final[Handlers] = {
    LocationRegistered: on_locations,
    InspectionRequested: on_requests,
    **_PARTICIPANTS.handlers,
}
PROJECTIONS: Final = (
    Projection(
        name="locaties",
        title="Locaties van risico",
        tables=(location,),
        handlers={LocationRegistered: only(_LOCATIONS.keep)},
    ),
    _PARTICIPANTS.projection,
)
