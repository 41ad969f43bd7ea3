"""What the operations of risk share: the ids in a path, and in which system a place is given."""

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Header, Path, Query, Response

from shared.errors import Invalid, InvalidParam, NotAcceptable
from shared.geo import CRS84, Box, System

LocationId = Annotated[UUID, Path(alias="locatieId", description="Identificatie van de locatie")]
ModelId = Annotated[UUID, Path(alias="modelId", description="Identificatie van het model")]
Crs = Literal[
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/28992",
    "http://www.opengis.net/def/crs/EPSG/0/4258",
]
# A text, and no Crs: a system that we do not have is 406 here, and not 400 (ADR-GEO).
AcceptCrs = Annotated[
    str,
    Header(
        description="Gewenst coördinatenstelsel: CRS84 (standaard), RD of ETRS89 (breedtegraad "
        "eerst, zoals EPSG:4258 voorschrijft)",
        json_schema_extra={"enum": list(map(str, System))},
    ),
]
CrsQuery = Annotated[
    Crs | None, Query(description="Coördinatenstelsel van het antwoord; gaat voor Accept-Crs")
]
_NUMBER: Final = r"-?\d{1,9}(\.\d{1,12})?"
Corners = Annotated[
    str | None,
    Query(
        alias="bbox",
        pattern=rf"^{_NUMBER}(,{_NUMBER}){{3}}$",
        description="Rechthoek waar het binnen ligt: twee hoeken, de kleinste waarden eerst",
        examples=["6.80,52.15,6.95,52.25"],
    ),
]
# ADR-GEO writes bbox-crs, which the rule for names of the same ADR forbids.
CornersCrs = Annotated[
    Crs, Query(alias="bboxCrs", description="Coördinatenstelsel van bbox; standaard CRS84")
]


def system_of(accept: str, query: str | None) -> System:
    """The system that was asked for; the header must be right even where the query goes before it.

    Raises NotAcceptable.
    """
    try:
        asked = System(accept)
        return System(query) if query else asked
    except ValueError:
        known = ", ".join(System)
        raise NotAcceptable(f"Dit coördinatenstelsel is er niet. Kies uit: {known}.") from None


async def box_of(corners: Corners = None, corners_crs: CornersCrs = CRS84) -> Box | None:
    """The box that a request asks for. Raises Invalid."""
    if corners is None:
        return None
    try:
        a, b, c, d = map(float, corners.split(","))
        return Box.of(a, b, c, d, System(corners_crs))
    except ValueError:
        reason = "Geef eerst de hoek met de kleinste waarden, dan die met de grootste."
        param = InvalidParam("bbox", "volgorde", reason, as_sent=True)
        raise Invalid("1 veld is ongeldig.", params=(param,)) from None


def with_crs(response: Response, system: System) -> Response:
    """The answer, saying in which system its coordinates are."""
    response.headers["Content-Crs"] = f"<{system}>"
    return response
