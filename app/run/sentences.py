"""The claims of a run in words: one whole sentence each, in the order in which they were found."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from app.clients.words import did
from app.exchange.outcome import Outcome
from app.protocols.ends import AnswerEnd
from app.run import claims as say
from app.run.claims import Claim, Goal, Phase, Share
from app.text.sentences import Span, fields_of, in_a_row, message, render, spans, tr

MAX_NAME = 60

_ENDED_AFTER = {
    Outcome.COMPLETED: "{side} completed after {ms:seconds}.",
    Outcome.FAILED: "{side} failed after {ms:seconds}.",
    Outcome.CANCELLED: "{side} was stopped after {ms:seconds}.",
    Outcome.INTERRUPTED: "{side} was interrupted after {ms:seconds}.",
}
_ENDED = {
    Outcome.COMPLETED: "{side} completed.",
    Outcome.FAILED: "{side} failed.",
    Outcome.CANCELLED: "{side} was stopped.",
    Outcome.INTERRUPTED: "{side} was interrupted.",
}
_NOT_COMPLETED = {
    Outcome.FAILED: "{side} failed: {cause}",
    Outcome.CANCELLED: "{side} did not complete: {cause}",
    Outcome.INTERRUPTED: "{side} was interrupted: {cause}",
}
_ONLY_ONE = {
    Outcome.FAILED: "{in_run:if In this run }{completed} completed, **{other} failed**: {cause}",
    Outcome.CANCELLED: "{in_run:if In this run }{completed} completed, **{other} did not**: {cause}",
    Outcome.INTERRUPTED: "{in_run:if In this run }{completed} completed, **{other} was interrupted**: {cause}",
}
_WHOLE_BUT_FOR_END_MARK = (
    "{in_run:if In this run }{completed} completed; **{other}'s answer is whole but for its end mark** and counts as failed."
)
_BOTH_REFUSED = "Both **refused** it with {a_status}{apart:if  (A) and {b_status} (B)}, which the check provoked."
_SAME = {
    Goal.FIRST_TOKEN: (
        "{in_run:if In this run both|Both} take **about the same time** to the first token (A "
        "{a_ms:seconds}, B {b_ms:seconds})."
    ),
    Goal.WHOLE: (
        "{in_run:if In this run both|Both} take **about the same time** to complete (A {a_ms:seconds}, B {b_ms:seconds})."
    ),
}
_LATER = {
    (Goal.FIRST_TOKEN, True): "{in_run:if In this run }B is **{by:seconds} later** to the first token.",
    (Goal.FIRST_TOKEN, False): "{in_run:if In this run }B is **{by:seconds} earlier** to the first token.",
    (Goal.WHOLE, True): "{in_run:if In this run }B is **{by:seconds} slower** to complete.",
    (Goal.WHOLE, False): "{in_run:if In this run }B is **{by:seconds} faster** to complete.",
}
_MOST_OF_IT = {
    (Phase.CONNECT, Share.ALL): "All of it is connecting.",
    (Phase.CONNECT, Share.NEARLY_ALL): "Nearly all of it is connecting.",
    (Phase.CONNECT, Share.PART): "{ms:seconds} of it is connecting.",
    (Phase.SEND, Share.ALL): "All of it is sending the request.",
    (Phase.SEND, Share.NEARLY_ALL): "Nearly all of it is sending the request.",
    (Phase.SEND, Share.PART): "{ms:seconds} of it is sending the request.",
    (Phase.WAIT, Share.ALL): "All of it is waiting for {side}'s first byte.",
    (Phase.WAIT, Share.NEARLY_ALL): "Nearly all of it is waiting for {side}'s first byte.",
    (Phase.WAIT, Share.PART): "{ms:seconds} of it is waiting for {side}'s first byte.",
    (Phase.PATH, Share.ALL): "All of it is the way to {side} and back.",
    (Phase.PATH, Share.NEARLY_ALL): "Nearly all of it is the way to {side} and back.",
    (Phase.PATH, Share.PART): "{ms:seconds} of it is the way to {side} and back.",
    (Phase.ENDPOINT, Share.ALL): "All of it is what {side}'s endpoint takes until its first byte.",
    (Phase.ENDPOINT, Share.NEARLY_ALL): "Nearly all of it is what {side}'s endpoint takes until its first byte.",
    (Phase.ENDPOINT, Share.PART): "{ms:seconds} of it is what {side}'s endpoint takes until its first byte.",
    (Phase.FIRST_BYTE_TO_TOKEN, Share.ALL): "All of it is the time between {side}'s first byte and its first token.",
    (Phase.FIRST_BYTE_TO_TOKEN, Share.NEARLY_ALL): (
        "Nearly all of it is the time between {side}'s first byte and its first token."
    ),
    (Phase.FIRST_BYTE_TO_TOKEN, Share.PART): "{ms:seconds} of it is the time between {side}'s first byte and its first token.",
    (Phase.RECEIVE, Share.ALL): "All of it is receiving {side}'s answer.",
    (Phase.RECEIVE, Share.NEARLY_ALL): "Nearly all of it is receiving {side}'s answer.",
    (Phase.RECEIVE, Share.PART): "{ms:seconds} of it is receiving {side}'s answer.",
}
_ENDED_AS = {
    AnswerEnd.BY_ITSELF: "{in_run:if In this run }{side}'s answer ended by itself ({word}).",
    AnswerEnd.STOP_SEQUENCE: "{in_run:if In this run }{side}'s answer ended at a stop sequence ({word}).",
    AnswerEnd.TOOL_CALL: "{in_run:if In this run }{side}'s answer ended with a tool call ({word}).",
    AnswerEnd.LIMIT: "{in_run:if In this run }**{side}'s answer was cut at its token limit** ({word}).",
    AnswerEnd.CONTEXT: "{in_run:if In this run }**{side}'s answer was cut where the context window was full** ({word}).",
    AnswerEnd.INCOMPLETE: "{in_run:if In this run }**{side}'s answer is incomplete** ({word}).",
    AnswerEnd.FILTER: "{in_run:if In this run }**{side}'s answer was cut or withheld by a content filter** ({word}).",
    AnswerEnd.REFUSAL: "{in_run:if In this run }**{side}'s answer is a refusal** ({word}).",
    AnswerEnd.PAUSE: "{in_run:if In this run }**{side}'s answer was paused**, to be continued ({word}).",
    AnswerEnd.OTHER: "{in_run:if In this run }{side}'s answer gives a reason of its own for its end ({word}).",
    AnswerEnd.UNSAID: "{in_run:if In this run }**{side}'s answer does not say why it ended**.",
}
_CUT_TOO = (
    "{in_run:if In this run }{side} says that its answer ended by itself ({word}), **with the very words of the one that was"
    " cut**: it seems to have been cut too."
)
_BOTH_CUT_SHORT = {
    AnswerEnd.LIMIT: "{in_run:if In this run }**{in_run:if both|Both} answers were cut at their token limit** (A {a}, B {b}).",
    AnswerEnd.CONTEXT: (
        "{in_run:if In this run }**{in_run:if both|Both} answers were cut where the context window was full** (A {a}, B {b})."
    ),
    AnswerEnd.INCOMPLETE: "{in_run:if In this run }**{in_run:if both|Both} answers are incomplete** (A {a}, B {b}).",
    AnswerEnd.FILTER: (
        "{in_run:if In this run }**{in_run:if both|Both} answers were cut or withheld by a content filter** (A {a}, B {b})."
    ),
    AnswerEnd.REFUSAL: "{in_run:if In this run }**{in_run:if both|Both} answers are refusals** (A {a}, B {b}).",
    AnswerEnd.PAUSE: "{in_run:if In this run }**{in_run:if both|Both} answers were paused**, to be continued (A {a}, B {b}).",
}
_CARRIES_MORE = "B's request carries **{by:plural more input token|more input tokens}** than A's for the same body."
_CARRIES_FEWER = "B counts **{by:plural fewer input token|fewer input tokens}** than A for the same body."
_DEED = "**{client} {did}**{others:if , and {others:plural other finding hurts|other findings hurt} it too}."
_BREAKS = (
    "**{side} breaks {client:or official clients}**: {title}{others:if , and {others:plural other finding|other findings}}."
)
_LOSES = (
    "**{side} {breaks:if also loses something|works with losses}** for {client:or official clients}: {title}"
    "{others:if , and {others:plural other finding|other findings}}."
)
_BOTH_DEED = (
    "**With both sides {client} {did}**{others:if , and {others:plural other finding hurts|other findings hurt} it too}."
)
_BOTH_BREAK = (
    "**Both sides break {client:or official clients}**: {title}{others:if , and {others:plural other finding|other findings}}."
)
_BOTH_LOSE = (
    "**Both sides {breaks:if also lose something|work with losses}** for {client:or official clients}: {title}"
    "{others:if , and {others:plural other finding|other findings}}."
)
_ADDED = {
    "shell": (
        "{side}'s answer holds **a command that loads something and runs it**, which is neither in the request nor in "
        "{other}'s answer: “{text}”."
    ),
    "invisible": (
        "{side}'s answer holds **characters that nobody sees** ({text}), which are neither in the request nor in {other}'s "
        "answer."
    ),
}
_TOOL = {1: "{name}", 2: "{name} twice"}
_TOOL_OFTEN = "{name} {count:grouped} times"


def in_words(claims: Iterable[Claim]) -> tuple[Span, ...]:
    """The sentences in a row; strong spans carry the figures. The first that can says that this holds of this run."""
    said: list[tuple[Span, ...]] = []
    in_run = True
    for claim in claims:
        said.append(one_in_words(claim, in_run=in_run))
        in_run = in_run and "in_run" not in fields_of(_template(claim)[0])
    return in_a_row(said)


def one_in_words(claim: Claim, *, in_run: bool = True) -> tuple[Span, ...]:
    """One claim's sentence; `in_run`: no sentence before it said that what is told holds of this run."""
    template, more = _template(claim)
    fields = {name: _shown(name, value) for name, value in msgspec.structs.asdict(claim).items()}
    return spans(template, {**fields, **more, "in_run": in_run})


