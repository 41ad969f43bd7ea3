"""Identifiers: UUIDv7, so that a primary key grows with time and indexes stay warm (RFC 9562)."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A new time-ordered identifier."""
    return UUID(int=uuid_utils.uuid7().int)
