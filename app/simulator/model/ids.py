"""Identifiers and signatures in the vendors' forms (PROTOCOLS 11.2); a signature can be checked later."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Not a secret: it only lets the simulator recognise its own signatures, also after a restart.
_SIGNING_KEY = b"diptych simulator"
_NONCE_BYTES = 12


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def anthropic_id(prefix: str) -> str:
    """`msg_01...`, `toolu_01...`, `req_01...`: 22 base-58 characters."""
    return f"{prefix}_01{_random(_BASE58, 22)}"


def chat_id() -> str:
    """`chatcmpl-...`."""
    return f"chatcmpl-{_random(_ALNUM, 29)}"


def call_id() -> str:
    """`call_...`: 24 alphanumerics."""
    return f"call_{_random(_ALNUM, 24)}"


def hex_id(prefix: str) -> str:
    """`resp_...`, `msg_...`, `fc_...`, `rs_...`: 48 hex digits; also OpenAI's `req_...`."""
    return f"{prefix}_{secrets.token_hex(24)}"


def relay_request_id() -> str:
    """The id that one-api style relays put into `x-oneapi-request-id`: a time stamp and digits."""
    return f"20261120{_random('0123456789', 12)}{_random(_ALNUM, 8)}"


def sign(text: str) -> str:
    """An opaque value that belongs to this text: a thinking signature, an encrypted reasoning content."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + _digest(nonce, text) * 3).decode()


def signature_fits(value: str, text: str) -> bool:
    """Whether `value` was made by `sign` for exactly this text."""
    try:
        raw = base64.b64decode(value, validate=True)
    except ValueError:
        return False
    nonce, rest = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    return hmac.compare_digest(rest, _digest(nonce, text) * 3)


def _digest(nonce: bytes, text: str) -> bytes:
    return hmac.new(_SIGNING_KEY, nonce + text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
