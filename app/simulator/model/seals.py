"""Opaque values that belong to a block of reasoning: a thinking signature, an encrypted reasoning content.

Only the simulator reads them: by which model the block was made, for whose account, and behind which conversation.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from app.simulator.model.ids import random_bytes

# Not a secret: it only lets the simulator recognise its own seals, also after a restart.
_SEALING_KEY = b"diptych simulator"
_NONCE_BYTES, _MAC_BYTES = 12, 32


@dataclass(frozen=True)
class Origin:
    """Where a block of reasoning comes from.

    Attributes:
        model: the id of the model that made it.
        account: whose request it was made for.
        prefix: the digest of the conversation before it; "" where the model keeps no record of that.
        tokens: what the block counts where it reaches a model again, shown or not.
    """

    model: str
    account: str
    prefix: str = ""
    tokens: int = 0


NO_ORIGIN = Origin("", "")


def seal(text: str, origin: Origin) -> str:
    """The value for a block of that text ("" where it is not shown)."""
    nonce = random_bytes(_NONCE_BYTES)
    told = json.dumps([origin.model, origin.account, origin.prefix, origin.tokens]).encode()
    hidden = _hide(told, nonce)
    return base64.b64encode(nonce + _mac(nonce, hidden, text) + hidden).decode()


def unseal(value: str, text: str) -> Origin | None:
    """What `seal` put into it; None for one that it did not make for exactly this text."""
    try:
        raw = base64.b64decode(value, validate=True)
    except ValueError:
        return None
    nonce, mac, hidden = raw[:_NONCE_BYTES], raw[_NONCE_BYTES : _NONCE_BYTES + _MAC_BYTES], raw[_NONCE_BYTES + _MAC_BYTES :]
    if not hmac.compare_digest(mac, _mac(nonce, hidden, text)):
        return None
    return Origin(*json.loads(_hide(hidden, nonce)))


def _mac(nonce: bytes, hidden: bytes, text: str) -> bytes:
    return hmac.digest(_SEALING_KEY, nonce + hidden + text.encode("utf-8", "surrogatepass"), hashlib.sha256)


def _hide(data: bytes, nonce: bytes) -> bytes:
    """The data under a key stream; the same again shows it."""
    stream = hashlib.shake_256(_SEALING_KEY + nonce).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, stream, strict=True))
