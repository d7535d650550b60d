"""Every sentence that a rule of the Messages API can say, word for word, with the smallest answer that makes it say so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocols.any.rules import INPUT_ZERO
from app.protocols.messages import rules, rules_content
from tests.protocols.messages.answers import (
    PING,
    PLAIN,
    STOP,
    Event,
    arguments,
    closed,
    frame,
    frames,
    opened,
    read,
    read_whole,
    start,
    stopped,
    text,
)
from tests.protocols.messages.test_findings import BROKEN, TOOL, WHOLE

RULES = {**rules.RULES, **rules_content.RULES, INPUT_ZERO.id: INPUT_ZERO}
OF_OTHERS = {"U1"}  # the sentence of U1 that is no variant: other protocols say it
UNTYPED: Event = {"type": "content_block_delta", "index": 0, "delta": {}}


def broken(name: str) -> bytes:
    return frames(*BROKEN[name][0])


def among(block: bytes) -> bytes:
    """Something among the events of a good stream."""
    return frames(*PLAIN[:4]) + block + b"\n\n" + frames(*PLAIN[4:])


def calling(*pieces: str, **fields: Any) -> bytes:
    """A tool call with these fields, and with arguments in these pieces."""
    return frames(start(), opened(0, "tool_use", **fields), *(arguments(*pieces) if pieces else ()), closed(), *TOOL[-2:])


def counting(*counts: int) -> bytes:
    return frames(*PLAIN[:6], *(stopped(output_tokens=one) for one in counts), STOP)


HI: Event = start(content=[{"type": "text", "text": "Hi"}], stop_reason="end_turn")["message"]
# The rule and its variant: the stream, or the document (as JSON, or bytes that are one), and the sentence.
Said = tuple[bytes | Event, str]
SENTENCES: dict[str, Said] = {
    "A1": (broken("content before the start"), "message_start came late: event 1 (content_block_start) came before it."),
    "A1a": (
        broken("a block open before the start"),
        "message_start came late: a block was open already, and event 1 (content_block_start) came first.",
    ),
    "A2": (broken("second start"), "message_start came again: event 7."),
    "A3": (broken("no block start"), "A delta or stop came for a block that was never opened: a text_delta for block 0."),
    "A3 untyped": (frames(start(), UNTYPED), "A delta or stop came for a block that was never opened: a delta for block 0."),
    "A3 stop": (
        frames(start(), closed(2)),
        "A delta or stop came for a block that was never opened: content_block_stop for block 2.",
    ),
    "A4": (broken("index gap"), "Block indexes must rise by one from 0: 2 came where 1 was due."),
    "A4a": (broken("all index 0"), "A block was opened under an index that another block had: 0 came where 1 was due."),
    "A5": (frames(*PLAIN[:6]), "The stream ended without message_stop: it broke off between two blocks."),
    "A5 start": (frames(PING), "The stream ended without message_stop: it never got to message_start."),
    "A5 block": (broken("cut in text"), "The stream ended without message_stop: it broke off inside a content block."),
    "A5 ending": (
        broken("no message_stop"),
        "The stream ended without message_stop: the stop reason end_turn was given, only the end mark is missing.",
    ),
    "A16": (
        broken("no start"),
        "The stream has content but no message_start: the first content is event 1 (content_block_start).",
    ),
    "A16 end": (
        frames(PLAIN[-1]),
        "The stream has no message_start, nor anything else before its end, which is event 1 (message_stop).",
    ),
    "A19": (broken("delta for a closed block"), "A block that was already closed got more: a text_delta for block 0."),
    "A19 untyped": (frames(*PLAIN[:6], UNTYPED), "A block that was already closed got more: a delta for block 0."),
    "A19 stop": (broken("stop twice"), "A block that was already closed got more: content_block_stop for block 0."),
    "A20": (broken("another protocol behind the end"), "The stream went on behind its end: response.completed."),
    "A20a": (
        broken("the end before its content"),
        "The stream went on behind its end, with content for a block that was never opened: content_block_delta.",
    ),
    "A23": (broken("block never closed"), "A block was never closed: block 0 (text)."),
    "A24": (
        broken("blocks overlap"),
        "Two blocks were open at once, or a block was closed after the stop reason: a text_delta for block 0.",
    ),
    "A24 untyped": (
        frames(start(), opened(), opened(1), UNTYPED),
        "Two blocks were open at once, or a block was closed after the stop reason: a delta for block 0.",
    ),
    "A24 stop": (
        broken("closed after the stop reason"),
        "Two blocks were open at once, or a block was closed after the stop reason: content_block_stop for block 0.",
    ),
    "A32": (
        frames(*PLAIN[:7], text("x")),
        "Content came after message_delta had given the stop reason: a text_delta for block 0.",
    ),
    "A32 untyped": (
        frames(*PLAIN[:7], UNTYPED),
        "Content came after message_delta had given the stop reason: a delta for block 0.",
    ),
    "A32 start": (
        broken("content after the stop reason"),
        "Content came after message_delta had given the stop reason: block 1 was opened.",
    ),
    "A9": (
        frames(*PLAIN[:7]) + frame(STOP, ""),
        "Events came without an `event:` line: 1 of 8 events, message_stop among them.",
    ),
    "A9 all": (
        b"".join(frame(one, "") for one in PLAIN) + b"data: [DONE]\n\n",
        "Events came without an `event:` line: all of 8 events, message_start among them.",
    ),
    "A9a": (
        frames(*PLAIN[:6]) + frame(PLAIN[6], "") + frame(STOP),
        "Among named events some came without an `event:` line: 1 of 8 events, message_delta among them.",
    ),
    "A9b": (among(b"data: keepalive"), "An event without an `event:` line says nothing of the answer: keepalive."),
    "A9b untyped": (among(b"data: {}"), "An event without an `event:` line says nothing of the answer: no type."),
    "A28a": (
        broken("input no object"),
        "`input` of content_block_start is null, which is not of the protocol's type.",
    ),
    "A28a untyped": (among(b"event: ping\ndata: {}"), "The data of an event named ping has no `type`: {}."),
    "A11": (frames(*PLAIN) + b"data: [DONE]\n\n", "The stream holds `data: [DONE]`, which belongs to OpenAI's protocol."),
    "A18": (
        frames(*PLAIN[:4]) + frame(PLAIN[4], "ping"),
        "The `event:` line and the data's type differ: “ping” over content_block_delta.",
    ),
    "A18c": (
        frames(*PLAIN[:4]) + frame(PLAIN[4], "message"),
        "The `event:` line and the data's type differ: “message” over content_block_delta.",
    ),
    "A18a": (frames(*PLAIN[:4]) + frame(PLAIN[4], "error"), "The `event:` line says error, but it holds content_block_delta."),
    "A18b": (frame(start(), "ping"), "The `event:` line says ping, but it holds message_start."),
    "A27": (among(b"event: ping!\ndata: hello"), "The data is not JSON: hello."),
    "A27 no_object": (among(b"event: x\ndata: [1]"), "The data is JSON, but no object: [1]."),
    "A27b": (among(b'event: x\ndata: {"a": -Infinity}'), "The data holds -Infinity, which is no JSON value."),
    "A27 body": (b'{"id": "msg_1", "content": [{"ty', 'The body is not JSON; it ends {"id": "msg_1", "content": [{"ty.'),
    "A27a": (among(b'data: {"type":"cont'), 'The data is not JSON: {"type":"cont; the event has no name.'),
    "A27a constant": (among(b'data: {"a": NaN}'), "The data holds NaN, which is no JSON value; the event has no name."),
    "A28": (broken("text null"), "A required field is missing or of the wrong type: text of text_delta."),
    "A28 of_block": (
        broken("text null in the block's start"),
        "A required field is missing or of the wrong type: text of block 0.",
    ),
    "A28 block": (WHOLE | {"content": ["Hi"]}, "A required field is missing or of the wrong type: block 0 of content."),
    "A28 block_in_start": (
        frames(start(content=[1]), *PLAIN[1:]),
        "A required field is missing or of the wrong type: a block of message.content of message_start.",
    ),
    "A28 object": (
        WHOLE | {"content": {"type": "text", "text": "Hi"}},
        "A required field is missing or of the wrong type: content, which is an object with type, text.",
    ),
    "A28 large_object": (
        WHOLE | {"content": dict.fromkeys("abcdefg")},
        "A required field is missing or of the wrong type: content, which is an object with a, b, c, d, e, f ….",
    ),
    "A28 empty_object": (
        WHOLE | {"content": {}},
        "A required field is missing or of the wrong type: content, which is an empty object.",
    ),
    "A28 null": (WHOLE | {"content": None}, "A required field is missing or of the wrong type: content, which is null."),
    "A28 boolean": (WHOLE | {"content": True}, "A required field is missing or of the wrong type: content, which is true."),
    "A28 text": (WHOLE | {"content": "Hi"}, "A required field is missing or of the wrong type: content, which is the text Hi."),
    "A28 number": (
        WHOLE | {"content": 4.5},
        "A required field is missing or of the wrong type: content, which is the number 4.5.",
    ),
    "A29": (broken("no model"), "The answer has no model."),
    "A29 in_event": (broken("no index in the start"), "The answer has no index in content_block_start."),
    "A29 in_block": (broken("block without a type"), "The answer has no type in block 0."),
    "A33": ({"object": "chat.completion", "choices": []}, "This is no Messages answer but OpenAI Chat Completions (choices)."),
    "A36": (
        broken("another protocol in between"),
        "Between the events of a Messages answer came one of OpenAI Responses (response).",
    ),
    "A42": ({"code": 0, "data": WHOLE}, "An answer came, but it stands in the field “data”."),
    "A42 text": (json.dumps(json.dumps(WHOLE)).encode(), "An answer came, but it stands in a JSON text: it was encoded twice."),
    "A42 texts": (
        b"data: " + json.dumps(json.dumps(start())).encode() + b"\n\n",
        "An answer came, but it stands in JSON texts: its events were encoded twice.",
    ),
    "A42 field_name": (
        b"data: event: message_start\n\n",
        "An answer came, but it stands behind a second field name on each line.",
    ),
    "A42 event": (b"data: " + json.dumps(WHOLE).encode() + b"\n\n", "An answer came, but it stands in one single event."),
    "A43 object": ({"status": "ok", "version": 1}, "The body is JSON, but no message: an object with status, version."),
    "A43 large_object": (dict.fromkeys("abcdefg"), "The body is JSON, but no message: an object with a, b, c, d, e, f …."),
    "A43 empty_object": ({}, "The body is JSON, but no message: an empty object."),
    "A43 array": (b"[1]", "The body is JSON, but no message: an array."),
    "A43 empty_array": (b"[]", "The body is JSON, but no message: an empty array."),
    "A43 null": (b"null", "The body is JSON, but no message: null."),
    "A43 boolean": (b"false", "The body is JSON, but no message: false."),
    "A43 text": (b'"Hi"', "The body is JSON, but no message: the text Hi."),
    "A43 number": (b"17", "The body is JSON, but no message: the number 17."),
    "A12": (
        WHOLE | {"content": [{"type": "thinking", "thinking": "Hm"}]},
        "A thinking block's signature is not usable: block 0 has none.",
    ),
    "A12 empty": (broken("no signature"), "A thinking block's signature is not usable: block 0 has an empty one."),
    "A12 pieces": (
        broken("signature in pieces"),
        "A thinking block's signature is not usable: block 0 got 2 pieces where one must hold all of it.",
    ),
    "A12 stray": (
        broken("signature inside thinking"),
        "A thinking block's signature is not usable: that of block 0 came inside a thinking_delta.",
    ),
    "A14": (broken("tool use ends as end_turn"), "stop_reason is end_turn though the answer has 1 tool_use block."),
    "A14 none": (broken("tool_use without a tool"), "stop_reason is tool_use though the answer has no tool_use block."),
    "A15": (
        broken("arguments in the start"),
        "A tool call's arguments came all at once: inside content_block_start of block 0.",
    ),
    "A15 one_delta": (
        broken("arguments in one delta"),
        "A tool call's arguments came all at once: in the only delta of block 0.",
    ),
    "A15a": (
        broken("input and other pieces"),
        'content_block_start of block 0 holds a tool\'s arguments, {"city":"Paris"}, and the pieces behind it are others: {}.',
    ),
    "A15b": (
        broken("input and an empty piece"),
        'content_block_start of block 0 holds a tool\'s arguments, {"city":"Paris"}, and an empty input_json_delta follows.',
    ),
    "A15c": (
        broken("input and the same pieces"),
        'content_block_start of block 0 holds a tool\'s arguments, {"city":"Paris"}, and the pieces behind it say the same.',
    ),
    "A17": (broken("redacted thinking emptied"), "A redacted_thinking block holds no data: block 0."),
    "A21": (broken("stop reason null"), "The answer ended, but never said why it stopped: stop_reason is null."),
    "A21 absent": (
        broken("stop reason left out"),
        "The answer ended, but never said why it stopped: stop_reason is missing.",
    ),
    "A21 no_delta": (broken("no message_delta"), "The answer ended, but never said why it stopped: no message_delta came."),
    "A21a absent": (
        broken("stop reason not repeated"),
        "A later message_delta has no stop reason: first end_turn, then none.",
    ),
    "A21a": (
        broken("stop reason taken back"),
        "A later message_delta has no stop reason: first end_turn, then stop_reason is null.",
    ),
    "A25": (broken("thinking in a text block"), "A thinking_delta came for block 0, which is text."),
    "A25a": (broken("text in an unknown block"), "Text came for block 0, which is spoken."),
    "A25a untyped": (
        frames(start(), opened() | {"content_block": {}}, text("x")),
        "Text came for block 0, which is of no type.",
    ),
    "A26 type": (calling(id="t", name="n", input=[]), "The arguments of n (block 0) are of type array instead of an object."),
    "A26 missing": (calling(id="t", name="n"), "The arguments of n (block 0) are missing."),
    "A26 not_json": (broken("arguments cut"), 'The arguments of get_weather (block 0) are not JSON: {"city": "Par.'),
    "A26 no_object": (broken("arguments as a string"), 'The arguments of get_weather (block 0) are JSON, but no object: "{}".'),
    "A26 unnamed_type": (
        calling(id="t", name="", input="x"),
        "The arguments of a tool without a name (block 0) are of type string instead of an object.",
    ),
    "A26 unnamed_missing": (calling(id="t", name=""), "The arguments of a tool without a name (block 0) are missing."),
    "A26 unnamed_not_json": (
        calling("{", id="t", name=None, input={}),
        "The arguments of a tool without a name (block 0) are not JSON: {.",
    ),
    "A26 unnamed_no_object": (
        calling("[1]", id="t", input={}),
        "The arguments of a tool without a name (block 0) are JSON, but no object: [1].",
    ),
    "A30": (broken("tool ids alike"), "2 calls have the id toolu_1."),
    "A30 odd": (broken("tool id of odd letters"), "The call of get_weather (block 0) has the id 'call 1'."),
    "A30 none": (broken("tool without an id"), "The call of get_weather (block 0) has no id."),
    "A30 unnamed_odd": (calling(id=7, input={}), "The call of a tool without a name (block 0) has the id 7."),
    "A30 unnamed_none": (calling(id="", input={}), "The call of a tool without a name (block 0) has no id."),
    "A40": (broken("tool without a name"), "The tool call in block 0 names no tool."),
    "A37": (broken("content in the start"), "message_start already holds content: 1 block, text."),
    "A38": (broken("text in the block's start"), "content_block_start already holds text: that of block 0 begins “Hel”."),
    "A41": (broken("a delta of type text"), "A delta for block 0 has the type “text”: “x”."),
    "A41 untyped": (broken("a delta without a type"), "A delta for block 0 has no type: “x”."),
    "A41 reasoning": (broken("reasoning in a text delta"), "A text_delta for block 0 holds reasoning in a field of its own."),
    "A41 block": (broken("a block of OpenAI's"), "Block 0 has the type “output_text”."),
    "A46": (broken("an empty text block before a call"), "One of several blocks is a text block without text: block 0."),
    "A4b": (
        broken("a block begun again"),
        "content_block_start came again for block 0 (text), which was still open. It was read as one block.",
    ),
    "A4b whole": (
        broken("a call begun again"),
        "content_block_start came again for block 0 (tool_use), which was still open; the pieces before and behind it, "
        "joined, are "
        "whole JSON. It was read as one block.",
    ),
    "A4c": (
        broken("an index for each delta"),
        "Each delta of block 0 has an index of its own (0, 1 …), for which no block was opened. They were read as pieces of "
        "that "
        "block.",
    ),
    "A26 repeated": (
        broken("arguments twice"),
        'The arguments of get_weather (block 0) came twice in a row: {"a":1}{"a":1}.',
    ),
    "A26 unnamed_repeated": (
        calling('{"a":1}', '{"a":1}', id="t", name=None, input={}),
        'The arguments of a tool without a name (block 0) came twice in a row: {"a":1}{"a":1}.',
    ),
    "A35": (broken("thinking behind the text"), "Thinking came behind what it was for: the first thinking is block 1."),
    "A34": (broken("an OpenAI stop reason"), "stop_reason is “stop”, a word of OpenAI's that the Messages API does not have."),
    "A34a": (
        broken("a stop reason of nobody's"),
        "stop_reason is “wandered_off”, which is none of those that the Messages API was known to have.",
    ),
    "U1 said": (broken("input 0"), "The question's tokens were not counted: message_start said input_tokens 0."),
    "U1 unsaid": (broken("input not said"), "The question's tokens were not counted: message_start said no input_tokens."),
    "U1 said_whole": (
        WHOLE | {"usage": {"input_tokens": 0, "output_tokens": 3}},
        "The question's tokens were not counted: the answer said input_tokens 0.",
    ),
    "U1 unsaid_whole": (
        WHOLE | {"usage": {"output_tokens": 3}},
        "The question's tokens were not counted: the answer said no input_tokens.",
    ),
    "U1b": (
        broken("input at the end"),
        "The question's tokens were counted only at the end: message_start said input_tokens 0, message_delta input_tokens 7.",
    ),
    "U1b unsaid": (
        frames(start(usage={}), *PLAIN[1:-2], stopped(input_tokens=7, output_tokens=3), STOP),
        "The question's tokens were counted only at the end: message_start said no input_tokens, message_delta input_tokens 7.",
    ),
    "U3": (
        broken("output a delta"),
        "output_tokens must be totals, but they fell from one message_delta to the next: 7, then 3.",
    ),
    "U3 twice": (
        counting(7, 3, 5, 2),
        "output_tokens must be totals, but they fell from one message_delta to the next: 7, then 3; 5, then 2.",
    ),
    "U3 often": (
        counting(7, 3, 5, 2, 9, 1, 4, 3),
        "output_tokens must be totals, but they fell from one message_delta to the next: 7, then 3; 5, then 2; 9, then 1.",
    ),
    "A22": (
        frames(*PLAIN[:6], {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}, STOP),
        "The answer does not say how many tokens were written: no message_delta has usage.",
    ),
    "A22 whole": (
        WHOLE | {"usage": {"input_tokens": 9}},
        "The answer does not say how many tokens were written: the usage has no output_tokens.",
    ),
    "A22 no_delta": (
        broken("content in the start"),
        "The answer does not say how many tokens were written: no message_delta came.",
    ),
    "A22 no_count": (
        broken("output tokens missing"),
        "The answer does not say how many tokens were written: no message_delta has output_tokens.",
    ),
    "A31": (broken("output negative"), "output_tokens is -5, which is no count."),
    "A31 taken_back": (broken("input taken back"), "message_start counted 21 input tokens, message_delta took them back to 0."),
    "A31 zero": (broken("output 0"), "output_tokens is 0 though the answer has content."),
    "A31 few": (broken("output far too low"), "output_tokens is 1 though the answer has 495 characters."),
    "A31 thinking": (broken("thinking beyond output"), "thinking_tokens 6 is more than output_tokens 5, which holds them."),
    "U4": (
        broken("cached counted twice"),
        "input_tokens (5200) holds the cached tokens as well (read 4000, written 1200); in the Messages API it is what is left "
        "beside them. Diptych counts them once.",
    ),
    "U4a": (
        broken("cached in the end alone"),
        "message_start counted input_tokens 3602 and nothing cached, message_delta only what was cached (read 3604, written "
        "0): the first figure probably holds the second. Diptych counts the cached tokens once.",
    ),
    "U4a openai": (
        broken("an OpenAI model with a cache"),
        "The answer's model or id is OpenAI's, whose count of the input holds the cached tokens: input_tokens (2389) probably "
        "holds those 2048 too; in the Messages API it is what is left beside them.",
    ),
    "U5b": (
        broken("output under OpenAI's name"),
        "The tokens are counted under OpenAI's names (completion_tokens 3); the Messages API has input_tokens and "
        "output_tokens. They were read all the same.",
    ),
    "U5": (
        broken("a foreign name of the cache"),
        "24000 cached tokens are counted in `cache_write_input_tokens`, which is `cache_creation_input_tokens` in the Messages "
        "API.",
    ),
    "A12a": (broken("signature twice"), "The signature of block 0 came whole 2 times."),
    "A21b": (
        broken("stop reason beside the delta"),
        "stop_reason ('end_turn') stands in message_delta itself, not in its delta. It was read all the same.",
    ),
    "A21c": (broken("two stop reasons"), "One message_delta says stop_reason 'max_tokens', a later one 'end_turn'."),
    "A26 blank": (
        broken("arguments of white space"),
        "The arguments of get_weather (block 0) are nothing but white space.",
    ),
    "A26 unnamed_blank": (
        calling(" ", id="t", input={}),
        "The arguments of a tool without a name (block 0) are nothing but white space.",
    ),
    "A28a absent": (broken("no citation"), "`citation` of citations_delta is missing."),
    "A28a message": (
        broken("a chunk's message"),
        '`type` of the message is "chat.completion.chunk", which is not of the protocol\'s type.',
    ),
    "A29a": (broken("a user's message"), "The role of the message is 'user'; it must be `assistant`."),
    "A31 output_taken_back": (
        broken("output null at the end"),
        "A message_delta counted 5 output tokens, and the last one says null.",
    ),
    "A41 reasoning_block": (
        broken("reasoning in a block of its own"),
        "Block 0, which holds reasoning, has the type “reasoning”.",
    ),
    "A41 whole": (
        HI | {"reasoning_content": "Hm"},
        "The message holds reasoning in a field of its own, `reasoning_content`: “Hm”.",
    ),
    "A41 whole_block": (
        HI | {"content": [{"type": "text", "text": "Hi", "reasoning": "Hm"}]},
        "Block 0 holds reasoning in a field of its own, `reasoning`: “Hm”.",
    ),
    "A46 blank": (
        broken("white space before a call"),
        "One of several blocks is a text block with nothing but white space: block 0.",
    ),
    "A48": (HI | {"error": {"message": "boom"}}, "The message is whole, and yet its `error` says: boom"),
    "A31a": (
        broken("the cache's parts"),
        "cache_creation_input_tokens is 500, and its parts in cache_creation add up to 100.",
    ),
    "A39": (
        broken("input counted anew"),
        "message_start counted input_tokens 21, message_delta input_tokens 99. One of them may be an estimate.",
    ),
}


def is_stream(answer: bytes) -> bool:
    return answer.startswith((b"event:", b"data:"))


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_is_said(key: str) -> None:
    answer, sentence = SENTENCES[key]
    rule_id, _, variant = key.partition(" ")
    reading = read(answer) if isinstance(answer, bytes) and is_stream(answer) else read_whole(answer)
    assert (rule_id, variant, sentence) in [(one.id, one.variant, one.sentence) for one in reading.findings]


def test_every_sentence_stands_here() -> None:
    all_said = {
        f"{rule.id} {name}".strip() for rule in RULES.values() for name in ([""] if rule.sentence else []) + [*rule.variants]
    }
    assert all_said - OF_OTHERS == set(SENTENCES)
