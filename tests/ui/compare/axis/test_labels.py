"""What the lanes say: silences, bursts, blocks, and the gap between the first tokens."""

from __future__ import annotations

from itertools import pairwise

from app.formats.captures import from_body
from app.recording.recording import Recording
from tests.builders import event, messages_end, messages_start, messages_text, recording, side, stream
from tests.ui.compare.axis.test_scale import scale
from ui.compare.axis.labels import block_label, bracket, label_end_ms, labels_of_lane, wait_label
from ui.compare.axis.lane import Block, Kind, Lane
from ui.compare.axis.scale import LEFT


def measure(text: str) -> float:
    return 6.0 * len(text)


def lane_of(name: str, *recordings: Recording) -> Lane:
    lane = Lane(side(name, *recordings))  # type: ignore[arg-type]  # the two names
    while lane.advance():
        pass
    return lane


def bursts(*at_ms: float) -> Lane:
    pieces = [(at_ms[0], messages_start())]
    pieces += [(ms, b"".join(messages_text(f"word {n} ") for n in range(12))) for ms in at_ms]
    return lane_of("b", recording([*pieces, (at_ms[-1], messages_end())], side="b"))


def said(lane: Lane, whole_ms: float = 2_600.0) -> list[str]:
    texts, _ = labels_of_lane(lane, scale(whole_ms), measure)
    assert all(one.x + measure(one.text) <= other.x for one, other in pairwise(texts))
    return [one.text for one in texts]


def test_bursts_and_the_silences_between_them_are_told() -> None:
    assert said(bursts(700, 1_580, 2_443)) == [
        "12 at once",
        "880 ms of silence",
        "12 at once",
        "863 ms of silence",
        "12 at once",
    ]


def test_where_there_is_little_room_the_bursts_go_first_then_the_words() -> None:
    assert said(bursts(700, 1_580, 2_443), 12_000) == ["880 ms", "863 ms", "12 at once"]
    texts, dashes = labels_of_lane(bursts(700, 1_580, 2_443), scale(26_000), measure)
    assert [one.text for one in texts] == ["12 at once"]
    assert len(dashes) == 2


def test_the_usual_pace_of_a_slow_stream_is_no_silence() -> None:
    assert not said(lane_of("a", stream(600, 300, 8)), 4_000)
    pieces = [(600.0, messages_start()), *((600.0 + 20 * n, messages_text("a ")) for n in range(20))]
    pieces += [(1_800.0 + 20 * n, messages_text("b ")) for n in range(20)]
    assert said(lane_of("a", recording([*pieces, (2_300.0, messages_end())]))) == ["820 ms of silence"]


def test_between_two_rounds_stands_a_request_and_no_silence() -> None:
    first, second = stream(612, 18, 10), stream(612, 18, 10, number=2)
    second.marks = {name: ns + 3_000_000_000 for name, ns in second.marks.items()}
    second.body.stamps = type(second.body.stamps)("q", (ns + 3_000_000_000 for ns in second.body.stamps))
    lane = lane_of("a", first, second)
    assert max(lane.times_ms) > 3_000
    assert not lane.silences


def test_a_side_without_times_is_told_from_one_that_has_not_begun() -> None:
    saved = lane_of("a", from_body(messages_start() + messages_text("Hello") + messages_end(), "anthropic-messages"))
    assert saved.timeless
    assert not Lane().timeless
    assert not lane_of("a", stream()).timeless


def test_a_block_says_what_fits() -> None:
    block = Block("endpoint", 0, 262, Kind.ENDPOINT)
    assert [block_label(block, room, measure) for room in (200, 60, 20)] == ["endpoint 262 ms", "262 ms", ""]
    assert block_label(Block("silence", 0, 30_000, Kind.SILENCE), 300, measure) == "30.00 s of silence"


def test_words_of_a_wait_stand_in_it_or_beside_it_and_never_over_its_edge() -> None:
    lane = lane_of("a", stream(612, 18))
    wait = next(one for one in lane.blocks if one.kind is Kind.ENDPOINT)
    assert wait.begin_ms + wait.length_ms < label_end_ms(lane, wait, lane.blocks) == lane.times_ms[0]
    assert label_end_ms(Lane(), wait, lane.blocks) == wait.begin_ms + wait.length_ms, (
        "nothing has come: what will come is not written over"
    )
    block = Block("endpoint", 0, 262, Kind.ENDPOINT)
    roomy = wait_label(block, 0, 10_000, 10_000, measure)
    assert roomy is not None
    whole, length = measure(roomy.text) + 12, measure("262 ms") + 12  # as wide as it is in the language that is spoken
    for end, to, text, x in (
        (whole, whole, "endpoint 262 ms", 8),
        (whole - 1, 2 * whole - 1, "endpoint 262 ms", whole + 7),
        (whole - 1, 2 * whole - 2, "262 ms", 8),
        (length - 1, 2 * length - 1, "262 ms", length + 7),
    ):
        said = wait_label(block, 0, end, to, measure)
        assert said is not None
        assert (said.text, said.x) == (text, x)
    assert wait_label(block, 0, length - 1, length + 10, measure) is None


def test_beside_a_short_gap_at_the_right_end_its_figure_stands_before_it() -> None:
    found = bracket(lane_of("a", stream(600, 18)), lane_of("b", stream(608, 18, side="b")), scale(620), measure)
    assert found is not None
    assert found.text_x + measure(found.text) < found.a_x


def test_the_gap_between_the_first_tokens_has_its_figure() -> None:
    a, b = lane_of("a", stream(353, 18)), lane_of("b", stream(775, 18, side="b"))
    found = bracket(a, b, scale(), measure)
    assert found is not None
    assert (found.text, found.a_x, found.b_x) == ("+422 ms", LEFT + 176.5, LEFT + 387.5)
    assert found.a_x < found.text_x < found.b_x
    behind = bracket(b, a, scale(), measure)
    assert behind is not None
    assert behind.text == "−422 ms"
    near = bracket(a, lane_of("b", stream(371, 18, side="b")), scale(), measure)
    assert near is not None
    assert near.text_x > near.b_x


def test_first_tokens_of_two_kinds_have_no_gap() -> None:
    thought = event("content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""})
    thought += event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "Hm"})
    pieces = [(600.0, messages_start().partition(b"event: content_block_start")[0] + thought), (700.0, messages_end())]
    thinking, plain = lane_of("a", recording(pieces)), lane_of("b", stream(775, 18, side="b"))
    assert thinking.side is not None
    assert thinking.side.timing.ttft == 600
    assert bracket(thinking, plain, scale(), measure) is None
    assert bracket(Lane(), plain, scale(), measure) is None
