"""What a pane is waiting for while nothing is to be seen in it, and for how long; without a widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exchange.outcome import Outcome
from app.exchange.timing import TOLD_SILENCE_MS, start_ns
from app.recording.records import MarkName
from app.text.sentences import message, tr

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.run.side import Side

_STEPS = (
    (MarkName.SEND_END, message("waiting for the first byte")),
    (MarkName.SEND_BEGIN, message("sending the request")),
    (MarkName.TLS_BEGIN, message("TLS handshake")),
    (MarkName.CONNECT_BEGIN, message("connecting")),
    (MarkName.DNS_BEGIN, message("resolving the name")),
)


def waiting_words(side: Side | None, now_ns: int, *, calm: bool = False) -> str:
    """`waiting for the first byte · 0.4 s`; from two seconds of silence on also that, and when it is given up. "" where
    nothing is waited for. `calm`: whole seconds, so that it does not change ten times a second."""
    if side is None or side.outcome is not Outcome.RUNNING:
        return ""
    one = side.last
    begin = start_ns(one.recording) if one is not None else None
    if one is None or begin is None:
        return tr("starting")
    own_ns = side.own_ns(now_ns)
    if one.recording.end is not None:
        return tr("waiting for the next round") if side.playing and one.finished else ""
    waited = max(0.0, (own_ns - begin) / 1e9)
    return f"{_step(one)} · {int(waited) if calm else f'{waited:.1f}'} s{_silent(side, now_ns)}"


def _step(one: Exchange) -> str:
    marks = one.recording.marks
    if one.reading.reasoning:
        return tr("reasoning, no text yet")
    if MarkName.FIRST_BYTE in marks:
        return tr("the answer has begun, no text yet")
    return tr(next((text for mark, text in _STEPS if mark in marks), "starting"))


def _silent(side: Side, now_ns: int) -> str:
    words = silent_words(side, now_ns)
    return f"\n{words}" if words else ""


def silent_words(side: Side, now_ns: int) -> str:
    """For how long nothing has come of a side, and when it is given up; "" below two seconds."""
    silent = side.silent(now_ns)
    if silent is None or silent[0] * 1e3 < TOLD_SILENCE_MS:
        return ""
    template = message("silent for {silent_s:duration}{limit_s:if , gives up at {limit_s:duration}}")
    return tr(template, silent_s=int(silent[0]), limit_s=silent[1])
