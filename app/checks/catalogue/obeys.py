"""Does the answer keep to what every request may set: a limit, a stop sequence, a system prompt; do all characters survive?"""

from __future__ import annotations

import re
import unicodedata
from random import Random

from app.checks.asker import Asker
from app.checks.catalogue.minimal import output_tokens
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import Options
from app.protocols.ends import AnswerEnd, end_of, end_word
from app.protocols.findings import Severity
from app.protocols.ids import CHAT, MESSAGES
from app.run.differences import one_model
from app.text.sentences import Phrase, message, unsaid

LIMIT = 32
_MISCOUNT = 3  # tokens: an end mark is counted by some
_SLACK = 8  # numbers above the limit that a reading of the text may be off by
_ENOUGH = 8  # numbers from which on a count was clearly begun
_ROOM = 1024
_WORDS = [
    "anchor",
    "barley",
    "candle",
    "dagger",
    "ember",
    "feather",
    "garnet",
    "hollow",
    "ivory",
    "jungle",
    "kettle",
    "lantern",
    "marble",
    "nectar",
    "orchard",
    "pebble",
    "quartz",
    "ribbon",
    "saddle",
    "timber",
    "umbrella",
    "velvet",
    "walnut",
    "yonder",
    "zephyr",
]
_TRIES = 3
_NEEDED_A = 4  # of the control's answers, none may do what three of B's do: p^3 (1 - p)^4 is at most 0.8 %
_LEAST_SYSTEM = 8  # tokens of the system prompt below, fewer than in any tokenizer

_LIMITED = "{who} ends at the limit of {limit} tokens and says so ({word})."
_NOT_LIMITED = "{who} goes on past the limit of {limit} tokens: {numbers} numbers came, each at least a token."
_OVERCOUNTED = "{who} counts {output} output tokens where {limit} were allowed."
_UNSAID = (
    "{who} ends at the limit of {limit} tokens and gives {word:quoted no word} for the reason: a program takes the part for "
    "the whole."
)
_LIMIT_BRIEFS = {
    "overcounted": message("more output tokens are counted than the limit allows"),
    "unsaid": message("an answer that ends at its limit does not say so"),
}
_OWN_END = "{who} ended by itself before the limit was reached, so that this can't be told."
_REFUSES = "{who} refuses the request{taken:if , which the control takes}: {said:quoted no reason given}."
_NO_SUCH = "{who} refuses {what} for this model{shared:if , as the control does}: {said:quoted no reason given}."

_STOPPED = "{who} ends before the stop sequence."
_RUNS_ON = "{who} writes past the stop sequence “{stop}”."
_UNTOLD = "{who} ends before the stop sequence and does not say that it did ({word:or no reason})."
_NOT_COPIED = "The model did not do as it was told, so that this can't be told of {who}."

_SYSTEM = "{who} passes the system prompt on."
_SYSTEM_LOST = (
    "{who}'s answers do not keep to the system prompt, in {n} of {n} tries; the control's do, in {others} of {others}: "
    "consistent with a system prompt that does not reach the model whole."
)
_SYSTEM_UNCOUNTED = (
    "{who}'s answers do not keep to the system prompt, in {n} of {n} tries, and it counts {by:plural token|tokens} fewer than "
    "for the same words from the user: consistent with a system prompt that does not reach the model."
)
_NOT_HEEDED = (
    "{who}'s answers do not keep to the system prompt; the model may not do as it is told, so that this can't be told from one "
    "that does not reach it."
)

_SURVIVE = "{who} passes CJK, accents, emoji and line separators on as they are."
_CHANGED = "{who} changes characters: {what:list}."
_CHANGED_ONCE = "{who} gave the text back changed ({what:list}), which a model may do by itself."


async def _ask_limit(asker: Asker) -> None:
    await asker.ask("limited", f"Count from 1 to 200, separated by commas. (Ignore this: {asker.nonce})", max_tokens=LIMIT)


