"""Where the example locations lie: 14 municipalities of Twente and the province, and what is there.

Centres are those of the municipalities (degrees), shares follow their size roughly. Street names
are common ones; no real company is meant.
"""

from typing import NamedTuple


class Area(NamedTuple):
    """A participant with its centre, its radius in degrees and its share of the locations."""

    participant: str
    cities: tuple[str, ...]
    lon: float
    lat: float
    spread: float
    share: int
    postcode: int


AREAS: tuple[Area, ...] = (
    Area("gm0141", ("Almelo",), 6.662, 52.357, 0.030, 9, 7600),
    Area("gm0147", ("Borne", "Hertme"), 6.752, 52.302, 0.018, 3, 7620),
    Area("gm1774", ("Denekamp", "Ootmarsum", "Weerselo"), 6.940, 52.375, 0.060, 6, 7590),
    Area("gm0153", ("Enschede",), 6.893, 52.221, 0.040, 17, 7511),
    Area("gm0158", ("Haaksbergen",), 6.742, 52.157, 0.035, 5, 7480),
    Area("gm0163", ("Nijverdal", "Hellendoorn"), 6.466, 52.367, 0.040, 6, 7440),
    Area("gm0164", ("Hengelo",), 6.793, 52.266, 0.030, 11, 7550),
    Area("gm1735", ("Goor", "Delden", "Markelo"), 6.587, 52.233, 0.065, 9, 7470),
    Area("gm0168", ("Losser", "Overdinkel"), 7.005, 52.262, 0.035, 4, 7580),
    Area("gm0173", ("Oldenzaal",), 6.929, 52.313, 0.018, 5, 7570),
    Area("gm1742", ("Rijssen", "Holten"), 6.519, 52.310, 0.045, 7, 7460),
    Area("gm0183", ("Tubbergen", "Albergen"), 6.784, 52.407, 0.045, 5, 7650),
    Area("gm1700", ("Vriezenveen", "Den Ham"), 6.610, 52.420, 0.050, 6, 7670),
    Area("gm0189", ("Wierden", "Enter"), 6.593, 52.359, 0.030, 5, 7640),
    Area("pv23", ("Hengelo", "Almelo", "Enschede"), 6.760, 52.290, 0.090, 2, 7550),
)

STREETS = (
    *("Industriestraat", "Havenweg", "Ambachtsweg", "Nijverheidsstraat", "Handelsweg"),
    *("Kanaalstraat", "Dorpsstraat", "Kerkstraat", "Esweg", "Veldweg", "Beekweg", "Molenweg"),
    *("Stationsweg", "Marktstraat", "Parallelweg", "Textielstraat", "Spinnersweg", "Weversstraat"),
)
RURAL = ("Esweg", "Veldweg", "Beekweg", "Molenweg", "Broekweg", "Zandweg", "Veenweg")


class Kind(NamedTuple):
    """A kind of company: its activities of the Bal, how many of hundred, how often inspected."""

    name: str
    activities: tuple[str, ...]
    share: int
    every_years: float
    nuisance: str
    rural: bool = False
    provincial: bool = False


KINDS: tuple[Kind, ...] = (
    Kind("Veehouderij", ("3.6.1", "3.2.8"), 24, 6, "geur", rural=True),
    Kind("Akkerbouwbedrijf", ("3.6.3", "3.2.20"), 9, 12, "stof", rural=True),
    Kind("Loonwerkbedrijf", ("3.6.5", "3.2.8"), 4, 8, "geluid", rural=True),
    Kind("Garagebedrijf", ("3.8.4",), 11, 7, "geluid"),
    Kind("Tankstation", ("3.8.10", "3.2.8"), 3, 3, "geur"),
    Kind("Metaalbewerking", ("3.4.4", "3.2.9"), 7, 5, "geluid"),
    Kind("Voedingsmiddelenfabriek", ("3.4.8", "3.2.5"), 4, 4, "geur"),
    Kind("Kunststofverwerking", ("3.4.9",), 3, 5, "geur"),
    Kind("Houtbewerking", ("3.4.7",), 3, 6, "stof"),
    Kind("Transportbedrijf", ("3.8.6", "3.2.9"), 6, 7, "geluid"),
    Kind("Afvalverwerking", ("3.5.11", "3.2.13"), 2, 2, "geur"),
    Kind("Metaalrecycling", ("3.5.4",), 2, 3, "geluid"),
    Kind("Bouwbedrijf", ("3.7.1",), 8, 10, "geluid"),
    Kind("Jachthaven", ("3.9.2",), 1, 8, "geluid"),
    Kind("Zwembad", ("3.9.5", "3.2.9"), 2, 5, "geluid"),
    Kind("Laboratorium", ("3.7.5",), 2, 6, "geur"),
    Kind("Drukkerij", ("3.4.10",), 3, 8, "geur"),
    Kind("Betoncentrale", ("3.4.5", "3.2.24"), 2, 4, "stof"),
    Kind("Chemische fabriek", ("3.3.8", "3.2.9"), 2, 1, "geur", provincial=True),
    Kind("Seveso-bedrijf", ("3.3.1",), 1, 1, "lucht", provincial=True),
    Kind("Stortplaats", ("3.3.12",), 1, 1, "geur", provincial=True),
)
