"""Pictures and documents in a request: their bytes, and the words that they show."""

from __future__ import annotations

import base64

from app.simulator.model.eyes import read_document, read_picture


def sight(encoded: str) -> str:
    """The words that a base64 attachment (or a `data:` URL of one) shows; "" where it shows none, or can't be read."""
    plain = encoded.partition(",")[2] if encoded.startswith("data:") else encoded
    try:
        data = base64.b64decode(plain, validate=True)
    except ValueError:
        return ""
    return read_picture(data) or read_document(data) or ""