def _shown(name: str, value: object) -> object:
    """A side by its letter; anything else as it is."""
    return value.upper() if name in _SIDES and isinstance(value, str) else value


_SIDES = ("side", "completed", "other", "reused", "new", "thinks", "speaks")


def _template(claim: Claim) -> tuple[str, dict[str, object]]:
    """The sentence of a claim, and the fields that it needs besides the claim's own."""
    match claim:
        case say.EndedAfter():
            return (_ENDED if claim.ms is None else _ENDED_AFTER)[claim.outcome], {}
        case say.Refused():
            return "{side} **refused** it with {status}, which the check provoked.", {}
        case say.BothRefused():
            return _BOTH_REFUSED, {"apart": claim.a_status != claim.b_status}
        case say.NotCompleted(whole=True):
            return "{side}'s answer is **whole but for its end mark**, and counts as failed.", {}
        case say.NotCompleted():
            return _NOT_COMPLETED[claim.outcome], {}
        case say.OnlyOneCompleted(whole=True):
            return _WHOLE_BUT_FOR_END_MARK, {}
        case say.OnlyOneCompleted():
            return _ONLY_ONE[claim.outcome], {}
        case say.AnswerEnded(cut_too=True):
            return _CUT_TOO, {"word": _short(claim.word)}
        case say.AnswerEnded():
            return _ENDED_AS[claim.end], {"word": _short(claim.word)}
        case say.BothEnded():
            return _BOTH_CUT_SHORT[claim.end], {"a": _short(claim.a), "b": _short(claim.b)}
        case say.NoToolCalled():
            return _no_tool(claim), {"side": claim.sides[0].upper()}
        case say.ToolUnasked():
            return _PLAIN[say.ToolUnasked], {"name": _short(claim.name)}
        case say.NeitherCompleted():
            return ("**Neither side completed**: {cause}" if claim.cause else "**Neither side completed.**"), {}
        case say.Empty():
            return _empty(claim)
        case say.AboutTheSame():
            return _SAME[claim.goal], {}
        case say.Later():
            return _LATER[claim.goal, claim.ms > 0], {"by": abs(claim.ms)}
        case say.MostOfIt():
            return _MOST_OF_IT[claim.phase, claim.share], {}
        case say.Called():
            return _called(claim)
        case say.Breaks() | say.Loses():
            return _found(claim)
        case say.BothBreak() | say.BothLose():
            return _found_in_both(claim)
        case say.Models():
            return _PLAIN[say.Models], {"a": _short(claim.a), "b": _short(claim.b)}
        case _:
            return _by_number(claim)


