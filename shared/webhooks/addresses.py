"""Where webhooks may go: https, and nothing inside unless the installation allows it."""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from shared.settings import Settings

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
# Prefixes behind which an IPv4 address stands in the last 32 bits (RFC 6052, RFC 8215, RFC 4291).
EMBEDDING: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
# Nobody is there for the world: site-local (RFC 3879), local translation, 6to4 relays (RFC 7526).
NOWHERE: Final[tuple[Network, ...]] = (
    IPv6Network("fec0::/10"),
    IPv6Network("64:ff9b:1::/48"),
    IPv4Network("192.88.99.0/24"),
)
PORTS: Final = {"https": 443, "http": 80}


class AddressRefusedError(ValueError):
    """A webhook may not go there; the text says why, in Dutch."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What an installation allows."""

    https_only: bool
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        """As the settings say; on one machine also to the machine itself."""
        trial = settings.environment in {"local", "test"}
        names = (*settings.webhook_networks, *(LOOPBACK if trial else ()))
        return cls(not trial, tuple(ip_network(name) for name in names))

    def allow(self, address: Address) -> bool:
        """Whether the address lies outside, or in a network that is allowed."""
        if any(address in network for network in self.networks):
            return True
        if any(address in network for network in NOWHERE):
            return False
        inner = _inside(address)
        if inner is not None:
            return self.allow(inner)
        return address.is_global and not address.is_multicast


def _inside(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return None
    if any(address in network for network in EMBEDDING):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    tunnelled = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or tunnelled


def checked(url: str, rules: Rules) -> SplitResult:
    """The parts of the address. Raises AddressRefusedError for what can be seen without asking."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefusedError("Dit is geen geldig adres.") from error
    if parts.scheme not in (("https",) if rules.https_only else PORTS):
        raise AddressRefusedError("Gebruik een adres dat met https:// begint.")
    if not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        raise AddressRefusedError(
            "Geef een volledig adres, zonder gebruikersnaam en zonder fragment."
        )
    literal = _literal(parts.hostname)
    if literal is not None and not rules.allow(literal):
        raise AddressRefusedError("Dit adres ligt in een netwerk waar webhooks niet heen gaan.")
    return parts


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


async def resolved(parts: SplitResult, rules: Rules) -> list[str]:
    """The IP addresses to connect to. Raises AddressRefusedError when any of them is inside.

    Connect to these and not to the name: a second look-up could answer otherwise.
    """
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefusedError(_unreachable(host)) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not all(rules.allow(ip_address(address.partition("%")[0])) for address in addresses):
        raise AddressRefusedError(_unreachable(host))
    return list(dict.fromkeys(addresses))


def _unreachable(host: str) -> str:
    """One answer for both: it must not tell which names exist inside."""
    return f"De naam {host} bestaat niet, of wijst naar een netwerk waar webhooks niet heen gaan."
