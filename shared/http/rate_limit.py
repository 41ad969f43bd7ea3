"""How often one address or caller may do something (docs/adr, limits).

`RateLimit` counts for all processes together, in a storage of the library `limits`: one round trip
to PostgreSQL. `TokenLimit` counts the requests of the API in its own process, for a fraction of a
microsecond.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import HMAC
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final

from limits import RateLimitItemPerHour
from limits.aio.storage import SlidingWindowCounterSupport, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request

from shared.errors import TooMany
from shared.settings import Settings

MINUTE: Final = 60
HOUR: Final = 3600
# A household or a company has one network of IPv6.
IPV6_NETWORK: Final = 64


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `per_hour` times in any hour, whichever process is asked; 0: no limit.

    What is kept of an address or caller is a pseudonym under a secret of the installation.
    """

    name: str
    per_hour: int
    secret: bytes
    what: str

    @classmethod
    def of(cls, settings: Settings, name: str, per_hour: int, what: str) -> "RateLimit":
        """The limit of an installation; `what` is the sentence (Dutch) of who does it too often."""
        return cls(name, per_hour, settings.webhook_key.get_secret_value().encode(), what)

    async def take(self, counts: Storage, whom: str) -> None:
        """Count one more. Raises TooMany, with the seconds until there is room for one."""
        if not self.per_hour:
            return
        assert isinstance(counts, SlidingWindowCounterSupport)
        item = RateLimitItemPerHour(self.per_hour, namespace=self.name)
        key = HMAC(b"vth rate limit\0" + self.secret, whom.encode(), sha256).hexdigest()
        if await SlidingWindowCounterRateLimiter(counts).hit(item, key):
            return
        window = await counts.get_sliding_window(item.key_for(key), HOUR)
        raise TooMany(
            self.what, _wait(self.per_hour, *window), policy=(self.name, self.per_hour, HOUR)
        )


def _wait(most: int, previous: int, previous_ends: float, current: int, ends: float) -> int:
    """The seconds until a sliding window has room for one more."""
    if current >= most:
        # In the next window these weigh less by the second.
        later = HOUR * (1 - most / current)
        # A storage may tell when it forgets the window, an hour after its end.
        return max(1, ceil((ends % HOUR or HOUR) + later))
    left = previous_ends - (most - current) * HOUR / previous if previous else 0
    return max(1, ceil(left))


def address_of(request: Request) -> str:
    """Whom a request counts for: the address that it comes from, or its network of IPv6."""
    address = request.client.host if request.client else ""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, IPV6_NETWORK), strict=False))
    return str(found)


class TokenLimit:
    """At most `per_minute` requests of one caller in each minute of this process; 0: no limit.

    Every request of the API passes here, so there is no storage to ask and nothing to await.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._counted: dict[str, int] = {}
        self._ends = 0.0

    def take(self, subject: str) -> None:
        """Count one more request. Raises TooMany, with the seconds until the next minute."""
        now = self._clock()
        if now >= self._ends:
            # Of who does not come any more nothing is kept.
            self._counted, self._ends = {}, now + MINUTE
        counted = self._counted[subject] = self._counted.get(subject, 0) + 1
        if counted > self.per_minute > 0:
            raise TooMany(
                f"Met dit account kwamen in een minuut meer dan {self.per_minute} verzoeken.",
                max(1, ceil(self._ends - now)),
                policy=("token", self.per_minute, MINUTE),
            )
