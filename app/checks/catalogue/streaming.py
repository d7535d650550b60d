"""Does it stream as it should: events in order, a legal end, the same counts and words as unstreamed, as they are made?

One text is copied once as a whole and once as a stream, and all of these judge the two; only the cancelled one is asked apart.
"""

from __future__ import annotations

from random import Random

from app.checks.asker import Asker
from app.checks.catalogue.filler import PROSE
from app.checks.catalogue.made_up_streams import ask_again, is_made_up, span_ms, whole_ms
from app.checks.catalogue.minimal import judge_shape, output_tokens
from app.checks.check import FREE, Check, Cost, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside, each
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.exchange.timing import BURST_APART_MS, Timing, Unmeasured
from app.protocols.ends import AnswerEnd, end_of, end_word
from app.protocols.findings import Severity
from app.recording.records import EndKind
from app.text.sentences import Phrase, message

STREAM = "stream_shape"
_WORDS = 100
_ROOM = 2048
_TRIES = 3
# A model that copies badly with probability p does so in three streams alone with p^3 (1 - p)^4: 0.8 % at most.
_NEEDED_PLAIN = 4
_TOLERANCE = 3
_CANCEL_AFTER = 3
_MANY_PIECES = 8  # of the control: below, an answer in one piece is no news

_ENDS = "{who}'s stream ends as its protocol has it."
_CUT = "{who}'s stream does not end as it should, twice: {cause:or it is cut.}"
_NO_ANSWER = "{who} gives an error in place of a streamed answer, each of {of} times: {cause}"
_NO_ANSWER_BRIEF = "streams bring an error in place of an answer"
_CUT_ONCE = "{who}'s stream was cut once and then ended as it should: {cause:or the connection broke.}"
_END_MARK = "{who}'s stream lacks its end mark, though nothing of the answer is missing: {cause}"

_USAGE_SAME = "{who} counts a streamed answer as it counts one that is not streamed."
_USAGE_NONE = "{who} does not say in a stream how many {missing:list} tokens it counted, though it does otherwise."
_USAGE_OTHER = (
    "{who} counts otherwise in a stream: {streamed_in} in and {streamed_out} out, against {plain_in} and {plain_out} for the "
    "same in one piece."
)
_NOTHING_COUNTED = "{who} counts nothing either way, so that there is nothing to hold against each other."

_SAME = "{who} gives the same text streamed as in one piece, and the same reason for its end."
_OTHER_TEXT = "{who}'s text is another one in a stream, three times: {what}."
_OTHER_END = "{who} ends a stream for another reason ({streamed:or none}) than the same answer in one piece ({plain:or none})."
_OTHER_END_BRIEF = "streams end for another reason"
_NOT_COPIED = "{who}'s model did not copy the text in one piece either, so that the two can't be held against each other."
_ONCE = "{who}'s text was another one in a stream, and not each time, which a model may do by itself."

_FLOWS = "{who} sends the pieces as they are made{gap:if : one each {gap} ms}."
_COLLECTED = (
    "{who} collects the pieces and sends them in {bursts:plural burst|bursts}{apart:if , {apart} ms apart}: whoever waits sees "
    "nothing meanwhile."
)
_COLLECTED_ONCE = "{who}'s pieces came in bursts, and not each time: a network that halts for a moment looks the same."
_QUICK = (
    "{who}'s pieces came in one burst; but those of the control came within {within} ms of each other, too quickly to tell "
    "whether anything collects them."
)
_MADE_UP = (
    "{who} sends its first piece after {first} ms, when the control's answer is nearly whole ({whole} ms), and all the rest "
    "within {span} ms, each time: consistent with an answer that is collected first and then cut into pieces."
)
_MADE_UP_BRIEF = "streams are made of whole answers"
_PASS_ON = "Ask whoever runs it to pass streams on as they come, in place of making them of an answer that is whole."
_MADE_UP_ONCE = (
    "{who} sent its first piece after {first} ms, when the control's answer was nearly whole ({whole} ms), and all the rest "
    "within {span} ms, but not each time: a request that waits in a queue looks the same."
)
_ONE_PIECE = "{who} sends the whole answer as one piece, where the control sends {theirs}: it is no stream but in form."
_UNPACED = "What came does not tell at which pace {who} sends."
_UNBUFFER = "Have buffering switched off on the way (in nginx: proxy_buffering off, and X-Accel-Buffering: no)."

