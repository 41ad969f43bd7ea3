"""The locations of risk, kept by a service that needs them: the newest state of each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from shared.contracts.risk import LocationRegistered
from shared.db.unit_of_work import UnitOfWork
from shared.geo import Point, to_rd
from shared.messaging.handlers import Delivery


class KeptLocations:
    """The projection in one service's table; a table without RD columns does without."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._versions = (
            select(table.c.id, table.c.version)
            .where(table.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid))))
            .with_for_update()
        )

    async def keep(
        self, deliveries: Sequence[Delivery[LocationRegistered]], work: UnitOfWork
    ) -> list[UUID]:
        """Queue the newest state of each location; gives the locations that were told of."""
        newest: dict[UUID, LocationRegistered] = {}
        for delivery in deliveries:
            event = delivery.event
            known = newest.get(event.location_id)
            if known is None or known.version < event.version:
                newest[event.location_id] = event
        ids = sorted(newest)
        stored = {row["id"]: row["version"] for row in await work.all(self._versions, ids=ids)}
        for location_id in ids:
            if stored.get(location_id, 0) < newest[location_id].version:
                work.upsert(self._table, self._row(newest[location_id]), keys=("id",))
        return ids

    def _row(self, event: LocationRegistered) -> dict[str, Any]:
        lon, lat = event.place.coordinates
        x, y = to_rd(Point(lon, lat))
        row = {
            "id": event.location_id,
            "version": event.version,
            "number": event.number,
            "name": event.name,
            "street": event.address.street,
            "house_number": event.address.house_number,
            "postcode": event.address.postcode,
            "city": event.address.city,
            "lon": lon,
            "lat": lat,
            "rd_x": x,
            "rd_y": y,
            "participant": event.participant,
            "activities": list(event.activities),
            "active": event.active,
            "source_key": event.source_key,
        }
        return {name: value for name, value in row.items() if name in self._table.c}
