"""What each rule of Responses says of the smallest answer that breaks it: whole sentences, each variant of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.protocols.reading import Reading
from app.protocols.responses import rules, rules_answer
from tests.protocols.catalogues import catalogues
from tests.protocols.responses.streams import USAGE, Event, framed, message, read, read_whole, response, stream, thought
from tests.protocols.responses.test_findings import CASES, RAW, WHOLE

RULES = {rule.id: rule for one in (rules, rules_answer) for rule in catalogues()[one.__name__].values()}
MESSAGES = {"type": "message_start", "message": {}}


def hello() -> list[Event]:
    return stream(message("Hello there"))


def without(event_type: str) -> list[Event]:
    return [one for one in hello() if one["type"] != event_type]


def lacking(events: list[Event], event_type: str, field: str) -> list[Event]:
    return [{k: v for k, v in one.items() if one["type"] != event_type or k != field} for one in events]


def twice(event_type: str) -> list[Event]:
    return [one for one in hello() for _ in range(1 + (one["type"] == event_type))]


def final(item: Event) -> list[Event]:
    """The final response alone has this item in another form."""
    return [*hello()[:-1], hello()[-1] | {"response": response(item)}]


DONE_WITHOUT_ID = [
    one | ({"item": message("Hello there", item_id="")} if one["type"].endswith("item.done") else {}) for one in hello()
]
# Where the smallest answers of the other tests do not show a sentence.
MORE: list[bytes] = [
    framed([*without("response.output_text.done")]),
    framed([*DONE_WITHOUT_ID]),
    b'event: x\ndata: {"delta": "a"}\n\n',
    framed([*hello()[:-1], hello()[-1] | {"response": response() | {"output": {}}}]),
    framed([*final(message() | {"content": [{"type": "output_text", "text": 5}]})]),
    framed([*lacking(stream(thought("Hm.")), "response.reasoning_summary_text.delta", "summary_index")]),
    framed([*final(message("Hello there") | {"type": None})]),
    framed([*twice("response.output_text.done")]),
    framed([MESSAGES]),
    framed([*hello()[:1], MESSAGES, *hello()[1:]]),
]
MORE_WHOLE: list[bytes] = [b'{"object":"response","out', b"{}"]
# By id, and behind it the variant.
SENTENCES = {
    "R1": "The events have no `event:` line; only the `type` inside the data says what they are.",
    "R2": "The stream ended without response.completed, .incomplete or .failed (last event: response.output_text.delta).",
    "R3": "response.content_part.added came for an item that was never added.",
    "R3a": "response.output_text.delta came for a content part that was never added.",
    "R3b": "An event's item_id is not the id of the item at its output_index (msg_x in place of msg_1).",
    "R3c": "12 of 12 events have no `sequence_number`.",
    "R3d": "output_item.done came for an item that was never added (item 0 at 0).",
    "R3e": "A `.done` event is missing before response.content_part.done.",
    "R3e item": "A `.done` event is missing before output_item.done of message msg_1.",
    "R3f": "An item was begun and output_item.done never came for it (message msg_1).",
    "R3g": "An item was begun, output_item.done never came for it, and the final response does not have it (message msg_1).",
    "R3h": "An event of an item has no item_id, or the item no id (response.output_text.delta).",
    "R3h added": "An event of an item has no item_id, or the item no id ('message' in output_item.added).",
    "R3h done": "An event of an item has no item_id, or the item no id ('message' in output_item.done).",
    "R3i": "response.reasoning_summary_text.delta came for a part of the reasoning that was never added.",
    "R3j": "Each delta of the text has a `content_index` of its own (0 to 3); they are pieces of one part, which came whole "
    "afterwards.",
    "R3k": "Each delta of the reasoning has a `content_index` of its own (0 to 4); they are pieces of one part, which came "
    "whole "
    "afterwards.",
    "R7": "The first event is response.in_progress, not response.created.",
    "R7a": "response.created was sent again.",
    "R7b": "codex.rate_limits came before response.created.",
    "R8": "response.output_item.done came after the end of the response.",
    "R8b": "response.completed came again, after the end of the response.",
    "R8a": "response.created came after the end of the response: another one begins in the same stream.",
    "R9c": "The response has no `id` (it is None).",
    "R9": "The response's id changed in the stream (None became resp_1).",
    "R9a": "An item's identity changed between two events: id None became 'msg_1'.",
    "R9b": "An item's id in the final response is not the one that was streamed (id 'msg_1' became 'msg_2').",
    "R9d": "Two items are told apart by nothing: 'message' with id 'msg_1'.",
    "R9e": "Two calls have the same id ('fc_1'); their call_ids tell them apart.",
    "R10": (
        "The fragments joined are not what the `.done` event says (response.output_text.done: after 0 characters "
        "'Hello there' became 'Bye'). The whole was taken, unless it is empty."
    ),
    "R11": (
        "output_item.done differs from the events before it (output_text 0: after 0 characters 'Hello there' became "
        "'Bye'). The finished item was taken where it has words."
    ),
    "R11 missing": (
        "output_item.done differs from the events before it (output_text 0 is missing). The finished item was taken "
        "where it has words."
    ),
    "R13": "The sequence numbers have a gap: 4 was to come, 5 came.",
    "R13c": "The sequence numbers have a gap (4 was to come, 5 came), and the final response agrees with what came.",
    "R13a": "The first sequence_number is 1, not 0.",
    "R13b": "The sequence numbers go back: 4 was to come, 3 came.",
    "R14": "An event's name is not its `type` (name x, type response.created); the type was taken.",
    "R14a": (
        "An event came under the name thread.response.created: SDKs take what is called `thread.` for an event of the "
        "Assistants API."
    ),
    "R15": "An event's data has no `type` (event name 'x').",
    "R15 unnamed": "An event's data has no `type` (and no event name).",
    "R16": "The data of an event is not a JSON object: 'oops'",
    "R16b": "The data holds -Infinity, which is no JSON value.",
    "R17": "A required field is missing or has the wrong type: `output_index` of response.output_text.delta.",
    "R17 value": "A required field is missing or has the wrong type: `output` of response.completed is an object.",
    "R17 announced": "A required field is missing or has the wrong type: `arguments` of the item that was added.",
    "R17 part": (
        "A required field is missing or has the wrong type: `type` of the part is 'text' in response.content_part.added."
    ),
    "R17 words": "A required field is missing or has the wrong type: the words of response.content_part.added are None.",
    "R17 entry": "A required field is missing or has the wrong type: `output` holds what is no object.",
    "R17 item": "A required field is missing or has the wrong type: `type` of an item is None.",
    "R17 content": "A required field is missing or has the wrong type: a part of a message's `content` is 'Hello there'.",
    "R17 text": "A required field is missing or has the wrong type: `text` of a message's part is 5.",
    "R17b": (
        "Something that the answer was to carry is missing or has the wrong type: `summary_index` of "
        "response.reasoning_summary_text.delta."
    ),
    "R17b words": (
        "Something that the answer was to carry is missing or has the wrong type: the words of "
        "response.output_text.done are None."
    ),
    "R17b item": "Something that the answer was to carry is missing or has the wrong type: `type` of an item is None.",
    "R17a": "An event does not fit its item: response.content_part.added for an item of type function_call.",
    "R20": "A second item was added at an output_index that is taken (message msg_1 at 0). Both were kept.",
    "R20d": "Items must be added at 0, 1, 2 …: 1 came where 0 was due.",
    "R20e": (
        "An event names an item by its id, and an output_index at which nothing was added (4 of "
        "response.output_text.delta, message msg_1 is at 0). The id was taken."
    ),
    "R20f": "Parts must be added at 0, 1, 2 …: 1 came where 0 was due.",
    "R20a": "A part was added that was there already (response.content_part.added).",
    "R20b": "response.output_text.delta came after the `.done` that closes it.",
    "R20g": "response.content_part.done came behind the `.done` of what it belongs to.",
    "R20c": "response.output_text.done came twice.",
    "R20c item": "message msg_1 at 0 came twice.",
    "R21": "The whole was sent when the item or part was added, and then again in fragments (response.output_text.delta).",
    "R26": "`[DONE]` was sent; it belongs to Chat Completions.",
    "R30": "The protocol's published events have no ping; it was passed over.",
    "R30a": "The protocol's published events have no response.text.delta, and it carries words; they were passed over.",
    "R2a": "The final response has an empty `output`, although items were streamed. They were read from the stream.",
    "R2c": "The final response has no `output`, although items were streamed. They were read from the stream.",
    "R17c": "`created_at` is '1', which is not of the protocol's type.",
    "R17c absent": "`annotations` is missing where the protocol has it.",
    "R25b": "The response is completed, and yet its `error` says: boom",
    "R19c": (
        "The arguments of get_weather are empty; where there are none the protocol has the text `{}`. They were read as none."
    ),
    "R21a": ("Words of the answer came whole only, in response.output_text.done: no response.output_text.delta brought them."),
    "R2b": "`usage` lacks input_tokens_details.cached_tokens and output_tokens_details.reasoning_tokens.",
    "R5": "The error event holds its message under `error`; the protocol has it at the top level.",
    "R6": "This is not a Responses answer: a Chat Completions chunk came.",
    "R6 messages_event": "This is not a Responses answer: the Messages event message_start came.",
    "R6 chat_answer": "This is not a Responses answer: a Chat Completions answer came.",
    "R6 messages_answer": "This is not a Responses answer: a Messages answer came.",
    "R6a": "In between, a Chat Completions chunk came. It was passed over.",
    "R6a messages_event": "In between, the Messages event message_start came. It was passed over.",
    "R12": (
        "The final response is not what was streamed (output_text 0: after 0 characters 'Bye' became 'Hello there'). "
        "The final response was taken where it has words."
    ),
    "R12 missing": (
        "The final response is not what was streamed (output_text 0 is missing). The final response was taken where it "
        "has words."
    ),
    "R12 label": (
        "The final response is not what was streamed (call_id 'call_1' became None). The final response was taken "
        "where it has words."
    ),
    "R12a": "The final response lacks an item that was streamed (function_call fc_1). It was kept.",
    "R12b": "The final response has an item that was never streamed ('function_call' 'fc_1').",
    "R12b again": "The final response has an item twice ('message' 'msg_1').",
    "R18": "The call of get_weather has no call_id; its result can't say which call it answers.",
    "R18a": "Two tool calls have the same call_id (call_1).",
    "R18b": "A tool call has no name (function_call fc_1).",
    "R19": "The arguments of get_weather are not valid JSON.",
    "R19 repeated": "The arguments of get_weather came twice in a row, which is no valid JSON.",
    "R19a": "The arguments of get_weather are a JSON string that holds JSON; they were encoded twice.",
    "R19d": "The arguments of get_weather are JSON, but no object.",
    "R19b": "The arguments of fc_1 are JSON as such; the protocol wants a string that holds JSON.",
    "R22": "The answer has `output_text` and no `output` list.",
    "R22a": "The answer has no `output` list (it has id, status).",
    "R22a nothing": "The answer has no `output` list (it has no fields).",
    "R23": "`status` is None.",
    "R23 event": "`status` is 'in_progress' in response.completed.",
    "R23 denied": "`status` is completed, and `incomplete_details` says that the answer was cut: max_output_tokens.",
    "R23b": "The answer has no `status` (found: '').",
    "R23b absent": "The answer has no `status` (found: no such key).",
    "R23a": "The response is worked on in the background: its status is 'queued'.",
    "R24": "The answer is incomplete: max_output_tokens.",
    "R24 unsaid": "The answer is incomplete: no reason was given.",
    "R25a": "The response's status is `failed`: boom",
    "R25": "The endpoint reported an error inside its stream: boom",
    "R27": "The final response has no `usage`.",
    "R27a": "A token count is not a whole number from 0 up, or beyond all bounds (output_tokens: '9').",
    "R27c": (
        "`usage` has the field names of Chat Completions (prompt_tokens, completion_tokens). The counts were read all the same."
    ),
    "R27b": "total_tokens is not input_tokens + output_tokens (30 against 20 + 9).",
    "R28": "A message's `content` is not a list of parts.",
    "R28b": "A part of a message has type `text` where the protocol has `output_text`. It was read all the same.",
    "R28a": "In output_item.done, a message's `content` is not a list of parts.",
    "R29": 'The body begins as JSON, but is not: it is cut off, or more follows it (it ends \'{"object":"response","out\').',
}


def readings() -> Iterator[Reading]:
    """Each answer's reading."""
    made = [framed([*make()]) for make, *_ in CASES.values()] + [make() for make, *_ in RAW.values()]
    for body in (*made, *MORE):
        yield read(body)[0]
    for body in (*(json.dumps(value).encode() for value, _ in WHOLE.values()), *MORE_WHOLE):
        yield read_whole(body)


