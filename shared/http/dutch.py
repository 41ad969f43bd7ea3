"""What pydantic and HTTP say, in Dutch that tells what to do."""

from collections.abc import Mapping
from typing import Any

TITLES: Mapping[int, tuple[str, str]] = {
    400: ("Ongeldige invoer", "Het verzoek kan niet worden gelezen."),
    401: ("Niet aangemeld", "Stuur een geldig toegangstoken mee."),
    403: ("Geen recht", "U hebt geen recht op deze bewerking."),
    404: ("Niet gevonden", "Dit adres bestaat niet."),
    405: ("Methode niet toegestaan", "Deze methode kan hier niet; zie de Allow-header."),
    406: ("Niet acceptabel", "Het gevraagde mediatype kan niet worden geleverd."),
    408: ("Te langzaam", "Het verzoek kwam niet op tijd binnen. Verstuur het opnieuw."),
    413: ("Te groot", "Het verzoek is groter dan is toegestaan."),
    415: ("Mediatype niet ondersteund", "Stuur de gegevens als application/json."),
    429: ("Te veel verzoeken", "Wacht even en probeer het opnieuw."),
}

REASONS: Mapping[str, tuple[str, str]] = {
    "missing": ("verplicht", "Dit veld is verplicht."),
    "extra_forbidden": ("onbekend", "Dit veld is niet bekend."),
    "json_invalid": ("ongeldige-json", "De inhoud is geen geldige JSON."),
    "string_type": ("tekst", "Vul hier tekst in."),
    "string_too_short": ("te-kort", "Gebruik ten minste {min_length} tekens."),
    "string_too_long": ("te-lang", "Gebruik ten hoogste {max_length} tekens."),
    "string_pattern_mismatch": ("patroon", "Deze waarde heeft niet de juiste vorm."),
    "string_unicode": ("tekst", "Deze tekst bevat ongeldige tekens."),
    "int_type": ("geheel-getal", "Vul hier een geheel getal in."),
    "int_parsing": ("geheel-getal", "Vul hier een geheel getal in."),
    "int_from_float": ("geheel-getal", "Vul hier een geheel getal in."),
    "float_type": ("getal", "Vul hier een getal in."),
    "float_parsing": ("getal", "Vul hier een getal in."),
    "bool_type": ("ja-nee", "Vul hier true of false in."),
    "uuid_parsing": ("kenmerk", "Dit is geen geldig kenmerk (UUID)."),
    "uuid_type": ("kenmerk", "Dit is geen geldig kenmerk (UUID)."),
    "enum": ("keuze", "Kies een van: {expected}."),
    "literal_error": ("keuze", "Kies een van: {expected}."),
    "date_from_datetime_parsing": ("datum", "Schrijf een datum als 2026-11-24."),
    "date_parsing": ("datum", "Schrijf een bestaande datum als 2026-11-24."),
    "datetime_from_date_parsing": ("tijdstip", "Schrijf een tijdstip met tijdzone."),
    "datetime_parsing": ("tijdstip", "Schrijf een bestaand tijdstip met tijdzone."),
    "timezone_aware": ("tijdzone", "Zet er een tijdzone bij, bijvoorbeeld Z of +01:00."),
    "greater_than_equal": ("te-klein", "Gebruik ten minste {ge}."),
    "less_than_equal": ("te-groot", "Gebruik ten hoogste {le}."),
    "greater_than": ("te-klein", "Gebruik meer dan {gt}."),
    "less_than": ("te-groot", "Gebruik minder dan {lt}."),
    "too_short": ("te-weinig", "Geef er ten minste {min_length}."),
    "too_long": ("te-veel", "Geef er ten hoogste {max_length}."),
    "model_attributes_type": ("object", "Geef hier een JSON-object."),
    "dict_type": ("object", "Geef hier een JSON-object."),
    "list_type": ("lijst", "Geef hier een lijst."),
    "tuple_type": ("lijst", "Geef hier een lijst."),
    "none_required": ("leeg", "Laat dit veld leeg."),
}

EMPTY = "Vul hier iets in."
ETAG = ("etag", 'Stuur de ETag die u kreeg, bijvoorbeeld "3".')
COORDINATES = ("buiten-nederland", "Deze plaats ligt buiten Nederland (lengtegraad, breedtegraad).")


def reason_of(error: Mapping[str, Any]) -> tuple[str, str]:
    """The code and the Dutch text of one validation error."""
    kind = str(error["type"])
    if "coordinates" in error["loc"] and kind in {"greater_than_equal", "less_than_equal"}:
        return COORDINATES
    if kind == "string_pattern_mismatch" and str(error["loc"][-1]).lower() == "if-match":
        return ETAG
    code, text = REASONS.get(kind, (kind, ""))
    if not text:
        return code, f"{error['msg']}."
    if kind == "string_too_short" and error["ctx"]["min_length"] == 1:
        return code, EMPTY
    said = {name: _in_dutch(value) for name, value in (error.get("ctx") or {}).items()}
    return code, text.format_map(said)


def _in_dutch(value: Any) -> Any:
    """A list of choices as pydantic writes it: 'a', 'b' or 'c'."""
    return value.replace("' or '", "' of '") if isinstance(value, str) else value


def title_of(status: int) -> tuple[str, str]:
    """The title and the detail of an HTTP status."""
    return TITLES.get(status, ("Fout", "Het verzoek kon niet worden uitgevoerd."))
