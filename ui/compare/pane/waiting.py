"""What a pane is waiting for while nothing is to be seen in it, and for how long; without a widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exchange.outcome import Outcome
from app.exchange.timing import TOLD_SILENCE_MS, start_ns
from app.recording.records import MarkName
from app.text import numbers

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.run.side import Side

_STEPS = (
    (MarkName.SEND_END, "waiting for the first byte"),
    (MarkName.SEND_BEGIN, "sending the request"),
    (MarkName.TLS_BEGIN, "TLS handshake"),
    (MarkName.CONNECT_BEGIN, "connecting"),
    (MarkName.DNS_BEGIN, "resolving the name"),
)


def waiting_words(side: Side | None, now_ns: int, *, calm: bool = False) -> str:
    """`waiting for the first byte · 0.4 s`; from two seconds of silence on also that, and when it is given up. "" where
    nothing is waited for. `calm`: whole seconds, so that it does not change ten times a second."""
    if side is None or side.outcome is not Outcome.RUNNING:
        return ""
    one = side.last
    begin = start_ns(one.recording) if one is not None else None
    if one is None or begin is None:
        return "starting"
    own_ns = side.own_ns(now_ns)
    if one.recording.end is not None:
        return "waiting for the next round" if side.playing and one.finished else ""
    waited = max(0.0, (own_ns - begin) / 1e9)
    return f"{_step(one)} · {int(waited) if calm else f'{waited:.1f}'} s{_silent(side, now_ns)}"


def _step(one: Exchange) -> str:
    marks = one.recording.marks
    if one.reading.reasoning:
        return "reasoning, no text yet"
    if MarkName.FIRST_BYTE in marks:
        return "the answer has begun, no text yet"
    return next((text for mark, text in _STEPS if mark in marks), "starting")


def _silent(side: Side, now_ns: int) -> str:
    silent = side.silent(now_ns)
    if silent is None or silent[0] * 1e3 < TOLD_SILENCE_MS:
        return ""
    limit = "" if silent[1] is None else f", gives up at {numbers.duration(silent[1])}"
    return f"\nsilent for {numbers.duration(int(silent[0]))}{limit}"
