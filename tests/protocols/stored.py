"""Recorded exchanges with real providers, and transcripts. They lie beside the checkout and may be missing there."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
RECORDINGS = SHARED / "recordings" / "exchanges.jsonl.gz"
TRANSCRIPTS = SHARED / "transcripts"
NO_RECORDINGS = "the recorded exchanges (../shared/recordings) are not on this machine"
NO_TRANSCRIPTS = "the transcripts (../shared/transcripts) are not on this machine"

Exchange = dict[str, Any]


@cache
def _load() -> list[Exchange]:
    if not RECORDINGS.is_file():
        return []
    with gzip.open(RECORDINGS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def exchanges() -> list[Exchange]:
    """All recorded exchanges (keys: see the README beside them); skips where they are missing."""
    return _load() or pytest.skip(NO_RECORDINGS)


def transcript(name: str) -> bytes:
    """The bytes of a transcript, e.g. "a_text"; skips if missing."""
    path = TRANSCRIPTS / f"{name}.sse"
    return path.read_bytes() if path.is_file() else pytest.skip(NO_TRANSCRIPTS)


def sdk_params(protocol: str, stream: bool | None = None) -> list[Any]:
    """The exchanges of one protocol as parameters for `pytest.mark.parametrize`; None takes streams and whole answers.

    Where the recordings are missing, one parameter that skips: a parametrized test must not vanish unseen.
    """
    chosen = [e for e in _load() if e["protocol"] == protocol and stream in (None, e["stream"])]
    params = [pytest.param(e, id=f"{e['id']}-{e['host']}") for e in chosen]
    return params or [pytest.param(None, marks=pytest.mark.skip(NO_RECORDINGS))]
