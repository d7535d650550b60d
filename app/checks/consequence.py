"""What a refusal means for a client: what its caller catches, and whether it asks again. Held against what the control, or else
the protocol's first party, makes of the same broken request."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from app.checks.asker import Asker
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps
from app.checks.verdict import Verdict
from app.clients.retry import forecast_of
from app.exchange.exchange import Exchange
from app.protocols.findings import Severity
from app.recording.records import EndKind, Headers, Request, Wanted
from app.text.json_text import is_object

ALIVE = "alive"  # the step of a sound request, sent where a broken one met a limit or a fault of the server
ALIVE_WORDS = "a sound question in between"
_BUSY = frozenset({408, 409, 429, 529})  # besides the statuses from 500 on

_SAME = "{who} refuses it with {status}{beside:if  as the control does}: {client:or a client} raises {raises:or an error}."
_AS_CONTROL = "{who} takes it, as the control does."
ACCEPTED = "{who} answers {status} to it in place of a refusal: the mistake goes unnoticed, and what came may have been billed."
_IN_200 = (
    "{who} answers {status} with an error in the body, where {reference} is expected: {client:or a client} takes it for"
    " an answer "
    "and does not raise {expected:or the usual error}."
)
_AGAIN = (
    "{who} answers {status} where {reference} is expected: {client:or a client} asks {more:plural more time|more times} for "
    "what can't succeed, and then raises {raises:or another error}."
)
_OTHER = (
    "{who} answers {status} where {reference} is expected: {client:or a client} raises {raises:or another error} in place of "
    "{expected:or the usual one}."
)
_STRICTER = "{who} refuses it with {status}, which the control takes."
_PASS_ON = "Have the status passed on unchanged; until then don't tell errors apart by their class."


class Consequence(msgspec.Struct, frozen=True):
    """What an answer means for a client.

    `status` is its status, `raises` the class that the caller catches, "" where nothing is raised or where that was not tried;
    `tries` how often it asks in all.
    """

    status: int
    raises: str = ""
    tries: int = 1

    @property
    def refused(self) -> bool:
        return self.status >= 400

    def is_like(self, other: Consequence) -> bool:
        """Whether a program notices no difference."""
        if self.refused != other.refused:
            return False
        if not self.refused:
            return True
        named = self.raises == other.raises if self.raises and other.raises else self.status == other.status
        return named and (self.tries > 1) == (other.tries > 1)


def consequence(steps: Steps, step: str) -> Consequence | None:
    """What the last answer of a step means for the client that is judged for; None where none came."""
    one = steps.get(step, _last(steps, step))
    if one is None or one.recording.head is None:
        return None
    return _of(steps, one.status, one.recording.head.headers)


def _came_whole(one: Exchange) -> bool:
    end = one.recording.end
    return end is not None and end.kind is EndKind.WHOLE


def _last(steps: Steps, step: str) -> int:
    """The number of its last exchange."""
    return max(1, len(steps.all(step)))


def expected(steps: Steps, status: int) -> Consequence:
    """What the first party's answer to it means."""
    return _of(steps, status)


def _of(steps: Steps, status: int, headers: Headers = ()) -> Consequence:
    if status < 400:
        return Consequence(status)
    told = forecast_of(steps.client, steps.protocol, status, headers) if steps.client is not None else None
    if told is None or not told.tried:
        return Consequence(status, "", 3 if status in _BUSY or status >= 500 else 1)
    return Consequence(status, told.raises, told.tries)


async def ask_broken(asker: Asker, step: str, request: Request, most_output: int = 256) -> None:
    """Send a request that is to be refused; it may cost so many tokens where it is not.

    Where a limit or a fault of the server comes instead, a sound one follows, and then the broken one again: only where the
    sound one is answered between two such faults is it the request's own. (A server that is too busy for one request in ten
    is so by chance for one of two.)
    """
    one = await asker.send(step, request, most_output=most_output, wanted=Wanted.REFUSAL)
    if one.status in _BUSY or one.status >= 500:
        words = f"What is the opposite of “hot”? One word. (Ignore this: {asker.nonce})"
        if 200 <= (await asker.ask(ALIVE, words, max_tokens=256)).status < 300:
            await asker.send(step, request, n=2, most_output=most_output)


