"""What is said on the lanes, without a widget: silences, bursts, and the gap between the two first tokens."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.text import numbers
from app.text.sentences import tr
from ui.compare.axis.bins import BURST
from ui.compare.axis.scale import LEFT, RIGHT, Scale

if TYPE_CHECKING:
    from ui.compare.axis.lane import Block, Lane, Pause

TOLD_AT_ONCE = 6  # events; a few in one chunk are every network's
_BESIDE, _LEAST_DASH = 8, 14  # pixels
Measure = Callable[[str], float]


class Text(NamedTuple):
    """Words on a lane, from `x` on; `role` names a colour of the theme."""

    x: float
    text: str
    role: str


class Dash(NamedTuple):
    """A dashed line, on which nothing came."""

    begin: float
    end: float


class Bracket(NamedTuple):
    """From A's first token to B's, in pixels, with what it says and from where on."""

    a_x: float
    b_x: float
    text: str
    text_x: float


def block_label(block: Block, room: float, measure: Measure) -> str:
    """What fits into such a width: the block's name with its length, its length, or nothing."""
    return next((one for one in _block_words(block) if measure(one) + 2 * _BESIDE <= room), "")


def wait_label(block: Block, begin: float, end: float, to: float, measure: Measure) -> Text | None:
    """The words of a wait from `begin` to `end`: in it, or beside it where they are too long for it, up to `to` (all in
    pixels); never over its edge. None where they fit nowhere: the tip says them.
    """
    rooms = ((begin, end), (end, to))
    fitting = (
        Text(left + _BESIDE, text, "text")
        for text in _block_words(block)
        for left, right in rooms
        if measure(text) + 1.5 * _BESIDE <= right - left
    )
    return next(fitting, None)


def _block_words(block: Block) -> tuple[str, str]:
    """All that a block may say, and what it says where that is too long."""
    length = numbers.seconds(block.length_ms)
    return _silence(block.length_ms) if block.silent else f"{tr(block.name)} {length}", length


def _silence(ms: float) -> str:
    return tr("{ms:seconds} of silence", ms=ms)


def label_end_ms(lane: Lane, block: Block, blocks: Iterable[Block]) -> float:
    """How far words beside a phase, one of the lane's `blocks`, may go: to what comes behind it, or to its own end as long
    as nothing has come."""
    end = block.begin_ms + block.length_ms
    at = bisect_left(lane.times_ms, end)
    if at == len(lane.times_ms):
        return end
    begins = (one.begin_ms for one in blocks if one.begin_ms > block.begin_ms)
    return max(end, min((lane.times_ms[at], *begins)))


def labels_of_lane(lane: Lane, scale: Scale, measure: Measure) -> tuple[list[Text], list[Dash]]:
    """The silences of a lane and its bursts, where there is room for them."""
    texts: list[Text] = []
    dashes: list[Dash] = []
    silences = lane.silences
    for pause in silences:
        if pause.end_ms > scale.begin_ms and pause.begin_ms < scale.end_ms:
            _say_pause(lane, pause, scale, measure, texts, dashes)
    texts += _last_burst(lane, silences, scale, measure)
    return texts, dashes


def _say_pause(
    lane: Lane, pause: Pause, scale: Scale, measure: Measure, texts: list[Text], dashes: list[Dash]
) -> None:  # fmt: skip
    left = max(scale.x_of(pause.begin_ms) + BURST + _BESIDE / 2, LEFT)
    right = min(scale.x_of(pause.end_ms) - _BESIDE / 2, LEFT + scale.pixels)
    count = lane.at_once(pause.after - 1) if pause.begin_ms >= scale.begin_ms else 0
    before = tr("{n:grouped} at once", n=count) if count >= TOLD_AT_ONCE else ""
    length, whole = numbers.seconds(pause.end_ms - pause.begin_ms), _silence(pause.end_ms - pause.begin_ms)
    for first, middle in ((before, whole), (before, length), ("", whole), ("", length)):
        begin = left + (measure(first) + _BESIDE if first else 0)
        if begin + measure(middle) + 2 * _BESIDE > right:
            continue
        at = (begin + right - measure(middle)) / 2
        texts += [Text(left, first, "text")] if first else []
        texts.append(Text(at, middle, "muted"))
        lines = (Dash(begin, at - _BESIDE), Dash(at + measure(middle) + _BESIDE, right))
        dashes += [one for one in lines if one.end - one.begin >= _LEAST_DASH]
        return
    if right - left >= _LEAST_DASH:
        dashes.append(Dash(left, right))


def _last_burst(lane: Lane, pauses: Sequence[Pause], scale: Scale, measure: Measure) -> Iterator[Text]:
    """Beside the last burst, where all that came behind the last silence is one."""
    last = len(lane.times_ms) - 1
    if not pauses or lane.broken_off or not scale.begin_ms <= lane.times_ms[last] <= scale.end_ms:
        return
    count = lane.at_once(last)
    text, x = tr("{n:grouped} at once", n=count), scale.x_of(lane.times_ms[last]) + BURST + _BESIDE / 2
    if count == last + 1 - pauses[-1].after >= TOLD_AT_ONCE and x + measure(text) <= LEFT + scale.pixels + RIGHT:
        yield Text(x, text, "text")


def bracket(a: Lane, b: Lane, scale: Scale, measure: Measure) -> Bracket | None:
    """The gap between the first tokens; None where one has none yet, or they are not of one kind (a thought, a word)."""
    if a.side is None or b.side is None:
        return None
    ours, theirs = a.side.timing, b.side.timing
    if ours.ttft is None or theirs.ttft is None or ours.begins_with_reasoning != theirs.begins_with_reasoning:
        return None
    by = numbers.shown_apart(ours.ttft, theirs.ttft)
    larger = max(ours.ttft, theirs.ttft)
    figure = numbers.grouped(by, 1 if larger < 9.95 else 0)
    text = f"{numbers.signed(figure, by) if figure.strip('0.') else figure} ms"
    ends = sorted((scale.x_of(ours.ttft), scale.x_of(theirs.ttft)))
    left, right = max(ends[0], LEFT), min(ends[1], LEFT + scale.pixels)
    if right < left:
        return None  # it is not in view
    width = measure(text)
    inside = right - left >= width + 2 * _BESIDE + 2 * _LEAST_DASH
    at = (left + right - width) / 2 if inside else right + _BESIDE
    if not inside and at + width > LEFT + scale.pixels and left - _BESIDE - width >= LEFT:  # buttons stand there
        at = left - _BESIDE - width
    return Bracket(scale.x_of(ours.ttft), scale.x_of(theirs.ttft), text, at)
