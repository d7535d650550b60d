"""What a client made of an answer, held against the truth, in a few words: the table's outcomes.

An outcome is `same`, or words separated by blanks: `FIELD:HOW` for each field that is wrong, `error:CLASS` where something was
raised or reported, `tries:N` where it asked more than once. Left out: `hung`, where the client crashed or did not end.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

from tests.clients.driving import Played
from tests.clients.inputs import Input

SAME, HUNG = "same", "hung"
MOST_STOP_CHARACTERS = 24
# Of cases the truth is Diptych's reading; these are the clients' words for its stop reasons.
STOPS = {
    "end": ("end_turn", "stop", "completed", "stop_sequence"),
    "calls": ("tool_use", "tool_calls", "tool-calls", "tool_call", "completed"),
    "limit": ("max_tokens", "length", "incomplete"),
}


def outcome(played: Played, one: Input, base: dict[str, Any] | None) -> str:
    """The outcome. `base` is what the same client made of the honest answer of this kind and way."""
    seen = played.seen
    if seen is None:
        return HUNG
    words: list[str] = []
    error = seen.get("error")
    if "text" in seen:
        words += _of_case(seen, one.read) if one.read is not None else _of_fault(seen, base or {}, one)
    if error:
        words = [f"error:{error['class']}", *([] if len(words) > 2 else words)]
    if len(played.heads) > 1:
        words.append(f"tries:{len(played.heads)}")
    return " ".join(words) or SAME


def _of_fault(seen: dict[str, Any], base: dict[str, Any], one: Input) -> list[str]:
    words = [*_text("text", seen.get("text"), base.get("text")), *_calls(seen.get("calls"), base.get("calls"), one)]
    if base.get("reasoning"):
        words += _text("reasoning", seen.get("reasoning"), base["reasoning"])
    if seen.get("stop") != base.get("stop"):
        words.append(f"stop:{_stop(seen.get('stop'))}")
    return words + [word for name in ("input", "output") for word in _count(name, seen.get(name), base.get(name))]


def _of_case(seen: dict[str, Any], read: dict[str, Any]) -> list[str]:
    words = [*_text("text", seen.get("text"), read["text"]), *_calls(seen.get("calls"), read["calls"], None)]
    kind = next((kind for kind, names in STOPS.items() if read["stop"] in names), "")
    kinds = STOPS[kind] + (STOPS["calls"] if kind == "end" and read["calls"] else ()) if kind else (read["stop"],)
    if seen.get("stop") not in kinds:
        words.append(f"stop:{_stop(seen.get('stop'))}")
    return words + [word for name in ("input", "output") for word in _count(name, seen.get(name), read[name])]


def _stop(word: Any) -> str:
    return str(word)[:MOST_STOP_CHARACTERS].replace(" ", "_") if word else "none"


def _text(name: str, seen: Any, true: Any) -> list[str]:
    text, truth = str(seen or ""), str(true or "")
    if text == truth:
        return []
    if not text:
        return [f"{name}:none"]
    if truth and text == truth * 2:
        return [f"{name}:twice"]
    if truth and len(text) < len(truth) and truth.startswith(text):
        return [f"{name}:cut"]
    return [f"{name}:more" if truth and truth in text else f"{name}:other"]


def _count(name: str, seen: Any, true: Any) -> list[str]:
    if seen == true:
        return []
    if seen is None:
        return [f"{name}:none"]
    if not isinstance(seen, int | float):
        return [f"{name}:no-number"]
    if seen == 0 or not true:
        return [f"{name}:zero" if seen == 0 else f"{name}:made-up"]
    return [f"{name}:twice" if seen == 2 * true else f"{name}:more" if seen > true else f"{name}:less"]


def _calls(seen: Any, true: Any, one: Input | None) -> list[str]:
    if seen is None or true is None:
        return []
    texts = any(isinstance(call[2], str) for call in true) or one is None
    objects = any(not isinstance(call[2], str) for call in true) or one is None
    calls, truth = (
        [_call(call, texts=texts, objects=objects) for call in seen],
        [_call(call, texts=True, objects=True) for call in true],
    )
    if calls != truth:
        return [f"calls:{_how_calls(calls, truth)}"]
    ids = [call[0] for call in seen]
    if one is not None and (len(set(ids)) < len(ids) or not all(ids) or (one.ids and not one.ids.issuperset(ids))):
        return ["ids:other"]
    return []


def _call(call: list[Any], *, texts: bool, objects: bool) -> tuple[str, Any]:
    """(name, arguments): an object where they are JSON, whether this client hands on `texts` or `objects`; what it hands on in
    another way than it usually does stays a text, or is spelled out as one."""
    _, name, arguments = call
    if not isinstance(arguments, str) and not objects:
        return str(name), repr(arguments)
    if isinstance(arguments, str) and texts:
        with contextlib.suppress(ValueError):
            arguments = json.loads(arguments) if arguments else {}
    return str(name), arguments


def _how_calls(calls: list[tuple[str, Any]], truth: list[tuple[str, Any]]) -> str:
    if not calls:
        return "none"
    if len(calls) != len(truth):
        return "fewer" if len(calls) < len(truth) else "more"
    if [name for name, _ in calls] != [name for name, _ in truth]:
        return "name"
    if not all(isinstance(arguments, dict) for _, arguments in calls):
        return "invalid"
    return "emptied" if any(arguments == {} for _, arguments in calls) else "arguments"
