"""The signature of a delivery, as in Standard Webhooks: whose it is, and when it was sent.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from contextlib import suppress
from hashlib import sha256
from typing import Final

EVENT_ID: Final = "Webhook-Id"
TIMESTAMP: Final = "Webhook-Timestamp"
SIGNATURE: Final = "Webhook-Signature"
ENCODED: Final = "whsec_"


def signature(key: str, event_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `<id>.<timestamp>.<body>` in base64; Unix seconds."""
    signed = b"%s.%d.%s" % (event_id.encode(), timestamp, body)
    return "v1," + b64encode(hmac.new(_secret(key), signed, sha256).digest()).decode()


def is_signed(
    key: str,
    event_id: str,
    timestamp: str,
    signed: str,
    body: bytes,
    *,
    now: float,
    tolerance: float = 300,
) -> bool:
    """Whether one of the signatures is right and at most `tolerance` seconds old."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 13):
        return False
    if abs(now - int(timestamp)) > tolerance:
        return False
    right = signature(key, event_id, int(timestamp), body).encode()
    return any(hmac.compare_digest(right, each.encode()) for each in signed.split())


def _secret(key: str) -> bytes:
    """The bytes of a key: base64 after `whsec_`, else the text itself."""
    if key.startswith(ENCODED):
        with suppress(NotBase64):
            return b64decode(key.removeprefix(ENCODED), validate=True)
    return key.encode()
