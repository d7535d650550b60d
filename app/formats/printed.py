"""Answers as a program of the user's own printed or logged them: events as JSON, Python's bytes, lines of a log.

Most who look at a stream print it: `print(line)` of what iterates over its lines, `chunk.model_dump_json()` or
`JSON.stringify` of what an SDK made of it, a logger's line for each event. None of these is the endpoint's bytes. What was
surely put around them is taken off, what is missing between events is put there, and each of it is told as a note.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from app.protocols.registry import answered_in, info
from app.stream.sse import FIELD
from app.text.json_text import encode_json, value_or_none
from app.text.sentences import message, tr

_BLANK_LINE = re.compile(r"\n\r?\n")
_FIELD_LINE = re.compile(rf"{FIELD.decode()}|\r?\Z")
_SAID = re.compile(r"(?:data: ?(?:\{|\[DONE\])|event: ?\w)")
_HEAD = re.compile(r"HTTP/[0-9.]+ [0-9]{3}\b")
_PREFIX = re.compile(rf"(?P<before>(?!<)[^{{}}\r\n]{{0,200}}?)(?P<quoted>b?(?P<quote>['\"]))?(?={_SAID.pattern})")
_VARIES = re.compile(r"\d+|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b")
_PYTHON = re.compile(r"\s*(?:\[\s*(?:b?'|b\"|\{\s*')|b?'|b\"|\{\s*')")
_FIRST_VALUES = 5
_DEEPEST, _MOST_PLACES = 6, 2_000
_MIN_EVENTS = 2

_AS_JSON = message(
    "The file holds events as JSON, as a program prints them, not the bytes of the stream: what stands around them there, as "
    "blank lines{done:if , `[DONE]`} and names, was added, and fields that are null were left out, as SDKs fill them in."
)
_WHOLE_AS_VALUES = message("The answer stands in `{place}` of the file, among other values, and was taken out.")
_AS_TEXT = message("The stream stands as a text in JSON{place:if , in `{place}`}, and was taken out.")
_CUT = message("The last value in the file is cut off, and was left out.")
_IN_PYTHON = message("The lines stood as Python prints text and bytes; they were read as what was printed.")
_BEFORE_LINES = message("What stood before each line (“{before}”) was taken off.")
_INDENTED = message("The lines are indented in the file, which was undone.")
_OTHER_LINES = message("{left:plural line|lines} of a log between those of the stream were left out.")
_NO_BLANK_LINES = message(
    "No blank line stands between the events, as where a program prints lines and leaves out the empty ones: each line of data "
    "was read as an event."
)
_IF_SENT = message("If an endpoint answered just so, no SDK reads it: `curl -iN` shows what it sends.")


@dataclass(frozen=True)
class Printed:
    """An answer's text, a stream's or JSON, and sentences on what was done to get it."""

    text: bytes
    notes: tuple[str, ...]


def printed_in(data: bytes, as_sent: bool = False) -> list[Printed]:
    """The answers that a program printed into a text; [] where it is none of these forms, as where the endpoint's bytes stand
    in it as they came. `as_sent`: somebody says that an endpoint answered so; then what one might send is left as it is.
    """
    text = data.decode("utf-8", "replace")
    if not text.strip() or _HEAD.match(text):
        return []
    notes: list[str] = []
    if _FIELD_LINE.match(text.lstrip("\r\n")):  # a stream as it is: a long one is not gone through line by line
        return [] if as_sent or _BLANK_LINE.search(text.strip()) else _noted(_with_blank_lines(text.split("\n"), notes), notes)
    values = _values_of(text, notes)
    if values is not None:
        return [replace(one, notes=(*one.notes, *notes)) for one in _of_values(values, as_sent)]
    lines = _without_prefix(text.split("\n"), notes)
    return _noted(_with_blank_lines(lines, notes) if notes else lines, notes)


def _noted(lines: list[str], notes: list[str]) -> list[Printed]:
    """The answer, where something was done to its lines."""
    return [_made_of(lines, notes)] if notes else []


def _values_of(text: str, notes: list[str]) -> list[Any] | None:
    """JSON values, one behind the other; None where it is not all JSON. Of the last only the beginning may be there."""
    found: list[Any] = []
    decoder, at = json.JSONDecoder(), 0
    if text.lstrip()[0] not in '{["':
        return _python_values(text)
    while (at := _next(text, at)) < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            if len(found) < _MIN_EVENTS or text[at] not in "{[" or "\n" in text[at:].strip():
                return _python_values(text)
            notes.append(tr(_CUT))
            return found
        found.append(value)
    return found


def _next(text: str, at: int) -> int:
    """Where the next value begins: behind blanks, and the comma that some write between lines."""
    while at < len(text) and (text[at].isspace() or text[at] == ","):
        at += 1
    return at


def _python_values(text: str) -> list[Any] | None:
    """Objects as Python prints them, one a line or a list of them; None for anything else. Lines of text are no values."""
    if not _PYTHON.match(text):
        return None
    whole = _literal(text)
    if isinstance(whole, list):
        return [[_as_text(one) for one in whole]]
    found = [_literal(line) for line in text.split("\n") if line.strip()]
    return found if found and all(isinstance(one, dict) for one in found) else None


def _literal(text: str) -> Any:
    """What a literal of Python means; None where it is none."""
    with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
        return ast.literal_eval(text.strip())
    return None


def _as_text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _of_values(values: list[Any], as_sent: bool) -> list[Printed]:
    """The answers in JSON: a stream's events, one a value or in a list; or one answer in each value."""
    if len(values) == 1 and (as_sent or (isinstance(values[0], dict) and answered_in(values[0]))):
        return []
    if (stream := _stream_of(values, "")) is not None:
        return [stream]
    if (logged := _logged_lines(values)) is not None:
        return [logged]
    return [found for value in values if (found := _in_value(value)) is not None]


