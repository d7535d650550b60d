"""What stands on a card of the presentation, in everyday words."""

from __future__ import annotations

import msgspec

from app.exchange.timing import TOLD_SILENCE_MS
from app.run.differences import about_the_same
from app.run.plain_facts import RUNNING, UNCOUNTED, PlainFacts, Story
from app.run.plain_sentence import spoken
from app.text import numbers
from app.text.sentences import message, tr

_ON_THE_WAY = {
    Story.WAITING: (message("waiting…"), message("waiting for the first word")),
    Story.THINKING: (message("thinking…"), message("thinking, no word yet")),
    Story.LOOKING_UP: (message("looking something up…"), message("no word yet")),
    Story.WRITING: (message("writing…"), ""),
}
_GONE_WRONG = {
    Story.WORDLESS: (message("✕ not a word"), message("and not a word")),
    Story.ASKED_BACK: (message("✕ no answer"), message("and no answer")),
    Story.CUT_WORDLESS: (message("✕ cut off"), message("and not a word")),
    Story.WITHHELD: (message("✕ held back"), message("and held back")),
    Story.DECLINED: (message("✕ declined"), message("then it declined")),
    Story.BROKE_OFF: (message("✕ broke off"), message("then it broke off")),
    Story.SILENT: (message("✕ silent"), message("and not a word")),
    Story.UNREACHED: (message("✕ not reached"), message("and not reached")),
    Story.REFUSED: (message("✕ refused"), message("then it refused")),
    Story.NO_ANSWER: (message("✕ no answer"), message("and no answer")),
    Story.STOPPED: (message("■ stopped"), message("then stopped by hand")),
    Story.INTERRUPTED: (message("◆ breaks off"), message("then the recording breaks off")),
}
_STOPPED = (Story.STOPPED, Story.INTERRUPTED)  # by whoever watched, or the recording: nobody failed
_GULPS = message(
    "came in {n:select 2=two|3=three|4=four|5=five|6=six|7=seven|8=eight|9=nine|10=ten|11=eleven|12=twelve|{n:grouped}} gulps"
)


class CardWords(msgspec.Struct, frozen=True):
    """The state at the top right with its colour, the stopwatch and what it counts to, and what stands below the lane."""

    state: str
    role: str
    watch: str
    until: str
    manner: str
    last: str


def card_words(
    one: PlainFacts, other: PlainFacts | None, elapsed_ms: float | None, silent_s: float | None = None, *, calm: bool = False
) -> CardWords:
    """What a side's card says. `elapsed_ms` since its start, None before that; the watch stops at the first word.

    `silent_s`: for how long nothing came, None where it is not waited for. `calm`: the watch counts whole seconds.
    """
    state, role = _state(one, other)
    shown_ms = one.first_ms if one.first_ms is not None else elapsed_ms or 0.0 if one.story in RUNNING else one.last_ms
    counts = one.first_ms is None and one.story in RUNNING
    if shown_ms is None:
        watch = numbers.DASH
    else:
        watch = f"{numbers.grouped(shown_ms // 1_000)} s" if calm and counts else _time(shown_ms, 2)
    if one.first_ms is not None:
        until = tr("until the first word")
    elif one.story in RUNNING:
        until = tr(_ON_THE_WAY[one.story][1])
    else:
        until = tr(_GONE_WRONG.get(one.story, ("", ""))[1])
    last = ""
    if one.story not in RUNNING and one.first_ms is not None and one.last_ms is not None:
        last = tr(
            "{time} until {broke:if it broke off|the last}", time=_time(one.last_ms, 1), broke=one.story is Story.BROKE_OFF
        )
    return CardWords(
        state,
        role,
        watch,
        until,
        _manner(one, silent_s),
        last,
    )


def _state(one: PlainFacts, other: PlainFacts | None) -> tuple[str, str]:
    if one.story in _GONE_WRONG:
        return tr(_GONE_WRONG[one.story][0]), "muted" if one.story in _STOPPED else "bad"
    if one.first_ms is None:
        return tr(_ON_THE_WAY.get(one.story, ("", ""))[0]), "muted"
    if other is None:
        return "", "muted"
    if other.first_ms is None:
        return (tr("✓ spoke first"), "ok") if other.story in RUNNING or other.story in _GONE_WRONG else ("", "muted")
    if about_the_same(one.first_ms, other.first_ms):
        return tr("at the same time"), "muted"
    if one.first_ms < other.first_ms:
        return tr("✓ spoke first"), "ok"
    number, unit = spoken(one.first_ms - other.first_ms)
    return tr("{number} {unit:select min=min|s} later", number=number, unit=unit), "warn"


def _manner(one: PlainFacts, silent_s: float | None) -> str:
    if one.story in RUNNING:
        if one.story is Story.WRITING and silent_s is not None and silent_s * 1e3 >= TOLD_SILENCE_MS:
            return tr("no new word for {n:grouped} seconds", n=int(silent_s))
        return tr("writing…") if one.story is Story.WRITING else ""
    if not one.text:
        return ""
    if one.gulps is None:
        return tr("written word by word") if one.word_by_word else tr("written piece by piece")
    if one.gulps == UNCOUNTED:
        return tr("came in gulps")
    return tr("came all at once") if one.gulps == 1 else tr(_GULPS, n=one.gulps)


def _time(ms: float, decimals: int) -> str:
    """`0.61 s`, `12.3 s`, `125 s`: a stopwatch, never in thousandths."""
    seconds = ms / 1e3
    return f"{numbers.grouped(seconds, decimals if seconds < 9.995 else 1 if seconds < 99.95 else 0)} s"
