"""Coordinates: CRS84 (longitude, latitude) on the wire, RD New (EPSG:28992) for distance."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import hypot
from typing import Final, Self

from pyproj import Transformer

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD_NEW: Final = "http://www.opengis.net/def/crs/EPSG/0/28992"
ETRS89: Final = "http://www.opengis.net/def/crs/EPSG/0/4258"


class System(StrEnum):
    """The systems in which places go in and out (ADR-GEO)."""

    CRS84 = CRS84
    RD_NEW = RD_NEW
    ETRS89 = ETRS89


# The bounds of the European Netherlands with its territorial sea, in degrees.
LONGITUDES = (3.2, 7.3)
LATITUDES = (50.7, 53.7)


@dataclass(frozen=True, slots=True)
class Point:
    """A place, in degrees."""

    lon: float
    lat: float


@lru_cache(maxsize=2)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_rd(point: Point) -> tuple[float, float]:
    """RD New x and y in metres, to the centimetre."""
    x, y = _transformer("EPSG:4326", "EPSG:28992").transform(point.lon, point.lat)
    return round(x, 2), round(y, 2)


def from_rd(x: float, y: float) -> Point:
    """The place of RD New coordinates, to about a centimetre."""
    lon, lat = _transformer("EPSG:28992", "EPSG:4326").transform(x, y)
    return Point(round(lon, 7), round(lat, 7))


def coordinates(point: Point, rd: tuple[float, float], system: System) -> tuple[float, float]:
    """A place in a system, in the order of its axes: EPSG:4258 has latitude first.

    Degrees of ETRS89 and of CRS84 differ less than the places are known: they are the same here.
    """
    match system:
        case System.RD_NEW:
            return rd
        case System.ETRS89:
            return point.lat, point.lon
        case System.CRS84:
            return point.lon, point.lat


# What a densified edge may still be off.
EDGE_M: Final = 10.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: in RD New, and in degrees unless it was given in RD New."""

    rd: tuple[float, float, float, float]
    degrees: tuple[float, float, float, float] | None = None

    @classmethod
    def of(cls, a: float, b: float, c: float, d: float, system: System) -> Self:
        """From two corners, the least values first, in the order of the axes of the system.

        Raises ValueError for corners in another order, or on no map.
        """
        if a > c or b > d:
            raise ValueError((a, b, c, d))
        if system is System.RD_NEW:
            return cls((a, b, c, d))
        west, south, east, north = (b, a, d, c) if system is System.ETRS89 else (a, b, c, d)
        if abs(west) > 180 or abs(east) > 180 or abs(south) > 90 or abs(north) > 90:
            raise ValueError((a, b, c, d))
        # Further away nothing lies, and RD New means nothing.
        near = (
            min(max(west, LONGITUDES[0]), LONGITUDES[1]),
            min(max(south, LATITUDES[0]), LATITUDES[1]),
            min(max(east, LONGITUDES[0]), LONGITUDES[1]),
            min(max(north, LATITUDES[0]), LATITUDES[1]),
        )
        left, bottom, right, top = _transformer("EPSG:4326", "EPSG:28992").transform_bounds(*near)
        edges = (left - EDGE_M, bottom - EDGE_M, right + EDGE_M, top + EDGE_M)
        return cls(edges, (west, south, east, north))


def in_netherlands(point: Point) -> bool:
    """Within the bounding box of the Netherlands."""
    return LONGITUDES[0] <= point.lon <= LONGITUDES[1] and LATITUDES[0] <= point.lat <= LATITUDES[1]


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance in metres between two RD New places."""
    return hypot(a[0] - b[0], a[1] - b[1])
