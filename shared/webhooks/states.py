"""The life of a subscription."""

from enum import StrEnum


class SubscriptionState(StrEnum):
    """Asked for until the receiver agrees; suspended until a person resumes; ended for good."""

    REQUESTED = "aangevraagd"
    ACTIVE = "actief"
    SUSPENDED = "opgeschort"
    ENDED = "beeindigd"


class AttemptKind(StrEnum):
    """What was tried: to get the receiver's consent, or to deliver an event."""

    HANDSHAKE = "handdruk"
    DELIVERY = "aflevering"
    GAP = "niet meer bewaard"
