"""Does a long prompt reach the model whole? By size, the count of input tokens first, needles second.

The filler is of random words, so that each size has as many tokens a word as a small prompt has: a count that falls behind is a
text that was cut before the model. Where the count holds, ten needles at random places are asked for: several lost in a row at
the start, in the middle or at the end are a text that was cut or summed up; some lost here and there are the model's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.filler import NOUNS
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Evidence, Judged, Judgement, Measured, against_control
from app.checks.seen import Seen, Steps
from app.checks.verdict import Verdict
from app.text.sentences import Phrase, message, unsaid

SIZES = (8_000, 32_000, 100_000)  # words, which are about as many tokens
_BASE, _BASE_2 = 800, 2_400
_NEEDLES = 10
_FALLS_BEHIND = 0.97  # of the tokens a word that the two small prompts differ by
_FOUND_BY_CONTROL = 9
_IN_A_ROW = 3
_QUESTION = unsaid("List all codes that stand in the text above, a line each, as id: word. Nothing else.")

_WHOLE = "A prompt of {size:count} words reaches {who}'s model whole: {found} of {n} needles were found."
_CUT = (
    "{who} **cuts long prompts before the model**: of {size:count} words it counts {counted:count}, {share} % of what "
    "short prompts make expect."
)
_LOST = (
    "{who} **loses a part of long prompts**: {size:count} words are counted whole, but {lost} needles in a row are not found "
    "at the {where:select start=start|middle=middle|end=end}, where the official endpoint finds them."
)
_LIMIT = "{who} refuses a prompt of {size:count} words, which the official endpoint takes: {said:quoted without a word}."
_LIMIT_BOTH = "{who} takes prompts of up to {before:count} words: {said:quoted without a word}."
_UNCOUNTED = "{who} does not count its input, or finds no needles: nothing can be said of what reaches its model."
_FEW = "{who} finds {found} of {n} needles in {size:count} words; the official endpoint does not find enough to compare."


async def _ask(asker: Asker) -> None:
    await asker.ask("base", _text(asker, _BASE), max_tokens=512)
    await asker.ask("base-2", _text(asker, _BASE_2), max_tokens=512)
    for size in SIZES:
        one = await asker.ask(f"size-{size}", _text(asker, size), max_tokens=512)
        if not 200 <= one.status < 300:
            return


def _text(asker: Asker, size: int) -> str:
    random = Random(f"{asker.nonce}/{size}")
    words = random.choices(NOUNS, k=size)
    for place, (name, word) in zip(_places(random, size), _needles(asker.nonce, size), strict=True):
        words[place] = f"\nCode {name} is {word}.\n"
    return f"({asker.nonce}) {' '.join(words)}\n\n{_QUESTION}"


def _places(random: Random, size: int) -> Sequence[int]:
    """One in each tenth, in order."""
    part = size // _NEEDLES
    return [number * part + random.randrange(part) for number in range(_NEEDLES)]


def _needles(nonce: str, size: int) -> list[tuple[str, str]]:
    random = Random(f"needles/{nonce}/{size}")
    letters = "bcdfghklmnprstvz"
    return [(f"N{number + 1}", "".join(random.choices(letters, k=8))) for number in range(_NEEDLES)]


class _Size(msgspec.Struct, frozen=True):
    """What came of one size: the tokens counted, those a word as a share of what they are in small prompts (so that neither a
    hidden prompt nor another tokenizer matters); which needles were found.
    """

    size: int
    counted: int | None
    share: float | None
    found: tuple[bool, ...]


def _sizes(steps: Steps) -> list[_Size]:
    return [_size(steps, size) for size in SIZES if steps.completed(f"size-{size}")]


def _size(steps: Steps, size: int) -> _Size:
    step = f"size-{size}"
    base, base_2, counted = steps.total_input("base"), steps.total_input("base-2"), steps.total_input(step)
    share = None
    if base is not None and base_2 is not None and counted is not None and base_2 > base:
        share = (counted - base) / (size - _BASE) / ((base_2 - base) / (_BASE_2 - _BASE))
    asked = steps[step].recording.request.body.decode("utf-8", "replace")
    told = [match[1] for match in re.finditer(r"Code N\d+ is ([a-z]{8})\.", asked)]
    text = steps[step].reading.text
    return _Size(size, counted, share, tuple(word in text for word in told))


def _judge(seen: Seen) -> Judgement:
    a = _judged(seen.a, None) if seen.a is not None else None
    return Judgement(against_control(_judged(seen.b, seen.a), a), a)


def _judged(steps: Steps, control: Steps | None) -> Judged:
    if (trouble := steps.trouble("base", "base-2") or steps.hindered(*_sent(steps))) is not None:
        return trouble
    sizes = _sizes(steps)
    theirs = {one.size: one for one in _sizes(control)} if control is not None else {}
    for one in sizes:
        if one.share is not None and one.share < _FALLS_BEHIND:
            fields: dict[str, object] = {"size": one.size, "counted": one.counted, "share": round(100 * one.share)}
            return _found(steps, Verdict.FAIL, "cut", _CUT, "{share} % of {size:count}", sizes, fields)
    if (lost := _lost(steps, sizes, theirs)) is not None:
        return lost
    if (limit := _limit(steps, sizes, theirs, control)) is not None:
        return limit
    if not sizes:
        return steps.not_asked()
    last = sizes[-1]
    found = sum(last.found)
    fields = {"size": last.size, "found": found, "n": len(last.found)}
    if last.share is None or not found:
        return _found(steps, Verdict.INCONCLUSIVE, "unseen", _UNCOUNTED, "", sizes, fields)
    if found < len(last.found) - 2 and (last.size not in theirs or sum(theirs[last.size].found) < _FOUND_BY_CONTROL):
        return _found(steps, Verdict.INCONCLUSIVE, "few_found", _FEW, "{found} of {n}", sizes, fields)
    return _found(steps, Verdict.PASS, "whole", _WHOLE, "{size:count}, {found} of {n}", sizes, fields)


def _sent(steps: Steps) -> list[str]:
    return [f"size-{size}" for size in SIZES if steps.get(f"size-{size}") is not None]


def _lost(steps: Steps, sizes: list[_Size], theirs: dict[int, _Size]) -> Judged | None:
    for one in sizes:
        if one.size not in theirs or sum(theirs[one.size].found) < _FOUND_BY_CONTROL:
            continue
        runs = re.finditer("0+", "".join("1" if found else "0" for found in one.found))
        longest = max(runs, key=lambda run: len(run[0]), default=None)
        if longest is not None and len(longest[0]) >= _IN_A_ROW:
            where = "start" if longest.start() == 0 else "end" if longest.end() == len(one.found) else "middle"
            fields = {"size": one.size, "lost": len(longest[0]), "where": where}
            return _found(
                steps,
                Verdict.FAIL,
                f"lost_{where}",
                _LOST,
                "{lost} lost at the {where:select start=start|middle=middle|end=end}",
                sizes,
                fields,
            )
    return None


def _limit(steps: Steps, sizes: list[_Size], theirs: dict[int, _Size], control: Steps | None) -> Judged | None:
    refused = next((size for size in SIZES if steps.refused(f"size-{size}")), None)
    if refused is None:
        return None
    error = steps[f"size-{refused}"].reading.error
    said = error.message[:300] if error is not None and not error.ours else ""
    fields = {"size": refused, "said": said, "before": sizes[-1].size if sizes else _BASE}
    if refused in theirs:
        return _found(steps, Verdict.DIFFERS, "limit", _LIMIT, "refuses {size:count}", sizes, fields)
    return _found(steps, Verdict.UNSUPPORTED, "limit", _LIMIT_BOTH, "up to {before:count}", sizes, fields)


def _found(
    steps: Steps, verdict: Verdict, reason: str, sentence: str, short: str, sizes: list[_Size], fields: dict[str, object]
) -> Judged:
    measured: list[Measured] = []
    for one in sizes:
        measured.append(Measured(Phrase(message("counted, {size} words"), size=one.size), one.counted, "tokens"))
        measured.append(
            Measured(Phrase(message("needles found, {size} words"), size=one.size), sum(one.found), "", len(one.found))
        )
    evidence: tuple[Evidence, ...] = tuple(steps.evidence(step) for step in ("base", "base-2", *_sent(steps)))
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields=fields,
        short=short,
        measured=tuple(measured),
        evidence=evidence,
    )


def _prompt_of(size: int) -> Phrase:
    return Phrase(message("a prompt of {size} words"), size=size)


CHECKS = (
    Check(
        id="context_size",
        group=Group.ADVANCED,
        title="Long prompts",
        proves="Prompts of up to 100 000 words reach the model whole.",
        cost=Cost(2 + len(SIZES), int(1.3 * (_BASE + _BASE_2 + sum(SIZES))), (2 + len(SIZES)) * 100),
        steps={"base": _prompt_of(_BASE), "base-2": _prompt_of(_BASE_2)} | {f"size-{size}": _prompt_of(size) for size in SIZES},
        ask=_ask,
        judge=_judge,
        opt_in=True,
    ),
)
