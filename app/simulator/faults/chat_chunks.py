"""Faults in the chunks of a Chat Completions stream and in its whole answer: labels, numbers, pieces that repeat."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator

from app.simulator.faults.registry import ALL, CHAT, Stage, fault
from app.simulator.faults.shapes import calls, chat_choices, is_finish, is_usage_chunk, text_parts, tool_fragments, usages
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event, Frame, compact
from app.simulator.shared.validation import JsonObject

_ORDER, _TOOLS, _USAGE, _FRAMING, _BEHAVIOUR = "order", "tools", "usage", "framing", "behaviour"
_LATIN_1 = "Très bien, "


@fault(Stage.EVENTS, _ORDER, (CHAT,))
def choice_no_index(events: list[Event], context: RequestContext) -> list[Event]:
    """Choices have no `index`."""
    for choice in _choices(events):
        choice.pop("index")
    return events


@fault(Stage.EVENTS, _ORDER, (CHAT,))
def choice_null(events: list[Event], context: RequestContext) -> list[Event]:
    """The chunk behind the first has null in place of a choice."""
    events[1].object["choices"] = [None]
    return events


@fault(Stage.EVENTS, _ORDER, (CHAT,))
def object_wrong(events: list[Event], context: RequestContext) -> list[Event]:
    """Every chunk calls itself `text_completion`."""
    for event in events:
        if event.object:
            event.object["object"] = "text_completion"
    return events


@fault(Stage.WHOLE, _ORDER, (CHAT,))
def id_empty(document: JsonObject, context: RequestContext) -> None:
    """The answer's id is empty."""
    document["id"] = ""


@fault(Stage.EVENTS, _ORDER, (CHAT,))
def role_of_gemini(events: list[Event], context: RequestContext) -> list[Event]:
    """The role is `model`."""
    for choice in _choices(events):
        if "role" in choice["delta"]:
            choice["delta"]["role"] = "model"
    return events


@fault(Stage.WHOLE, _ORDER, (CHAT,))
def role_missing(document: JsonObject, context: RequestContext) -> None:
    """The message of a whole answer has no role."""
    for choice in document["choices"]:
        choice["message"].pop("role")


@fault(Stage.WHOLE, _ORDER, (CHAT,))
def created_ms(document: JsonObject, context: RequestContext) -> None:
    """`created` is in milliseconds."""
    document["created"] *= 1000


@fault(Stage.EVENTS, _ORDER, (CHAT,))
def message_beside_delta(events: list[Event], context: RequestContext) -> list[Event]:
    """Chunks with text hold the whole message so far, beside their delta."""
    said = ""
    for choice in _choices(events):
        said += choice["delta"].get("content") or ""
        choice["message"] = {"role": "assistant", "content": said}
    return events


@fault(Stage.EVENTS, _ORDER, (CHAT,))
def lists_in_chunks(events: list[Event], context: RequestContext) -> list[Event]:
    """Annotations come in two chunks, their entries without an index."""
    note = {"type": "url_citation", "url_citation": {"url": "https://example.com", "title": "A page"}}
    for choice in list(_choices(events))[1:3]:
        choice["delta"]["annotations"] = [note]
    return events


@fault(Stage.EVENTS, _TOOLS, (CHAT,))
def index_from_one(events: list[Event], context: RequestContext) -> list[Event]:
    """Tool calls are numbered from 1."""
    for _, fragment in tool_fragments(events):
        fragment["index"] += 1
    return events


@fault(Stage.EVENTS, _TOOLS, (CHAT,))
def name_in_pieces(events: list[Event], context: RequestContext) -> list[Event]:
    """The second fragment of a call brings the second half of its name."""
    for first, second in itertools.pairwise(fragment for _, fragment in tool_fragments(events)):
        if name := first["function"].get("name") if "id" in first else None:
            half = len(name) // 2
            first["function"]["name"], second["function"]["name"] = name[:half], name[half:]
    return events


@fault(Stage.EVENTS, _TOOLS, (CHAT,))
def no_type(events: list[Event], context: RequestContext) -> list[Event]:
    """Tool calls have no `type`."""
    for _, fragment in tool_fragments(events):
        fragment.pop("type", None)
    return events


@fault(Stage.EVENTS, _TOOLS, (CHAT,))
def type_emptied(events: list[Event], context: RequestContext) -> list[Event]:
    """Fragments behind the first have an empty `type`."""
    for _, fragment in tool_fragments(events):
        fragment.setdefault("type", "")
    return events


@fault(Stage.EVENTS, _TOOLS, (CHAT,))
def hollow_fragment(events: list[Event], context: RequestContext) -> list[Event]:
    """Behind the last fragment of a call comes one with nothing but its index."""
    last = max((number for number, event in enumerate(events) if list(tool_fragments([event]))), default=None)
    if last is not None:
        hollow = copy.deepcopy(events[last])
        hollow.tokens = 0
        for _, fragment in tool_fragments([hollow]):
            fragment.pop("function", None)
        events.insert(last + 1, hollow)
    return events


@fault(Stage.WHOLE, _TOOLS, (CHAT,))
def empty_args(document: JsonObject, context: RequestContext) -> None:
    """Arguments are an empty text."""
    for holder, key, _ in calls(document):
        holder[key] = ""


@fault(Stage.WHOLE, _TOOLS, (CHAT,))
def list_args(document: JsonObject, context: RequestContext) -> None:
    """Arguments are a JSON list."""
    for holder, key, _ in calls(document):
        holder[key] = f"[{holder[key]}]"


@fault(Stage.EVENTS, _TOOLS, (CHAT,))
def cumulative_args(events: list[Event], context: RequestContext) -> list[Event]:
    """Each fragment of arguments repeats what came before it."""
    said: dict[int, str] = {}
    for _, fragment in tool_fragments(events):
        said[fragment["index"]] = said.get(fragment["index"], "") + fragment["function"]["arguments"]
        fragment["function"]["arguments"] = said[fragment["index"]]
    return events