def _by_number(claim: Claim) -> tuple[str, dict[str, object]]:
    """Claims whose sentence depends on a sign or on a flag alone, and those with one sentence."""
    match claim:
        case say.Waiting():
            return ("{side} waits for its first token." if claim.streamed else "{side} waits for its answer."), {}
        case say.Took(ttft_ms=None, whole=False):
            return "{in_run:if In this run }{side}'s answer ended after **{total_ms:seconds}**.", {}
        case say.Took(whole=False):
            return _TOOK_CUT, {}
        case say.Took(ttft_ms=None):
            return "{in_run:if In this run }{side} completed in **{total_ms:seconds}**.", {}
        case say.NoFirstToken(streamed=True):
            return "{side}'s stream brought no content, so first tokens can't be compared.", {}
        case say.TookLonger():
            longer = "B took **{by:seconds} longer** to complete."
            return (longer if claim.ms > 0 else "B took **{by:seconds} less** to complete."), {"by": abs(claim.ms)}
        case say.MoreInput(same_body=True):
            return (_CARRIES_MORE if claim.tokens > 0 else _CARRIES_FEWER), {"by": abs(claim.tokens)}
        case say.Added():
            return _ADDED[claim.kind], {}
        case say.MoreInput():
            more = "B counted **{by:plural more input token|more input tokens}** for the same request."
            fewer = "B counted **{by:plural fewer input token|fewer input tokens}** for the same request."
            return (more if claim.tokens > 0 else fewer), {"by": abs(claim.tokens)}
        case say.InBursts():
            return _in_bursts(claim), {}
        case say.AtOnce():
            return (_AT_ONCE_FIRST if claim.first else _AT_ONCE), {}
        case _:
            return _PLAIN[type(claim)], {}


