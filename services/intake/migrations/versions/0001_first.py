"""The tables of intake, and its reference data: example values until an agency confirms them."""

from datetime import date

from alembic import op

from services.intake.tables import (
    category,
    cause,
    term,
    term_version,
)
from shared.db.revisions import execute_file

revision = "0001"
down_revision = None

SINCE = date(2020, 1, 1)
EXAMPLE = "voorbeeldwaarde, nog niet vastgesteld"

# Code, name, examples for the public form, where else to go, and the examples the CIm gives.
CATEGORIES = (
    ("geur", "Geur of stank", "mest, chemische lucht, brandlucht", None, "Geurklacht"),
    ("geluid", "Geluid", "muziek, machines, laden en lossen", None, "Geluidsklacht"),
    ("laagfrequent geluid", "Laagfrequent geluid", "brommen, dreunen", None, None),
    ("licht", "Licht", "lampen, kassen, reclame", None, None),
    ("trilling", "Trillingen", "heien, zwaar verkeer op een terrein", None, None),
    ("stof", "Stof", "neerslag op auto of ramen", None, "Stofmelding"),
    ("lucht", "Rook of vervuilde lucht", "rook uit een schoorsteen van een bedrijf", None, None),
    ("bodem", "Vervuilde grond", "olie of afval in de bodem", None, None),
    (
        "water",
        "Vervuild water",
        "kleur, schuim of dode vissen",
        "Voor sloten, rivieren en kanalen kunt u ook het waterschap bellen.",
        None,
    ),
    ("afval", "Afval", "dumping, opslag of verbranding van afval", None, None),
    ("asbest", "Asbest", "verwijderen zonder maatregelen", None, None),
    ("bouw/sloop", "Bouw of sloop", "lawaai of stof van een bouwplaats", None, None),
    (
        "houtstook",
        "Houtstook",
        "rook van een kachel, vuurkorf of haard",
        "Overlast van een kachel bij iemand thuis behandelt uw gemeente.",
        None,
    ),
    ("gevaarlijke stoffen", "Gevaarlijke stoffen", "lekkage, gaslucht", None, "Calamiteit"),
    ("natuur", "Schade aan natuur", "kap, verstoring van dieren", None, None),
    ("overig", "Iets anders", "als uw klacht er niet bij staat", None, None),
)

CAUSES = (
    ("normale bedrijfsvoering", "Normale bedrijfsvoering"),
    ("storing", "Storing"),
    ("onderhoud", "Onderhoud of schoonmaak"),
    ("opslag", "Wijze van opslag"),
    ("overtreding", "Overtreding van voorschriften"),
    ("ongewoon voorval", "Ongewoon voorval"),
    ("evenement", "Evenement"),
    ("particulier", "Particulier, geen bedrijf"),
    ("weer", "Weersomstandigheden"),
    ("onbekend", "Onbekend"),
)

# Working days per urgency for receipt, first contact and feedback.
TERMS = {"normaal": (0, 3, 10), "hoog": (0, 1, 5), "spoed": (0, 0, 2)}
KINDS = ("ontvangstbevestiging", "eerste contact", "terugkoppeling")


def upgrade() -> None:
    execute_file(__file__)
    _reference_data()


def _reference_data() -> None:
    validity = {"valid_from": SINCE, "confirmed": False, "decision_reference": EXAMPLE}
    op.bulk_insert(
        category,
        [
            {
                "code": code,
                "name": name,
                "examples": examples,
                "referral": referral,
                "mapping": mapping,
                "position": position,
                **validity,
            }
            for position, (code, name, examples, referral, mapping) in enumerate(CATEGORIES, 1)
        ],
    )
    op.bulk_insert(
        cause,
        [
            {"code": code, "name": name, "position": position, **validity}
            for position, (code, name) in enumerate(CAUSES, 1)
        ],
    )
    op.bulk_insert(term_version, [{"version": 1, **validity}])
    op.bulk_insert(
        term,
        [
            {"version": 1, "urgency": urgency, "kind": kind, "working_days": days}
            for urgency, terms in TERMS.items()
            for kind, days in zip(KINDS, terms, strict=True)
        ],
    )
