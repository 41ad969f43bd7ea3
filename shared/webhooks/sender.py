"""The requests to a receiver: asking for consent, and delivering; NL GOV CloudEvents over HTTP."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import httpx

from shared.messaging.cloudevents import STRUCTURED
from shared.webhooks.addresses import AddressRefusedError, Rules, checked, resolved
from shared.webhooks.outcome import Answer
from shared.webhooks.signing import EVENT_ID, SIGNATURE, TIMESTAMP, signature

TIMEOUT: Final = 20.0
# Of an answer only the status counts; a body that never ends is left.
BODY_LIMIT: Final = 65_536
UNTRUSTED: Final = "CERTIFICATE_VERIFY_FAILED"
AGENT: Final = "vth-platform"


class Receiver(NamedTuple):
    """Where to, and with which secrets."""

    url: str
    token: str
    signing_key: str


class Sender:
    """Sends to any number of receivers; a client per host, so that no TLS session is shared."""

    def __init__(
        self,
        rules: Rules,
        origin: str,
        *,
        timeout: float = TIMEOUT,
        ca_file: Path | None = None,
    ) -> None:
        self._rules = rules
        self._timeout = timeout
        self._tls = httpx.create_ssl_context(trust_env=False)
        if ca_file is not None:
            self._tls.load_verify_locations(ca_file)
        self._clients: dict[str, httpx.AsyncClient] = {}
        self.origin = origin

    async def ask(self, receiver: Receiver) -> Answer:
        """Whether the receiver wants events from us (CloudEvents WebHook handshake)."""
        headers = {"WebHook-Request-Origin": self.origin, "WebHook-Request-Rate": "*"}
        return await self._send("OPTIONS", receiver, headers, b"")

    async def deliver(self, receiver: Receiver, event_id: str, document: bytes) -> Answer:
        """Deliver one event."""
        timestamp = int(time.time())
        headers = {
            "Content-Type": STRUCTURED,
            "WebHook-Request-Origin": self.origin,
            EVENT_ID: event_id,
            TIMESTAMP: str(timestamp),
            SIGNATURE: signature(receiver.signing_key, event_id, timestamp, document),
        }
        return await self._send("POST", receiver, headers, document)

    async def close(self) -> None:
        """Close every connection."""
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()

    async def _send(
        self, method: str, receiver: Receiver, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        start = time.perf_counter()
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._request(method, receiver, headers, body)
        except TimeoutError:
            return Answer(_since(start), error=f"Geen antwoord binnen {self._timeout:g} seconden.")
        except AddressRefusedError as error:
            return Answer(_since(start), error=str(error))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return Answer(_since(start), error=_why(error))
        found = response.headers
        return Answer(
            _since(start),
            response.status_code,
            None if response.is_success else f"HTTP {response.status_code}",
            found.get("retry-after"),
            found.get("webhook-allowed-origin"),
            found.get("webhook-allowed-rate"),
        )

    async def _request(
        self, method: str, receiver: Receiver, headers: Mapping[str, str], body: bytes
    ) -> httpx.Response:
        """The first address of the name that can be reached answers."""
        parts = checked(receiver.url, self._rules)
        *others, last = await resolved(parts, self._rules)
        for address in others:
            with suppress(httpx.ConnectError):
                return await self._to(address, method, receiver, headers, body)
        return await self._to(last, method, receiver, headers, body)

    async def _to(
        self, address: str, method: str, receiver: Receiver, headers: Mapping[str, str], body: bytes
    ) -> httpx.Response:
        url = httpx.URL(receiver.url)
        request = httpx.Request(
            method,
            url.copy_with(host=address),
            headers={
                **headers,
                "Host": url.netloc.decode(),
                "Authorization": f"Bearer {receiver.token}",
                "User-Agent": AGENT,
            },
            content=body or None,
            extensions={"sni_hostname": url.host},
        )
        response = await self._client(url.host).send(request, stream=True)
        try:
            await _discard(response)
        finally:
            await response.aclose()
        return response

    def _client(self, host: str) -> httpx.AsyncClient:
        client = self._clients.get(host)
        if client is None:
            client = self._clients[host] = httpx.AsyncClient(
                verify=self._tls,
                timeout=self._timeout,
                trust_env=False,
                follow_redirects=False,
            )
        return client


async def _discard(response: httpx.Response) -> None:
    read = 0
    async for chunk in response.aiter_raw():
        read += len(chunk)
        if read > BODY_LIMIT:
            return


def _why(error: Exception) -> str:
    """For the owner of the subscription: nothing of how the network is inside."""
    if UNTRUSTED in str(error):
        return f"Het certificaat van de ontvanger wordt niet vertrouwd ({UNTRUSTED})."
    return f"Geen verbinding ({type(error).__name__})."


def _since(start: float) -> int:
    return round((time.perf_counter() - start) * 1000)
