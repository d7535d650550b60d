"""Are output tokens counted honestly: never more than the bytes that came, as many as the control counts for the same text?"""

from __future__ import annotations

from random import Random

from app.checks.asker import Asker
from app.checks.catalogue.filler import PROSE
from app.checks.check import COMPLETES, FREE, Check, Control, Cost, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.protocols.findings import Severity
from app.protocols.ids import MESSAGES
from app.run.differences import one_model
from app.text.sentences import Phrase, message

MARGIN = 16  # tokens that frame an answer without being in its bytes
TOLERANCE = 3
_LENGTHS = (100, 300)
_ROOM = 2048

_BOUNDED = "{who} counts {tokens:plural output token|output tokens} for {bytes} bytes of answer: no more than there can be."
_TOO_MANY = (
    "{who} counts {tokens:plural output token|output tokens} for an answer of {bytes} bytes; a token is at least a byte, so "
    "that there can't be more than {most}."
)
_MAY_REASON = (
    "{who} counts {tokens:plural output token|output tokens} for an answer of {bytes} bytes, and does not say how many of them "
    "were reasoning that it does not show."
)
_UNCOUNTED = "{who} does not say how many tokens were output, or how many of them reasoning."
_ALIKE = "{who} counts as many output tokens as the control for the same text{off:if  (but for {off})}."
_COUNTS_MORE = (
    "{who} counts {tokens} output tokens where the control counts {theirs} for the very same text ({ratio} times as many"
    "{slope:if ; {slope} times for what the longer text has more}): consistent with a multiplier, with another tokenizer, or "
    "with counts that are made up."
)
_CONSTANT = (
    "{who} counts {extra:plural output token|output tokens} {more:if more|fewer} than the control for the very same text, "
    "whether it is short or long: consistent with something that is always added to the count or left out of it."
)
_OTHER_MODEL = "The two sides were asked for different models, so their counts may lawfully differ ({tokens}, not {theirs})."
_OTHER_TEXT = "The two texts are not the same, so that their counts can't be held against each other."
_ALONE = "{who} counts {tokens:plural output token|output tokens} for a text that was copied."

_MIXED = ("7305", "2026", "0.125", "紅葉", "天気", "図書館", "x=1;", "f(n)", "[0]", "{a:b}", "true", "-42", "Ångström", "naïve")


def _text(random: Random, words: int) -> str:
    """So many words of prose, numbers, CJK and code, in one line."""
    return " ".join(random.choice(_MIXED) if random.random() < 0.25 else random.choice(PROSE) for _ in range(words))


async def _ask_copies(asker: Asker) -> None:
    random = asker.random()
    for n, words in enumerate(_LENGTHS, 1):
        text = f"{asker.nonce}{n} {_text(random, words)}"
        await asker.ask("copied", f"Repeat exactly this text: {text}", n=n, max_tokens=_ROOM)


def visible_tokens(one: Exchange) -> int | None:
    """Output tokens without reasoning; None where either is not said.

    Messages has no count of its own for thinking in every answer, but shows that there was some by its blocks.
    """
    reading = one.reading
    usage = reading.usage
    if usage is None or usage.output_tokens is None:
        return None
    if usage.reasoning_tokens is not None:
        return usage.output_tokens - usage.reasoning_tokens
    shows_none = one.protocol.id == MESSAGES and not reading.reasoning and not reading.hidden_reasoning
    return usage.output_tokens if shows_none else None


def answer_bytes(one: Exchange) -> int:
    """The bytes of text, and of the names and arguments of tool calls."""
    calls = (f"{call.name}{call.arguments_text}" for call in one.reading.tool_calls)
    return sum(len(part.encode("utf-8", "replace")) for part in (one.reading.text, *calls))


def _shows_all(step: str, n: int, steps: Steps, control: Steps | None) -> bool:
    """Whether the same model's answer to the same request is counted without any reasoning that is not shown."""
    if control is None or not one_model(control.model, steps.model) or not control.completed(step, n):
        return False
    other = control.get(step, n)
    tokens = visible_tokens(other) if other is not None else None
    return other is not None and tokens is not None and tokens <= answer_bytes(other) + MARGIN


def _judge_bound(steps: Steps, control: Steps | None) -> Judged:
    """A token is at least a byte in byte-level vocabularies; a refusal's or a filter's hidden text would be a false alarm, so
    that only answers that ended as they should count. Converters give models that reason the form of Messages and show and
    count no thinking: then only the control's answer tells that there is none."""
    known = [
        (step, n, one, tokens)
        for step in ("plain", "copied")
        for n, one in enumerate(steps.all(step), 1)
        if steps.completed(step, n) and (tokens := visible_tokens(one)) is not None
    ]
    if not known:
        return steps.trouble("plain") or Judged(verdict=Verdict.INCONCLUSIVE, reason="uncounted", sentence=_UNCOUNTED)
    step, n, one, tokens = max(known, key=lambda row: row[3] - answer_bytes(row[2]))
    size = answer_bytes(one)
    over = tokens > size + MARGIN
    usage = one.reading.usage
    if over and (usage is None or usage.reasoning_tokens is None) and not _shows_all(step, n, steps, control):
        return Judged(
            verdict=Verdict.INCONCLUSIVE,
            reason="may_reason",
            sentence=_MAY_REASON,
            fields={"tokens": tokens, "bytes": size},
            short="{tokens} tokens, {bytes} bytes",
            evidence=(steps.evidence(step, n),),
        )
    return Judged(
        verdict=Verdict.FAIL if over else Verdict.PASS,
        reason="too_many" if over else "bounded",
        sentence=_TOO_MANY if over else _BOUNDED,
        fields={"tokens": tokens, "bytes": size, "most": size + MARGIN},
        short="{tokens} tokens, {bytes} bytes",
        measured=(Measured("visible output", tokens, "tokens"), Measured("answer", size, "bytes")),
        evidence=(steps.evidence(step, n),),
        harm=Severity.LOSES,
    )


