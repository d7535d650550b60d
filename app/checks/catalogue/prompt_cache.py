"""The prompt cache: what is said of it must be what happens, and its discount must reach whoever pays.

The prompt is a nonce and some thousand random words, above every vendor's minimum; Messages gets a breakpoint behind it, the
OpenAI protocols cache by themselves. The first request writes, the second reads, and one with another nonce in front reads
nothing: else the reads are invented, or something before our first word is cached. Automatic caching misses lawfully, so the
second is asked three times, and the control must hit.
"""

from __future__ import annotations

from typing import Any

from app.checks.asker import Asker, nonce_of
from app.checks.catalogue.filler import NOUNS
from app.checks.check import ADMITTED, COMPLETES, FREE, Check, Cost, Group
from app.checks.judgement import Judged, Judgement, Measured
from app.checks.seen import Seen, Steps, each
from app.checks.verdict import Verdict
from app.protocols.ids import MESSAGES
from app.text.sentences import Phrase, message, unsaid

_WORDS = 5200
_TRIES = 3
_ENOUGH = 0.9  # of what was written must be read
_TINY = 64  # tokens: a count of cached ones below is no prefix that any vendor caches

_HITS = "{who} caches the prompt: the second request read {read:plural token|tokens} of it from the cache."
_MISSES = (
    "{who} **reads nothing from the prompt cache**, where the official endpoint does: you pay the full price each time. "
    "Requests that go to several accounts in turn look like this."
)
_UNTOLD = (
    "{who} **does not say what it reads from the prompt cache**, where the official endpoint does: what you pay for can't be "
    "told."
)
_UNTOLD_ALONE = "{who} does not say whether it read from a prompt cache."
_TWICE = (
    "{who} **counts twice what it reads from the cache**: the same prompt has {before} input tokens in all before, and {after} "
    "where {read} of them are read."
)
_MISSES_ALONE = "{who} read nothing from a prompt cache for a prompt that was sent again at once."
_NEITHER = "Neither {who} nor the official endpoint read anything from a prompt cache."
_UNEXPLAINED = (
    "{who} says that it read {read:plural token|tokens} from a cache for a prompt **whose first word was never sent before**: "
    "the reads are invented, or a text of about that many tokens stands before ours (a prompt, or a chat template)."
)
_NONE = "{who} read nothing from a cache for prompts that were new."
_READS = message("read, {step:select first=first|second=second|other=other|plain=plain|hello=hello}{n:if  {n}}")


async def _ask(asker: Asker) -> None:
    words = " ".join(asker.random().choices(NOUNS, k=_WORDS))
    await _cached(asker, "first", 1, f"{asker.own_nonce} {words}", unsaid("Which word stands first?"))
    for n in range(1, _TRIES + 1):
        one = await _cached(asker, "second", n, f"{asker.own_nonce} {words}", f"Which word stands in place {n + 1}?")
        if one:
            break
    await _cached(asker, "other", 1, f"{nonce_of(1, asker.own_nonce)} {words}", unsaid("Which word stands in place 2?"))


