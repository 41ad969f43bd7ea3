"""What the operations of risk share: the ids in a path, and in which system a place is given."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Header, Path, Query, Response

from shared.geo import CRS84, RD_NEW

LocationId = Annotated[UUID, Path(alias="locatieId", description="Identificatie van de locatie")]
ModelId = Annotated[UUID, Path(alias="modelId", description="Identificatie van het model")]
Crs = Literal[
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/28992",
]
AcceptCrs = Annotated[
    Crs, Header(description="Gewenst coördinatenstelsel: CRS84 (standaard) of RD")
]
CrsQuery = Annotated[
    Crs | None, Query(description="Coördinatenstelsel van het antwoord; gaat voor Accept-Crs")
]


def in_rd(accept: str, query: str | None) -> bool:
    """Whether RD New was asked for."""
    return (query or accept) == RD_NEW


def with_crs(response: Response, *, rd: bool) -> Response:
    """The answer, saying in which system its coordinates are."""
    response.headers["Content-Crs"] = f"<{RD_NEW if rd else CRS84}>"
    return response