def _in_value(value: Any) -> Printed | None:
    """The answer nearest to the top of a document: a stream's text, its events, or a whole answer."""
    places: list[tuple[str, Any]] = [("", value)]
    for _ in range(_DEEPEST):
        for place, one in places:
            if (stream := _stream_of(one, place)) is not None:
                return stream
            if isinstance(one, dict) and (protocol := answered_in(one)) and info(protocol).is_whole(one):
                return Printed(encode_json(one), (tr(_WHOLE_AS_VALUES, place=place), tr(_IF_SENT)) if place else ())
        places = list(islice(_within(places), _MOST_PLACES))
    return None


def _within(places: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for place, one in places:
        named = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for name, held in named:
            if isinstance(held, dict | list) or (isinstance(held, str) and len(held) > len("data:")):
                yield f"{place}.{name}".lstrip("."), held


def _stream_of(value: Any, place: str) -> Printed | None:
    """A stream that a value holds: as text, as lines or pieces of text, or as its events; None for anything else."""
    if isinstance(value, str):
        return _text_of(value, place)
    if not isinstance(value, list) or not value:
        return None
    if all(isinstance(one, str) for one in value):
        joined = ("" if any("\n" in one for one in value) else "\n").join(value)
        if (held := _text_of(joined, place)) is not None:
            return held
        value = [one for one in value if one.strip() != "[DONE]"]
    events = [_event_of(one) for one in value]
    first = next(filter(None, (answered_in(data) for _, data in islice(events, _FIRST_VALUES))), "")
    if not first or any(not data or info(first).is_whole(data) for _, data in events):
        return None  # whole answers are each one of its own
    return _as_stream(first, [(name, data) for name, data in events if "snapshot" not in data])


def _as_stream(protocol: str, events: list[tuple[str, dict[str, Any]]]) -> Printed:
    """Events as the text of a stream. SDKs keep an end mark to themselves: it is there where the answer says why it ended."""
    about = info(protocol)
    out = [f"event: {name}\n".encode() if name else b"" for name, _ in events]
    text = b"".join(
        head + b"data: " + encode_json(_without_nulls(data)) + b"\n\n" for head, (_, data) in zip(out, events, strict=True)
    )
    ended = about.done_mark and any(about.says_end(data) for _, data in events)
    return Printed(text + (b"data: [DONE]\n\n" if ended else b""), (tr(_AS_JSON, done=ended), tr(_IF_SENT)))


def _without_nulls(value: Any) -> Any:
    """SDKs print each field that their types have, as null where none came: which of them came can't be told."""
    if isinstance(value, dict):
        return {name: _without_nulls(held) for name, held in value.items() if held is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


def _event_of(value: Any) -> tuple[str, dict[str, Any]]:
    """An event's name and data: data itself, or an event as a parser gives it, with `data` in it; ("", {}) for none."""
    if isinstance(value, str):
        value = value_or_none(value)
    if not isinstance(value, dict):
        return "", {}
    name = value.get("type")
    if "data" in value and not answered_in(value):
        name, value = value.get("event") or name, value["data"]
        value = value_or_none(value) if isinstance(value, str) else value
        if not isinstance(value, dict):
            return "", {}
        name = value.get("type", name)
    return (name if isinstance(name, str) and name.isprintable() else ""), value


def _text_of(text: str, place: str) -> Printed | None:
    """A text that is a stream's, with a head before it or without; None where it is none."""
    if not (_FIELD_LINE.match(text) or _HEAD.match(text)) or not _SAID.search(text):
        return None
    notes = [tr(_AS_TEXT, place=place), tr(_IF_SENT)]
    return _made_of(_with_blank_lines(text.split("\n"), notes), notes)


def _made_of(lines: list[str], notes: list[str]) -> Printed:
    return Printed("\n".join(lines).encode("utf-8", "surrogatepass"), tuple(notes))


def _logged_lines(values: list[Any]) -> Printed | None:
    """The lines of a stream that stand one in each object of a log, under the same name; None where there are none."""
    if len(values) < _MIN_EVENTS or not all(isinstance(one, dict) for one in values):
        return None
    names = [name for one in values for name, held in one.items() if isinstance(held, str) and _SAID.match(held)]
    name = max(names, key=names.count, default="")
    if names.count(name) < _MIN_EVENTS:
        return None
    lines = [one.get(name) for one in values]
    kept = [line for line in lines if isinstance(line, str) and _FIELD_LINE.match(line)]
    notes = [tr(_AS_TEXT, place=name)]  # in a log, which no endpoint sends
    return _made_of(_with_blank_lines([part for line in kept for part in line.split("\n")], notes), notes)


def _without_prefix(lines: list[str], notes: list[str]) -> list[str]:
    """Lines without what stands before each, where that is the same but for numbers, as in a log, a quotation or a list."""
    found = [(line, told) for line in lines if (told := _PREFIX.match(line)) is not None]
    shapes = {_shape(told["before"] + (told["quoted"] or "")) for _, told in found}
    if len(found) < _MIN_EVENTS or len(shapes) != 1 or shapes == {""}:
        return lines
    before, quote = found[0][1]["before"], found[0][1]["quoted"]
    begins, bare = re.compile(_any_number(before)), re.compile(_any_number(before.rstrip()) + r"\s*\Z")
    kept: list[str] = []
    left = 0
    in_head = False
    for line in lines:
        rest = _behind(line.removesuffix("\r"), begins, bare, bool(quote))
        in_head = in_head or (not kept and rest is not None and _HEAD.match(rest) is not None)
        if rest is None or not (in_head or _FIELD_LINE.match(rest)):
            left += 1
            continue
        in_head = in_head and rest != ""
        kept += rest.split("\n")
    if before.strip():
        notes.append(tr(_BEFORE_LINES, before=before.strip()[:60]))
    if quote:
        notes.append(tr(_IN_PYTHON))
    if left:
        notes.append(tr(_OTHER_LINES, left=left))
    if not notes:
        notes.append(tr(_INDENTED))
    return kept


def _behind(line: str, begins: re.Pattern[str], bare: re.Pattern[str], quoted: bool) -> str | None:
    """What a line holds behind what stands before each; None where it is another line."""
    if not line.strip() or bare.match(line):
        return ""
    if (said := begins.match(line)) is None:
        return None
    if not quoted:
        return line[said.end() :]
    value = _as_text(_literal(line[said.end() :].rstrip().rstrip(",")))
    return value if isinstance(value, str) else None


def _shape(before: str) -> str:
    return _VARIES.sub("0", before)


def _any_number(before: str) -> str:
    """A pattern of a prefix with any numbers in it."""
    parts = _VARIES.split(before)
    return r"(?:\d+|[A-Z][a-z]{2})".join(re.escape(one) for one in parts)


def _with_blank_lines(lines: list[str], notes: list[str]) -> list[str]:
    """A blank line behind each line of data where there is none at all, and each is whole JSON: of a text without a head, which
    would stand before the endpoint's own bytes."""
    said = [line for line in lines if line.startswith("data:")]
    inner = [line.removesuffix("\r") for line in "\n".join(lines).strip().split("\n")]
    if len(said) < _MIN_EVENTS or any(not line.strip() for line in inner) or _HEAD.match(lines[0]):
        return lines
    if not all(line[5:].strip() == "[DONE]" or value_or_none(line[5:]) is not None for line in said[:-1]):
        return lines
    notes += [tr(_NO_BLANK_LINES)] if tr(_IF_SENT) in notes else [tr(_NO_BLANK_LINES), tr(_IF_SENT)]
    return [part for line in inner for part in ([line, ""] if line.startswith("data:") else [line])] + [""]