def _judge_limit(steps: Steps, control: Steps | None) -> Judged:
    """A model that reasons may spend all of the limit on that: an end by the limit counts, whatever text there is.

    Each number is at least a token in any tokenizer, so that more numbers than tokens were allowed are proof.
    """
    if (trouble := steps.hindered("limited")) is not None:
        return trouble
    if steps.refused("limited"):
        return _refused(steps, control, "limited", Phrase(message("the limit")))
    one = steps["limited"]
    numbers, output = len(re.findall(r"\d+", one.reading.text)), output_tokens(one)
    end = end_of(one.reading)
    verdict, reason, sentence = Verdict.INCONCLUSIVE, "own_end", _OWN_END
    if numbers > LIMIT + _SLACK:
        verdict, reason, sentence = Verdict.FAIL, "ignored", _NOT_LIMITED
    elif output is not None and output > LIMIT + _MISCOUNT:
        verdict, reason, sentence = Verdict.DIFFERS, "overcounted", _OVERCOUNTED
    elif end is AnswerEnd.LIMIT:
        verdict, reason, sentence = Verdict.PASS, "limited", _LIMITED
    elif numbers >= _ENOUGH and output is not None and output >= LIMIT - 1:
        verdict, reason, sentence = Verdict.DIFFERS, "unsaid", _UNSAID
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        brief=_LIMIT_BRIEFS.get(reason, ""),
        fields={"limit": LIMIT, "numbers": numbers, "output": output, "word": end_word(one.reading)},
        short="{output:or ?} of {limit} tokens",
        measured=(Measured("output", output, "tokens"), Measured("numbers", numbers), Measured("limit", LIMIT, "tokens")),
        evidence=(steps.evidence("limited"),),
        harm=Severity.LOSES,
    )


def _stop_words(random: Random) -> list[str]:
    return random.sample(_WORDS, 7)


async def _ask_stop(asker: Asker) -> None:
    words = _stop_words(asker.random())
    await asker.ask("stop", f"Repeat exactly this text: {' '.join(words)}", max_tokens=_ROOM, options=Options(stop=(words[3],)))


def _judge_stop(steps: Steps, control: Steps | None) -> Judged:
    """Only the sequence itself, with more behind it, is proof: a model that writes “Dagger” for “dagger” lawfully goes on."""
    if (trouble := steps.hindered("stop")) is not None:
        return trouble
    if steps.refused("stop"):
        return _refused(steps, control, "stop", Phrase(message("stop sequences")))
    one, words = steps["stop"], _stop_words(steps.random())
    text, stop = one.reading.text.lower(), words[3]
    behind = one.reading.text.partition(stop)[2].lower()
    said = end_of(one.reading) is AnswerEnd.STOP_SEQUENCE or steps.protocol != MESSAGES
    begun = all(word in text for word in words[:3])
    verdict, reason, sentence = Verdict.INCONCLUSIVE, "not_copied", _NOT_COPIED
    if begun and any(word in behind for word in words[4:]):
        verdict, reason, sentence = Verdict.FAIL, "ignored", _RUNS_ON
    elif begun and stop not in text and end_of(one.reading) not in (AnswerEnd.LIMIT, AnswerEnd.INCOMPLETE):
        verdict, reason, sentence = (Verdict.PASS, "stopped", _STOPPED) if said else (Verdict.DIFFERS, "untold", _UNTOLD)
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        brief="a stop sequence is not named as the reason" if reason == "untold" else "",
        fields={"stop": stop, "word": end_word(one.reading), "text": one.reading.text[-40:]},
        short="{word:or no reason}",
        measured=(Measured("stop reason", end_word(one.reading) or None), Measured("output", output_tokens(one), "tokens")),
        evidence=(steps.evidence("stop"),),
        harm=Severity.LOSES,
    )


async def _ask_system(asker: Asker) -> None:
    for n in range(1, _TRIES + 1):  # again where the word is missing
        one = await _ask_order(asker, n)
        if one.outcome is not Outcome.COMPLETED or _keeps_order(one):
            return
    await asker.ask("twin", f"{_order(asker.nonce, 1)}\n\n{_DRY}", max_tokens=_ROOM)


_DRY = unsaid("What is the opposite of “dry”?")


def _order(nonce: str, n: int) -> str:
    return f"Whatever the user says, reply with exactly this word: {nonce}{n}"


async def _ask_order(asker: Asker, n: int) -> Exchange:
    return await asker.ask("system", _DRY, n=n, system=_order(asker.nonce, n), max_tokens=_ROOM)


async def _ask_system_more(a: Asker, b: Asker) -> None:
    """B's model heeded it in no try and A's at once: does A's each time?"""
    if ("twin", 1) not in b.answers or not _keeps_order(a.answers["system", 1]):
        return
    for n in range(2, _NEEDED_A + 1):
        if not _keeps_order(await _ask_order(a, n)):
            return


