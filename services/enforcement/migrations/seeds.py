"""What every installation starts with: examples that no authority has adopted.

The allocation of interventions to cells is a reconstruction; every cell says so (`verified` is
false) until a lawyer has filled it in from the adopted strategy and somebody else has activated it.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.enforcement.policy.domain.dated_policy import ENDED_AFTER_INTENTION, Match
from services.enforcement.policy.domain.matrix import (
    CELLS,
    Consultation,
    MatrixState,
    Segment,
    level_of,
)
from services.enforcement.violations.domain import AspectKind
from shared.contracts.enforcement import Instrument

Act = Instrument

SINCE = date(2020, 1, 1)
EXAMPLE = "voorbeeldwaarde, nog niet vastgesteld"
SYSTEM = "systeem"
VALIDITY: dict[str, Any] = {
    "valid_from": SINCE,
    "valid_until": None,
    "confirmed": False,
    "decision_reference": EXAMPLE,
}

_TALK = (Act.WARNING, Act.TALK, Act.STRICTER_SUPERVISION, Act.PENALTY_ORDER)
_ORDERS = (Act.STRICTER_SUPERVISION, Act.PENALTY_ORDER, Act.ADMINISTRATIVE_COERCION, Act.FINE)
_STOP = (Act.PENALTY_ORDER, Act.ADMINISTRATIVE_COERCION, Act.STANDSTILL, Act.FINE, Act.SUSPENSION)
_HEAVIEST = (
    Act.ADMINISTRATIVE_COERCION,
    Act.STANDSTILL,
    Act.FINE,
    Act.SUSPENSION,
    Act.CLOSURE,
    Act.WITHDRAWAL,
)
_NO, _WEIGH, _ALWAYS = Consultation.NEVER, Consultation.WEIGH, Consultation.ALWAYS
_IF_ASPECT = "Strafrecht alleen bij ten minste een verzwarend aspect."
_POSSIBLE = "Bestuurlijke strafbeschikking mogelijk; overleg bij een verzwarend aspect."
_UNLESS = "Overleg, tenzij er een strafbeschikking of een samenwerkingsafspraak is."
_ALONGSIDE = "Altijd ook een proces-verbaal."

_BY_CELL: dict[str, tuple[tuple[Act, ...], tuple[Act, ...], Consultation, str | None]] = {
    "A1": ((Act.INFORM, Act.ADDRESS), (), _NO, None),
    "A2": ((Act.INFORM, Act.ADDRESS, Act.WARNING), (), _NO, None),
    "B1": ((Act.INFORM, Act.ADDRESS, Act.WARNING), (), _NO, None),
    "A3": ((Act.WARNING, Act.TALK, Act.PENALTY_ORDER), (Act.PENAL_ORDER,), _WEIGH, _IF_ASPECT),
    "B2": (_TALK, (Act.PENAL_ORDER,), _WEIGH, _POSSIBLE),
    "C1": (_TALK, (Act.PENAL_ORDER,), _WEIGH, _POSSIBLE),
    "A4": (
        (Act.PENALTY_ORDER, Act.ADMINISTRATIVE_COERCION, Act.STANDSTILL),
        (Act.PENAL_ORDER, Act.OFFICIAL_REPORT),
        _WEIGH,
        _UNLESS,
    ),
    **dict.fromkeys(
        ("B3", "C2", "D1"), (_ORDERS, (Act.PENAL_ORDER, Act.OFFICIAL_REPORT), _WEIGH, _UNLESS)
    ),
    **dict.fromkeys(("B4", "C3", "D2"), (_STOP, (Act.OFFICIAL_REPORT,), _ALWAYS, None)),
    **dict.fromkeys(("C4", "D3", "D4"), (_HEAVIEST, (Act.OFFICIAL_REPORT,), _ALWAYS, _ALONGSIDE)),
}

# Code, name and domain; the codes of nuisance are those of the complaints.
_TOPICS = (
    ("geur", "Geur", "milieu"),
    ("geluid", "Geluid", "milieu"),
    ("licht", "Licht", "milieu"),
    ("trilling", "Trillingen", "milieu"),
    ("stof", "Stof", "milieu"),
    ("lucht", "Emissies naar lucht", "milieu"),
    ("bodem", "Bodembescherming", "milieu"),
    ("water", "Lozingen", "milieu"),
    ("afval", "Afvalstoffen", "milieu"),
    ("asbest", "Asbest", "milieu"),
    ("gevaarlijke stoffen", "Opslag van gevaarlijke stoffen", "milieu"),
    ("energie", "Energiebesparing", "milieu"),
    ("registratie", "Registratie en keuringen", "milieu"),
    ("melding of vergunning", "Ontbrekende melding of vergunning", "milieu"),
    ("ongewoon voorval", "Ongewoon voorval", "milieu"),
    ("externe veiligheid", "Externe veiligheid", "veiligheid"),
    ("brandveiligheid", "Brandveiligheid", "veiligheid"),
    ("bouw/sloop", "Bouwen en slopen", "bouw"),
    ("natuur", "Natuur", "natuur"),
    ("overig", "Overig", "milieu"),
)

_WORDS = {
    "water": ["lozing", "afvalwater"],
    "registratie": ["keuring", "administratie", "logboek"],
    "melding of vergunning": ["melding", "vergunning"],
    "brandveiligheid": ["brand"],
    "energie": ["energie"],
    "bouw/sloop": ["bouw", "sloop"],
}

_ASPECTS = (
    ("onomkeerbaar", "Onomkeerbare gevolgen, geen herstelsanctie mogelijk"),
    ("recidive", "Recidive"),
    ("financieel voordeel", "Verkregen financieel voordeel (winst of besparing)"),
    ("andere strafbare feiten", "Combinatie met andere relevante strafbare feiten"),
    ("malafide deskundigen", "Medewerking van malafide deskundigen"),
    ("waarheidsvinding", "Waarheidsvinding: opsporingsbevoegdheden zijn nodig"),
    ("normbevestiging", "Normbevestiging"),
    ("voorbeeldfunctie", "Status van de verdachte, voorbeeldfunctie"),
    ("sanctie zonder effect", "Financiële sanctie heeft vermoedelijk geen effect"),
)
_MITIGATING = (
    ("zelf gemeld", "Zelf gemeld"),
    ("direct beeindigd", "Direct beëindigd"),
    ("overmacht", "Overmacht"),
    ("legaliseerbaar", "Legalisatie is mogelijk"),
    ("kleine schaal", "Geringe omvang"),
    ("beperkt verwijtbaar", "Beperkt verwijtbaar"),
)

POLICY: dict[str, Any] = {
    "version": 1,
    "hearing_days": 14,
    "recidivism_months": 60,
    "recidivism_match": Match.NATURE,
    "qualifying": [
        Act.PENALTY_ORDER,
        Act.ADMINISTRATIVE_COERCION,
        Act.FINE,
        Act.PENAL_ORDER,
        Act.OFFICIAL_REPORT,
        ENDED_AFTER_INTENTION,
    ],
    "planning_days": {"normaal": 10, "hoog": 2, "spoed": 0},
    **VALIDITY,
}

_COLLEGE = "college van burgemeester en wethouders van "
_PARTICIPANTS = {
    "gm0141": _COLLEGE + "Almelo",
    "gm0147": _COLLEGE + "Borne",
    "gm1774": _COLLEGE + "Dinkelland",
    "gm0153": _COLLEGE + "Enschede",
    "gm0158": _COLLEGE + "Haaksbergen",
    "gm0163": _COLLEGE + "Hellendoorn",
    "gm0164": _COLLEGE + "Hengelo",
    "gm1735": _COLLEGE + "Hof van Twente",
    "gm0168": _COLLEGE + "Losser",
    "gm0173": _COLLEGE + "Oldenzaal",
    "gm1742": _COLLEGE + "Rijssen-Holten",
    "gm0183": _COLLEGE + "Tubbergen",
    "gm1700": _COLLEGE + "Twenterand",
    "gm0189": _COLLEGE + "Wierden",
    "pv23": "gedeputeerde staten van Overijssel",
}


def topics() -> list[dict[str, Any]]:
    """The list of topics (controle-onderwerpen)."""
    return [
        {
            "code": code,
            "name": name,
            "domain": domain,
            "words": [code, *_WORDS.get(code, [])],
            "position": position,
            **VALIDITY,
        }
        for position, (code, name, domain) in enumerate(_TOPICS, 1)
    ]


def aspects() -> list[dict[str, Any]]:
    """Aggravating aspects, then mitigating ones."""
    both = [(AspectKind.AGGRAVATING, *each) for each in _ASPECTS]
    both += [(AspectKind.MITIGATING, *each) for each in _MITIGATING]
    return [
        {"code": code, "kind": kind, "name": name, "position": position, **VALIDITY}
        for position, (kind, code, name) in enumerate(both, 1)
    ]


def matrix() -> dict[str, Any]:
    """The example matrix: active, and never verified."""
    return {
        "id": uuid5(NAMESPACE_URL, "vth:lhso-matrix:voorbeeld-1"),
        "version": 1,
        "matrix_version": "lhso-voorbeeld-1",
        "description": "Reconstructie van de interventiematrix, niet geverifieerd",
        "state": MatrixState.ACTIVE,
        "cells": [_cell(name) for name in CELLS],
        "author": SYSTEM,
        "confirmed": False,
        "decision_reference": EXAMPLE,
    }


def _cell(name: str) -> dict[str, Any]:
    administrative, criminal, consultation, note = _BY_CELL[name]
    level = level_of(name)
    segment = Segment.LIGHT if level < 3 else Segment.MIDDLE if level < 5 else Segment.HEAVY
    return {
        "cell": name,
        "segment": segment,
        "administrative": administrative,
        "criminal": criminal,
        "consultation": consultation,
        "note": note,
        "verified": False,
    }


def mandates() -> list[dict[str, Any]]:
    """Per participant: orders to the lawyer, one of them reserved, the heaviest to nobody."""
    return [
        row
        for participant, organ in _PARTICIPANTS.items()
        for row in (
            _mandate(participant, organ, Act.PENALTY_ORDER, "Awb 5:32", maximum=Decimal(100_000)),
            _mandate(
                participant,
                organ,
                Act.ADMINISTRATIVE_COERCION,
                "Awb 5:21",
                consult_first=True,
                exclusion=_reserved(participant),
            ),
            _mandate(participant, organ, Act.STANDSTILL, "Awb 5:21", consult_first=True),
        )
    ]


def _reserved(participant: str) -> str | None:
    return "het college beslist zelf over bestuursdwang" if participant == "gm0164" else None


def _mandate(
    participant: str, organ: str, power: Act, article: str, **further: Any
) -> dict[str, Any]:
    return {
        "id": _mandate_id(participant, power),
        "version": 1,
        "participant": participant,
        "organ": organ,
        "function": "jurist",
        "power": power,
        "article": article,
        "maximum": None,
        "exclusion": None,
        "consult_first": False,
        "submandate": False,
        "source": "voorbeeldmandaat, niet vastgesteld",
        "valid_from": SINCE,
        "valid_until": None,
        "confirmed": False,
        "registered_by": SYSTEM,
        **further,
    }


def _mandate_id(participant: str, power: Act) -> UUID:
    return uuid5(NAMESPACE_URL, f"vth:mandaat:{participant}:{power}")
