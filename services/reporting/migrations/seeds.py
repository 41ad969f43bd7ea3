"""What every installation starts with: the participants, and example values for the rest.

Codes, norms, tariffs, keys and limits are examples until an agency adopts its own: the rows say so
(`confirmed` is false) and the screens repeat it.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.reporting.prices.domain import EXAMPLE

SINCE = date(2020, 1, 1)
OPERATIONAL = date(2019, 1, 1)
QUARTER = 15

# Code, name and a made-up weight for the example key.
PARTICIPANTS = (
    ("gm0141", "Almelo", 74),
    ("gm0147", "Borne", 24),
    ("gm1774", "Dinkelland", 27),
    ("gm0153", "Enschede", 161),
    ("gm0158", "Haaksbergen", 24),
    ("gm0163", "Hellendoorn", 36),
    ("gm0164", "Hengelo", 82),
    ("gm1735", "Hof van Twente", 35),
    ("gm0168", "Losser", 23),
    ("gm0173", "Oldenzaal", 32),
    ("gm1742", "Rijssen-Holten", 38),
    ("gm0183", "Tubbergen", 21),
    ("gm1700", "Twenterand", 34),
    ("gm0189", "Wierden", 25),
    ("pv23", "Overijssel", 84),
)

SUPERVISION = "Toezicht en handhaving"
PERMITS = "Vergunningverlening"
ADVICE = "Specialisten en advies"
REGIONAL = "Regionale taken"
ORGANISATION = "Organisatie"

# Code, name, programme, hours per piece (None: counted in hours), demand-driven.
DIRECT = (
    ("T10-01", "Integrale controle", SUPERVISION, Decimal(12), False),
    ("T10-03", "Administratieve controle", SUPERVISION, Decimal(4), False),
    ("T10-04", "Hercontrole", SUPERVISION, Decimal(4), False),
    ("T10-05", "Controle naar aanleiding van incident", SUPERVISION, Decimal(8), True),
    ("T10-06", "Themacontrole", SUPERVISION, Decimal(6), False),
    ("K10-01", "Milieuklacht", SUPERVISION, Decimal(4), True),
    ("H10-01", "Vooraankondiging last onder dwangsom", SUPERVISION, Decimal(6), True),
    ("H10-02", "Last onder dwangsom", SUPERVISION, Decimal(15), True),
    ("H10-03", "Last onder bestuursdwang", SUPERVISION, Decimal(18), True),
    ("H10-04", "Invordering", SUPERVISION, Decimal(9), True),
    ("H10-05", "Waarschuwing of andere maatregel", SUPERVISION, Decimal(3), True),
    ("H10-06", "Handhavingsverzoek", SUPERVISION, Decimal(22), True),
    ("S10-01", "Strafrechtelijke afdoening", SUPERVISION, Decimal(10), True),
    ("V10-01", "Omgevingsvergunning milieu, reguliere procedure", PERMITS, Decimal(40), True),
    ("V10-02", "Omgevingsvergunning milieu, uitgebreide procedure", PERMITS, Decimal(110), True),
    ("V10-03", "Vooroverleg", PERMITS, Decimal(9), True),
    ("M10-01", "Melding milieubelastende activiteit", PERMITS, Decimal(6), True),
    ("A10-01", "Specialistisch advies", ADVICE, Decimal(14), True),
    ("J10-01", "Bezwaar en beroep", ADVICE, Decimal(40), True),
    ("P10-01", "Maatwerk in opdracht", ADVICE, None, True),
)
OTHERS = (
    ("R10-01", "Ketentoezicht", REGIONAL, "collectief"),
    ("R10-02", "Regionale samenwerking en programma", REGIONAL, "collectief"),
    ("I10-01", "Overleg", ORGANISATION, "indirect"),
    ("I10-02", "Opleiding", ORGANISATION, "indirect"),
    ("I10-03", "Reistijd", ORGANISATION, "indirect"),
    ("I10-04", "Leiding en ondersteuning", ORGANISATION, "indirect"),
    ("I10-05", "Verlof", ORGANISATION, "indirect"),
    ("I10-06", "Ziekte", ORGANISATION, "indirect"),
)

ABSENCE = frozenset({"I10-05", "I10-06"})

INSPECTIONS = (
    ("periodieke controle", "T10-01"),
    ("controle naar aanleiding van incident", "T10-05"),
    ("hercontrole", "T10-04"),
    ("themacontrole", "T10-06"),
    ("administratieve controle", "T10-03"),
)
# Event, qualifier ('' is any), product, and whether the event counts one as delivered.
RULES = (
    *(("controle-gepland", kind, product, False) for kind, product in INSPECTIONS),
    *(("controle-uitgevoerd", kind, product, True) for kind, product in INSPECTIONS),
    ("klacht-ontvangen", "", "K10-01", False),
    ("klacht-gekoppeld", "", "K10-01", False),
    ("klacht-afgehandeld", "", "K10-01", True),
    ("handhavingsmaatregel-voorgenomen", "last onder dwangsom", "H10-01", True),
    ("handhavingsmaatregel-voorgenomen", "", "H10-05", False),
    ("handhavingsmaatregel-opgelegd", "last onder dwangsom", "H10-02", True),
    ("handhavingsmaatregel-opgelegd", "last onder bestuursdwang", "H10-03", True),
    ("handhavingsmaatregel-opgelegd", "bestuurlijke strafbeschikking", "S10-01", True),
    ("handhavingsmaatregel-opgelegd", "proces-verbaal", "S10-01", True),
    ("handhavingsmaatregel-opgelegd", "", "H10-05", True),
    ("dwangsom-verbeurd", "", "H10-04", True),
)

TARIFFS = (
    (SINCE, date(2024, 1, 1), Decimal("89.7500")),
    (date(2024, 1, 1), date(2025, 1, 1), Decimal("92.5000")),
    (date(2025, 1, 1), date(2026, 1, 1), Decimal("95.0000")),
    (date(2026, 1, 1), None, Decimal("98.3700")),
)

PARAMETERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("urenstap", {"minuten": QUARTER}),
    ("werkweek", {"minuten": 36 * 60}),
    ("verkeerslicht", {"groen": "5", "oranje": "10"}),
    ("bandbreedte", {"percentage": "0", "wijze": "geen"}),
    ("seizoen", {"maanden": [9, 8, 9, 8, 8, 9, 6, 6, 9, 10, 9, 9]}),
    ("sleutel-collectief", {"sleutel": "inwoners"}),
    ("sleutel-resultaat", {"sleutel": "inwoners"}),
)


def _id(*parts: object) -> UUID:
    return uuid5(NAMESPACE_URL, "vth:inrichting:" + "/".join(map(str, parts)))


def _version(identity: UUID, start: date = SINCE, end: date | None = None) -> dict[str, Any]:
    return {
        "id": identity,
        "valid_from": start,
        "valid_until": end,
        "decision_reference": EXAMPLE,
        "confirmed": False,
        "proposed_by": "inrichting",
        "activated_by": "voorbeeldgegevens",
        "activated_at": datetime(2020, 1, 1, tzinfo=UTC),
    }


def participants() -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "name": name,
            "kind": "provincie" if code.startswith("pv") else "gemeente",
            "joined_on": OPERATIONAL,
        }
        for code, name, _ in PARTICIPANTS
    ]


def products() -> list[dict[str, Any]]:
    decided = {"valid_from": OPERATIONAL, "decision_reference": EXAMPLE, "confirmed": False}
    direct = [
        {
            "code": code,
            "name": name,
            "unit": "stuk" if hours else "uur",
            "programme": programme,
            "kind": "direct",
            "demand_driven": demand,
            "absence": False,
            **decided,
        }
        for code, name, programme, hours, demand in DIRECT
    ]
    others = [
        {
            "code": code,
            "name": name,
            "unit": "uur",
            "programme": programme,
            "kind": kind,
            "demand_driven": False,
            "absence": code in ABSENCE,
            **decided,
        }
        for code, name, programme, kind in OTHERS
    ]
    return direct + others


def rules() -> list[dict[str, Any]]:
    return [
        {
            **_version(_id("regel", event, qualifier)),
            "event": event,
            "qualifier": qualifier,
            "product": product,
            "counts": counts,
        }
        for event, qualifier, product, counts in RULES
    ]


def norms() -> list[dict[str, Any]]:
    return [
        {**_version(_id("kental", code)), "product": code, "minutes": int(hours * 60)}
        for code, _, _, hours, _ in DIRECT
        if hours
    ]


def tariffs() -> list[dict[str, Any]]:
    return [
        {**_version(_id("tarief", start), start, end), "product": None, "rate": rate}
        for start, end, rate in TARIFFS
    ]


def keys() -> list[dict[str, Any]]:
    return [
        {
            **_version(_id("sleutel", "inwoners")),
            "code": "inwoners",
            "name": "Naar inwoners (verzonnen gewichten)",
            "weights": {code: weight for code, _, weight in PARTICIPANTS},
        }
    ]


def parameters() -> list[dict[str, Any]]:
    return [
        {**_version(_id("parameter", code)), "code": code, "value": value}
        for code, value in PARAMETERS
    ]