def _judge_copies(steps: Steps, control: Steps | None) -> Judged:
    """Only where both texts are the same byte for byte: then the counts are of the same thing."""
    if (trouble := steps.trouble("copied")) is not None:
        return trouble
    own = {n: (steps["copied"] if n == 1 else steps.get("copied", n)) for n in range(1, len(_LENGTHS) + 1)}
    counts = {n: visible_tokens(one) for n, one in own.items() if one is not None}
    if control is None:
        return Judged(
            verdict=Verdict.PASS,
            reason="alone",
            sentence=_ALONE,
            fields={"tokens": counts.get(len(_LENGTHS)) or 0},
            short="{tokens} tokens",
            measured=_measured(counts, {}),
            evidence=(steps.evidence("copied"),),
        )
    if (trouble := control.trouble("copied")) is not None:
        return trouble
    theirs = {n: visible_tokens(one) for n in own if (one := control.get("copied", n)) is not None}
    same = [n for n, one in own.items() if one is not None and _same_text(one, control.get("copied", n))]
    pairs = [(n, mine, other) for n in same if (mine := counts.get(n)) is not None and (other := theirs.get(n)) is not None]
    if not pairs:
        return Judged(
            verdict=Verdict.INCONCLUSIVE,
            reason="other_text" if not same else "uncounted",
            sentence=_OTHER_TEXT if not same else _UNCOUNTED,
            measured=_measured(counts, theirs),
            evidence=(steps.evidence("copied"),),
        )
    n, mine, other = max(pairs, key=lambda pair: abs(pair[1] - pair[2]))
    verdict, reason, sentence = _verdict(pairs)
    if verdict is Verdict.DIFFERS and not one_model(control.model, steps.model):
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "other_model", _OTHER_MODEL
    slope = _slope(pairs)
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={
            "tokens": mine,
            "theirs": other,
            "ratio": f"{mine / other:.2f}" if other else "∞",
            "slope": f"{slope:.2f}" if slope is not None else "",
            "off": abs(mine - other) or None,
            "extra": abs(mine - other),
            "more": mine > other,
        },
        short="{tokens} against {theirs} tokens",
        measured=(*_measured(counts, theirs), *_measured_slope(slope)),
        evidence=(steps.evidence("copied", n),),
        harm=Severity.LOSES,
    )


Pairs = list[tuple[int, int, int]]  # which text, our count, the control's


def _verdict(pairs: Pairs) -> tuple[Verdict, str, str]:
    """Verdict, reason and sentence. As many more for the short text as for the long one is no multiplier, and no tokenizer."""
    gaps = [mine - other for _, mine, other in pairs]
    if all(abs(gap) <= TOLERANCE for gap in gaps):
        return Verdict.PASS, "alike", _ALIKE
    if len(gaps) == len(_LENGTHS) and max(gaps) - min(gaps) <= TOLERANCE:
        return Verdict.DIFFERS, "constant", _CONSTANT
    return Verdict.DIFFERS, "other_count", _COUNTS_MORE


def _slope(pairs: Pairs) -> float | None:
    """How many times as many tokens are counted for what the longer text has more; None where only one text is known."""
    if len(pairs) < len(_LENGTHS) or (theirs := pairs[-1][2] - pairs[0][2]) <= 0:
        return None
    return (pairs[-1][1] - pairs[0][1]) / theirs


def _measured_slope(slope: float | None) -> tuple[Measured, ...]:
    return () if slope is None else (Measured("slope", round(slope, 3), "x", formula="(o2 - o1) / (a2 - a1)"),)


def _same_text(one: Exchange, other: Exchange | None) -> bool:
    return other is not None and bool(one.reading.text) and one.reading.text == other.reading.text


def _measured(own: dict[int, int | None], theirs: dict[int, int | None]) -> tuple[Measured, ...]:
    rows = [
        Measured(Phrase(message("output for {words} words"), words=_LENGTHS[n - 1]), count, "tokens")
        for n, count in own.items()
    ]
    rows += [
        Measured(Phrase(message("the control's for {words} words"), words=_LENGTHS[n - 1]), count, "tokens")
        for n, count in theirs.items()
    ]
    return tuple(rows)


CHECKS = (
    Check(
        id="output_bound",
        group=Group.MINIMAL,
        title="Output bounded by bytes",
        proves="No more output tokens are counted than the answer has bytes.",
        loss="more output tokens are counted than there are bytes",
        cost=FREE,
        reads=(COMPLETES, "output_count"),
        rests_on=(COMPLETES,),
        judge=beside(_judge_bound),
    ),
    Check(
        id="output_count",
        group=Group.MINIMAL,
        title="Output counted alike",
        proves="For the same text as many output tokens are counted as by the official endpoint.",
        loss="output tokens are counted differently",
        cost=Cost(2, 1300, 1300),
        steps={"copied": "a fixed text to repeat, its tokens counted"},
        ask=_ask_copies,
        control=Control.NEEDED,
        judge=beside(_judge_copies),
    ),
)
