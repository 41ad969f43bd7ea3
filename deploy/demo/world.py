"""A made-up agency of three years, the same for the same seed: places, and what happened there.

Everything follows from the inspections and complaints at a location: what is found leads to
violations, those to measures, and all of it to the hours that somebody spent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from deploy.demo.places import AREAS, KINDS, RURAL, STREETS, Area, Kind
from shared.calendar import is_working_day, legal_day

SEED = 2026
YEARS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A location."""

    key: str
    name: str
    kind: Kind
    participant: str
    street: str
    house_number: str
    postcode: str
    city: str
    lon: float
    lat: float
    compliance: float


@dataclass(frozen=True, slots=True)
class Report:
    """A complaint; reports of one incident share its key."""

    key: str
    incident: str
    place: Place
    received: date
    minute: int
    outcome: str
    cause: str
    answered: date | None
    channel: str


@dataclass(frozen=True, slots=True)
class Visit:
    """An inspection with what it found, and what followed."""

    key: str
    place: Place
    on: date
    kind: str
    nature: str | None = None
    consequence: str | None = None
    behaviour: str | None = None
    instrument: str | None = None
    measure_on: date | None = None
    amount: int | None = None
    resolved: date | None = None


@dataclass(slots=True)
class World:
    """All of it."""

    places: list[Place] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)


NATURES = (
    "opslag gevaarlijke stoffen",
    "geluidgrenswaarde overschreden",
    "geurvoorschrift niet nageleefd",
    "bodembeschermende voorziening gebrekkig",
    "afval niet gescheiden",
    "keuring niet op tijd",
    "administratie niet op orde",
    "lozing zonder voorziening",
)
CAUSES = ("normale bedrijfsvoering", "storing", "opslag", "overtreding", "onderhoud")


def build(today: date, *, places: int = 10_000, seed: int = SEED) -> World:
    """The world as it is on a day."""
    random = _random(seed)
    world = World()
    world.places = list(_places(random, places))
    first = date(today.year - YEARS + 1, 1, 1)
    for place in world.places:
        world.visits.extend(_visits(random, place, first, today))
        world.reports.extend(_reports(random, place, first, today))
    return world


def places_of(count: int, *, seed: int = SEED) -> list[Place]:
    """Its places, which are the same on every day."""
    return list(_places(_random(seed), count))


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - repeatable on purpose, nothing secret


def _places(random: Random, count: int) -> Iterator[Place]:
    areas = [area for area in AREAS for _ in range(area.share)]
    ordinary = [kind for kind in KINDS if not kind.provincial for _ in range(kind.share)]
    heavy = [kind for kind in KINDS if kind.provincial for _ in range(kind.share)]
    for number in range(1, count + 1):
        area = random.choice(areas)
        kind = random.choice(heavy if area.participant == "pv23" else ordinary)
        yield _place(random, number, area, kind)


def _place(random: Random, number: int, area: Area, kind: Kind) -> Place:
    street = random.choice(RURAL if kind.rural else STREETS)
    house = str(random.randint(1, 180))
    spread = area.spread * (1.0 if kind.rural else 0.6)
    letters = "".join(random.choices("ABCDEGHJKLNPRSTVWXZ", k=2))
    return Place(
        key=f"VB-{number:05d}",
        name=f"{kind.name} {street} {house}",
        kind=kind,
        participant=area.participant,
        street=street,
        house_number=house,
        postcode=f"{area.postcode + random.randint(0, 9)} {letters}",
        city=random.choice(area.cities),
        lon=round(random.gauss(area.lon, spread / 2), 6),
        lat=round(random.gauss(area.lat, spread / 3), 6),
        compliance=random.betavariate(6, 2),
    )


def _visits(random: Random, place: Place, first: date, today: date) -> Iterator[Visit]:
    days = round(place.kind.every_years * 365)
    day = first + timedelta(days=random.randint(-days + 1, days))
    number = 0
    while day <= today:
        if day >= first and is_working_day(day):
            number += 1
            visit = _visit(random, place, day, number, today)
            yield visit
            if visit.nature and visit.resolved:
                yield _reinspection(place, visit, number)
        day += timedelta(days=round(days * random.uniform(0.8, 1.2)) or 1)


def _visit(random: Random, place: Place, day: date, number: int, today: date) -> Visit:
    key = f"CT-{place.key[3:]}-{number}"
    if random.random() < place.compliance:
        return Visit(key, place, day, "periodieke controle")
    consequence = random.choices("1234", (40, 35, 20, 5))[0]
    behaviour = random.choices("ABCD", (35, 45, 15, 5))[0]
    severity = int(consequence) + "ABCD".index(behaviour)
    instrument, amount = _instrument(random, severity)
    measure_on = legal_day(day + timedelta(days=random.randint(14, 50)))
    resolved = legal_day(measure_on + timedelta(days=random.randint(14, 90)))
    return Visit(
        key,
        place,
        day,
        "periodieke controle",
        nature=random.choice(NATURES),
        consequence=consequence,
        behaviour=behaviour,
        instrument=instrument if measure_on <= today else None,
        measure_on=measure_on if measure_on <= today else None,
        amount=amount if measure_on <= today else None,
        resolved=resolved if resolved <= today and random.random() < 0.93 else None,
    )


def _instrument(random: Random, severity: int) -> tuple[str, int | None]:
    if severity <= 2:
        return "aanspreken", None
    if severity <= 3 or random.random() < 0.5:
        return "waarschuwing", None
    return "last onder dwangsom", random.choice((500, 1000, 2500, 5000))


def _reinspection(place: Place, visit: Visit, number: int) -> Visit:
    assert visit.resolved is not None
    return Visit(f"HC-{place.key[3:]}-{number}", place, visit.resolved, "hercontrole")


def _reports(random: Random, place: Place, first: date, today: date) -> Iterator[Report]:
    """Most places never cause a complaint; a bad record and a smelly trade cause many."""
    chance = 0.10 + 0.5 * (1 - place.compliance) ** 2
    if random.random() > chance:
        return
    for incident in range(random.choices((1, 2, 4), (70, 24, 6))[0]):
        day = first + timedelta(days=random.randint(0, (today - first).days - 1))
        outcome = "gegrond" if random.random() > place.compliance else random.choice(
            ("ongegrond", "niet vast te stellen")
        )  # fmt: skip
        for number in range(random.choices((1, 2, 3, 6), (60, 25, 10, 5))[0]):
            yield _report(
                random, place, f"IN-{place.key[3:]}-{incident}", number, day, outcome, today
            )


def _report(
    random: Random, place: Place, incident: str, number: int, day: date, outcome: str, today: date
) -> Report:
    answered = legal_day(day + timedelta(days=random.randint(1, 16)))
    return Report(
        key=f"KL-{incident[3:]}-{number}",
        incident=incident,
        place=place,
        received=day,
        minute=random.randint(0, 600),
        outcome=outcome,
        cause=random.choice(CAUSES),
        answered=answered if answered < today else None,
        channel=random.choices(("webformulier", "telefoon", "e-mail"), (60, 30, 10))[0],
    )
