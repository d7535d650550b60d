"""Are answers made anew, or is one that was given before handed out again?

The same prompt three times, for sentences that nobody would make up twice; then two prompts that differ in one word, which is
to be repeated. The same id, or the other prompt's word, leaves no doubt. The same text alone may be a model that always says
the same, so it counts only where the control's three texts differ.
"""

from __future__ import annotations

from collections import Counter

from app.checks.asker import Asker, nonce_of
from app.checks.catalogue.cells import document_of
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged, Judgement, Measured, against_control
from app.checks.seen import Seen, Steps
from app.checks.verdict import Verdict
from app.text.sentences import Phrase, message, unsaid

_TIMES = 3
_SAY = unsaid("Echo back verbatim the following single string")  # like no other check's words: its answers may be kept as well
_LONG = 40  # words: shorter texts agree by chance
_ABOUT = [
    "lanterns",
    "rivers",
    "clocks",
    "gardens",
    "letters",
    "bridges",
    "storms",
    "tailors",
    "maps",
    "bells",
    "orchards",
    "ferries",
]
# Headers in which caches say what they did; they are shown, never judged: a CDN sends some of them always.
_HEADERS = frozenset({"x-cache", "x-cache-hit", "cf-cache-status", "age", "x-litellm-cache-key", "x-cache-status"})

_FRESH = "{who} makes each answer anew: the same prompt got {count} different answers."
_SAME_ID = "{who} **handed out an earlier answer again**: two answers have the id {id}."
_OTHER_WORD = (
    "{who} **handed out the answer to another prompt**: asked to repeat “{word}”, it repeated “{other}”, the word of the "
    "prompt before."
)
_SAME_TEXT = (
    "{who} gave the same {words:plural word|words} twice for a prompt that the official endpoint answers differently each "
    "time: consistent with answers that are kept and handed out again, or with a temperature of 0 that is set on the way."
)
_ALIKE = "{who} answers the same each time{control:if , and so does the official endpoint}, so nothing can be told of a cache."
_SHORT_TEXT = "{who}'s answers are too short to tell one that was kept from one that is alike by chance."


async def _ask(asker: Asker) -> None:
    about = " and ".join(asker.random().sample(_ABOUT, 2))
    for n in range(1, _TIMES + 1):
        await asker.ask("same", f"Make up five sentences of at least ten words each, about {about}.", n=n, max_tokens=1024)
    for n, word in enumerate(_words(asker.nonce), 1):
        await asker.ask("word", f"{_SAY}: {word}", n=n)


def _words(nonce: str) -> tuple[str, str]:
    """Two words that stand in no dictionary."""
    return nonce, nonce_of(0, nonce)


def _judge(seen: Seen) -> Judgement:
    a = _alone(seen.a, None) if seen.a is not None else None
    return Judgement(against_control(_alone(seen.b, seen.a), a), a)


def _alone(steps: Steps, control: Steps | None) -> Judged:
    if (trouble := steps.trouble("same", "word")) is not None:
        return trouble
    return _other_word(steps) or _same_id(steps) or _by_text(steps, control)


def _same_id(steps: Steps) -> Judged | None:
    ids = Counter(str(one) for n in range(1, _TIMES + 1) if (one := document_of(steps, "same", n).get("id")))
    found, times = next(iter(ids.most_common(1)), ("", 0))
    # A made-up id that never changes is no cache: the texts must be alike too, and other prompts' answers have another one.
    others = {str(document_of(steps, "word", n).get("id")) for n in (1, 2)}
    if times < 2 or found in others or len(set(_texts(steps))) == len(_texts(steps)):
        return None
    return _judged(steps, Verdict.FAIL, "same_id", _SAME_ID, short="one id twice", id=found[:60])


def _other_word(steps: Steps) -> Judged | None:
    asked = [one.recording.request.body.decode("utf-8", "replace") for one in steps.all("word")]
    said = [one.reading.text for one in steps.all("word")]
    if len(said) < 2:
        return None
    first = said[0].strip(" \t\r\n.`*\"'“”")
    if not first or first not in asked[0] or first in asked[1] or " " in first:
        return None
    if said[1].strip(" \t\r\n.`*\"'“”") != first:
        return None
    word = asked[1].rpartition(f"{_SAY}: ")[2].partition('"')[0]
    return _judged(steps, Verdict.FAIL, "other_word", _OTHER_WORD, short="another prompt's answer", word=word, other=first)


def _by_text(steps: Steps, control: Steps | None) -> Judged:
    texts = _texts(steps)
    kinds, words = len(set(texts)), max(len(one.split()) for one in texts)
    if kinds == len(texts):
        return _judged(steps, Verdict.PASS, "fresh", _FRESH, short="{count} of {count} differ", count=kinds)
    if words < _LONG:
        return _judged(steps, Verdict.INCONCLUSIVE, "short", _SHORT_TEXT, short="too short")
    usual = _texts(control) if control is not None and control.trouble("same") is None else []
    if usual and len(set(usual)) == len(usual):
        return _judged(steps, Verdict.DIFFERS, "same_text", _SAME_TEXT, short="the same text twice", words=words)
    return _judged(steps, Verdict.INCONCLUSIVE, "alike", _ALIKE, short="the same each time", control=bool(usual))


def _texts(steps: Steps) -> list[str]:
    return [one.reading.text for one in steps.all("same")]


def _judged(steps: Steps, verdict: Verdict, reason: str, sentence: str, *, short: str, **fields: object) -> Judged:
    heads = [one.recording.head for step in ("same", "word") for one in steps.all(step)]
    told = {name.lower(): value for head in heads if head for name, value in head.headers if name.lower() in _HEADERS}
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields=fields,
        short=short,
        measured=tuple(Measured(Phrase(message("header {name}"), name=name), value[:80]) for name, value in told.items()),
        evidence=tuple(steps.evidence(step, n) for step in ("same", "word") for n in range(1, len(steps.all(step)) + 1)),
    )


CHECKS = (
    Check(
        id="reply_cache",
        group=Group.ADVANCED,
        title="Answers made anew",
        proves="No answer is one that was given before.",
        loss="answers come out of a cache",
        cost=Cost(5, 200, 400),
        steps={"same": "the same five sentences asked for again", "word": "a new word to repeat"},
        ask=_ask,
        judge=_judge,
    ),
)