@fault(Stage.EVENTS, _TOOLS, (CHAT,))
def args_behind_empty(events: list[Event], context: RequestContext) -> list[Event]:
    """Arguments begin with `{}`, the real ones follow (converters from Messages)."""
    for _, fragment in tool_fragments(events):
        if "id" in fragment:
            fragment["function"]["arguments"] = "{}"
    return events


@fault(Stage.WHOLE, _TOOLS, (CHAT,))
def old_function_call(document: JsonObject, context: RequestContext) -> None:
    """The first call comes as `function_call`, whatever was asked."""
    for choice in document["choices"]:
        if made := choice["message"].pop("tool_calls", None):
            choice["message"]["function_call"] = made[0]["function"]


@fault(Stage.EVENTS, _USAGE, (CHAT,))
def usage_messages_names(events: list[Event], context: RequestContext) -> list[Event]:
    """Usage has Messages' names: input_tokens and output_tokens."""
    for usage in usages(events):
        counts = {"input_tokens": usage["prompt_tokens"], "output_tokens": usage["completion_tokens"]}
        usage.clear()
        usage.update(counts)
    return events


@fault(Stage.EVENTS, _USAGE, (CHAT,))
def usage_shrinks(events: list[Event], context: RequestContext) -> list[Event]:
    """The usage of the answer stands in the finish chunk; the last one counts less."""
    for finish, last in itertools.pairwise(events):
        if is_finish(finish) and is_usage_chunk(last):
            finish.object["usage"] = dict(last.object["usage"])
            last.object["usage"] |= {"completion_tokens": 1, "total_tokens": last.object["usage"]["prompt_tokens"] + 1}
    return events


@fault(Stage.EVENTS, _BEHAVIOUR, (CHAT,))
def text_as_reasoning(events: list[Event], context: RequestContext) -> list[Event]:
    """All the text comes as `reasoning_content`."""
    for choice in _texts(events):
        choice["delta"] = {"reasoning_content": choice["delta"]["content"]}
    return events


@fault(Stage.EVENTS, _BEHAVIOUR, (CHAT,))
def cumulative_chunks(events: list[Event], context: RequestContext) -> list[Event]:
    """Each chunk repeats all the text so far."""
    said = ""
    for choice in _texts(events):
        said += choice["delta"]["content"]
        choice["delta"]["content"] = said
    return events


@fault(Stage.EVENTS, _BEHAVIOUR, (CHAT,))
def doubled_chunks(events: list[Event], context: RequestContext) -> list[Event]:
    """Each chunk with text is sent twice."""
    return [copy.deepcopy(event) for event in events for _ in range(1 + bool(list(_texts([event]))))]


@fault(Stage.EVENTS, _BEHAVIOUR, (CHAT,))
def text_repeated(events: list[Event], context: RequestContext) -> list[Event]:
    """The finish chunk has the whole text once more."""
    said = "".join(choice["delta"]["content"] for choice in _texts(events))
    for event in filter(is_finish, events):
        for choice in chat_choices(event):
            choice["delta"] = {"content": said} if said else {}
    return events


@fault(Stage.WHOLE, _BEHAVIOUR)
def stop_token(document: JsonObject, context: RequestContext) -> None:
    """The text ends with the model's stop token."""
    for holder, key in text_parts(document)[-1:]:
        holder[key] = (holder[key] or "") + "<|im_end|>"


@fault(Stage.WHOLE, _BEHAVIOUR, (CHAT,))
def call_as_text(document: JsonObject, context: RequestContext) -> None:
    """Tool calls stand in the text, as a model writes them and a server without a parser leaves them."""
    for choice in document["choices"]:
        made = choice["message"].pop("tool_calls", [])
        written = [f"<tool_call>\n{compact(call['function'])}\n</tool_call>" for call in made]
        choice["message"]["content"] = "\n".join(written) or choice["message"]["content"]
        choice["finish_reason"] = "stop"


@fault(Stage.WHOLE, _BEHAVIOUR)
def mojibake(document: JsonObject, context: RequestContext) -> None:
    """The text is UTF-8 that was read as Latin-1."""
    for holder, key in text_parts(document)[:1]:
        holder[key] = _LATIN_1.encode().decode("latin-1") + (holder[key] or "").encode("ascii", "ignore").decode()


@fault(Stage.FRAMES, _FRAMING, (CHAT,))
def half_character(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """The first text begins with one half of a surrogate pair."""
    for frame in frames:
        before, mark, rest = frame.data.partition(b'"delta":{"content":"')
        if mark:
            frame.data = before + mark + b"\\ud83d" + rest
            break
    return frames


@fault(Stage.FRAMES, _FRAMING, (CHAT,))
def done_unfinished(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """The stream ends with `data: [DONE]`, without its blank line."""
    frames[-1].data = frames[-1].data.rstrip(b"\n")
    return frames


@fault(Stage.FRAMES, _FRAMING, (CHAT,))
def bare_done(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """`[DONE]` comes without `data:`."""
    frames[-1].data = frames[-1].data.replace(b"data: [DONE]", b"[DONE]")
    return frames


@fault(Stage.FRAMES, _FRAMING, ALL)
def blanks_between(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """A line of blanks between events."""
    return [*frames[:1], Frame(b"   \n\n"), *frames[1:]]


def _choices(events: list[Event]) -> Iterator[JsonObject]:
    for event in events:
        yield from chat_choices(event)


def _texts(events: list[Event]) -> Iterator[JsonObject]:
    """The choices that bring text."""
    return (choice for choice in _choices(events) if choice["delta"].get("content"))
