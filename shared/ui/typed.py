"""What people type, as the wire has it: "24-11-2026", "1.234,50", "7:30", "ja".

Each function raises ValueError with a Dutch sentence that says what to type instead.
"""

import re
from datetime import date, datetime
from typing import Final

from shared.clock import AMSTERDAM
from shared.money import MINUS, NBSP

_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DUTCH_DAY: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?", re.ASCII)
_WHOLE: Final = re.compile(r"-?(?:\d{1,15}|\d{1,3}(?:\.\d{3})+)", re.ASCII)
# Dots between thousands and a comma before the decimals; or a point before them.
_DUTCH_DECIMAL: Final = re.compile(r"(-?(?:\d{1,15}|\d{1,3}(?:\.\d{3})+))(?:,(\d{1,6}))?", re.ASCII)
_PLAIN_DECIMAL: Final = re.compile(r"(-?\d{1,15})\.(\d{1,6})", re.ASCII)
_HOURS_MINUTES: Final = re.compile(r"(\d{1,4})[:u]([0-5]\d)", re.ASCII)
_HOURS: Final = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?", re.ASCII)
_YES, _NO = frozenset({"ja", "on", "true", "1"}), frozenset({"nee", "off", "false", "0"})


def day(text: str) -> str:
    """A day: "24-11-2026" or "2026-11-24" -> "2026-11-24"."""
    if found := _ISO_DAY.fullmatch(text):
        year, month, number = found.groups()
    elif found := _DUTCH_DAY.fullmatch(text):
        number, month, year = found.groups()
    else:
        raise ValueError("Vul een datum in, bijvoorbeeld 24-11-2026.")
    try:
        return date(int(year), int(month), int(number)).isoformat()
    except ValueError:
        raise ValueError("Vul een bestaande datum in, bijvoorbeeld 24-11-2026.") from None


def instant(text: str) -> str:
    """A day and a time on the Dutch clock -> ISO 8601 with its offset; an offset is kept."""
    parts = re.split(r"[T ]", text.strip(), maxsplit=1)
    advice = "Vul een dag en een tijd in, bijvoorbeeld 24-11-2026 14:30."
    if len(parts) != 2:
        raise ValueError(advice)
    clock = _CLOCK.fullmatch(parts[1].strip())
    if clock is None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(advice) from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)).isoformat()
    if int(clock[1]) > 23 or int(clock[2]) > 59:
        raise ValueError("Vul een tijd in tussen 0:00 en 23:59.")
    moment = datetime.fromisoformat(f"{day(parts[0])}T{int(clock[1]):02d}:{clock[2]}:00")
    return moment.replace(tzinfo=AMSTERDAM).isoformat()


def whole(text: str) -> int:
    """A whole number: "1.250" -> 1250."""
    plain = _plain(text)
    if not _WHOLE.fullmatch(plain):
        raise ValueError("Vul een geheel getal in, bijvoorbeeld 12.")
    return int(plain.replace(".", ""))


def decimal(text: str) -> str:
    """An amount or a price: "€ 1.234,5" -> "1234.50", with at least two decimals."""
    plain = _plain(text.replace("€", ""))
    found = _DUTCH_DECIMAL.fullmatch(plain) or _PLAIN_DECIMAL.fullmatch(plain)
    if found is None:
        raise ValueError("Vul een bedrag in, bijvoorbeeld 1.250,00.")
    units, decimals = found[1].removeprefix("-").replace(".", ""), (found[2] or "").ljust(2, "0")
    # Zero has no sign.
    sign = "-" if found[1].startswith("-") and (units + decimals).strip("0") else ""
    return f"{sign}{int(units)}.{decimals}"


def number(text: str) -> float:
    """A number: "52,28" -> 52.28."""
    plain = _plain(text)
    found = _DUTCH_DECIMAL.fullmatch(plain)
    if found is None:
        if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", plain, re.ASCII):
            return float(plain) + 0.0
        raise ValueError("Vul een getal in, bijvoorbeeld 12,5.")
    # Zero has no sign: -0.0 + 0.0 is 0.0.
    return float(f"{found[1].replace('.', '')}.{found[2] or 0}") + 0.0


def coordinate(text: str) -> float:
    """A number of degrees: "6,894" and "6.894" are one; a thousand degrees do not exist."""
    plain = _plain(text).replace(",", ".")
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,15})?", plain, re.ASCII):
        raise ValueError("Wijs een plaats in Nederland aan.")
    return float(plain)


def minutes(text: str) -> int:
    """Hours as minutes: "7:30", "7u30" and "7,5" are 450."""
    if found := _HOURS_MINUTES.fullmatch(text):
        return int(found[1]) * 60 + int(found[2])
    if found := _HOURS.fullmatch(text):
        hundredths = int((found[2] or "0").ljust(2, "0"))
        return int(found[1]) * 60 + round(hundredths * 60 / 100)
    raise ValueError("Vul uren in, bijvoorbeeld 7:30.")


def flag(text: str) -> bool:
    """A checkbox or a choice of yes and no."""
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError("Kies ja of nee.")


def _plain(text: str) -> str:
    return text.replace(NBSP, "").replace(" ", "").replace(MINUS, "-")
