"""Identifiers in the vendors' forms (PROTOCOLS 11.2)."""

from __future__ import annotations

import secrets

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


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


def random_bytes(size: int) -> bytes:
    """Bytes that nobody can guess."""
    return secrets.token_bytes(size)