_CANCELLED = (
    "{who} lets go when a client does: the connection was closed after {pieces} pieces, and the next request was answered. "
    "Whether it goes on to generate, and to bill, can't be seen from outside."
)
_TOO_SHORT = "{who}'s answer was over before it could be cancelled."
_BLOCKED = (
    "{who} refuses the request behind a cancelled one, twice, and answers otherwise: {cause:or nothing came.} A stream that is "
    "closed seems to hold its place."
)
_AFTER = "{who} does not answer the request behind a cancelled one: {cause:or nothing came.}"


def _text(random: Random) -> str:
    return " ".join(random.choice(PROSE) for _ in range(_WORDS))


def _line(nonce: str, random: Random) -> str:
    return f"{nonce} {_text(random)} {nonce}"


async def _ask_both(asker: Asker) -> None:
    line = _line(asker.nonce, asker.random())
    prompt = f"Repeat exactly this text: {line}"
    await asker.ask("plain", prompt, max_tokens=_ROOM)
    for n in range(1, _TRIES + 1):  # again where it is cut, another text or in bursts: what comes once may be chance
        one = await asker.ask("streamed", prompt, n=n, max_tokens=_ROOM, stream=True)
        good = one.outcome is Outcome.COMPLETED and line in one.reading.text and not _is_collected(one)
        if good or not 200 <= one.status < 300:
            return
    if one.outcome is not Outcome.COMPLETED or line in one.reading.text:
        return
    for n in range(2, _NEEDED_PLAIN + 1):  # three streams have it not: does the whole answer have it each time?
        if line not in (await asker.ask("plain", prompt, n=n, max_tokens=_ROOM)).reading.text:
            return


async def _ask_made_up(a: Asker, b: Asker) -> None:
    await ask_again(a, b, "streamed", _TRIES, _ROOM)


def _is_collected(one: Exchange) -> bool:
    return one.timing.bursts is not None and one.timing.bursts.collected


def _judge_shape(steps: Steps, control: Steps | None) -> Judged:
    return judge_shape(steps, control, "streamed", max(1, len(steps.all("streamed"))))


def _judge_end(steps: Steps) -> Judged:
    """A connection may break by chance: only what is cut each time counts."""
    streams = steps.all("streamed")
    if not streams or not 200 <= streams[-1].status < 300:
        return steps.hindered("streamed") or steps.trouble("streamed") or steps.not_asked()
    cut = [n for n, one in enumerate(streams, 1) if one.outcome is not Outcome.COMPLETED]
    why = steps.diagnosis("streamed", cut[-1]) if cut else None
    verdict, reason, sentence, harm = Verdict.PASS, "ends", _ENDS, None
    refused = len(cut) > 1 and all(not streams[n - 1].reading.generated and streams[n - 1].reading.error for n in cut)
    if any(streams[n - 1].stopped_by_us for n in cut):
        return steps.trouble("streamed") or steps.not_asked()
    if len(cut) == len(streams) and all(one.whole_but_for_end_mark for one in streams):
        harm = max((one.severity for one in steps.findings("streamed")), key=list(Severity)[::-1].index, default=Severity.LOSES)
        verdict, reason, sentence = Verdict.DIFFERS, "end_mark", _END_MARK
        verdict = Verdict.FAIL if harm is Severity.BREAKS else verdict
    elif len(cut) == len(streams) > 1:
        verdict, reason, sentence = (Verdict.FAIL, "error", _NO_ANSWER) if refused else (Verdict.FAIL, "cut", _CUT)
    elif cut:
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "cut_once", _CUT_ONCE
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"cause": why.cause if why else "", "fix": why.fix if why else "", "cut": len(cut), "of": len(streams)},
        brief=_NO_ANSWER_BRIEF if reason == "error" else "",
        short="{cut} of {of} refused" if reason == "error" else "{cut} of {of} cut",
        advice="{fix}" if cut else "",
        measured=(Measured("streams cut", len(cut), n=len(streams)),),
        evidence=tuple(steps.evidence("streamed", n) for n in cut) or (steps.evidence("streamed"),),
        harm=harm,
    )


def _last(steps: Steps) -> Exchange | None:
    """The last stream, where it completed."""
    streams = steps.all("streamed")
    return streams[-1] if streams and streams[-1].outcome is Outcome.COMPLETED else None


_COUNTED = {
    "plain_in": message("plain in"),
    "plain_out": message("plain out"),
    "streamed_in": message("streamed in"),
    "streamed_out": message("streamed out"),
}


