"""What answers show of a parameter: pure functions of one side's exchanges, each for one kind of parameter (`cells.Shows`)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from app.checks.catalogue.cells import Cell, Shown, Shows, document_of
from app.checks.judgement import Measured
from app.checks.seen import Steps
from app.text.json_text import mend_surrogates, objects_in
from app.text.sentences import Phrase, message

_NUMBER = re.compile(r"\d+")
_FEWEST = 4  # answers that say nothing readable are left out; with fewer than this nothing is said
_SUM_SLACK = 0.02  # of probabilities that were rounded on their way, or computed in 16 bits
_WHITE = re.compile(r"[\s\u0120\u010a\u2581]+")  # blanks, and the marks that vocabularies have for them (Ġ, Ċ, ▁)
# Near ties at temperature 0 flip on real machines: one of several may be another, and three kinds with one in front are no
# random draw.
_FEW_KINDS, _MANY_KINDS = 3, 4


def taken(_steps: Steps) -> Shown:
    """Nothing can be seen but that it is taken."""
    return Cell.TAKEN, ()


_ANSWERS = message("different answers, {how:select without=without|one-seed=one seed|other-seeds=other seeds|{how}}")
_REASONED = message("reasoning, {effort:select low=low|high=high}")


def agrees(within: str, without: str) -> Shows:
    """With it all answers but one at most are alike, without it they are not."""

    def shows(steps: Steps) -> Shown:
        first, second = _numbers(steps, within), _numbers(steps, without)
        measured = _spread(within, first), _spread("without", second)
        if min(first.total(), second.total()) < _FEWEST or len(second) < _FEW_KINDS:
            return Cell.UNCLEAR, measured
        if first.most_common(1)[0][1] >= max(_FEWEST, first.total() - 1):
            return Cell.HONOURED, measured
        return (Cell.IGNORED if _is_drawn(first) else Cell.UNCLEAR), measured

    return shows


def same_by_seed(same: str, others: tuple[str, ...]) -> Shows:
    """With one seed the answers are alike, with others they are not. Seeds are kept to as well as can be: a flip is none."""

    def shows(steps: Steps) -> Shown:
        first = _numbers(steps, same)
        second = sum((_numbers(steps, step) for step in others), Counter[str]())
        measured = _spread("one-seed", first), _spread("other-seeds", second)
        if first.total() < _FEWEST or len(second) < 2:
            return Cell.UNCLEAR, measured
        if first.most_common(1)[0][1] >= max(_FEWEST, first.total() - 1):
            return Cell.HONOURED, measured
        return (Cell.IGNORED if _is_drawn(first) else Cell.UNCLEAR), measured

    return shows


def _is_drawn(seen: Counter[str]) -> bool:
    """Whether these are so many kinds that they were drawn, none of them given by most."""
    return len(seen) >= _MANY_KINDS or (len(seen) >= _FEW_KINDS and 2 * seen.most_common(1)[0][1] <= seen.total())


def _numbers(steps: Steps, step: str) -> Counter[str]:
    """The first number of each answer, and how often it was given."""
    texts = [one.reading.text for one in steps.all(step)]
    return Counter(found[0] for text in texts if (found := _NUMBER.search(text)))


def _spread(name: str, seen: Counter[str]) -> Measured:
    return Measured(Phrase(_ANSWERS, how=name), len(seen), "", seen.total())


def choices(step: str) -> Shows:
    """There are two choices."""

    def shows(steps: Steps) -> Shown:
        found = document_of(steps, step).get("choices")
        count = len(found) if isinstance(found, list) else 0
        return (Cell.HONOURED if count == 2 else Cell.IGNORED), (Measured("choices", count),)

    return shows


def biased(within: str, without: str, token: str) -> Shows:
    """The answer is that token alone, over and over; without the bias it is a sentence."""

    def shows(steps: Steps) -> Shown:
        text, plain = (steps[step].reading.text.strip() for step in (within, without))
        if not text or not plain or set(plain) == {token}:
            return Cell.UNCLEAR, ()
        measured = (Measured("answer", mend_surrogates(text[:40])),)
        if set(text) == {token}:
            return Cell.HONOURED, measured
        obeyed = text[:1] == token or token * 4 in text  # other words beside it: put there by whoever
        return (Cell.UNCLEAR if obeyed else Cell.IGNORED), measured

    return shows


def fewer_repeats(within: str, without: str, word: str) -> Shows:
    """The word stands there half as often at most; as often, and it does nothing."""

    def shows(steps: Steps) -> Shown:
        first, second = (
            [len(re.findall(rf"\b{word}\b", one.reading.text, re.IGNORECASE)) for one in steps.all(step)]
            for step in (within, without)
        )
        measured = Measured("repeats with it", max(first)), Measured("repeats without", min(second))
        if min(second) < 20:  # the model does not do what is asked
            return Cell.UNCLEAR, measured
        if 2 * max(first) <= min(second):
            return Cell.HONOURED, measured
        return (Cell.IGNORED if min(first) >= 0.9 * min(second) else Cell.UNCLEAR), measured

    return shows


def more_reasoning(low: str, high: str) -> Shows:
    """Each answer of high effort took more reasoning than each of low effort. Two each are too few to say that it is ignored.

    NOTE: what is counted for hidden reasoning can't be verified from outside.
    """

    def shows(steps: Steps) -> Shown:
        counts = [[_reasoning(steps, step, n) for n in range(1, len(steps.all(step)) + 1)] for step in (low, high)]
        first, second = ([one for one in of if one is not None] for of in counts)
        measured = tuple(
            Measured(Phrase(_REASONED, effort=name), sum(of) / len(of), "tokens", len(of))
            for name, of in ((low, first), (high, second))
            if of
        )
        if not first or not second:  # it does not reason, or does not count that: taken, or dropped on the way
            return Cell.UNCLEAR, measured
        rises = max(first) < min(second)
        return (Cell.HONOURED if rises else Cell.UNCLEAR), measured

    return shows


def _reasoning(steps: Steps, step: str, n: int) -> int | None:
    one = steps.get(step, n)
    usage = one.reading.usage if one is not None else None
    return usage.reasoning_tokens if usage is not None else None


def log_probabilities(step: str) -> Shows:
    """They come, and can be those of this answer: the tokens joined hold its text, no probability is above 1, nor the sum of
    those at one place, and the best is named first.

    Known false alarms: servers whose tokens include the reasoning or the end mark (vLLM, so that the text need only be among
    them), tokens in the spelling of the vocabulary (Ġ for a blank), parts of a character that came as U+FFFD, numbers that are
    missing or minus infinity, the token that was drawn put before the likeliest (vLLM).
    """

    def shows(steps: Steps) -> Shown:
        entries = list(_entries(document_of(steps, step)))
        measured = (Measured("tokens with log probabilities", len(entries)),)
        if not entries:
            return Cell.IGNORED, measured
        wrong = next(_impossible(entries, steps[step].reading.text), "")
        return (Cell.INVENTED, (*measured, Measured("what can't be", wrong))) if wrong else (Cell.HONOURED, measured)

    return shows


def _entries(document: dict[str, object]) -> Iterator[dict[str, object]]:
    """The tokens of a Chat or a Responses answer, with what is told of each."""
    for choice in objects_in(document.get("choices")):
        told = choice.get("logprobs")
        yield from objects_in(told.get("content") if isinstance(told, dict) else None)
    for item in objects_in(document.get("output")):
        for part in objects_in(item.get("content")):
            yield from objects_in(part.get("logprobs"))


def _impossible(entries: list[dict[str, object]], text: str) -> Iterator[str]:
    """What of these can't be, as codes."""
    joined = b"".join(_bytes(one) for one in entries).decode("utf-8", "replace")
    if "\ufffd" not in joined and _WHITE.sub("", text) not in _WHITE.sub("", joined):
        yield "other_text"
    for one in entries:
        named = [(other.get("token"), log) for other in objects_in(one.get("top_logprobs")) if (log := _log(other)) is not None]
        likely = [log for _, log in named]
        if any(log > _SUM_SLACK for log in (_log(one) or 0.0, *likely)):
            yield "above_one"
        if sum(math.exp(other) for other in likely) > 1 + _SUM_SLACK:
            yield "sum_above_one"
        others = [log for token, log in named if token is None or token != one.get("token")]
        if others != sorted(others, reverse=True):
            yield "not_ranked"


def _bytes(entry: dict[str, object]) -> bytes:
    raw = entry.get("bytes")
    if isinstance(raw, list) and all(isinstance(one, int) and 0 <= one < 256 for one in raw):
        return bytes(raw)
    return str(entry.get("token", "")).encode("utf-8", "surrogatepass")


def _log(entry: dict[str, object]) -> float | None:
    """A log probability, at most 1; None where there is none."""
    value = entry.get("logprob")
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(max(-1e6, min(value, 1)))
