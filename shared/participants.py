"""The participants of the agency by code: names for screens of services that do not own them.

Reporting owns the participants; their codes are CBS codes and part of every contract. The list is
that of the joint regulation (14 municipalities of Twente and the province of Overijssel).
"""

from typing import NamedTuple


class KnownParticipant(NamedTuple):
    """A participant: `gm` with the CBS municipality code, `pv` with the CBS province code."""

    code: str
    name: str


PARTICIPANTS: tuple[KnownParticipant, ...] = (
    KnownParticipant("gm0141", "Almelo"),
    KnownParticipant("gm0147", "Borne"),
    KnownParticipant("gm1774", "Dinkelland"),
    KnownParticipant("gm0153", "Enschede"),
    KnownParticipant("gm0158", "Haaksbergen"),
    KnownParticipant("gm0163", "Hellendoorn"),
    KnownParticipant("gm0164", "Hengelo"),
    KnownParticipant("gm1735", "Hof van Twente"),
    KnownParticipant("gm0168", "Losser"),
    KnownParticipant("gm0173", "Oldenzaal"),
    KnownParticipant("gm1742", "Rijssen-Holten"),
    KnownParticipant("gm0183", "Tubbergen"),
    KnownParticipant("gm1700", "Twenterand"),
    KnownParticipant("gm0189", "Wierden"),
    KnownParticipant("pv23", "Provincie Overijssel"),
)
_NAMES = dict(PARTICIPANTS)


def name_of(code: str | None) -> str:
    """The name of a participant; the code itself when it is not known here."""
    if code is None:
        return "nog niet bekend"
    return _NAMES.get(code, code)
