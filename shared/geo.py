"""Coordinates: CRS84 (longitude, latitude) on the wire, RD New (EPSG:28992) for distance."""

from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from typing import Final

from pyproj import Transformer

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD_NEW: Final = "http://www.opengis.net/def/crs/EPSG/0/28992"

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


def in_netherlands(point: Point) -> bool:
    """Within the bounding box of the Netherlands."""
    return LONGITUDES[0] <= point.lon <= LONGITUDES[1] and LATITUDES[0] <= point.lat <= LATITUDES[1]


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance in metres between two RD New places."""
    return hypot(a[0] - b[0], a[1] - b[1])
