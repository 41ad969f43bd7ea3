"""What a use case may refuse: one class per kind, with the HTTP status it becomes (RFC 9457).

Texts are Dutch: they reach the person who typed. `code` is the stable, machine-readable name.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

SECONDS_OF_A_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class InvalidParam:
    """One wrong field: a code, and what to do about it.

    `name` is the code's own field name, dotted inside a model (`order.amount`); the API and the
    screens translate it. `as_sent`: it is the name as the caller wrote it, and is not translated.
    """

    name: str
    code: str
    reason: str
    as_sent: bool = False


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The request cannot be carried out; nothing was stored."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "geweigerd"
    title: ClassVar[str] = "Geweigerd"

    def __init__(self, detail: str, *, params: tuple[InvalidParam, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.params = params


class Invalid(Refused):
    """Input that does not fit the contract."""

    status, code, title = 400, "ongeldige-invoer", "Ongeldige invoer"


class Unauthenticated(Refused):
    """No token, or one that does not hold."""

    status, code, title = 401, "niet-aangemeld", "Niet aangemeld"


class Forbidden(Refused):
    """A known caller without the right."""

    status, code, title = 403, "geen-recht", "Geen recht"


class NotFound(Refused):
    """Not there, or not for this caller."""

    status, code, title = 404, "niet-gevonden", "Niet gevonden"


class Conflict(Refused):
    """At odds with what is stored."""

    status, code, title = 409, "conflict", "Conflict"


class NotAllowed(Conflict):
    """Refused by a rule of law or a state; names the article or policy."""

    code, title = "niet-toegestaan", "Niet toegestaan"

    def __init__(self, detail: str, *, article: str) -> None:
        super().__init__(f"{detail} ({article}).")
        self.article = article


class Gone(Refused):
    """Was there, and is not kept any longer."""

    status, code, title = 410, "niet-meer-bewaard", "Niet meer bewaard"


class VersionConflict(Refused):
    """Somebody else changed it meanwhile."""

    status, code, title = 412, "versie-verouderd", "Versie verouderd"

    def __init__(self, what: str, *, expected: int, found: int) -> None:
        super().__init__(
            f"{what} is intussen gewijzigd: u stuurde versie {expected}, de huidige is {found}. "
            "Haal de gegevens opnieuw op en probeer het nog eens."
        )
        self.what = what


class TooLarge(Refused):
    """A body over the limit."""

    status, code, title = 413, "te-groot", "Te groot"


class UnsupportedMedia(Refused):
    """A content type that is not accepted."""

    status, code, title = 415, "mediatype-niet-ondersteund", "Mediatype niet ondersteund"


class NotAcceptable(Refused):
    """None of the media types that the client takes."""

    status, code, title = 406, "niet-acceptabel", "Niet acceptabel"


class TooMany(Refused):
    """More often than an address or caller may (RFC 6585, 4).

    `policy` is the name of the limit, how often, and in how many seconds.
    """

    status, code, title = 429, "te-vaak", "Te vaak"

    def __init__(self, what: str, seconds: int, *, policy: tuple[str, int, int]) -> None:
        super().__init__(f"{what} Probeer het over {_in_words(seconds)} opnieuw.")
        self.retry_after = seconds
        self.policy = policy

    @property
    def headers(self) -> dict[str, str]:
        """When to come back, and the limit (draft-ietf-httpapi-ratelimit-headers)."""
        name, most, window = self.policy
        return {
            "Retry-After": str(self.retry_after),
            "RateLimit-Policy": f'"{name}";q={most};w={window}',
            "RateLimit": f'"{name}";r=0;t={self.retry_after}',
        }


def _in_words(seconds: int) -> str:
    if seconds < SECONDS_OF_A_MINUTE:
        return "1 seconde" if seconds == 1 else f"{seconds} seconden"
    minutes = -(-seconds // SECONDS_OF_A_MINUTE)
    return "1 minuut" if minutes == 1 else f"{minutes} minuten"


def invalid(name: str, code: str, reason: str) -> Invalid:
    """The refusal of one field."""
    return Invalid("1 veld is ongeldig.", params=(InvalidParam(name, code, reason),))


def conflict(name: str, code: str, reason: str) -> Conflict:
    """The refusal of a field that fits the contract, but not a rule or what is stored."""
    return Conflict(reason, params=(InvalidParam(name, code, reason),))


def unknown(name: str, reason: str) -> Conflict:
    """The refusal of a reference to something that is not there."""
    return conflict(name, "onbekend", reason)


def require_version(what: str, *, expected: int | None, found: int) -> None:
    """Raises VersionConflict when it was changed since somebody saw it; None does not care."""
    if expected is not None and expected != found:
        raise VersionConflict(what, expected=expected, found=found)