_PLAIN: dict[type[Claim], str] = {
    say.Running: message("Running."),
    say.FirstTokenCame: "{side}'s first token came after {ms:milliseconds}.",
    say.Silent: "{side} has been **silent for {silent_s:duration}**{limit_s:if  and is given up at {limit_s:duration}}.",
    say.BothStopped: "You stopped this run; what had come is kept.",
    say.SequenceUnasked: "**{side} stopped at a stop sequence that nobody asked for**.",
    say.LimitNotReached: (
        "**{side} names the token limit as its reason**, after {tokens:grouped} of the {limit:grouped} tokens that were"
        " allowed."
    ),
    say.ToolUnasked: "{side}'s answer reports a **{name} that nobody asked for**.",
    say.MadeAfterwards: (
        "{side}'s whole answer came **within {ms:milliseconds} of its first piece**, when {other}'s was already whole: {side}"
        " seems to wait for the whole answer and to stream it afterwards."
    ),
    say.NoTimes: "{side} completed; the capture has no times.",
    say.Took: (
        "{in_run:if In this run }{side}'s first token came after **{ttft_ms:milliseconds}** and its answer was complete"
        " after {total_ms:seconds}."
    ),
    say.NothingToCompare: "Both sides completed; there are no times to compare.",
    say.KeptAndNew: "{reused} reused a connection and {new} opened a new one, so connecting is in only one of the times.",
    say.ThoughtAndWord: "{thinks}'s first token is of its reasoning and {speaks}'s of its answer.",
    say.Lengths: "A wrote {a:plural token|tokens}, B {b:grouped}.",
    say.NoFirstToken: "{side}'s answer came in one piece, so first tokens can't be compared.",
    say.OutputUnsaid: "{side} {zero:if counted **0 tokens for what it wrote**|did **not say how many tokens it wrote**}.",
    say.CachedTwice: (
        "{side} counted its {tokens:plural cached token|cached tokens} **twice**: {more:grouped} input tokens where {other}"
        " counted {less:grouped}, so its cost comes out too high."
    ),
    say.UnexplainedRead: (
        "{side} says that it read **{tokens:plural token|tokens} from a cache** for a request of {size:plural byte|bytes},"
        " which can't hold so many: consistent with a hidden prompt in front of it, or with counts that are made up."
    ),
    say.HeardAgain: (
        "{side} gave **an answer that came before**, with the same id and the same words: it seems to be kept on the way, and"
        " its times say nothing of the model."
    ),
    say.BothInBursts: "Both sent their answers in bursts: **A in {a:grouped}, B in {b:grouped}**.",
    say.Requests: "B made {b:plural request|requests} where A made {a:grouped}.",
    say.Models: "The answers name different models: {a} and {b}.",
}