async def _cached(asker: Asker, step: str, n: int, system: str, question: str) -> bool:
    """Ask; whether there is nothing to ask again for."""
    block = {"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}
    extra: dict[str, Any] = {"system": [block]} if asker.protocol.id == MESSAGES else {}
    text = f"{question} Answer with that word alone."
    one = await asker.ask(step, text, n=n, system=None if extra else system, extra=extra, max_tokens=256)
    usage = one.reading.usage
    return not 200 <= one.status < 300 or bool(usage is not None and usage.cache_read_tokens)


def _judge(seen: Seen) -> Judgement:
    a = _alone(seen.a) if seen.a is not None else None
    b = _alone(seen.b)
    if a is not None and b.reason in ("no_hit", "untold"):
        if a.reason == "hits":
            sentence = _MISSES if b.reason == "no_hit" else _UNTOLD
            return Judgement(_judged(seen.b, Verdict.DIFFERS, b.reason, sentence), a)
        if a.reason == b.reason == "no_hit":
            return Judgement(_judged(seen.b, Verdict.INCONCLUSIVE, "no_hit", _NEITHER), a)
    return Judgement(b, a)


def _alone(steps: Steps) -> Judged:
    if (trouble := steps.trouble("first", "second", "other")) is not None:
        return trouble
    for step in ("other", "first"):
        if _read(steps, step) >= _TINY:
            return _judged(steps, Verdict.DIFFERS, "unexplained", _UNEXPLAINED, read=_read(steps, step))
    read, written = max(_read(steps, "second", n) for n in range(1, _TRIES + 1)), _written(steps, "first")
    before, after = steps.total_input("first"), _total_of_hit(steps)
    if before and after and after - before >= read / 2 and not _read(steps, "first"):
        return _judged(steps, Verdict.DIFFERS, "twice", _TWICE, read=read, before=before, after=after)
    if read and read >= _ENOUGH * written:
        return _judged(steps, Verdict.PASS, "hits", _HITS, read=read)
    if not _tells(steps):
        return _judged(steps, Verdict.INCONCLUSIVE, "untold", _UNTOLD_ALONE)
    return _judged(steps, Verdict.INCONCLUSIVE, "no_hit", _MISSES_ALONE)


def _tells(steps: Steps) -> bool:
    """Whether any answer has a count of what was read, be it 0."""
    usages = [one.reading.usage for step in ("first", "second", "other") for one in steps.all(step)]
    return any(usage is not None and usage.cache_read_tokens is not None for usage in usages)


def _total_of_hit(steps: Steps) -> int | None:
    """All input tokens of the first answer that read from the cache; None where none did, or it did not say."""
    hits = (n for n in range(1, len(steps.all("second")) + 1) if _read(steps, "second", n) >= _TINY)
    return next((steps.total_input("second", n) for n in hits), None)


def _read(steps: Steps, step: str, n: int = 1) -> int:
    one = steps.get(step, n)
    usage = one.reading.usage if one is not None else None
    return (usage.cache_read_tokens or 0) if usage is not None else 0


def _written(steps: Steps, step: str) -> int:
    usage = steps[step].reading.usage
    return (usage.cache_write_tokens or 0) if usage is not None else 0


def _judged(steps: Steps, verdict: Verdict, reason: str, sentence: str, **fields: int) -> Judged:
    asked = [(step, n) for step in ("first", "second", "other") for n in range(1, len(steps.all(step)) + 1)]
    counts = [Measured(Phrase(_READS, step=step, n=n), _read(steps, step, n), "tokens") for step, n in asked]
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"read": 0, **fields},
        short="{read} read",
        measured=(Measured("written, first 1", _written(steps, "first"), "tokens"), *counts),
        evidence=tuple(steps.evidence(step, n) for step, n in asked),
    )


def _reads(steps: Steps) -> Judged:
    """A first request that reads from a cache: its words carry a nonce, so nobody can have sent them before."""
    asked = [step for step in ("plain", "hello") if steps.completed(step)]
    if not asked:
        return steps.trouble("plain") or steps.not_asked()
    read = max(_read(steps, step) for step in asked)
    found = read >= _TINY
    return Judged(
        verdict=Verdict.DIFFERS if found else Verdict.PASS,
        reason="unexplained" if found else "none",
        sentence=_UNEXPLAINED if found else _NONE,
        fields={"read": read},
        short="{read} read",
        measured=tuple(Measured(Phrase(_READS, step=step, n=None), _read(steps, step), "tokens") for step in asked),
        evidence=tuple(steps.evidence(step) for step in asked),
    )


CHECKS = (
    Check(
        id="prompt_cache",
        group=Group.ADVANCED,
        title="Prompt cache",
        proves="A long prompt that is sent again is read from the cache, and one with another first word is not.",
        cost=Cost(5, 5 * 6500, 5 * 20),
        steps={"first": "a long prompt", "second": "the same prompt again", "other": "the prompt with another first word"},
        ask=_ask,
        judge=_judge,
        opt_in=True,
    ),
    Check(
        id="cache_reads",
        group=Group.IDENTITY,
        title="Cache reads that nothing explains",
        proves="Nothing is read from a cache for a prompt that nobody has sent before.",
        cost=FREE,
        judge=each(_reads),
        reads=(COMPLETES, ADMITTED),
    ),
)
