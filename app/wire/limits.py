"""The time limits of one exchange, kept by one timer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.clock import now_ns
from app.recording.records import MarkName
from app.recording.records import WireErrorCode as Code
from app.wire.errors import Phase
from app.wire.frames import Limits
from app.wire.tape import Tape

_OPENING = (Phase.PREPARE, Phase.DNS, Phase.CONNECT, Phase.PROXY, Phase.TLS)


class Watchdog:
    """Calls `expired(code, message)` once, when a limit is reached.

    `rearm` is to be called when the phase changes; bytes that come only push a deadline back, which the timer sees itself.
    """

    def __init__(self, tape: Tape, limits: Limits, expired: Callable[[Code, str], None]) -> None:
        self._tape = tape
        self._limits = limits
        self._expired = expired
        self._timer: asyncio.TimerHandle | None = None

    def rearm(self) -> None:
        """Look at the deadlines anew."""
        self.stop()
        deadline_ns, code, limit_s = min(self._deadlines())
        left_s = (deadline_ns - now_ns()) / 1e9
        if left_s > 0:
            self._timer = asyncio.get_running_loop().call_later(left_s, self.rearm)
        else:
            self._expired(code, self._message(code, limit_s))

    def stop(self) -> None:
        """No more limits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _deadlines(self) -> list[tuple[int, Code, float]]:
        """What can run out in this phase: (when, code, the limit in seconds)."""
        tape, limits = self._tape, self._limits
        running = [(tape.began_ns, Code.TOTAL_TIMEOUT, limits.total_s)]
        phase = tape.phase
        if phase in _OPENING:
            running.append((tape.began_ns, Code.CONNECT_TIMEOUT, limits.connect_s))
        elif phase is Phase.WAIT:
            running.append((self._asked_ns, Code.FIRST_BYTE_TIMEOUT, limits.first_byte_s))
        elif phase in (Phase.HEAD, Phase.RECEIVE):
            if phase is Phase.HEAD:  # one that dribbles in is never silent
                running.append((self._asked_ns, Code.FIRST_BYTE_TIMEOUT, limits.first_byte_s))
            running.append((tape.progress_ns, Code.SILENCE_TIMEOUT, limits.silence_s))
        return [(since_ns + int(limit_s * 1e9), code, limit_s) for since_ns, code, limit_s in running]

    @property
    def _asked_ns(self) -> int:
        """When the request was out, or, for an endpoint that answered before that, when it began to."""
        marks = self._tape.marks
        return marks.get(MarkName.SEND_END) or marks[MarkName.FIRST_BYTE]

    def _message(self, code: Code, limit_s: float) -> str:
        tape, now = self._tape, now_ns()
        limit = f"the limit is {limit_s:g} s"
        match code:
            case Code.CONNECT_TIMEOUT:
                return f"no connection after {_seconds(now - tape.began_ns)}, in the phase {tape.phase}; {limit}"
            case Code.FIRST_BYTE_TIMEOUT:
                what = "the head of the answer was not whole" if tape.phase is Phase.HEAD else "no byte of the answer"
                return f"{what} {_seconds(now - self._asked_ns)} after the request; {limit}"
            case Code.SILENCE_TIMEOUT:
                came = "an incomplete head" if tape.phase is Phase.HEAD else f"{tape.body_bytes} body bytes"
                return f"silent for {_seconds(now - tape.progress_ns)} after {came}; {limit}"
        return f"not over after {_seconds(now - tape.began_ns)}, {tape.body_bytes} body bytes had come; {limit}"


def _seconds(ns: int) -> str:
    return f"{ns / 1e9:.2f} s"
