"""What shows only when a Chat Completions answer is over: its reasons, calls and words held against one another."""

from __future__ import annotations

from collections.abc import Iterator

from app.protocols.chat import rules, rules_words
from app.protocols.chat.choices import CALL_REASONS, Choice
from app.protocols.chat.rules_calls import CALLS_PROMISED
from app.protocols.ends import CUT_SHORT, NO_COMPLETION, end_of
from app.protocols.findings import Finding
from app.protocols.reading import Reading

FINISH_REASONS = ("stop", "length", "tool_calls", "content_filter", "function_call")
_MAY_BE_CUT = CUT_SHORT | NO_COMPLETION  # where an answer may well be unfinished
_QUOTED_CHARACTERS = 200


def findings_of_choice(reading: Reading, choice: Choice, *, with_calls: bool, unfinished: bool) -> Iterator[Finding]:
    """Findings that need the whole choice; each is placed at the event where it shows.

    `with_calls`: what is wrong with its calls is told too. `unfinished`: a stream ended without its finish_reason.
    """
    place, reason, cut = choice.finished_at, reading.stop_reason, end_of(reading) in _MAY_BE_CUT
    unknown = next((one for one in (*choice.reasons, reason) if one and one not in FINISH_REASONS), None)
    if unknown:
        yield Finding.of(rules.FINISH_UNKNOWN, place, reason=repr(unknown)[:_QUOTED_CHARACTERS])
    if with_calls:
        yield from choice.message.calls.findings(place, cut=unfinished or cut or reading.error is not None)
    if reason in CALL_REASONS and not reading.tool_calls:
        yield Finding.of(CALLS_PROMISED, place)
    if reading.ended and reading.reasoning and not (reading.text or reading.tool_calls or cut):
        yield Finding.of(rules_words.REASONING_ONLY, place, reason=repr(reason)[:_QUOTED_CHARACTERS])
    yield from choice.message.repetitions()