def _judge_usage(steps: Steps) -> Judged:
    if (trouble := steps.trouble("plain")) is not None:
        return trouble
    plain, streamed = steps["plain"], _last(steps)
    if streamed is None:
        return steps.trouble("streamed") or steps.not_asked()
    n = len(steps.all("streamed"))
    counts = {
        "plain_in": steps.total_input("plain"),
        "plain_out": output_tokens(plain),
        "streamed_in": steps.total_input("streamed", n),
        "streamed_out": output_tokens(streamed),
    }
    missing = [
        Phrase(name)
        for name, key in ((message("input"), "in"), (message("output"), "out"))
        if counts[f"streamed_{key}"] is None and counts[f"plain_{key}"] is not None
    ]
    same_text = bool(plain.reading.text.strip()) and plain.reading.text.strip() == streamed.reading.text.strip()
    apart = _apart(counts["plain_in"], counts["streamed_in"]) or (
        same_text and not _reasons(plain, streamed) and _apart(counts["plain_out"], counts["streamed_out"])
    )
    verdict, reason, sentence = Verdict.PASS, "same", _USAGE_SAME
    if counts["plain_in"] is None and counts["plain_out"] is None and counts["streamed_out"] is None:
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "nothing_counted", _NOTHING_COUNTED
    elif missing:
        verdict, reason, sentence = Verdict.FAIL, "uncounted", _USAGE_NONE
    elif apart:
        verdict, reason, sentence = Verdict.DIFFERS, "other", _USAGE_OTHER
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        brief="streams carry no token counts" if missing else "",
        fields={**counts, "missing": missing, "counted": counts["streamed_out"] is not None},
        short="{counted:if {streamed_in} in, {streamed_out} out|no counts}",
        measured=tuple(Measured(_COUNTED[name], value, "tokens") for name, value in counts.items()),
        evidence=(steps.evidence("streamed", n), steps.evidence("plain")),
        harm=Severity.LOSES,
    )


def _apart(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and abs(one - other) > _TOLERANCE


def _reasons(*answers: Exchange) -> bool:
    """Whether tokens of reasoning are in the counts, which vary from run to run."""
    return any(
        one.reading.reasoning or one.reading.hidden_reasoning or (one.reading.usage and one.reading.usage.reasoning_tokens)
        for one in answers
    )


def _judge_same(steps: Steps, control: Steps | None) -> Judged:
    """The text is known, so that each is held against it: only where the whole answer has it and three streams do not, alike,
    was it the stream; where the control's stream has it not either, nothing is concluded."""
    if (trouble := steps.trouble("plain")) is not None:
        return trouble
    if _last(steps) is None:
        return steps.trouble("streamed") or steps.not_asked()
    line, streams, plain = _asked_line(steps), steps.all("streamed"), steps["plain"]
    streamed = streams[-1]
    plains = steps.all("plain")
    copied = all(line in each.reading.text for each in plains)
    whats = [_what(line, plain.reading.text, one.reading.text) for one in streams]
    theirs = _last(control) if control is not None else None
    also_there = theirs is not None and control is not None and _asked_line(control) not in theirs.reading.text
    ends = end_of(plain.reading), end_of(streamed.reading)
    verdict, reason, sentence = Verdict.PASS, "same", _SAME
    if not copied:
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "not_copied", _NOT_COPIED
    elif whats[-1]:
        thrice = len(streams) == _TRIES and len(set(whats)) == 1 and len(plains) >= _NEEDED_PLAIN and not also_there
        verdict, reason, sentence = (
            (Verdict.FAIL, "other_text", _OTHER_TEXT) if thrice else (Verdict.INCONCLUSIVE, "once", _ONCE)
        )
    elif ends[0] is not ends[1] and AnswerEnd.LIMIT not in ends:
        verdict, reason, sentence = Verdict.DIFFERS, "other_end", _OTHER_END
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"what": whats[-1], "plain": end_word(plain.reading), "streamed": end_word(streamed.reading)},
        short="{what:or same text}",
        measured=(
            Measured("characters in one piece", len(plain.reading.text)),
            Measured("characters streamed", len(streamed.reading.text), n=len(streams)),
        ),
        evidence=(steps.evidence("streamed", len(streams)), steps.evidence("plain")),
        harm=None if reason == "other_text" else Severity.LOSES,
        brief=_OTHER_END_BRIEF if reason == "other_end" else "",
    )


def _asked_line(steps: Steps) -> str:
    """The text that was to be copied, as it stands in the request."""
    text = _text(steps.random())
    body = steps["plain"].recording.request.body.decode("utf-8", "replace")
    nonce = body[: body.find(text)].rstrip().rsplit(" ", 1)[-1]
    return f"{nonce} {text} {nonce}"


def _what(line: str, plain: str, streamed: str) -> str:
    """How a streamed text differs, in a few words; "" where it does not."""
    if line in streamed and streamed.count(line) == plain.count(line):
        return ""
    if not streamed:
        return "it is empty"
    if line in streamed:
        return "it stands there more than once"
    if len(streamed) > 1.5 * len(line):
        return Phrase(message("pieces of it stand there more than once"))
    return Phrase(message("pieces of it are missing") if len(streamed) < len(line) else message("pieces of it are changed"))


