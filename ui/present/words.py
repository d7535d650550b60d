"""What stands on a card of the presentation, in everyday words."""

from __future__ import annotations

import msgspec

from app.exchange.timing import TOLD_SILENCE_MS
from app.run.differences import about_the_same
from app.run.plain_facts import RUNNING, UNCOUNTED, PlainFacts, Story
from app.run.plain_sentence import spoken
from app.text import numbers

_ON_THE_WAY = {
    Story.WAITING: ("waiting…", "waiting for the first word"),
    Story.THINKING: ("thinking…", "thinking, no word yet"),
    Story.LOOKING_UP: ("looking something up…", "no word yet"),
    Story.WRITING: ("writing…", ""),
}
_GONE_WRONG = {
    Story.WORDLESS: ("✕ not a word", "and not a word"),
    Story.ASKED_BACK: ("✕ no answer", "and no answer"),
    Story.CUT_WORDLESS: ("✕ cut off", "and not a word"),
    Story.WITHHELD: ("✕ held back", "and held back"),
    Story.DECLINED: ("✕ declined", "then it declined"),
    Story.BROKE_OFF: ("✕ broke off", "then it broke off"),
    Story.SILENT: ("✕ silent", "and not a word"),
    Story.UNREACHED: ("✕ not reached", "and not reached"),
    Story.REFUSED: ("✕ refused", "then it refused"),
    Story.NO_ANSWER: ("✕ no answer", "and no answer"),
    Story.STOPPED: ("■ stopped", "then stopped by hand"),
    Story.INTERRUPTED: ("◆ breaks off", "then the recording breaks off"),
}
_NUMBERS = dict(enumerate(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2))


class CardWords(msgspec.Struct, frozen=True):
    """The state at the top right with its colour, the stopwatch and what it counts to, and what stands below the lane."""

    state: str
    role: str
    watch: str
    until: str
    manner: str
    last: str


def card_words(one: PlainFacts, other: PlainFacts | None, elapsed_ms: float | None, silent_s: float | None = None) -> CardWords:
    """What a side's card says. `elapsed_ms` since its start, None before that; the watch stops at the first word.

    `silent_s`: for how long nothing came, None where it is not waited for.
    """
    state, role = _state(one, other)
    shown_ms = one.first_ms if one.first_ms is not None else elapsed_ms or 0.0 if one.story in RUNNING else one.last_ms
    if one.first_ms is not None:
        until = "until the first word"
    elif one.story in RUNNING:
        until = _ON_THE_WAY[one.story][1]
    else:
        until = _GONE_WRONG.get(one.story, ("", ""))[1]
    last = ""
    if one.story not in RUNNING and one.first_ms is not None and one.last_ms is not None:
        last = f"{_time(one.last_ms, 1)} until {'it broke off' if one.story is Story.BROKE_OFF else 'the last'}"
    return CardWords(state, role, "–" if shown_ms is None else _time(shown_ms, 2), until, _manner(one, silent_s), last)


def _state(one: PlainFacts, other: PlainFacts | None) -> tuple[str, str]:
    if one.story in _GONE_WRONG:
        state = _GONE_WRONG[one.story][0]
        return state, "bad" if state.startswith("✕") else "muted"
    if one.first_ms is None:
        return _ON_THE_WAY.get(one.story, ("", ""))[0], "muted"
    if other is None:
        return "", "muted"
    if other.first_ms is None:
        return ("✓ spoke first", "ok") if other.story in RUNNING or other.story in _GONE_WRONG else ("", "muted")
    if about_the_same(one.first_ms, other.first_ms):
        return "at the same time", "muted"
    if one.first_ms < other.first_ms:
        return "✓ spoke first", "ok"
    number, unit = spoken(one.first_ms - other.first_ms)
    return f"{number} {unit} later", "warn"


def _manner(one: PlainFacts, silent_s: float | None) -> str:
    if one.story in RUNNING:
        if one.story is Story.WRITING and silent_s is not None and silent_s * 1e3 >= TOLD_SILENCE_MS:
            return f"no new word for {int(silent_s)} seconds"
        return "writing…" if one.story is Story.WRITING else ""
    if not one.text:
        return ""
    if one.gulps is None:
        return "written word by word" if one.word_by_word else "written piece by piece"
    if one.gulps == UNCOUNTED:
        return "came in gulps"
    return "came all at once" if one.gulps == 1 else f"came in {_NUMBERS.get(one.gulps, numbers.grouped(one.gulps))} gulps"


def _time(ms: float, decimals: int) -> str:
    """`0.61 s`, `12.3 s`, `125 s`: a stopwatch, never in thousandths."""
    seconds = ms / 1e3
    return f"{numbers.grouped(seconds, decimals if seconds < 9.995 else 1 if seconds < 99.95 else 0)} s"