def judge_refusal(
    steps: Steps,
    control: Steps | None,
    step: str,
    status: int,
    *,
    also: Collection[int] = (),
    accepted: Verdict = Verdict.FAIL,
    harm: Severity | None = None,
    words: str = ACCEPTED,
    any_page: bool = False,
) -> Judged:
    """Judge the answer to a broken request.

    `status` is what the first party answers, where there is no control (or that could not be asked); the statuses in `also`
    are as good. `accepted` is the verdict, `harm` the harm, and `words` the sentence where it is answered in place of
    being refused; `any_page`: they hold for whatever comes with a good status, not only for an answer of the protocol's.
    """
    found = consequence(steps, step)
    if found is None:
        return steps.trouble(step) or steps.not_asked()
    n = _last(steps, step)
    if (found.status in _BUSY or found.status >= 500) and (n == 1 or not steps.completed(ALIVE)):
        return steps.hindered(step) or steps.trouble(ALIVE) or steps.not_asked()
    one = steps.get(step, n) or steps[step]
    if not found.refused and not _came_whole(one):  # a good status alone, and then nothing, is no answer
        return steps.trouble(step) or steps.not_asked()
    alike = control is not None and control.protocol == steps.protocol  # others raise other classes for the same
    theirs = consequence(control, step) if control is not None and alike else None
    beside = theirs is not None and not (theirs.status in _BUSY or theirs.status >= 500)
    reference = theirs if theirs is not None and beside else expected(steps, status)
    judged = _verdict(steps, found, reference, beside, also, accepted, harm)
    error = one.reading.error
    if judged.reason == "accepted" and error is not None and not error.ours and is_object(bytes(one.decoded.data)):
        judged = Judged(verdict=Verdict.FAIL, reason="error_in_200", sentence=_IN_200, advice=_PASS_ON, harm=Severity.LOSES)
    own_words = any_page or steps.completed(step, n)
    return msgspec.structs.replace(
        judged,
        sentence=words if judged.reason == "accepted" and own_words else judged.sentence,
        fields={
            "status": found.status,
            "raises": found.raises,
            "more": found.tries - 1,
            "reference": reference.status,
            "expected": reference.raises,
            "client": steps.client.title if steps.client else "",
            "beside": beside,
        },
        short="{status}{raises:if , {raises}}",
        measured=(
            Measured("status", found.status),
            Measured("expected status", reference.status),
            Measured("raises", found.raises or None),
            Measured("requests of the client", found.tries),
        ),
        evidence=tuple(steps.evidence(step, number) for number in range(1, n + 1)),
        said=error.message if error is not None and not error.ours else "",
    )


def _verdict(
    steps: Steps,
    found: Consequence,
    reference: Consequence,
    beside: bool,
    also: Collection[int],
    accepted: Verdict,
    harm: Severity | None,
) -> Judged:
    if found.is_like(reference) or (not beside and found.status in also):
        refused = found.refused
        return Judged(
            verdict=Verdict.PASS, reason="refused" if refused else "as_control", sentence=_SAME if refused else _AS_CONTROL
        )
    if not found.refused:
        return Judged(verdict=accepted, reason="accepted", sentence=ACCEPTED, harm=harm)
    if not reference.refused:
        return Judged(verdict=Verdict.DIFFERS, reason="stricter", sentence=_STRICTER)
    if found.tries > 1 and reference.tries == 1:
        return Judged(verdict=Verdict.FAIL, reason="asked_again", sentence=_AGAIN, advice=_PASS_ON)
    return Judged(verdict=Verdict.DIFFERS, reason="other_error", sentence=_OTHER, advice=_PASS_ON)