def _in_one_burst(one: Exchange) -> bool:
    return one.timing.bursts is not None and one.timing.bursts.apart_ms is None


def _judge_pace(steps: Steps, control: Steps | None) -> Judged:
    """False alarms: an answer that was ready at once looks like one burst; the definitions of bursts see to that, and the
    control's is shown beside: where its pieces follow each other at once, a slower relay may send them together. A network or a
    machine that halts for a moment makes bursts once, and not three times in a row.
    """
    streamed = _last(steps)
    if streamed is None:
        return steps.trouble("streamed") or steps.not_asked()
    timing, pieces = streamed.timing, len(streamed.events.content_events)
    other = _last(control) if control is not None else None
    theirs = len(other.events.content_events) if other is not None else 0
    verdict, reason, sentence = Verdict.PASS, "flows", _FLOWS
    if _is_collected(streamed):
        each_time = len(steps.all("streamed")) == _TRIES and all(map(_is_collected, steps.all("streamed")))
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "collected_once", _COLLECTED_ONCE
        if _in_one_burst(streamed) and other is not None and not _is_collected(other) and span_ms(other) < BURST_APART_MS:
            reason, sentence = "quick", _QUICK
        elif each_time:
            verdict, reason, sentence = Verdict.DIFFERS, "collected", _COLLECTED
    elif pieces <= 1 and theirs >= _MANY_PIECES and other is not None and _as_long(streamed, other):
        verdict, reason, sentence = Verdict.DIFFERS, "one_piece", _ONE_PIECE
    elif other is not None and is_made_up(streamed, other):
        streams = steps.all("streamed")
        each_time = len(streams) == _TRIES and all(is_made_up(one, other) for one in streams)
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "made_up_once", _MADE_UP_ONCE
        if each_time:
            verdict, reason, sentence = Verdict.DIFFERS, "made_up", _MADE_UP
    elif timing.gaps is None:
        verdict, reason, sentence = Verdict.INCONCLUSIVE, str(timing.no_gaps or Unmeasured.NO_TIMES), _UNPACED
    bursts = timing.bursts if verdict is Verdict.DIFFERS else None
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={
            "bursts": bursts.count if bursts else 0,
            "apart": round(bursts.apart_ms) if bursts and bursts.apart_ms else None,
            "gap": f"{timing.gaps.p50_ms:.0f}" if timing.gaps and timing.gaps.p50_ms >= 1 else None,
            "within": round(span_ms(other)) if other is not None else None,
            "first": round(timing.ttft) if timing.ttft is not None else None,
            "whole": round(whole_ms(other)) if other is not None else None,
            "span": round(span_ms(streamed)),
            "theirs": theirs,
            "pieces": pieces,
        },
        short="{pieces:plural piece|pieces}{apart:if  in bursts}",
        brief=_MADE_UP_BRIEF if reason == "made_up" else "",
        advice=_PASS_ON if reason == "made_up" else _UNBUFFER if verdict is Verdict.DIFFERS else "",
        measured=(*_measured(timing, pieces), *(_measured(other.timing, theirs, control=True) if other else ())),
        evidence=(steps.evidence("streamed", len(steps.all("streamed"))),),
        harm=Severity.LOSES,
    )


def _as_long(one: Exchange, other: Exchange) -> bool:
    """Whether it says about as much: a short text in one piece is a stream all the same."""
    return 2 * len(one.reading.text) >= len(other.reading.text)


def _measured(timing: Timing, pieces: int, *, control: bool = False) -> tuple[Measured, ...]:
    gaps = timing.gaps
    return (
        Measured(Phrase(message("{control:if of the control, }pieces"), control=control), pieces),
        Measured(
            Phrase(message("{control:if of the control, }median gap"), control=control),
            round(gaps.p50_ms, 2) if gaps else None,
            "ms",
        ),
        Measured(
            Phrase(message("{control:if of the control, }longest gap"), control=control),
            round(gaps.max_ms, 2) if gaps else None,
            "ms",
        ),
        Measured(
            Phrase(message("{control:if of the control, }first token"), control=control),
            round(timing.ttft, 1) if timing.ttft is not None else None,
            "ms",
        ),
    )