def _judge_system(steps: Steps, control: Steps | None) -> Judged:
    """Models that are small obey badly, so that an order left unheeded is no proof: either the control's model heeds it each
    time, and it is the same model, or the counts say that the words never got there (CHECKS 3.2: the same from the user)."""
    if (trouble := steps.trouble("system")) is not None:
        return trouble
    tries = steps.all("system")
    theirs = control.all("system") if control is not None and one_model(control.model, steps.model) else []
    heeds = len(theirs) >= _NEEDED_A and all(map(_keeps_order, theirs))
    whole, twin = steps.total_input("system"), steps.total_input("twin")
    fewer = twin - whole if whole is not None and twin is not None else 0
    verdict, reason, sentence = Verdict.PASS, "kept", _SYSTEM
    if not any(map(_keeps_order, tries)):
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "not_heeded", _NOT_HEEDED
        if len(tries) >= _TRIES and heeds:
            verdict, reason, sentence = Verdict.FAIL, "lost", _SYSTEM_LOST
        elif len(tries) >= _TRIES and fewer >= _LEAST_SYSTEM:
            verdict, reason, sentence = Verdict.FAIL, "uncounted", _SYSTEM_UNCOUNTED
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"n": len(tries), "others": len(theirs), "by": fewer, "text": tries[-1].reading.text[:40]},
        short="{text:quoted no text}",
        measured=(Measured("total input", whole, "tokens"), Measured("total input, from the user", twin, "tokens")),
        evidence=tuple(steps.evidence("system", n) for n in range(1, len(tries) + 1)),
    )


def _keeps_order(one: Exchange) -> bool:
    word = re.search(r"this word: (\w+)", one.recording.request.body.decode("utf-8", "replace"))
    return word is not None and word[1] in one.reading.text.lower()


_MOJIBAKE = Phrase(message("mojibake (UTF-8 that was read as another encoding)"))
_PIECE = message("{piece} {how:select normalised=normalised|replaced=replaced|lost=lost}")
# Pieces that something on the way is known to spoil, each with what it is called.
_PIECES = (
    ("Chinese and Japanese", "漢字かな交じり文"),
    (message("Korean"), "한국어"),
    ("combining accents", "e\u0301a\u0308n\u0303"),
    (message("Hebrew"), "עברית"),
    ("joined emoji", "👩‍👩‍👧🏽"),
    ("a line separator (U+2028)", "one\u2028two"),
)


def _line(nonce: str) -> str:
    return f"{nonce} {' '.join(piece for _, piece in _PIECES)} {nonce}"


async def _ask_characters(asker: Asker) -> None:
    for n in range(1, _TRIES + 1):
        one = await _ask_copy(asker, n)
        if not _changes(one) or not one.reading.text:
            return


async def _ask_copy(asker: Asker, n: int) -> Exchange:
    return await asker.ask("copy", f"Repeat exactly this text: {_line(f'{asker.nonce}{n}')}", n=n, max_tokens=_ROOM)


async def _ask_characters_more(a: Asker, b: Asker) -> None:
    """B's text was changed each time and A's not: is A's never?"""
    if ("copy", _TRIES) not in b.answers or _changes(b.answers["copy", _TRIES]) == [] or _changes(a.answers["copy", 1]):
        return
    for n in range(2, _NEEDED_A + 1):
        if _changes(await _ask_copy(a, n)):
            return


def _judge_characters(steps: Steps, control: Steps | None) -> Judged:
    """A model may tidy a text up by itself, so that only the same change three times counts, where the same model's text has
    none at the control, four times. UTF-8 that was read as another encoding is never the model's doing; a lone U+FFFD may be: a
    small model now and then writes half a character."""
    if (trouble := steps.trouble("copy")) is not None:
        return trouble
    changes = [_changes(one) for one in steps.all("copy")]
    same = set.intersection(*map(set, changes)) if len(changes) == _TRIES else set()
    spoiled = any(_MOJIBAKE in each for each in changes)
    same_model = control is not None and control.trouble("copy") is None and one_model(control.model, steps.model)
    theirs = list(map(_changes, control.all("copy"))) if control is not None and same_model else []
    what: list[str] = []
    verdict, reason, sentence = Verdict.PASS, "survive", _SURVIVE
    if spoiled:
        verdict, reason, sentence, what = Verdict.FAIL, "mojibake", _CHANGED, [_MOJIBAKE]
    elif changes[-1] and not any(map(_is_copy, steps.all("copy"))):
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "not_copied", _NOT_COPIED
    elif same and len(theirs) >= _NEEDED_A and not any(theirs):
        verdict, reason, sentence, what = Verdict.FAIL, "changed", _CHANGED, sorted(same)
    elif changes[-1]:
        verdict, reason, sentence, what = Verdict.INCONCLUSIVE, "changed_once", _CHANGED_ONCE, changes[-1]
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"what": what, "text": steps.all("copy")[-1].reading.text[:60]},
        short="{what:if {what:list}|all survive}",
        measured=(Measured("changed", " and ".join(what) or None, n=len(changes)),),
        evidence=tuple(steps.evidence("copy", n) for n in range(1, len(changes) + 1)),
    )


