"""The name a sender gave a file, as it may be stored, listed and offered."""

import re
import unicodedata
from typing import Final

from shared.errors import invalid
from shared.files.kinds import EXTENSIONS

LONGEST: Final = 150
# Names that Windows keeps for devices, whatever their extension.
_DEVICE: Final = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")
_AWKWARD: Final = re.compile(r'[<>:"|?*]')
# Control, format (such as the turning of the reading direction), private and lone surrogates.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def clean_stem(name: str, *, field: str) -> str:
    """The name without its extension. Raises Invalid, naming the field."""
    name = unicodedata.normalize("NFC", name).strip()
    _require_honest(name, field)
    stem = name.rpartition(".")[0] or name
    stem = _AWKWARD.sub("-", stem).strip(". ")
    return f"bestand {stem}".strip() if not stem or _DEVICE.match(stem) else stem


def full_name(stem: str, media_type: str) -> str:
    """The name with the extension of its content, whatever the sender called it."""
    return f"{stem}.{EXTENSIONS[media_type]}"


def _require_honest(name: str, field: str) -> None:
    if len(name) > LONGEST:
        raise invalid(
            field,
            "te-lang",
            f"De naam van het bestand heeft meer dan {LONGEST} tekens; kort hem in.",
        )
    if any(unicodedata.category(sign) in _HIDDEN for sign in name):
        raise invalid(
            field, "naam-ongeldig", "De naam van het bestand bevat onzichtbare tekens; hernoem het."
        )
    if "/" in name or "\\" in name or name in {".", ".."}:
        raise invalid(
            field, "naam-ongeldig", "De naam van het bestand bevat een pad; geef alleen de naam."
        )
