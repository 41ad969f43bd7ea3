"""How figures and moments read in Dutch: the filters of every template."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from shared.calendar import MONTHS
from shared.db.listing import COUNTED_TO
from shared.money import MINUS, written

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOTHING = "–"
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
SHORT_MONTHS = (
    *("jan", "feb", "mrt", "apr", "mei", "jun"),
    *("jul", "aug", "sep", "okt", "nov", "dec"),
)

Number = int | float | Decimal | str
Moment = datetime | str
Day = date | str


def local(moment: Moment) -> datetime:
    """A moment on the Dutch clock; text is read as ISO 8601."""
    value = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return value.astimezone(AMSTERDAM)


def day_of(value: Day) -> date:
    """The day of a date, of a moment on the Dutch clock, or of ISO 8601 text."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    return local(value).date() if isinstance(value, datetime) else value


def getal(value: Number | None, decimals: int | None = None) -> str:
    """1234.5 -> "1.234,5", with a real minus sign."""
    if value is None:
        return NOTHING
    number = Decimal(str(value))
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(number):,f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{text}" if number < 0 else text


def geteld(count: int) -> str:
    """A count that ended at one more than a thousand: 1001 -> "meer dan 1.000"."""
    return f"meer dan {getal(COUNTED_TO)}" if count > COUNTED_TO else getal(count)


def euro(value: Number | None) -> str:
    """1234.5 -> "€ 1.234,50"."""
    return NOTHING if value is None else written(Decimal(str(value)))


def uren(minutes: int | None) -> str:
    """450 minutes -> "7:30"."""
    if minutes is None:
        return NOTHING
    hours, rest = divmod(abs(minutes), 60)
    return f"{MINUS if minutes < 0 else ''}{getal(hours)}:{rest:02d}"


def datum(value: Day | None) -> str:
    """-> "24 november 2026"."""
    if value is None:
        return NOTHING
    day = day_of(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def datum_kort(value: Day | None) -> str:
    """-> "di 24 nov 2026", for lists."""
    if value is None:
        return NOTHING
    day = day_of(value)
    return f"{DAYS[day.weekday()][:2]} {day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"


def tijd(value: Moment | None) -> str:
    """-> "17:00" on the Dutch clock."""
    return NOTHING if value is None else f"{local(value):%H:%M}"


def tijdstip(value: Moment | None) -> str:
    """-> "di 24 nov 2026 17:00" on the Dutch clock."""
    return NOTHING if value is None else f"{datum_kort(value)} {tijd(value)}"


def iso(value: Day | Moment | None) -> str:
    """The machine-readable form, for `<time datetime>`."""
    return "" if value is None else value if isinstance(value, str) else value.isoformat()


def aantal(count: int, one: str, many: str) -> str:
    """(1, "klacht", "klachten") -> "1 klacht"."""
    return f"{getal(count)} {one if count == 1 else many}"


FILTERS = {
    function.__name__: function
    for function in (getal, geteld, euro, uren, datum, datum_kort, tijd, tijdstip, iso, aantal)
}