@pytest.mark.english
def test_each_rule_and_each_variant_says_its_sentence() -> None:
    said: dict[str, str] = {}
    for reading in readings():
        for one in reading.findings:
            if one.id in RULES:
                said.setdefault(f"{one.id} {one.variant}".strip(), one.sentence)
    assert said == SENTENCES


def test_each_sentence_of_the_catalogue_has_a_case() -> None:
    own = {row.id for row in RULES.values() if row.sentence}
    assert own | {f"{row.id} {variant}" for row in RULES.values() for variant in row.variants} == set(SENTENCES)


def test_what_is_said_beside_the_sentence_can_be_shown_too() -> None:
    for reading in readings():
        assert all(all((one.title, one.plain, one.hurts, one.remedy)) for one in reading.findings)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({"input_tokens": 0, "total_tokens": 9}, "input_tokens is 0, although something was asked."),
        (
            {"output_tokens": 0, "total_tokens": 20, "output_tokens_details": {"reasoning_tokens": 0}},
            "output_tokens is 0, although the answer has content.",
        ),
        (
            {"input_tokens": 4, "total_tokens": 13},
            "The tokens read from or written to the cache are more than input_tokens (5 of 4); they must be a part of it.",
        ),
        (
            {"output_tokens": 2, "total_tokens": 22},
            "reasoning_tokens is more than output_tokens (3 of 2); it must be a part of it.",
        ),
    ],
)
def test_the_rules_that_all_protocols_share_name_the_counts_of_this_one(counts: dict[str, Any], sentence: str) -> None:
    assert [one.sentence for one in read(framed([*stream(message("Hi"), usage=USAGE | counts)]))[0].findings] == [sentence]
