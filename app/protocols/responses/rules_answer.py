"""The deviations of what a Responses answer says, streamed or whole: output, calls, status, errors, usage. One row each.

Ids and releases as in `app.protocols.responses.rules`.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

OUTPUT_EMPTY = Rule(
    "R2a",
    _LOSES,
    "Final response without its output",
    "The final response has an empty `output`, although items were streamed. They were read from the stream.",
    "The answer was shown while it came, but the final report leaves it out.",
    "openai for Python: get_final_response().output_text is empty.",
    "The relay must repeat all items in `response.output` of the last event.",
)
OUTPUT_MISSING = Rule(
    "R2c",
    _LOSES,
    "Final response without an output list",
    "The final response has no `output`, although items were streamed. They were read from the stream.",
    "The answer was shown while it came, but the final report leaves it out.",
    "The stream helpers of both SDKs take the stream's items. openai for Python: `response.output_text` of the last event "
    "raises TypeError.",
    "The relay must repeat all items in `response.output` of the last event.",
)
USAGE_DETAILS_MISSING = Rule(
    "R2b",
    _LOSES,
    "Usage without its details",
    "`usage` lacks {names:list}.",
    "The service did not say how the token count is made up. The cost may be shown too high.",
    "openai for Python: reading the missing object's fields raises AttributeError. Strict clients refuse the last event.",
    "The relay must fill input_tokens_details.cached_tokens and output_tokens_details.reasoning_tokens, if need be with 0.",
)
ERROR_NESTED = Rule(
    "R5",
    _NOTE,
    "Nested error event",
    "The error event holds its message under `error`; the protocol has it at the top level.",
    "The service reported an error in an unusual form. It was read all the same.",
    "Both SDKs raise APIError for it. For the official flat form openai for Python yields an ordinary event.",
    "Read both forms.",
)
OTHER_PROTOCOL = Rule(
    "R6",
    _BREAKS,
    "Another protocol's answer",
    "This is not a Responses answer: a Chat Completions chunk came.",
    "The service answered in another protocol than it was asked in.",
    "openai for Python: the stream helper raises RuntimeError; a whole answer has `output` None. Node: throws.",
    "The endpoint does not speak Responses: choose Chat Completions for this profile, or another relay.",
    variants={
        "messages_event": "This is not a Responses answer: the Messages event {event_type} came.",
        "chat_answer": "This is not a Responses answer: a Chat Completions answer came.",
        "messages_answer": "This is not a Responses answer: a Messages answer came.",
    },
)
EVENT_BEFORE_CREATED = Rule(
    "R7b",
    _BREAKS,
    "An event before response.created",
    "{event_type} came before response.created.",
    "A message stands in front of the answer, and common programs stop with an error there.",
    # _responses.py of openai 3.57.0: the helper's first event must be response.created, whatever else it is.
    "The stream helper of openai for Python raises RuntimeError, whatever the event says; plain iteration passes it on.",
    "Send response.created first; signs of life before it as comments.",
)
OTHER_PROTOCOL_INSIDE = Rule(
    "R6a",
    _LOSES,
    "Another protocol's event inside the stream",
    "In between, a Chat Completions chunk came. It was passed over.",
    "A message in another language came in the middle of the answer. What it says is not shown.",
    "openai for Python passes it on, unread. Node: the stream helper throws `Unhandled response stream event`.",
    "The relay must translate all of the upstream's events.",
    variants={
        "messages_event": "In between, the Messages event {event_type} came. It was passed over.",
    },
)
END_DIFFERS = Rule(
    "R12",
    _LOSES,
    "Final response differs from the stream",
    "The final response is not what was streamed ({kind} {index}: after {at} characters {before} became "
    "{after}). The final response was taken where it has words.",
    "The final report of the answer is not what was shown while it came.",
    "openai for Python: get_final_response returns the final form, code that follows the stream has the other one.",
    "Compare both texts in the events; report it to the relay.",
    compares_words=True,
    variants={
        "missing": (
            "The final response is not what was streamed ({kind} {index} is missing). The final response was taken "
            "where it has words."
        ),
        "label": (
            "The final response is not what was streamed ({field} {before} became {after}). The final response was "
            "taken where it has words."
        ),
    },
)
ITEM_LOST_AT_END = Rule(
    "R12a",
    _LOSES,
    "Final response lacks an item",
    "The final response lacks an item that was streamed ({item}). It was kept.",
    "The final report leaves out a part of the answer.",
    "openai for Python: get_final_response lacks the item.",
    "The relay must repeat all items in `response.output` of the last event.",
)
ITEM_ONLY_AT_END = Rule(
    "R12b",
    _LOSES,
    "Item only in the final response",
    "The final response has an item that was never streamed ({kind} {value}).",
    "Part of the answer was not sent bit by bit; it came at the very end only.",
    "Programs that show the answer while it comes never show it; the SDKs' final response has it.",
    "The relay must stream every item.",
    variants={"again": "The final response has an item twice ({kind} {value})."},
)
CALL_ID_MISSING = Rule(
    "R18",
    _BREAKS,
    "Tool call without call_id",
    "The call of {name} has no call_id; its result can't say which call it answers.",
    "A tool request has no label, so its answer can't be matched to it.",
    "openai for Python shows call_id None; with two such calls the stream helper raises RuntimeError.",
    "The relay must send call_id (not only id) with every call.",
)
CALL_ID_TWICE = Rule(
    "R18a",
    _BREAKS,
    "Two tool calls with one call_id",
    "Two tool calls have the same call_id ({call_id}).",
    "Two tool requests have the same label, so their answers can't be told apart.",
    "openai for Python: the stream helper raises RuntimeError, a whole answer passes. Strict endpoints refuse two results for "
    "one call.",
    "The relay must give every call an id of its own.",
)
CALL_NAMELESS = Rule(
    "R18b",
    _BREAKS,
    "Tool call without a name",
    "A tool call has no name ({item}).",
    "The service wants to use a tool, but does not say which.",
    "SDKs return a call whose name is None or empty: no tool can be found for it.",
    "Report it to the relay.",
)
ARGUMENTS_INVALID = Rule(
    "R19",
    _BREAKS,
    "Arguments are not JSON",
    "The arguments of {name} are not valid JSON.",
    "What the service wants to hand to the tool can't be read.",
    "SDKs pass the text on; `json.loads` raises.",
    "Answer the call with an error text, so that the model tries again; see the fragments for what was lost.",
    {
        "repeated": "The arguments of {name} {how:select doubled=came twice in a row|behind_empty=stand behind an empty object|"
        "cumulative=came from their start again with each piece|came with each piece twice}, which is no valid JSON.",
    },
)
ARGUMENTS_ENCODED_TWICE = Rule(
    "R19a",
    _BREAKS,
    "Arguments encoded twice",
    "The arguments of {name} are a JSON string that holds JSON; they were encoded twice.",
    "What the service wants to hand to the tool is wrapped once too often, so the tool gets text in place of values.",
    "SDKs pass it on: `json.loads` gives a string, not an object, and the tool fails.",
    "The relay must pass the arguments on as they are, without encoding them again.",
)
ARGUMENTS_NO_OBJECT = Rule(
    "R19d",
    _BREAKS,
    "Arguments are no object",
    "The arguments of {name} are JSON, but no object.",
    "What the service wants to hand to the tool has no names to its values.",
    "SDKs pass the text on: `json.loads` gives no dict, and calling the tool with it fails.",
    "Answer the call with an error text, so that the model tries again; the relay must pass the arguments on as they are.",
)
ARGUMENTS_OBJECT = Rule(
    "R19b",
    _BREAKS,
    "Arguments that are no string",
    "The arguments of {name} are JSON as such; the protocol wants a string that holds JSON.",
    "What the service wants to hand to the tool has the wrong form.",
    "openai for Python passes a dict on where its type says str: `json.loads` raises TypeError.",
    "The relay must send `arguments` as a string.",
)
ERROR_BESIDE = Rule(
    "R25b",
    _NOTE,
    "An error beside a completed answer",
    "The response is completed, and yet its `error` says: {message}",
    "The service sent an answer and an error at once.",
    "The official SDKs hand out both. Clients that look at `error`, such as the Vercel AI SDK, take it for a failure.",
    "The relay must leave `error` null where the answer is whole.",
)
ARGUMENTS_EMPTY = Rule(
    "R19c",
    _LOSES,
    "No arguments at all",
    "The arguments of {name} are empty; where there are none the protocol has the text `{{}}`. They were read as none.",
    "The service asks for a tool and leaves out what to hand to it, even the mark for nothing.",
    "SDKs pass it on: `json.loads` of an empty text or of None raises.",
    "The relay must send `{{}}`.",
)
TEXT_AT_ONCE = Rule(
    "R21a",
    _LOSES,
    "Text without fragments",
    "Words of the answer came whole only, in {event_type}: no response.output_text.delta brought them.",
    "Nothing of the answer is seen while it is written, and programs that show it piece by piece show nothing.",
    "The SDKs' final response is right. Loops over the deltas, and the Vercel AI SDK, get no text at all.",
    "The relay must send the text in response.output_text.delta, if need be in one.",
)
OUTPUT_TEXT_ONLY = Rule(
    "R22",
    _BREAKS,
    "output_text without output",
    "The answer has `output_text` and no `output` list.",
    "The answer is not where programs look for it.",
    "The SDKs make `output_text` from `output`, it is not on the wire. openai for Python: reading it raises TypeError.",
    "The relay must send `output` with a message item.",
)
OUTPUT_WRONG = Rule(
    "R22a",
    _BREAKS,
    "No output list",
    "The answer has no `output` list (it has {fields}).",
    "The service replied, but there is no answer in what it sent.",
    "openai for Python: `output` is None, and `output_text` raises TypeError.",
    "Check the base URL (most end in /v1) and whether the endpoint speaks Responses.",
    variants={
        "nothing": "The answer has no `output` list (it has no fields).",
    },
)
STATUS_ODD = Rule(
    "R23",
    _LOSES,
    "Status does not fit",
    "`status` is {status}.",
    "The service's report of how the answer ended contradicts itself.",
    "The SDKs pass it on; code that asks for `completed` or `incomplete` falls through.",
    "The relay must send the status that belongs to the end of the answer.",
    variants={
        "event": "`status` is {status} in {event_type}.",
        "denied": "`status` is completed, and `incomplete_details` says that the answer was cut: {reason}.",
    },
)
STATUS_UNSAID = Rule(
    "R23b",
    _LOSES,
    "An answer without a status",
    "The answer has no `status` (found: {found}).",
    "The service did not say why it stopped: whether the answer is complete or was cut at a limit can't be known.",
    "The SDKs' types let it be missing; code that asks for `completed` or `incomplete` falls through.",
    "The relay must send the status that belongs to the end of the answer.",
    variants={"absent": "The answer has no `status` (found: no such key)."},
)
STILL_RUNNING = Rule(
    "R23a",
    _NOTE,
    "An answer that is not there yet",
    "The response is worked on in the background: its status is {status}.",
    "The service has taken the question and will answer later.",
    "Legal: the SDKs return the response as it is. Ask again with responses.retrieve.",
    "Leave out `background` to get the answer at once.",
)
INCOMPLETE = Rule(
    "R24",
    _NOTE,
    "Answer cut by a limit",
    "The answer is incomplete: {reason}.",
    "The answer was cut off by a limit.",
    "Legal: openai for Python's get_final_response raises all the same, as it waits for response.completed.",
    "Raise max_output_tokens (it counts reasoning too), or change the prompt.",
    variants={
        "unsaid": "The answer is incomplete: no reason was given.",
    },
)
FAILED_WHOLE = Rule(
    "R25a",
    _LOSES,
    "The response failed",
    "The response's status is `{status}`: {message}",
    "The service ran into an error while it was answering: {message}",
    "The SDKs raise nothing: they return the response, with its `error` and without an answer.",
    "Send the request again; programs must look at `status` before they read the output.",
)
ERROR_EVENT = Rule(
    "R25",
    _BREAKS,
    "Error in the stream",
    "The endpoint reported an error inside its stream: {message}",
    "The service ran into an error while it was answering: {message}",
    "openai for Python: a nested error raises APIError, a flat one is an ordinary event, and get_final_response raises.",
    "Keep what came before, and send the request again.",
)
USAGE_MISSING = Rule(
    "R27",
    _LOSES,
    "No usage",
    "The final response has no `usage`.",
    "The service did not say how many tokens it used. What the answer cost can't be checked.",
    "The SDKs return usage None: cost and limits can't be counted.",
    "The relay must forward `usage` in the last event.",
)
COUNT_ODD = Rule(
    "R27a",
    _LOSES,
    "A token count that is no number",
    "A token count is not a whole number from 0 up, or beyond all bounds ({field}: {value}).",
    "A token count makes no sense, so that cost can't be computed from it.",
    "SDKs pass it on unchecked.",
    "Report it to the relay.",
)
CHAT_COUNTS = Rule(
    "R27c",
    _LOSES,
    "Usage with the names of Chat Completions",
    "`usage` has the field names of Chat Completions ({names}). The counts were read all the same.",
    "The token counts are labelled in the words of another protocol, so that programs do not find them.",
    "openai for Python: `usage.input_tokens` is None. Node: undefined. Cost and limits can't be counted.",
    "The relay must name them input_tokens and output_tokens.",
)
TOTAL_WRONG = Rule(
    "R27b",
    _NOTE,
    "total_tokens is not the sum",
    "total_tokens is not input_tokens + output_tokens ({total} against {input} + {output}).",
    "The token counts do not add up.",
    "None; but programs that charge by the parts and those that charge by the total differ.",
    "Find out which count the bill is made from.",
)
CONTENT_SHAPE = Rule(
    "R28",
    _BREAKS,
    "Content of an unknown shape",
    "A message's `content` is not a list of parts.",
    "Part of the answer has an unusual form, and common programs stop with an error there.",
    "openai for Python: `output_text` raises AttributeError.",
    "The relay must send `content` as a list of parts.",
)
PART_TYPE = Rule(
    "R28b",
    _LOSES,
    "Words in a part of another type",
    "A part of a message has type `text` where the protocol has `output_text`. It was read all the same.",
    "The answer is not where programs look for it.",
    "The SDKs leave it out of `output_text`.",
    "The relay must send the words of a message as `output_text` parts.",
)
DONE_CONTENT_SHAPE = Rule(
    "R28a",
    _LOSES,
    "Finished item's content of an unknown shape",
    "In output_item.done, a message's `content` is not a list of parts.",
    "Part of the answer came in an unusual form before the final report.",
    "Agents that read output_item.done fail on it. The official SDKs take the content from the final response.",
    "The relay must send `content` as a list of parts.",
)
DOCUMENT_NOT_JSON = Rule(
    "R29",
    _BREAKS,
    "A document that is not JSON",
    "The body begins as JSON, but is not: it is cut off, or more follows it (it ends {end}).",
    "The answer came garbled or cut off and can't be read.",
    "Both SDKs: JSON error.",
    "Send exactly one whole JSON object; check the length that the relay announces.",
)
