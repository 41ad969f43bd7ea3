"""The signature of a delivery: who has the key knows that it is ours, and when it was sent."""

import hmac
from hashlib import sha256
from typing import Final

TIMESTAMP: Final = "Webhook-Timestamp"
SIGNATURE: Final = "Webhook-Signature"


def signature(key: str, timestamp: int, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 of `<timestamp>.<body>`; the timestamp in Unix seconds."""
    return "sha256=" + hmac.new(key.encode(), b"%d." % timestamp + body, sha256).hexdigest()


def is_signed(
    key: str, timestamp: str, signed: str, body: bytes, *, now: float, tolerance: float = 300
) -> bool:
    """Whether the signature is right and at most `tolerance` seconds old."""
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > tolerance:
        return False
    return hmac.compare_digest(signature(key, int(timestamp), body), signed)
