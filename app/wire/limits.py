"""The time limits of one exchange, on one timer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.clock import now_ns
from app.recording.records import EndDetail, MarkName
from app.recording.records import WireErrorCode as Code
from app.wire.commands import Limits
from app.wire.errors import Cause, Phase
from app.wire.tape import Tape

_LOOKS = 10  # in the time that a limit allows: nobody tells when the kernel takes more of a request
_OPENING = (Phase.PREPARE, Phase.DNS, Phase.CONNECT, Phase.PROXY, Phase.TLS)


class Watchdog:
    """Calls `expired(cause)` once, when a limit is reached.

    Call `rearm` when the phase changes; `rearm_soon`, where another change may follow at once. Arriving bytes only
    push a deadline back, which the timer sees when it fires; what the kernel takes of the request is looked at now and then.
    """

    def __init__(self, tape: Tape, limits: Limits, expired: Callable[[Cause], None]) -> None:
        self._tape = tape
        self._limits = limits
        self._expired = expired
        self._timer: asyncio.Handle | None = None
        self._soon = False

    def rearm_soon(self) -> None:
        """Rearm when what runs now has come to wait for something: that the phase changes must not cost time between two."""
        if not self._soon:
            self.stop()
            self._soon, self._timer = True, asyncio.get_running_loop().call_soon(self.rearm)

    def rearm(self) -> None:
        """Set the timer to the next deadline, or report one that has passed."""
        self.stop()
        sending = self._tape.phase is Phase.SEND
        if sending:
            self._tape.look_at_sending()
        deadline_ns, code, limit_s, since_ns = min(self._deadlines())
        left_s = (deadline_ns - now_ns()) / 1e9
        if left_s > 0:
            wait_s = min(left_s, self._limits.silence_s / _LOOKS) if sending else left_s
            self._timer = asyncio.get_running_loop().call_later(wait_s, self.rearm)
        else:
            waited_s = (now_ns() - since_ns) / 1e9
            message = f"{self._message(code, f'{waited_s:.2f} s')}; the limit is {limit_s:g} s"
            self._expired(Cause(code, message, EndDetail(limit_s=limit_s, waited_s=waited_s)))

    def stop(self) -> None:
        """Stop the timer."""
        self._soon = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _deadlines(self) -> list[tuple[int, Code, float, int]]:
        """What can run out in this phase: (when, code, the limit in seconds, since when it counts)."""
        tape, limits = self._tape, self._limits
        running = [(tape.began_ns, Code.TOTAL_TIMEOUT, limits.total_s)]
        phase = tape.phase
        if phase in _OPENING:
            running.append((tape.began_ns, Code.CONNECT_TIMEOUT, limits.connect_s))
        elif phase is Phase.SEND:
            running.append((tape.progress_ns, Code.SILENCE_TIMEOUT, limits.silence_s))
        elif phase is Phase.WAIT:
            running.append((self._asked_ns, Code.FIRST_BYTE_TIMEOUT, limits.first_byte_s))
        elif phase in (Phase.HEAD, Phase.RECEIVE):
            if phase is Phase.HEAD:  # one that dribbles in is never silent
                running.append((self._asked_ns, Code.FIRST_BYTE_TIMEOUT, limits.first_byte_s))
            running.append((tape.progress_ns, Code.SILENCE_TIMEOUT, limits.silence_s))
        return [(since_ns + int(limit_s * 1e9), code, limit_s, since_ns) for since_ns, code, limit_s in running]

    @property
    def _asked_ns(self) -> int:
        """When the request was sent, or when the response began if that came first."""
        marks = self._tape.marks
        return marks.get(MarkName.SEND_END) or marks[MarkName.FIRST_BYTE]

    def _message(self, code: Code, waited: str) -> str:
        tape = self._tape
        match code:
            case Code.CONNECT_TIMEOUT:
                return f"no connection after {waited}, in the phase {tape.phase}"
            case Code.FIRST_BYTE_TIMEOUT:
                what = "the head of the answer was not whole" if tape.phase is Phase.HEAD else "no byte of the answer"
                return f"{what} {waited} after the request"
            case Code.SILENCE_TIMEOUT if tape.phase is Phase.SEND:
                return f"nothing more of the request was taken for {waited}"
            case Code.SILENCE_TIMEOUT:
                came = "an incomplete head" if tape.phase is Phase.HEAD else f"{tape.body_bytes} body bytes"
                return f"silent for {waited} after {came}"
        return f"not over after {waited}, {tape.body_bytes} body bytes had come"
