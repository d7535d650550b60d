"""The rules of a Messages stream: the order of its events, their names and data. What they hold: `rules_content`.

Ids A1 to A15, U1 and U3 as in PROTOCOLS 9; A16 and on are ours. What an official SDK does with each was tried with
anthropic-python 2.14.0, for TypeScript it is as PROTOCOLS 9.6 has it. A7, A8 and A10 are seen below the protocol
(`app.exchange.transport_rules`); A13 takes a second request.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

MESSAGE_START_LATE = Rule(
    "A1",
    _BREAKS,
    "Content before message_start",
    "message_start came late: event {event} ({event_type}) came before it.",
    "The answer began in the middle; its opening came afterwards.",
    "The Python helper skips what came before, and raises IndexError where a block is missing then; the TypeScript helper "
    "throws.",
    "Send message_start before any content block.",
)
MESSAGE_START_IN_BLOCK = Rule(
    "A1a",
    _BREAKS,
    "A block opened before message_start",
    "message_start came late: a block was open already, and event {event} ({event_type}) came first.",
    "The answer began in the middle; its opening came afterwards, and common programs stop with an error there.",
    # _messages.py of anthropic 2.14.0: what comes before message_start is skipped, the block's start among it.
    "The Python helper skips the block's start, and raises IndexError at its first delta; the TypeScript helper throws.",
    "Send message_start before any content block.",
)
MESSAGE_START_AGAIN = Rule(
    "A2",
    _BREAKS,
    "A second message_start",
    "message_start came again: event {event}.",
    "The answer was started a second time in the middle, as if two answers had been glued together.",
    'The TypeScript helper throws "Unexpected event order"; the Python helper ignores the second one.',
    "On failover inside a relay, close the stream with an error event or go on without a new message_start.",
)
BLOCK_UNOPENED = Rule(
    "A3",
    _BREAKS,
    "content_block_start missing",
    "A delta or stop came for a block that was never opened: a {delta_type} for block {index}.",
    "A part of the answer came without its opening.",
    "The Python helper raises IndexError, the TypeScript helper a TypeError.",
    "Send content_block_start before the first delta of each block.",
    variants={
        "untyped": "A delta or stop came for a block that was never opened: a delta for block {index}.",
        "stop": "A delta or stop came for a block that was never opened: content_block_stop for block {index}.",
    },
)
INDEX_WRONG = Rule(
    "A4",
    _BREAKS,
    "Block index out of order",
    "Block indexes must rise by one from 0: {index} came where {due} was due.",
    "The parts of the answer are numbered wrongly, so programs mix them up or drop them.",
    "Both SDKs take the index for a place in a list: Python raises IndexError or appends to the wrong block, TypeScript "
    "silently keeps an empty text.",
    "Number the blocks 0, 1, 2 … in the order in which they are opened.",
)
INDEX_REUSED = Rule(
    "A4a",
    _LOSES,
    "A block index used again",
    "A block was opened under an index that another block had: {index} came where {due} was due.",
    "Two parts of the answer carry one number, so programs put them into one.",
    "Both SDK helpers append what follows to the earlier block: text that lands in a thinking block is dropped silently.",
    "Number the blocks 0, 1, 2 … in the order in which they are opened.",
)
BLOCK_BEGUN_AGAIN = Rule(
    "A4b",
    _BREAKS,
    "A block begun again",
    "content_block_start came again for block {index} ({kind}), which was still open. It was read as one block.",
    "A part of the answer was announced twice, so programs keep an empty copy of it.",
    "Both SDK helpers append a second, empty block at each start: calls come twice under one id, the blocks behind it are "
    "counted wrongly, and the next turn gives 400.",
    "Send content_block_start once for each block.",
    {
        "whole": "content_block_start came again for block {index} ({kind}), which was still open; the pieces before and "
        "behind it, joined, are whole JSON. It was read as one block.",
    },
)
INDEX_PER_DELTA = Rule(
    "A4c",
    _BREAKS,
    "An index that rises with each delta",
    "Each delta of block {block} has an index of its own ({first}, {second} …), for which no block was opened. They were "
    "read as pieces of that block.",
    "The pieces of one part are numbered as if they were parts, and common programs stop with an error there.",
    "Both SDKs look for a block with the delta's index: Python raises IndexError, TypeScript drops the piece.",
    "Give every delta the index of its block.",
)
NO_MESSAGE_STOP = Rule(
    "A5",
    _BREAKS,
    "No message_stop",
    "The stream ended without message_stop: it broke off between two blocks.",
    "The answer breaks off: its end never arrived.",
    "The TypeScript helper throws; the Python SDK returns the partial message without a word, its stop_reason None.",
    "Pass message_stop on; if the upstream was cut, send an error event instead of a plain end.",
    variants={
        "start": "The stream ended without message_stop: it never got to message_start.",
        "block": "The stream ended without message_stop: it broke off inside a content block.",
        "ending": "The stream ended without message_stop: the stop reason {reason} was given, only the end mark is missing.",
    },
)
NO_MESSAGE_START = Rule(
    "A16",
    _BREAKS,
    "message_start never came",
    "The stream has content but no message_start: the first content is event {event} ({event_type}).",
    "The opening of the answer is missing, and with it which model answered and what was counted.",
    "The Python helper raises, the TypeScript helper throws; id, model and input tokens are lost.",
    "Send message_start first.",
    variants={
        "end": "The stream has no message_start, nor anything else before its end, which is event {event} ({event_type}).",
    },
)
BLOCK_CLOSED = Rule(
    "A19",
    _LOSES,
    "Content for a closed block",
    "A block that was already closed got more: a {delta_type} for block {index}.",
    "Text was added to a part of the answer that had been declared complete.",
    "Both SDK helpers append it; clients that act on content_block_stop have missed it.",
    "Send content_block_stop after the last delta of a block.",
    variants={
        "untyped": "A block that was already closed got more: a delta for block {index}.",
        "stop": "A block that was already closed got more: content_block_stop for block {index}.",
    },
)
MORE_AFTER_END = Rule(
    "A20",
    _LOSES,
    "Events after message_stop",
    "The stream went on behind its end: {event_type}.",
    "More came after the answer had been declared complete: some programs add it to the answer, others never see it.",
    "The Python SDK goes on appending to the message; clients that stop at message_stop lose what follows.",
    "Send message_stop last.",
)
CONTENT_AFTER_END = Rule(
    "A20a",
    _BREAKS,
    "Content without a block behind the end",
    "The stream went on behind its end, with content for a block that was never opened: {event_type}.",
    "More came after the answer had been declared complete, and common programs stumble over it.",
    "The Python helper reads on and raises IndexError; clients that stop at message_stop lose what follows.",
    "Send message_stop last.",
)
BLOCK_NOT_CLOSED = Rule(
    "A23",
    _LOSES,
    "content_block_stop missing",
    "A block was never closed: block {index} ({kind}).",
    "A part of the answer was left open, so programs may wait for its end or skip it.",
    "The SDKs' final message is right, but their content_block_stop event never fires: clients that collect finished blocks "
    "or tool calls there miss this one.",
    "Send content_block_stop for every block.",
)
BLOCKS_OVERLAP = Rule(
    "A24",
    _NOTE,
    "Blocks overlap",
    "Two blocks were open at once, or a block was closed after the stop reason: a {delta_type} for block {index}.",
    "Parts of the answer came interleaved.",
    "The official SDKs sort it out by index; clients that keep only one current block mix the texts.",
    "Finish a block before opening the next.",
    variants={
        "untyped": "Two blocks were open at once, or a block was closed after the stop reason: a delta for block {index}.",
        "stop": "Two blocks were open at once, or a block was closed after the stop reason: "
        "content_block_stop for block {index}.",
    },
)
CONTENT_AFTER_REASON = Rule(
    "A32",
    _LOSES,
    "Content after the stop reason",
    "Content came after message_delta had given the stop reason: a {delta_type} for block {index}.",
    "The answer went on after saying why it had stopped.",
    "The SDKs append it; clients that finish at the stop reason lose it.",
    "Send message_delta with the stop reason after the last content block.",
    variants={
        "untyped": "Content came after message_delta had given the stop reason: a delta for block {index}.",
        "start": "Content came after message_delta had given the stop reason: block {index} was opened.",
    },
)
NO_EVENT_NAMES = Rule(
    "A9",
    _BREAKS,
    "No event names",
    "Events came without an `event:` line: {count} of {events} events, {event_type} among them.",
    "The answer arrives, but the official program libraries see nothing of it.",
    "Python and TypeScript SDKs ignore an event without a name: the stream looks empty, an error without a name is silently "
    "dropped.",
    "Send an `event:` line that equals the data's type before each `data:` line.",
    variants={
        "all": "Events came without an `event:` line: all of {events} events, {event_type} among them.",
    },
)
SOME_NAMES_MISSING = Rule(
    "A9a",
    _LOSES,
    "Some events without names",
    "Among named events some came without an `event:` line: {count} of {events} events, {event_type} among them.",
    "The answer arrives, but common program libraries skip a part of it.",
    "Python and TypeScript SDKs ignore an event without a name: its text, stop reason or count is missing, silently.",
    "Send an `event:` line that equals the data's type before each `data:` line.",
)
FILLER_UNNAMED = Rule(
    "A9b",
    _NOTE,
    "Filler without an event name",
    "An event without an `event:` line says nothing of the answer: {text}.",
    "A sign of life came in an unusual form; it can be ignored.",
    "The official SDKs skip it; parsers that read the data of every event may fail.",
    'Send `event: ping` with `data: {{"type": "ping"}}`, or a comment line.',
    variants={
        "untyped": "An event without an `event:` line says nothing of the answer: no type.",
    },
)
DONE_MARK = Rule(
    "A11",
    _NOTE,
    "[DONE] at the end",
    "The stream holds `data: [DONE]`, which belongs to OpenAI's protocol.",
    "A leftover of another protocol came at the end; it does no harm.",
    "The official SDKs ignore it because it has no event name.",
    "Leave it out of Messages streams.",
)
NAME_DIFFERS = Rule(
    "A18",
    _LOSES,
    "Event name differs from the type",
    "The `event:` line and the data's type differ: “{name}” over {event_type}.",
    "A message was labelled as something else than it is, and programs pass it over.",
    "SDKs go by the name first: what is called ping is swallowed, and an error that is not called so is not raised.",
    "Write the data's type on the `event:` line.",
)
NAME_PASSED_OVER = Rule(
    "A18c",
    _NOTE,
    "Event name differs from the type",
    "The `event:` line and the data's type differ: “{name}” over {event_type}.",
    "A message was labelled as something else than it is; today's programs go by what it holds.",
    # _streaming.py of anthropic 2.14.0, streaming.js of @anthropic-ai/sdk 1.14.0: ping, error and no name alone are told apart.
    "None today: both SDKs read the data under any name but `ping` and `error`. Before 1.0 they dropped what they do not know.",
    "Write the data's type on the `event:` line.",
)
NAMED_ERROR = Rule(
    "A18a",
    _BREAKS,
    "A mislabelled error event",
    "The `event:` line says error, but it holds {event_type}.",
    "A part of the answer was labelled as an error, and programs stop there.",
    "Both SDKs go by the name: they raise an API error with this event's data and read no further.",
    "Write the data's type on the `event:` line.",
)
NAMED_PING = Rule(
    "A18b",
    _BREAKS,
    "A mislabelled ping event",
    "The `event:` line says ping, but it holds {event_type}.",
    "A part of the answer was labelled as a sign of life, and programs fail without it.",
    "Both SDKs skip every ping: without its blocks or its tool's arguments the answer can't be put together.",
    "Write the data's type on the `event:` line.",
)
NOT_JSON = Rule(
    "A27",
    _BREAKS,
    "Data that is not JSON",
    "The data is not JSON: {data}.",
    "A part of the answer came garbled and can't be read.",
    "Both SDKs raise an error at this event.",
    "Send exactly one JSON object as the data of each event.",
    variants={
        "no_object": "The data is JSON, but no object: {data}.",
        "body": "The body is not JSON; it ends {data}.",
    },
)
NO_JSON_VALUE = Rule(
    "A27b",
    _NOTE,
    "NaN or Infinity in the data",
    "The data holds {constant}, which is no JSON value.",
    "What should be a number in the answer is not one. Some programs read past it, others stop with an error.",
    "None in Python, whose parser takes it; the TypeScript SDK and parsers that keep to the standard raise at this event.",
    "Write `null` where there is no number.",
)
NOT_JSON_UNNAMED = Rule(
    "A27a",
    _LOSES,
    "Broken data in an event without a name",
    "The data is not JSON: {data}; the event has no name.",
    "A part of the answer may have been torn off on the way.",
    "Both SDKs skip events without a name: whatever it was is missing, without an error.",
    "Send each event as one `event:` line and one JSON object.",
    variants={
        "constant": "The data holds {constant}, which is no JSON value; the event has no name.",
    },
)
FIELD_WRONG = Rule(
    "A28",
    _BREAKS,
    "An event lacks what it must have",
    "A required field is missing or of the wrong type: {field} of {event_type}.",
    "A message came incomplete, and programs stumble over the gap.",
    "The Python helper raises AttributeError or TypeError here (tried for message, usage, content, content_block, delta, "
    "index, and text that is null or missing). Where the answer came in one piece, clients raise as soon as they go through "
    "its blocks.",
    "Send every required field of the Messages API.",
    variants={
        "of_block": "A required field is missing or of the wrong type: {field} of block {index}.",
        "block": "A required field is missing or of the wrong type: block {index} of content.",
        "block_in_start": "A required field is missing or of the wrong type: a block of message.content of message_start.",
        "object": "A required field is missing or of the wrong type: content, which is an object with {names}.",
        "large_object": "A required field is missing or of the wrong type: content, which is an object with {names} ….",
        "empty_object": "A required field is missing or of the wrong type: content, which is an empty object.",
        "null": "A required field is missing or of the wrong type: content, which is null.",
        "boolean": "A required field is missing or of the wrong type: content, which is {value}.",
        "text": "A required field is missing or of the wrong type: content, which is the text {value}.",
        "number": "A required field is missing or of the wrong type: content, which is the number {value}.",
    },
)
FIELD_ODD = Rule(
    "A28a",
    _NOTE,
    "What only lenient clients read",
    "`{field}` of {event_type} is {found}, which is not of the protocol's type.",
    "A detail of a message has an unusual form. Most programs read past it; strict ones stop there.",
    "None in the official SDKs. Clients that check each event against its type, such as the Vercel AI SDK, raise an error.",
    "Send each field in the type that the Messages API has.",
    variants={
        "untyped": "The data of an event named {event_type} has no `type`: {found}.",
        "absent": "`{field}` of {event_type} is missing.",
        "message": "`{field}` of the message is {found}, which is not of the protocol's type.",
    },
)
FIELDS_MISSING = Rule(
    "A29",
    _LOSES,
    "The message lacks fields",
    "The answer has no {names}.",
    "Some details of the answer are missing.",
    "Both SDKs accept it and hand out None or undefined where their types promise a value.",
    "Send every field that the Messages API has.",
    variants={
        "in_event": "The answer has no {name} in {event_type}.",
        "in_block": "The answer has no {name} in block {index}.",
    },
)
ROLE_WRONG = Rule(
    "A29a",
    _LOSES,
    "A message without the assistant's role",
    "The role of the message is {found}; it must be `assistant`.",
    "The answer carries a wrong label; the answer itself is whole.",
    "The SDKs pass it on unchecked: sent back as it is, it stands in the conversation as if somebody else had said it.",
    "The relay must send `role: assistant`.",
)
ERROR_BESIDE = Rule(
    "A48",
    _NOTE,
    "An error beside a whole answer",
    "The message is whole, and yet its `error` says: {message}",
    "The service sent an answer and an error at once.",
    "The official SDKs hand out both. Clients that look at `error` take it for a failure.",
    "The relay must leave `error` out where the answer is whole.",
)
OTHER_PROTOCOL = Rule(
    "A33",
    _BREAKS,
    "An answer in another protocol's words",
    "This is no Messages answer but {protocol}.",
    "The service answered in another protocol than it was asked in.",
    "The Python helper raises AssertionError, the TypeScript helper throws; a plain loop sees nothing.",
    "Check that the base URL belongs to the Messages API; a relay must convert the answer back.",
)
OTHER_PROTOCOL_BETWEEN = Rule(
    "A36",
    _LOSES,
    "Another protocol's words in between",
    "Between the events of a Messages answer came one of {protocol}.",
    "A part of the answer came in another protocol, and programs skip it.",
    "Both SDKs ignore it: what it says is missing from the message.",
    "A relay that changes the upstream in mid-answer must convert what follows as well.",
)
WRAPPED = Rule(
    "A42",
    _BREAKS,
    "The answer is wrapped",
    "An answer came, but it stands in the field “{name}”.",
    "The answer is there, but packed into something else, where programs don't look for it.",
    "Of a document the SDKs make a message whose fields are all None; of a stream they make nothing, or raise an error.",
    "The relay must send the message itself, and of a stream the events that it is made of.",
    variants={
        "text": "An answer came, but it stands in a JSON text: it was encoded twice.",
        "texts": "An answer came, but it stands in JSON texts: its events were encoded twice.",
        "field_name": "An answer came, but it stands behind a second field name on each line.",
        "event": "An answer came, but it stands in one single event.",
    },
)
NO_MESSAGE = Rule(
    "A43",
    _BREAKS,
    "JSON that is no answer",
    "",
    "What came back is not an answer.",
    "The SDKs raise nothing: a stream is empty, a message has fields that are all None.",
    "Check the path in the base URL; a relay must send the upstream's message.",
    variants={
        "object": "The body is JSON, but no message: an object with {names}.",
        "large_object": "The body is JSON, but no message: an object with {names} ….",
        "empty_object": "The body is JSON, but no message: an empty object.",
        "array": "The body is JSON, but no message: an array.",
        "empty_array": "The body is JSON, but no message: an empty array.",
        "null": "The body is JSON, but no message: null.",
        "boolean": "The body is JSON, but no message: {value}.",
        "text": "The body is JSON, but no message: the text {value}.",
        "number": "The body is JSON, but no message: the number {value}.",
    },
)
RULES = catalogue(globals())