_AT_ONCE = (
    "{side}'s answer came all at once, **within {ms:milliseconds}**: it was ready by then, or something on the way collected"
    " it."
)
_AT_ONCE_FIRST = (
    "{side}'s first answer came all at once, **within {ms:milliseconds}**: it was ready by then, or something on the way"
    " collected it."
)
_TOOK_CUT = (
    "{in_run:if In this run }{side}'s first token came after **{ttft_ms:milliseconds}** and its answer ended after"
    " {total_ms:seconds}."
)


def _no_tool(claim: say.NoToolCalled) -> str:
    if len(claim.sides) > 1:
        return "{in_run:if In this run }**{in_run:if neither|Neither} side called a tool**, though one was offered."
    return "{in_run:if In this run }**{side} called no tool**, though one was offered."


def _empty(claim: say.Empty) -> tuple[str, dict[str, object]]:
    names = [side.upper() for side in claim.sides]
    if len(names) > 1:
        several = "{in_run:if In this run }**{in_run:if the|The} last answers of {names:list} are empty**."
        answers = "{in_run:if In this run }**{in_run:if the|The} answers of {names:list} are empty**."
        return (several if claim.last else answers), {"names": names}
    one = "{in_run:if In this run }**{name}'s last answer is empty**."
    return (one if claim.last else "{in_run:if In this run }**{name}'s answer is empty**."), {"name": names[0]}


def _in_bursts(claim: say.InBursts) -> str:
    if claim.count == 1:
        return "{side}'s first answer came in **one burst**." if claim.first else "{side}'s answer came in **one burst**."
    first = "{side}'s first answer came in **{count:plural burst|bursts}**."
    return first if claim.first else "{side}'s answer came in **{count:plural burst|bursts}**."


def _called(claim: say.Called) -> tuple[str, dict[str, object]]:
    fields: dict[str, object] = {"ours": _tools(claim.a), "theirs": _tools(claim.b)}
    if not claim.a:
        return "{in_run:if In this run }B called **{theirs:list}** where A called no tool.", fields
    if not claim.b:
        return "{in_run:if In this run }B called **no tool** where A called {ours:list}.", fields
    return "{in_run:if In this run }B called **{theirs:list}** where A called {ours:list}.", fields


def _tools(called: dict[str, int]) -> list[str]:
    return [
        render(_TOOL.get(count, _TOOL_OFTEN), {"name": name or tr("a tool without a name"), "count": count})
        for name, count in sorted(called.items())
    ]


def _found(claim: say.Breaks | say.Loses) -> tuple[str, dict[str, object]]:
    """What the client does with the answer, else what is wrong with it."""
    fields: dict[str, object] = {"others": claim.kinds - 1 or None}
    if claim.deed:
        return _DEED, {**fields, "did": did(claim.deed, claim.side.upper())}
    if isinstance(claim, say.Breaks):
        return _BREAKS, fields
    return _LOSES, {**fields, "breaks": claim.breaks or not claim.seen}


def _found_in_both(claim: say.BothBreak | say.BothLose) -> tuple[str, dict[str, object]]:
    fields: dict[str, object] = {"others": claim.kinds - 1 or None}
    if claim.deed:
        return _BOTH_DEED, {**fields, "did": did(claim.deed)}
    if isinstance(claim, say.BothBreak):
        return _BOTH_BREAK, fields
    return _BOTH_LOSE, {**fields, "breaks": claim.breaks or not claim.seen}


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…"
