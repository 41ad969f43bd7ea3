"""How often one address may do something: a bucket that fills evenly, in memory."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from shared.errors import TooMany

HOUR = 3600.0
# So many addresses are remembered; the ones whose bucket is full again are forgotten first.
MOST_REMEMBERED = 50_000
# A household or a company has one network of IPv6.
IPV6_NETWORK = 64


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limiter:
    """At most `per_hour` times at once from one address, and as many again each hour; 0: no limit.

    Addresses are kept in memory only, for an hour at most.
    """

    def __init__(self, per_hour: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_hour = per_hour
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, address: str) -> None:
        """Count one more. Raises TooMany, with the seconds until there is room for one."""
        if not self.per_hour:
            return
        key, now = _network(address), self._clock()
        bucket = self._filled(self._buckets.get(key), now)
        if bucket.left < 1:
            raise TooMany(ceil((1 - bucket.left) * HOUR / self.per_hour))
        if key not in self._buckets and len(self._buckets) >= MOST_REMEMBERED:
            self._forget(now)
        self._buckets[key] = _Bucket(bucket.left - 1, now)

    def _filled(self, bucket: _Bucket | None, now: float) -> _Bucket:
        if bucket is None:
            return _Bucket(float(self.per_hour), now)
        grown = bucket.left + (now - bucket.at) * self.per_hour / HOUR
        return _Bucket(min(grown, float(self.per_hour)), now)

    def _forget(self, now: float) -> None:
        """Full buckets say nothing; when all are in use, the oldest half goes."""
        in_use = {
            key: bucket
            for key, bucket in self._buckets.items()
            if self._filled(bucket, now).left < self.per_hour
        }
        newest = sorted(in_use, key=lambda key: in_use[key].at)[-MOST_REMEMBERED // 2 :]
        self._buckets = {key: in_use[key] for key in newest}


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, IPV6_NETWORK), strict=False))
    return str(found)
