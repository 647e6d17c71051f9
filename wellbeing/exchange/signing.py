"""The signature of what the exchange sends: HMAC-SHA256 over `timestamp LF body`, in hexadecimal."""

import hmac

FRESH_S = 300  # how old, or how far ahead, a timestamp may be


def sign(key: str, timestamp: str, body: bytes) -> str:
    """The value of the header X-Signature for a body sent with X-Timestamp (seconds since 1970)."""
    return hmac.new(key.encode(), timestamp.encode() + b"\n" + body, "sha256").hexdigest()


def genuine(key: str, timestamp: str, body: bytes, signature: str, now: float) -> bool:
    """Whether a body came from who knows the key, lately. An empty key trusts nobody."""
    if not key or not timestamp.isascii() or not timestamp.isdigit() or abs(int(timestamp[:12]) - now) > FRESH_S:
        return False
    return hmac.compare_digest(sign(key, timestamp, body).encode(), signature.encode())