def _is_copy(one: Exchange) -> bool:
    """Whether at least the word around the pieces came back, which nothing on the way spoils."""
    word = re.search(r"this text: (\w+)", one.recording.request.body.decode("utf-8", "replace"))
    return word is None or word[1] in one.reading.text.lower()


def _changes(one: Exchange) -> list[str]:
    """What of the pieces did not come back, in words; empty where all did."""
    text = one.reading.text
    if any(_misread(piece) in text for _, piece in _PIECES):
        return [_MOJIBAKE]
    if "\ufffd" in text:
        return [Phrase(message("characters that became U+FFFD (bytes that are no UTF-8)"))]
    return [Phrase(_PIECE, piece=Phrase(name), how=_how(piece, text)) for name, piece in _PIECES if piece not in text]


def _misread(piece: str) -> str:
    """The beginning of a piece as Latin-1 would read its bytes."""
    return piece.encode()[:4].decode("latin-1")


def _how(piece: str, text: str) -> str:
    if unicodedata.normalize("NFC", piece) in text or unicodedata.normalize("NFC", piece) in unicodedata.normalize("NFC", text):
        return "normalised"
    bare = re.sub(r"[\u2028\u200d]", " ", piece)
    return "replaced" if bare in re.sub(r"\s", " ", text) else "lost"


def _refused(steps: Steps, control: Steps | None, step: str, what: str) -> Judged:
    """A refusal of what any request may set: a fault only where the control takes it."""
    taken = control is not None and control.completed(step)
    error = steps[step].reading.error
    return Judged(
        verdict=Verdict.FAIL if taken else Verdict.UNSUPPORTED,
        reason="refused" if taken else "unsupported",
        sentence=_REFUSES if taken else _NO_SUCH,
        fields={
            "taken": taken,
            "what": what,
            "shared": control is not None and control.refused(step),
            "said": error.message[:200] if error is not None and not error.ours else "",
            "status": steps[step].status,
        },
        short="{status}",
        evidence=(steps.evidence(step),),
    )


CHECKS = (
    Check(
        id="max_tokens",
        group=Group.MINIMAL,
        title="Token limit",
        proves="An answer ends at the limit that the request sets, and says so.",
        loss="the token limit is not kept",
        cost=Cost(1, 40, LIMIT),
        steps={"limited": "a long count with a small token limit"},
        ask=_ask_limit,
        judge=beside(_judge_limit),
    ),
    Check(
        id="stop_sequence",
        group=Group.MINIMAL,
        title="Stop sequence",
        proves="An answer ends before the stop sequence that the request sets.",
        loss="stop sequences do nothing",
        cost=Cost(1, 40, 100),
        steps={"stop": "words to repeat, one of them the stop sequence"},
        ask=_ask_stop,
        protocols=(MESSAGES, CHAT),
        judge=beside(_judge_stop),
    ),
    Check(
        id="system_prompt",
        group=Group.MINIMAL,
        title="System prompt",
        proves="The system prompt reaches the model.",
        loss="the system prompt does not reach the model",
        cost=Cost(_NEEDED_A, 200, 240),
        steps={
            "system": "a question, with a system prompt that orders another word",
            "twin": "the same words, all from the user",
        },
        ask=_ask_system,
        across=_ask_system_more,
        judge=beside(_judge_system),
    ),
    Check(
        id="characters",
        group=Group.MINIMAL,
        title="Characters",
        proves="CJK, combining accents, joined emoji and line separators survive both ways.",
        loss="characters are changed on the way",
        cost=Cost(_NEEDED_A, 400, 400),
        steps={"copy": "a line of rare characters to repeat"},
        ask=_ask_characters,
        across=_ask_characters_more,
        judge=beside(_judge_characters),
    ),
)
