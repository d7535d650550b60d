"""What the measures of an exchange say in words: what the clock started with, and why a figure is missing."""

from __future__ import annotations

from app.exchange.timing import Bursts, Start, Unmeasured
from app.text.sentences import render

_STARTS = {Start.NEW: "new connection", Start.REUSED: "reused connection", Start.UNKNOWN: ""}
_UNMEASURED = {
    Unmeasured.NO_TIMES: "no times",
    Unmeasured.NO_CONTENT: "no content came",
    Unmeasured.NO_PIECES: "no content came in pieces",
    Unmeasured.ONE_PIECE: "only one piece of content",
    Unmeasured.STOPPED: "stopped before its end",
    Unmeasured.BURSTS: "came in bursts",
    Unmeasured.ONE_BURST: "came in one burst",
    Unmeasured.NO_COUNT: "no token count",
    Unmeasured.HIDDEN_REASONING: "reasoning was hidden",
    Unmeasured.FEW_TOKENS: "too few tokens",
    Unmeasured.FEW_PIECES: "too few pieces",
    Unmeasured.TOO_SHORT: "came within 0.1 s",
}
_ONE_BURST = "{pieces:grouped} pieces of content came in one burst"
_AT_ONCE = "{pieces:grouped} pieces of content came within {within_ms:milliseconds}"
_BURSTS = "{pieces:grouped} pieces of content came in {count:grouped} bursts, {apart_ms:milliseconds} apart"


def start_in_words(start: Start) -> str:
    """`new connection`; "" where nothing is known."""
    return render(_STARTS[start], {})


def why_unmeasured(why: Unmeasured | None) -> str:
    """Why there is no figure; "" for None."""
    return render(_UNMEASURED[why], {}) if why else ""


def bursts_in_words(bursts: Bursts) -> str:
    """The numbers of a stream that came in bursts."""
    fields = {"pieces": bursts.pieces, "count": bursts.count, "apart_ms": bursts.apart_ms, "within_ms": bursts.within_ms}
    if not bursts.collected:
        return render(_AT_ONCE, fields)
    return render(_ONE_BURST if bursts.apart_ms is None else _BURSTS, fields)
