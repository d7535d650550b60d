"""Are pictures and documents seen: a word drawn in a PNG, a word on the page of a PDF, both made when they are asked for.

Needed for a verdict: two answers in a row without the word. That it was dropped on the way is told from the input tokens: the
same question without the attachment counts as many (a picture or a page costs dozens). Where it counts and the word
is not read, the model may just see badly: that is a fail only where the control reads the same file. Not every model sees: a
refusal is "unsupported", unless the control takes the same file. Known false alarms: reasoning takes the tokens (inconclusive),
counts that are missing (then the control decides).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import msgspec

from app.checks.asker import Asker
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged, Judgement, Measured, against_control
from app.checks.seen import Seen, Steps
from app.checks.tries import GOOD, Look, ask_until, judge_tries
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import Attachment, UserTurn
from app.text.bitmap_font import draw_word
from app.text.pdf_page import one_page
from app.text.sentences import Phrase, message, unsaid

_ROOM = 1024
_TRIES = 2
_LEAST_TOKENS = 20  # that an attachment adds; the smallest picture of a vendor counts 60 and more
_LETTERS = "ACDEFHJKLMNPRTUVWXY"  # none that is taken for another
_SHOW, _WITHOUT = "show", "without"


class Kind(msgspec.Struct, frozen=True):
    """A kind of attachment: what it is called, what is asked of it, and how it is made of a word."""

    name: str
    question: str
    make: Callable[[str], Attachment]


PICTURE = Kind(
    message("picture"),
    unsaid("Which word is drawn in the picture? Answer with the word alone, in capitals."),
    lambda word: Attachment("image/png", draw_word(word, 12), "word.png"),
)
DOCUMENT = Kind(
    message("document"),
    unsaid("Which word stands in the second line of the document? Answer with the word alone, in capitals."),
    lambda word: Attachment("application/pdf", one_page((unsaid("The word of this page is:"), word)), "page.pdf"),
)


def _word(random: Random) -> str:
    """Six letters that nobody guesses: one of 47 000 000."""
    return "".join(random.sample(_LETTERS, 6))


def _look_at(word: str, one: Exchange) -> Look:
    letters = "".join(char for char in one.reading.text.upper() if char.isalpha())
    return GOOD if word in letters else Look("not_read", {"text": one.reading.text[:80], "word": word})


async def _ask(asker: Asker, kind: Kind) -> None:
    word = _word(asker.random())
    shown = UserTurn(kind.question, (kind.make(word),))
    one = await ask_until(asker, _SHOW, partial(_look_at, word), (shown,), most=_TRIES, max_tokens=_ROOM)
    if one.outcome is Outcome.COMPLETED and _look_at(word, one).problem:
        await asker.ask(_WITHOUT, (UserTurn(kind.question),), max_tokens=_ROOM)


_READ = "{who} reads the word in the {kind}, which nobody could know."
_DROPPED = (
    "{who} takes the {kind} and drops it: the request counts {tokens:plural input token|input tokens} more with it than "
    "without, and the word in it is not read, {n} times."
)
_NOT_READ = "{who} takes the {kind} and does not read its word, {n} times ({text:quoted an empty text}); the control does."
_SEES_BADLY = (
    "{who} takes the {kind} and does not read the word in it, {n} times ({text:quoted an empty text}). The model may just not "
    "see well: without a control that reads the same file, nothing more can be said."
)
_REFUSED = "{who} refuses the {kind}: {cause:or it does not say why.}"
_REFUSED_ALONE = "{who} refuses the {kind}, which the control takes and reads: {cause:or it does not say why.}"


def _judge(seen: Seen, kind: Kind) -> Judgement:
    a = _judge_side(seen.a, kind, None) if seen.a is not None else None
    return Judgement(against_control(_judge_side(seen.b, kind, a), a), a)


def _judge_side(steps: Steps, kind: Kind, control: Judged | None) -> Judged:
    """`control` is what was found of the control, None where there is none (or it is this one)."""
    word = _word(steps.random())
    reads = control is not None and control.verdict is Verdict.PASS
    judged = judge_tries(
        steps,
        _SHOW,
        partial(_look_at, word),
        passes=Judged(verdict=Verdict.PASS, reason="read", sentence=_READ, fields={"word": word}, short="“{word}”"),
        problems={"not_read": (_NOT_READ if reads else _SEES_BADLY, "not read")},
        verdicts={"not_read": Verdict.FAIL if reads else Verdict.INCONCLUSIVE},
        unsupported=_REFUSED_ALONE if reads else _REFUSED,
        most=_TRIES,
    )
    judged = msgspec.structs.replace(judged, fields={**judged.fields, "kind": Phrase(kind.name)})
    if judged.reason == "refused" and reads:
        return msgspec.structs.replace(judged, verdict=Verdict.DIFFERS)
    added = _added(steps)
    if judged.reason != "not_read" or added is None:
        return judged
    measured = (*judged.measured, Measured("input tokens of the attachment", added, "tokens", formula="with it - without it"))
    if added >= _LEAST_TOKENS:
        return msgspec.structs.replace(judged, measured=measured)
    return msgspec.structs.replace(
        judged,
        verdict=Verdict.FAIL,
        reason="dropped",
        sentence=_DROPPED,
        fields={**judged.fields, "tokens": added},
        short="dropped",
        measured=measured,
        evidence=(*judged.evidence, steps.evidence(_WITHOUT)),
    )


def _added(steps: Steps) -> int | None:
    """How many input tokens the attachment counts; None where that is not known."""
    with_it, without = steps.total_input(_SHOW), steps.total_input(_WITHOUT)
    return with_it - without if with_it is not None and without is not None else None


def _check(check: str, kind: Kind, title: str, proves: str, loss: str, input_tokens: int) -> Check:
    return Check(
        id=check,
        group=Group.MODALITIES,
        title=title,
        proves=proves,
        loss=loss,
        cost=Cost(3, input_tokens, 200),
        steps={
            _SHOW: Phrase(message("a {kind:select picture=picture|document=document} with a word in it"), kind=kind.name),
            _WITHOUT: Phrase(
                message("the same question, without the {kind:select picture=picture|document=document}"), kind=kind.name
            ),
        },
        ask=partial(_ask, kind=kind),
        judge=partial(_judge, kind=kind),
    )


CHECKS = (
    _check(
        "picture",
        PICTURE,
        message("Picture"),
        "A picture reaches the model, and a word drawn in it is read.",
        "pictures are lost",
        1500,
    ),
    _check(
        "document",
        DOCUMENT,
        message("Document"),
        "A PDF reaches the model, and a word on its page is read.",
        "documents are lost",
        4000,
    ),
)
