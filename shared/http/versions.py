"""Optimistic locking: the version that a caller saw against the one that is stored."""

from collections.abc import Mapping
from typing import Any

from shared.errors import VersionConflict


def require_version(row: Mapping[str, Any], expected: int, what: str = "Dit gegeven") -> None:
    """Raises VersionConflict when the row was changed meanwhile."""
    if row["version"] != expected:
        raise VersionConflict(what, expected=expected, found=row["version"])
