"""Streams beside the same answer in one piece: their end, counts, text and pace; and one that is cancelled."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from itertools import accumulate

import pytest

from app.checks.catalogue.made_up_streams import ask_again
from app.checks.catalogue.streaming import _line
from app.checks.judgement import Judged
from app.checks.registry import by_id
from app.checks.seen import Seen, Steps
from app.exchange.exchange import Exchange
from app.protocols.ids import MESSAGES
from app.recording.records import Ended, EndKind, Envelope, ProfileNote, Request, SideName, WireErrorCode
from tests.builders import JSON, MS, messages_end, messages_start, messages_text, recording
from tests.checks.catalogue.judged import say
from tests.checks.made import MODELS, said
from tests.checks.play import PROTOCOLS, Stage

_SEED = Steps("b", MESSAGES, "m", check="stream_shape")
LINE = _line("zubagifo", _SEED.random())
PROMPT = f"Repeat exactly this text: {LINE}"
Pieces = list[tuple[float, bytes]]


def streamed(
    text: str = LINE, *, tokens: int | None = 50, gap_ms: float = 20.0, end: str = "end_turn", cut: bool = False
) -> Pieces:
    """A stream of this text, a word a piece, each so many milliseconds behind the one before."""
    words = text.split(" ")
    pieces: Pieces = [(500.0, messages_start(MODELS[MESSAGES]))]
    pieces += [(510.0 + number * gap_ms, messages_text(f"{word} ")) for number, word in enumerate(words)]
    return pieces if cut else [*pieces, (520.0 + len(words) * gap_ms, messages_end(tokens, end))]


def in_one(pieces: Pieces, at: Sequence[int]) -> Pieces:
    """The same, collected into chunks that end before these pieces."""
    out, begin = [], 0
    for number, last in enumerate((*at, len(pieces))):
        out.append((1000.0 + 400.0 * number, b"".join(data for _, data in pieces[begin:last])))
        begin = last
    return out


def side(
    name: SideName, streams: Sequence[Pieces], plain: str = LINE, tokens: int = 50, end: Ended | None = None, plains: int = 4
) -> Steps:
    """What a side answered: the text in one piece, and these streams; `end` is how they ended on the wire."""
    document = json.dumps(said(MESSAGES, plain, tokens=(21, tokens))[1]).encode()
    made = [_exchange(name, "plain", n, [(500.0, document)], None) for n in range(1, plains + 1)]
    made += [_exchange(name, "streamed", n, pieces, end) for n, pieces in enumerate(streams, 1)]
    return Steps(name, MESSAGES, MODELS[MESSAGES], made, check="stream_shape")


def _exchange(name: SideName, step: str, n: int, pieces: Pieces, end: Ended | None) -> Exchange:
    flows = step == "streamed"
    one = recording(pieces, side=name, streamed=flows, end=end, **({} if flows else {"headers": JSON}))  # type: ignore[arg-type]
    if flows:
        one.body.frame_ends.extend(accumulate(len(data) for _, data in pieces))
    note = ProfileNote(name, "http://x", MESSAGES)
    one.envelope = Envelope(MESSAGES, note, "checks", MODELS[MESSAGES], name, n, flows, "", "", "stream_shape", step)
    body = {"messages": [{"role": "user", "content": PROMPT}]}
    one.request = Request("POST", "http://x/v1/messages", (), json.dumps(body).encode())
    return Exchange(one).finish()


def judge(check: str, b: Steps, a: Steps | None = None) -> Judged:
    one = by_id()[check].judge(Seen(b, a)).b
    assert say(one)
    return one


def found(check: str, b: Steps, a: Steps | None = None) -> tuple[str, str]:
    one = judge(check, b, a)
    return str(one.verdict), one.reason


GOOD = streamed()
WITHOUT_END = streamed(cut=True)


def test_a_good_stream_passes_all() -> None:
    for check in ("stream_shape", "stream_end", "stream_usage", "stream_same", "pace"):
        assert found(check, side("b", [GOOD]), side("a", [GOOD]))[0] == "pass", check


def test_ends() -> None:
    reset = Ended(EndKind.ERROR, 900 * MS, WireErrorCode.CUT, "cut", "receive")
    assert found("stream_end", side("b", [WITHOUT_END, GOOD])) == ("inconclusive", "cut_once")
    assert found("stream_end", side("b", [WITHOUT_END])) == ("inconclusive", "cut_once")
    assert found("stream_end", side("b", [WITHOUT_END, WITHOUT_END, WITHOUT_END], end=reset)) == ("fail", "cut")
    without_mark = [(at, data.partition(b"event: message_stop")[0]) for at, data in GOOD]
    assert found("stream_end", side("b", [without_mark])) == ("differs", "end_mark")
    error = b'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"no streams"}}\n\n'
    refused = judge("stream_end", side("b", [[(1, error)]] * 3))
    assert (str(refused.verdict), refused.reason, refused.brief_words("B")) == (
        "fail", "error", "streams bring an error in place of an answer",
    )  # fmt: skip
    assert "nothing of the answer is missing" in judge("stream_end", side("b", [without_mark])).words("B")


def test_usage_in_a_stream() -> None:
    assert found("stream_usage", side("b", [GOOD])) == ("pass", "same")
    assert found("stream_usage", side("b", [streamed(tokens=53)])) == ("pass", "same")
    assert found("stream_usage", side("b", [streamed(tokens=100)])) == ("differs", "other")
    assert found("stream_usage", side("b", [streamed(tokens=None)]))[0] in ("fail", "differs")
    # Another text may have other counts.
    assert found("stream_usage", side("b", [streamed(LINE + " And more.", tokens=100)])) == ("pass", "same")


MISSING = streamed(LINE.replace(" the ", " "))
TWICE = streamed(f"{LINE} {LINE}")


@pytest.mark.parametrize(
    ("streams", "expected"),
    [
        ([GOOD], ("pass", "same")),
        ([MISSING, GOOD], ("pass", "same")),
        ([MISSING, MISSING, MISSING], ("fail", "other_text")),
        ([TWICE, TWICE, TWICE], ("fail", "other_text")),
        ([MISSING, TWICE, MISSING], ("inconclusive", "once")),
        ([MISSING], ("inconclusive", "once")),
        ([streamed(end="stop_sequence")], ("differs", "other_end")),
        ([streamed(end="max_tokens")], ("pass", "same")),  # a limit may be met by one and not by the other
    ],
)
def test_the_same_text(streams: list[Pieces], expected: tuple[str, str]) -> None:
    assert found("stream_same", side("b", streams)) == expected


def test_another_end_is_not_told_as_another_text() -> None:
    assert judge("stream_same", side("b", [streamed(end="stop_sequence")])).brief == "streams end for another reason"
    assert judge("stream_same", side("b", [MISSING, MISSING, MISSING])).brief == ""  # the check's own: another text


def test_a_model_that_does_not_copy_is_no_fault_of_the_stream() -> None:
    assert found("stream_same", side("b", [MISSING, MISSING, MISSING], plain="No.")) == ("inconclusive", "not_copied")
    assert found("stream_same", side("b", [MISSING, MISSING, MISSING], plains=3)) == ("inconclusive", "once")
    both = side("b", [MISSING, MISSING, MISSING]), side("a", [MISSING, MISSING, MISSING])
    assert found("stream_same", *both) == ("inconclusive", "once")


def test_pace() -> None:
    collected = in_one(GOOD, (40, 80))
    assert found("pace", side("b", [GOOD]), side("a", [GOOD])) == ("pass", "flows")
    assert found("pace", side("b", [collected] * 3), side("a", [GOOD])) == ("differs", "collected")
    assert found("pace", side("b", [collected, GOOD])) == ("pass", "flows")
    assert found("pace", side("b", [collected])) == ("inconclusive", "collected_once")
    assert found("pace", side("b", [MISSING, collected, collected])) == ("inconclusive", "collected_once")
    shared = by_id()["pace"].judge(Seen(side("b", [collected] * 3), side("a", [collected] * 3))).b
    assert shared.shared
    quick = streamed(gap_ms=0.5)
    at_once = in_one(GOOD, ())
    assert found("pace", side("b", [at_once] * 3), side("a", [quick])) == ("inconclusive", "quick")
    assert found("pace", side("b", [at_once] * 3), side("a", [GOOD])) == ("differs", "collected")
    assert found("pace", side("b", [at_once] * 3)) == ("differs", "collected")
    assert found("pace", side("b", [collected] * 3), side("a", [quick])) == ("differs", "collected")
    whole = [(500.0, messages_start(MODELS[MESSAGES])), (900.0, messages_text(LINE)), (901.0, messages_end())]
    assert found("pace", side("b", [whole]), side("a", [GOOD])) == ("differs", "one_piece")
    assert found("pace", side("b", [whole]))[0] == "inconclusive"
    assert "one each 20 ms" in judge("pace", side("b", [GOOD])).words("B")


def late(gap_ms: float, by_ms: float) -> Pieces:
    """A stream whose pieces all come so much later."""
    return [(at + by_ms, data) for at, data in streamed(gap_ms=gap_ms)]


def test_a_stream_that_is_made_of_a_whole_answer() -> None:
    lasts = GOOD[-1][0] - GOOD[0][0]
    made_up = late(4, lasts)
    assert found("pace", side("b", [made_up] * 3), side("a", [GOOD])) == ("differs", "made_up")
    assert found("pace", side("b", [made_up]), side("a", [GOOD])) == ("inconclusive", "made_up_once")
    assert found("pace", side("b", [GOOD, made_up, made_up]), side("a", [GOOD])) == ("inconclusive", "made_up_once")
    assert found("pace", side("b", [made_up] * 3)) == ("pass", "flows")  # alone: a model that waits and writes fast
    assert found("pace", side("b", [late(4, 100)] * 3), side("a", [GOOD])) == ("pass", "flows")  # only faster
    assert found("pace", side("b", [late(20, lasts)] * 3), side("a", [GOOD])) == ("pass", "flows")  # only later
    quick = streamed(gap_ms=4)  # too quick to tell
    assert found("pace", side("b", [late(1.9, 400)] * 3), side("a", [quick])) == ("pass", "flows")


def test_a_stream_that_looks_made_up_is_asked_for_three_times() -> None:
    made_up, sent = late(4, GOOD[-1][0] - GOOD[0][0]), []

    class Answers:
        def __init__(self, *streams: Exchange) -> None:
            self.answers = {("streamed", n): one for n, one in enumerate(streams, 1)}

        async def send(self, step: str, _request: Request, *, n: int, **_how: object) -> None:
            sent.append(n)
            self.answers[step, n] = side("b", [made_up] * n).all("streamed")[n - 1]

    def stream(pieces: Pieces) -> Exchange:
        return side("a", [pieces]).all("streamed")[0]

    for first, times in ((made_up, [2, 3]), (GOOD, [])):
        sent.clear()
        asyncio.run(ask_again(Answers(stream(GOOD)), Answers(stream(first)), "streamed", 3, 100))  # type: ignore[arg-type]
        assert sent == times


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_stream_is_cancelled(stage: Stage, protocol: str) -> None:
    """Of a stream that would take half a minute, and a request behind it is answered."""
    one = stage.played("cancel", protocol, "delay_each_ms=40", a=None).b
    assert (one.verdict, one.reason) == ("pass", "closes")
    assert stage.last is not None
    cancelled, after = stage.last.session.book.exchanges
    assert cancelled.recording.end is not None
    assert cancelled.recording.end.kind is EndKind.CANCELLED
    assert 3 <= len(cancelled.events.content_events) < 100
    assert after.status == 200


def test_a_stream_that_holds_its_place(stage: Stage) -> None:
    one = stage.played("cancel", MESSAGES, "cancel_blocks delay_each_ms=20", a=None).b
    assert (one.verdict, one.reason) == ("fail", "blocked")
    assert stage.last is not None
    assert [each.status for each in stage.last.session.book.exchanges] == [200, 503, 503, 200, 200, 503, 503]
