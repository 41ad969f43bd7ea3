"""Officers and inspectors at work over HTTP, who repeat what was not answered and keep receipts.

A request that creates something carries an idempotency key and a marker by which it is found
again in the database; a change says which version it saw, and what version came of it is kept.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import uuid4

import httpx2

from shared.auth.issuer import BY_SUBJECT, issue
from tests.chaos.site import Site

Json = dict[str, Any]
PATIENCE: Final = 180.0
ATTEMPT_SECONDS: Final = 15.0
THINKS: Final = (0.02, 0.25)
PLACES: Final = 12
VIOLATED: Final = "niet akkoord, voorschriften overtreden"
KINDS: Final = ("periodieke controle", "themacontrole", "administratieve controle")


class UnexpectedAnswerError(AssertionError):
    """The platform refused what it must accept, or did not answer for very long."""


@dataclass(slots=True)
class Ledger:
    """What was acknowledged: things made by their marker, versions that were reached by id."""

    made: dict[str, str] = field(default_factory=dict)
    reached: dict[str, int] = field(default_factory=dict)
    requests: int = 0

    def keep(self, marker: str, identity: str) -> None:
        """Something was created: a 2xx answer to a request with this marker."""
        self.requests += 1
        self.made[marker] = identity

    def reach(self, identity: str, version: int) -> None:
        """Something was changed: a 2xx answer that gave it this version."""
        self.requests += 1
        self.reached[identity] = max(version, self.reached.get(identity, 0))


@dataclass(slots=True)
class Load:
    """The people and what they know; they work while `at_work` is set."""

    site: Site
    random: Random
    ledger: Ledger = field(default_factory=Ledger)
    places: list[str] = field(default_factory=list)
    _tokens: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _client: httpx2.AsyncClient = field(init=False)
    _numbers: int = 0

    def __post_init__(self) -> None:
        limits = httpx2.Limits(max_connections=50, max_keepalive_connections=50)
        self._client = httpx2.AsyncClient(timeout=ATTEMPT_SECONDS, limits=limits)

    async def close(self) -> None:
        await self._client.aclose()

    async def prepare(self) -> None:
        """Register the locations that everything is about."""
        for _ in range(PLACES):
            self.places.append(await self.register())

    async def run(self, people: int, stop: asyncio.Event) -> None:
        """Work until told to stop; whoever waits for an answer repeats until it has come."""
        async with asyncio.TaskGroup() as group:
            for _ in range(people):
                group.create_task(self._work(Random(self.random.random()), stop))

    async def _work(self, chance: Random, stop: asyncio.Event) -> None:
        tasks: Sequence[Callable[[Random], Any]] = (self.complain, self.inspect, self.tend)
        while not stop.is_set():
            (task,) = chance.choices(tasks, (11, 7, 2))
            await task(chance)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), chance.uniform(*THINKS))

    # What people do

    async def register(self) -> str:
        """A new location."""
        marker = self._marker("locatie")
        body = {
            "naam": marker,
            "deelnemer": "gm0153",
            "geometrie": {"type": "Point", "coordinates": [6.8931, 52.2213]},
            "activiteiten": ["3.4.4"],
        }
        made = await self._create("planner", "risk", "/locaties", body, marker)
        return str(made["id"])

    async def tend(self, chance: Random) -> None:
        """A new location, or a known one that changes."""
        if chance.random() < 0.3:
            await self.register()
            return
        at = f"/locaties/{chance.choice(self.places)}"
        now = await self._get("planner", "risk", at)
        names = ("naam", "deelnemer", "geometrie", "activiteiten")
        body = {name: now[name] for name in names}
        body["adres"] = {"woonplaats": self._marker("plaats")}
        await self._change("planner", "risk", "PUT", at, body, now["versie"])

    async def complain(self, chance: Random) -> None:
        """A complaint, mostly about a place that is known; some are linked to another place."""
        marker = self._marker("klacht")
        body: Json = {
            "categorie": "geur",
            "omschrijving": marker,
            "kanaal": "telefoon",
            "plaatsomschrijving": "Aan de haven",
        }
        if chance.random() < 0.8:
            body["locatieId"] = chance.choice(self.places)
        made = await self._create("klachten", "intake", "/klachten", body, marker)
        if chance.random() < 0.4:
            await self._link(str(made["id"]), made["versie"], chance)

    async def _link(self, complaint: str, version: int, chance: Random) -> None:
        at = f"/klachten/{complaint}"
        body = {"locatieId": chance.choice(self.places)}
        linked = await self._change("klachten", "intake", "POST", f"{at}/koppeling", body, version)
        if linked is None or chance.random() < 0.5:
            return
        incident = f"/incidenten/{linked['incidentId']}"
        seen = (await self._get("klachten", "intake", incident))["versie"]
        marker = self._marker("verzoek")
        body = {"reden": marker, "urgentie": "hoog"}
        at = f"{incident}/controleverzoeken"
        await self._create("klachten", "intake", at, body, marker, version=seen)

    async def inspect(self, chance: Random) -> None:
        """An inspection that intake asked for, or one of our own, is carried out."""
        asked = await self._asked() if chance.random() < 0.4 else None
        if asked is None:
            marker = self._marker("controle")
            body = {
                "soort": chance.choice(KINDS),
                "locatieId": chance.choice(self.places),
                "toelichting": marker,
            }
            made = await self._create("toezicht", "enforcement", "/controles", body, marker)
            asked = str(made["id"])
        await self._carry_out(asked, violated=chance.random() < 0.5)

    async def _asked(self) -> str | None:
        """A planned inspection because of an incident, that nobody else takes."""
        query = "/controles?status=gepland&soort=controle%20naar%20aanleiding%20van%20incident"
        found = (await self._get("toezicht", "enforcement", query))["resultaten"]
        free = [each["id"] for each in found if each["id"] not in self._taken]
        if not free:
            return None
        self._taken.add(free[0])
        return str(free[0])

    async def _carry_out(self, inspection: str, *, violated: bool) -> None:
        """A finding, and completion; a violation gets its place in the matrix."""
        at = f"/controles/{inspection}"
        finding = self._marker("bevinding")
        body = {
            "controleOnderwerp": "geur",
            "resultaat": VIOLATED if violated else "voorschriften nageleefd",
            "bijzonderheden": finding,
        }
        where = f"{at}/bevindingen"
        await self._create("toezicht", "enforcement", where, body, finding, of=inspection)
        seen = (await self._get("toezicht", "enforcement", at))["versie"]
        where = f"{at}/afronding"
        done = await self._change("toezicht", "enforcement", "POST", where, {}, seen)
        if done is not None and violated:
            await self._position(done["bevindingen"][0]["overtredingId"])

    async def _position(self, violation: str) -> None:
        at = f"/overtredingen/{violation}"
        seen = (await self._get("jurist", "enforcement", at))["versie"]
        marker = self._marker("positie")
        body = {"gevolg": "3", "gedrag": "B", "toelichtingGevolg": marker}
        where = f"{at}/positioneringen"
        await self._create("jurist", "enforcement", where, body, marker, version=seen, of=violation)

    # Requests

    def _marker(self, kind: str) -> str:
        self._numbers += 1
        return f"chaos {kind} {self._numbers}"

    async def _create(
        self,
        user: str,
        service: str,
        path: str,
        body: Json,
        marker: str,
        *,
        version: int | None = None,
        of: str = "",
    ) -> Json:
        """Create something; what has no id of its own is known by what it is a part of."""
        headers = {"Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        answer = await self._send(user, service, "POST", path, body, headers)
        made: Json = answer.json()
        self.ledger.keep(marker, of or str(made["id"]))
        return made

    async def _change(
        self, user: str, service: str, method: str, path: str, body: Json, version: int
    ) -> Json | None:
        """Change something as it was seen; None when somebody was first, perhaps we ourselves."""
        headers = {"If-Match": f'"{version}"'}
        answer = await self._send(user, service, method, path, body, headers, (409, 412))
        if not answer.is_success:
            return None
        changed: Json = answer.json()
        self.ledger.reach(str(changed["id"]), changed["versie"])
        return changed

    async def _get(self, user: str, service: str, path: str) -> Json:
        answer: Json = (await self._send(user, service, "GET", path)).json()
        return answer

    async def _send(
        self,
        user: str,
        service: str,
        method: str,
        path: str,
        body: Json | None = None,
        headers: dict[str, str] | None = None,
        also: Sequence[int] = (),
    ) -> httpx2.Response:
        """The same request until it is answered. Raises UnexpectedAnswerError."""
        until = time.monotonic() + PATIENCE
        sent = {"Authorization": f"Bearer {self._token(user)}", **(headers or {})}
        url = self.site.url(service) + path
        said = "no answer"
        while time.monotonic() < until:
            try:
                answer = await self._client.request(method, url, json=body, headers=sent)
            except httpx2.TransportError as error:
                said = repr(error)
            else:
                if answer.is_success or answer.status_code in also:
                    return answer
                said = f"{answer.status_code} {answer.text}"
                if answer.status_code < 500:
                    break
            await asyncio.sleep(0.2)
        raise UnexpectedAnswerError(f"{method} {url}: {said}")

    def _token(self, user: str) -> str:
        if user not in self._tokens:
            self._tokens[user] = issue(self.site.settings, BY_SUBJECT[user])
        return self._tokens[user]
