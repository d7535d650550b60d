"""Legal streams, damaged at random: reading never raises, slices give what the whole gives, and no end is made up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.diagnosis import diagnose
from app.exchange.exchange import Outcome
from app.protocols.registry import protocol
from tests.proof.asking import JSON_BODY, MODELS, C, M, R
from tests.proof.offline import ends_legally, facts, read, read_in_slices
from tests.protocols.chat import streams as chat
from tests.protocols.messages import answers as messages
from tests.protocols.responses import streams as responses

PROTOCOLS = [M, C, R]
MESSAGES = messages.frames(
    messages.start(),
    messages.opened(0, "thinking"),
    messages.thought("Hm"),
    messages.signature("c2ln"),
    messages.closed(),
    messages.PING,
    messages.opened(1),
    messages.text("é😀 ", 1),
    messages.text("two", 1),
    messages.closed(1),
    messages.tool(2),
    *messages.arguments('{"city": "Par', 'is"}', index=2),
    messages.closed(2),
    messages.stopped("tool_use"),
    messages.STOP,
)
CHAT = responses.framed(
    [
        chat.ROLE,
        chat.chunk({"content": "é😀 "}),
        chat.chunk({"content": "two"}),
        chat.call(chat.begin(0, "a", "get_weather")),
        chat.call(chat.more(0, '{"city": "Par')),
        chat.call(chat.more(0, 'is"}')),
        chat.CALLS,
        chat.COUNT,
        chat.DONE,
    ],
    names=False,
)
RESPONSES = responses.framed(
    [*responses.stream(responses.thought("Hm"), responses.message("é😀 two"), responses.call('{"city": "Paris"}'))]
)
STREAMS = {
    M: MESSAGES.replace(b"claude-x", MODELS[M].encode()),
    C: CHAT.replace(b'"model": "m"', f'"model": "{MODELS[C]}"'.encode()),
    R: RESPONSES,
}
BLOCKS = {one: [block + b"\n\n" for block in body.split(b"\n\n")[:-1]] for one, body in STREAMS.items()}
FILLER = [
    b": keep-alive\n\n",
    b"data: : keepalive\n\n",
    b"event: ping\n\n",
    b"id: 7\n\n",
    b"<html>\n",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\r\n",
]
FILLER += [b"data: [DONE]\n\n", b'data: {"error": {"message": "x"}}\n\n', b"data: null\n\n", b"\n", b"data: []\n\n"]


@st.composite
def damaged(draw: st.DrawFn, protocol_id: str) -> bytes:
    """A stream with a few of its events dropped, doubled, swapped, torn, or filler between them."""
    blocks = list(BLOCKS[protocol_id])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(blocks) - 1)))
        match draw(st.sampled_from(["drop", "double", "swap", "tear", "fill", "bend"])):
            case "drop":
                del blocks[at : at + 1]
            case "double":
                blocks[at:at] = blocks[at : at + 1]
            case "swap":
                other = draw(st.integers(0, max(0, len(blocks) - 1)))
                if blocks:
                    blocks[at], blocks[other] = blocks[other], blocks[at]
            case "tear" if blocks:
                start = draw(st.integers(0, len(blocks[at])))
                blocks[at] = blocks[at][:start] + blocks[at][start + draw(st.integers(1, 40)) :]
            case "bend" if blocks:
                blocks[at] = blocks[at].replace(draw(st.sampled_from(NEEDLES)), draw(st.sampled_from(VALUES)), 1)
            case _:
                blocks.insert(at, draw(st.sampled_from(FILLER)))
    return b"".join(blocks)


# What a relay puts in the place of what belongs there.
NEEDLES = [b'"type"', b'"text"', b'"delta"', b": 0", b'"Hm"', b"null", b'": {', b'": [', b"true", b'"id"']
VALUES = [b'"index"', b": null", b": -1", b": 1e999", b'"two"', b"{}", b"[]", b'": "', b"NaN", b""]


def pieces(body: bytes, cuts: Sequence[int]) -> list[bytes]:
    """The body cut at these places."""
    places = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    return [body[start:end] for start, end in pairwise(places)]


@pytest.mark.parametrize("protocol_id", PROTOCOLS)
def test_the_streams_are_legal(protocol_id: str) -> None:
    exchange = read(protocol_id, STREAMS[protocol_id])
    assert [one.sentence for one in exchange.findings] == []
    assert exchange.outcome is Outcome.COMPLETED
    assert (exchange.reading.text, exchange.reading.tool_calls[0].arguments) == ("é😀 two", {"city": "Paris"})


@pytest.mark.parametrize("protocol_id", PROTOCOLS)
@given(data=st.data())
@settings(deadline=None, max_examples=120)
def test_damage_never_raises_and_makes_up_no_end(protocol_id: str, data: st.DataObject) -> None:
    body = data.draw(damaged(protocol_id))
    exchange = read(protocol_id, body)
    if exchange.outcome is Outcome.COMPLETED:
        assert any(ends_legally(protocol_id, block) for block in body.replace(b"\r\n", b"\n").split(b"\n\n")[:-1])
    else:
        diagnosis = diagnose(exchange)
        assert diagnosis is not None
        assert diagnosis.cause
    for one in exchange.findings:
        assert one.sentence
        assert one.plain
        assert one.event is None or 1 <= one.event <= len(exchange.events) + 1
        assert one.offset is None or 0 <= one.offset <= len(body)
    for index in range(len(exchange.events)):
        assert len(protocol(protocol_id).preview(exchange.events.event(index))) <= 200


@pytest.mark.parametrize("protocol_id", PROTOCOLS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_slices_give_what_the_whole_gives(protocol_id: str, data: st.DataObject) -> None:
    body = data.draw(damaged(protocol_id) | st.just(STREAMS[protocol_id]))
    cuts = data.draw(st.lists(st.integers(0, len(body)), max_size=12))
    budgets = data.draw(st.tuples(st.integers(1, 300), st.integers(1, 5)))
    assert facts(read_in_slices(protocol_id, pieces(body, cuts), *budgets)) == facts(read(protocol_id, body))


@pytest.mark.parametrize("protocol_id", PROTOCOLS)
def test_one_byte_at_a_time_gives_what_the_whole_gives(protocol_id: str) -> None:
    for body in (STREAMS[protocol_id], STREAMS[protocol_id].replace(b"\n", b"\r\n")):
        single = read_in_slices(protocol_id, (body[at : at + 1] for at in range(len(body))), 1, 1)
        assert facts(single) == facts(read(protocol_id, body))


@pytest.mark.parametrize("protocol_id", PROTOCOLS)
@given(
    body=st.binary(max_size=80) | st.text(max_size=60).map(str.encode), status=st.sampled_from([200, 202, 204, 301, 400, 500])
)
@settings(deadline=None, max_examples=60)
def test_any_document_is_read_or_refused(protocol_id: str, body: bytes, status: int) -> None:
    exchange = read(protocol_id, body, head=(status, JSON_BODY[1]), streamed=False)
    assert exchange.outcome is Outcome.FAILED
    assert diagnose(exchange) is not None
    assert all(one.sentence for one in exchange.findings)
