"""What the use cases share: a change as its caller saw it, and what the caller may see."""

from dataclasses import dataclass
from uuid import UUID

from shared.auth.caller import Caller
from shared.errors import NotFound, VersionConflict


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to change, in the version that they saw; None does not care."""

    id: UUID
    version: int | None
    caller: Caller


def require_visible(caller: Caller, participant: str | None, what: str) -> None:
    """Raises NotFound for a row of a participant that is not the caller's."""
    if not caller.sees(participant):
        raise NotFound(f"{what} bestaat niet, of is niet voor u zichtbaar.")


def require_version(found: int, change: Change, what: str) -> None:
    """Raises VersionConflict when it was changed since it was seen."""
    if change.version is not None and change.version != found:
        raise VersionConflict(what, expected=change.version, found=found)
