"""The ledger of nonces: each check's prompts carry words that nobody else knows. One that shows up in the answer to a request
which does not hold it came from another: answers get mixed up, or earlier ones are handed out for prompts that are like them.

It asks nothing: it reads all exchanges of the session. Needed for a verdict: one such word (a made one of ten letters is met by
chance once in 10^9 words). Known false alarms: none; a conversation that the server keeps would be one, and no check uses that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from app.checks.asker import nonce_of
from app.checks.check import EVERYTHING, FREE, Check, Group
from app.checks.client_job import CLIENT
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, each
from app.checks.statistics import unseen_bound
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.recording.records import SideName
from app.text.sentences import message

_FEWEST = 6
_SHOWN = 3
_SIDES: tuple[SideName, ...] = ("a", "b")
_LIKE_A_NONCE = re.compile("(?=((?:[bdfgklmnprstvz][aeiou]){5}))")  # at any place, also within longer words

_NONE = (
    "None of {who}'s {n} answers holds a word of another request of this session. A mix-up that hits less than {share} % of "
    "answers may go unseen, and so may one with requests of others."
)
_MIXED = (
    "**{count:plural answer|answers} of {who} {count:word holds|hold} a word that only another request held**, such as "
    "“{word}”: answers get mixed up, or an earlier one is handed out again."
)
_FEW = "Too few answers came to tell whether they get mixed up."
_ADVICE = "Don't send anything that others must not read, until whoever runs it has found the cause."


class Strayed(msgspec.Struct, frozen=True):
    """A nonce in the answer to a request that does not hold it; `step` is "check/step"."""

    word: str
    step: str
    n: int


def known_nonces(steps: Steps) -> frozenset[str]:
    """Every nonce that the session's checks may have used on either side."""
    runs = {(one.recording.envelope.check, one.recording.envelope.attempt) for one in steps.everything}
    given = {nonce_of(steps.seed, check) for check, _ in runs}
    given |= {nonce_of(steps.seed, f"{check}/{side}/{attempt}") for check, attempt in runs for side in _SIDES}
    return frozenset(given | {nonce_of(number, one) for one in given for number in (0, 1)})  # and those made from them


def strayed(steps: Steps) -> Iterator[Strayed]:
    """The nonces that came where they were not sent."""
    known = known_nonces(steps)
    for (step, n), one in steps.by_step.items():
        came = known.intersection(_words(_answer(one))) if _is_answer(one) else frozenset()
        for word in sorted(came - set(_words(_request(one))) if came else ()):
            yield Strayed(word, step, n)


def _is_answer(one: Exchange) -> bool:
    """A client's process has its own conversation, of which the request is no part."""
    return one.recording.head is not None and one.recording.request.method != CLIENT


def _words(text: str) -> Iterator[str]:
    return (found[1] for found in _LIKE_A_NONCE.finditer(text.lower()))


def _request(one: Exchange) -> str:
    request = one.recording.request
    return "\n".join((request.url, *(value for _, value in request.headers), request.body.decode("utf-8", "replace")))


def _answer(one: Exchange) -> str:
    """All that came: its parts put together, since a stream cuts words, and the bytes with what is in no part."""
    reading = one.reading
    parts = (reading.text, reading.reasoning, *(call.arguments_text for call in reading.tool_calls))
    head = one.recording.head
    headers = (value for _, value in head.headers) if head is not None else ()
    return "\n".join((*parts, *headers, bytes(one.decoded.data).decode("utf-8", "replace")))


def _judge(steps: Steps) -> Judged:
    n = sum(map(_is_answer, steps.everything))
    found = list(strayed(steps))
    if not steps:
        return steps.not_asked()
    if not found and n < _FEWEST:
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="few", sentence=_FEW)
    places = list(dict.fromkeys((one.step, one.n) for one in found))
    measured = (Measured("answers with another request's word", len(places), n=n),)
    if not found:
        share = f"{100 * unseen_bound(n):.0f}"
        return Judged(
            verdict=Verdict.PASS, reason="none", sentence=_NONE, fields={"n": n, "share": share}, short="0 of {n}",
            measured=measured,
        )  # fmt: skip
    sources = [_sent_with(steps, one) for one in found[:1]]
    return Judged(
        verdict=Verdict.FAIL,
        reason="strayed",
        sentence=_MIXED,
        fields={"count": len(places), "n": n, "word": found[0].word},
        short="{count} of {n}",
        advice=_ADVICE,
        measured=measured,
        evidence=(
            *(steps.evidence(step, number, note=message("holds the word")) for step, number in places[:_SHOWN]),
            *(steps.evidence(*place, note=message("was sent with it")) for place in sources if place is not None),
        ),
    )


def _sent_with(steps: Steps, one: Strayed) -> tuple[str, int] | None:
    """The first request of this side that held the word; None where only the other side's did."""
    return next((place for place, each in steps.by_step.items() if one.word in _words(_request(each))), None)


CHECKS = (
    Check(
        id="nonces",
        group=Group.IDENTITY,
        title="Answers to their own requests",
        proves="No answer holds a word that only another request of the session held.",
        loss="answers hold what belongs to other requests",
        cost=FREE,
        judge=each(_judge),
        reads=(EVERYTHING,),
    ),
)
