"""What a document says, frozen: values, what they mean, and the versions they came from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, TypeAlias

Plain: TypeAlias = "str | int | bool | Sequence[Plain] | Mapping[str, Plain] | None"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The content of one document. Amounts are text with their decimals, days are ISO 8601."""

    kind: str
    template_version: int
    agency: str
    dated: date
    values: Mapping[str, Plain]
    definitions: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_plain(self.values)

    def canonical(self) -> bytes:
        """One content has one form: what is hashed and kept."""
        content = {**asdict(self), "dated": self.dated.isoformat()}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    @property
    def sha256(self) -> str:
        """The fingerprint of the canonical form."""
        return sha256(self.canonical()).hexdigest()

    @classmethod
    def of(cls, canonical: bytes) -> "Snapshot":
        """The snapshot back from its canonical form."""
        content = json.loads(canonical)
        return cls(**{**content, "dated": date.fromisoformat(content["dated"])})


def _require_plain(value: Any) -> None:
    """A float or an object has more than one written form. Raises TypeError."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if not isinstance(name, str):
                raise TypeError(f"a name in a snapshot is text, not {name!r}")
            _require_plain(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _require_plain(each)
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(f"a snapshot holds text, whole numbers and yes or no, not {value!r}")