async def _ask_cancel(asker: Asker) -> None:
    for n in (1, 2):  # a second time where nothing answers behind it, and then with a request before it that is answered
        tiny = f"What is the opposite of “up”? One word. (Ignore this: {asker.nonce}{n}{{}})"
        if n == 2 and not _answered(await asker.ask("before", tiny.format("a"), n=n, max_tokens=256)):
            return
        long = f"Count from 1 to 400, separated by commas. (Ignore this: {asker.nonce}{n})"
        request = asker.build(long, max_tokens=_ROOM, stream=True)
        one = await asker.send("cancelled", request, n=n, stream=True, most_output=_ROOM, cancel_after=_CANCEL_AFTER)
        if one.outcome is not Outcome.CANCELLED:
            return
        if _answered(await asker.ask("after", tiny.format("b"), n=n, max_tokens=256)):
            return


def _answered(one: Exchange | None) -> bool:
    return one is not None and 200 <= one.status < 300


def _judge_cancel(steps: Steps) -> Judged:
    """What can be seen from outside: that the connection closes, and that the endpoint goes on to answer. A limit that the next
    request meets may be met by chance, so that only the second time counts, right behind a request that was answered."""
    n = len(steps.all("cancelled"))
    one = steps.get("cancelled", n)
    end = one.recording.end if one is not None else None
    if one is None or end is None:
        return steps.not_asked()
    if end.kind is not EndKind.CANCELLED:
        if one.outcome is not Outcome.COMPLETED:
            return steps.trouble("cancelled") or steps.not_asked()
        evidence = (steps.evidence("cancelled", n),)
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="too_short", sentence=_TOO_SHORT, evidence=evidence)
    after = steps.get("after", n)
    if after is None or after.recording.end is None:
        return steps.not_asked()
    why = steps.diagnosis("after", n)
    verdict, reason = Verdict.INCONCLUSIVE, "not_after"
    if _answered(after):
        verdict, reason = Verdict.PASS, "closes"
    elif n == 2 and _answered(steps.get("before", 2)):
        verdict, reason = Verdict.FAIL, "blocked"
    pieces = len(one.events.content_events)
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=_CANCELLED if verdict is Verdict.PASS else _BLOCKED if verdict is Verdict.FAIL else _AFTER,
        fields={"pieces": pieces, "cause": why.cause if why else ""},
        short="closed after {pieces} pieces",
        measured=(Measured("pieces before the end", pieces), Measured("status after", after.status or None)),
        evidence=(steps.evidence("cancelled", n), steps.evidence("after", n)),
        harm=Severity.LOSES if verdict is Verdict.FAIL else None,
    )


CHECKS = (
    Check(
        id=STREAM,
        group=Group.STREAMING,
        title="Stream grammar",
        proves="The events of a stream come as the protocol has them, so that the client reads all of it.",
        loss="events of streams are out of shape",
        cost=Cost(_NEEDED_PLAIN + _TRIES, 1000, 1000),  # most of them where the text is another one in streams
        steps={"plain": "the whole answer at once", "streamed": "the same, streamed"},
        ask=_ask_both,
        across=_ask_made_up,
        judge=beside(_judge_shape),
    ),
    Check(
        id="stream_end",
        group=Group.STREAMING,
        title="Stream ends",
        proves="A stream ends as the protocol has it, and is not cut.",
        loss="streams are cut",
        cost=FREE,
        reads=(STREAM,),
        judge=each(_judge_end),
    ),
    Check(
        id="stream_usage",
        group=Group.STREAMING,
        title="Usage in streams",
        proves="A streamed answer is counted as one that is not streamed.",
        loss="streamed answers are counted differently",
        cost=FREE,
        reads=(STREAM,),
        judge=each(_judge_usage),
    ),
    Check(
        id="stream_same",
        group=Group.STREAMING,
        title="Streamed as in one piece",
        proves="A stream brings the same text, and ends for the same reason, as the answer in one piece.",
        loss="streams bring a different text",
        cost=FREE,
        reads=(STREAM,),
        judge=beside(_judge_same),
    ),
    Check(
        id="pace",
        group=Group.STREAMING,
        title="Pace",
        proves="Pieces are sent as they are made, and not collected on the way.",
        loss="streams are held back and come in bursts",
        cost=FREE,
        reads=(STREAM,),
        judge=beside(_judge_pace),
    ),
    Check(
        id="cancel",
        group=Group.STREAMING,
        title="Cancel",
        proves="A stream that the client closes ends at once, and the next request is answered.",
        loss="a cancelled stream blocks what comes behind it",
        cost=Cost(5, 200, 2 * _ROOM),
        steps={
            "before": "a short question before",
            "cancelled": "a stream that is closed on our side",
            "after": "a short question right after",
        },
        ask=_ask_cancel,
        judge=each(_judge_cancel),
    ),
)
