"""The deviations of a Responses answer: one row each.

Ids R1 to R6, U1 and U2 are those of the field's catalogue, a letter behind one names a variant; ids from R7 on are added
here. What a row says about `openai` for Python was seen with release 3.52.0, about Node with 7.55.0.
"""

from __future__ import annotations

from app.protocols.reading import Deviation, Severity

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

NO_EVENT_LINES = Deviation(
    "R1",
    _NOTE,
    "no event lines",
    "The events have no `event:` line; only the `type` inside the data says what they are.",
    "A label is missing in the stream. Common programs do not need it.",
    "The official SDKs read `type`. Browsers' EventSource and clients that dispatch by the event name see nothing.",
    "The relay should send `event: <type>` before each data line.",
)
NO_TERMINAL = Deviation(
    "R2",
    _BREAKS,
    "stream cut",
    "The stream ended without response.completed, .incomplete or .failed (last event: {detail}).",
    "The answer stopped before its end. What is missing can't be known.",
    "openai for Python: get_final_response raises RuntimeError. Node: the helper returns what had come, without a word.",
    "Send the request again; check the relay's time limits and its log.",
)
OUTPUT_EMPTY = Deviation(
    "R2a",
    _LOSES,
    "final response without its output",
    "The final response has {detail} `output`, although items were streamed. They were read from the stream.",
    "The answer was shown while it came, but the final report leaves it out.",
    "openai for Python: with an empty list get_final_response().output_text is empty, with none the stream's items are taken.",
    "The relay must repeat all items in `response.output` of the last event.",
)
USAGE_DETAILS_MISSING = Deviation(
    "R2b",
    _LOSES,
    "usage without its details",
    "`usage` lacks {detail}.",
    "The service did not say how the token count is made up. The cost may be shown too high.",
    "openai for Python: reading the missing object's fields raises AttributeError. Strict clients refuse the last event.",
    "The relay must fill input_tokens_details.cached_tokens and output_tokens_details.reasoning_tokens, if need be with 0.",
)
ITEM_NOT_ADDED = Deviation(
    "R3",
    _BREAKS,
    "output_item.added skipped",
    "{detail} came for an item that was never added.",
    "Parts of the answer came without an announcement, and common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError. Node: it throws `missing output at index`.",
    "The relay must send response.output_item.added before anything else of an item.",
)
PART_NOT_ADDED = Deviation(
    "R3a",
    _BREAKS,
    "content_part.added skipped",
    "{detail} came for a content part that was never added.",
    "Parts of the answer came without an announcement, and common programs stop with an error there.",
    "openai for Python: the stream helper raises IndexError.",
    "The relay must send response.content_part.added before the words of a part.",
)
ITEM_ID_WRONG = Deviation(
    "R3b",
    _LOSES,
    "wrong item_id",
    "An event's item_id is not the id of the item at its output_index ({detail}).",
    "A label in the stream does not fit. Some programs then lose parts of the answer.",
    "The official SDKs go by output_index. Clients that go by item_id lose the words.",
    "The relay must use one id for an item from output_item.added to its end.",
)
NO_SEQUENCE = Deviation(
    "R3c",
    _NOTE,
    "no sequence numbers",
    "{detail} events have no `sequence_number`.",
    "The parts of the stream are not numbered, so that lost ones can't be noticed.",
    "The official SDKs show None. A background stream can't be resumed (`starting_after`).",
    "The relay should number the events 0, 1, 2 …",
)
ITEM_ONLY_DONE = Deviation(
    "R3d",
    _NOTE,
    "item without output_item.added",
    "output_item.done came for an item that was never added ({detail}).",
    "Part of the answer came in one piece, without an announcement.",
    "The final response is whole; programs that show progress see the item late.",
    "The relay should send response.output_item.added first.",
)
CLOSING_SKIPPED = Deviation(
    "R3e",
    _NOTE,
    "closing event skipped",
    "A `.done` event is missing before {detail}.",
    "An end mark inside the stream is missing. The answer is not touched by it.",
    "The official SDKs do not need it. Clients that act on the `.done` of arguments or text wait in vain.",
    "The relay should close words, part and item in this order.",
)
ITEM_NOT_DONE = Deviation(
    "R3f",
    _LOSES,
    "item never done",
    "An item was begun and output_item.done never came for it ({detail}).",
    "Part of the answer was never declared finished.",
    "Agents that act on output_item.done skip it: a tool is not called. The official SDKs read the final response.",
    "The relay must send response.output_item.done for every item.",
)
ERROR_NESTED = Deviation(
    "R5",
    _NOTE,
    "nested error event",
    "The error event holds its message under `error`; the protocol has it at the top level.",
    "The service reported an error in an unusual form. It was read all the same.",
    "Both SDKs raise APIError for it. For the official flat form openai for Python yields an ordinary event.",
    "Read both forms.",
)
OTHER_PROTOCOL = Deviation(
    "R6",
    _BREAKS,
    "another protocol's answer",
    "This is not a Responses answer: {detail}.",
    "The service answered in another language than it was asked in.",
    "openai for Python: the stream helper raises RuntimeError; a whole answer has `output` None. Node: throws.",
    "The endpoint does not speak Responses: choose Chat Completions for this profile, or another relay.",
)
NOT_CREATED_FIRST = Deviation(
    "R7",
    _BREAKS,
    "first event is not response.created",
    "The first event is {detail}, not response.created.",
    "The stream's beginning is missing, and common programs stop with an error there.",
    "Both stream helpers raise: openai for Python RuntimeError.",
    "The relay must send response.created first.",
)
CREATED_AGAIN = Deviation(
    "R7a",
    _NOTE,
    "response.created repeated",
    "response.created was sent again.",
    "The service announced its answer twice, perhaps because it began anew.",
    "openai for Python ignores the second one while the id is the same.",
    "Ask the relay whether it retried in the middle of the stream.",
)
AFTER_END = Deviation(
    "R8",
    _LOSES,
    "events after the end",
    "{detail} came after the end of the response.",
    "The service went on sending after it had said that it was done.",
    "Clients stop reading at the end: what follows is lost.",
    "The relay must send the last event last.",
)
RESPONSE_ID_CHANGED = Deviation(
    "R9",
    _BREAKS,
    "response id changed",
    "The response's id changed in the stream ({detail}).",
    "The answer changed its number on the way, and common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError `Lifecycle response identity changed.`",
    "The relay must keep one id from response.created to the end.",
)
ITEM_CHANGED = Deviation(
    "R9a",
    _BREAKS,
    "item became another",
    "An item's identity changed between two events: {detail}.",
    "Part of the answer changed its label on the way, and common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError (`identity changed`).",
    "The relay must keep type, id and call_id of an item.",
)
ITEM_ID_CHANGED_AT_END = Deviation(
    "R9b",
    _NOTE,
    "final item has another id",
    "An item's id in the final response is not the one that was streamed ({detail}).",
    "Part of the answer has another number in the final report.",
    "The SDKs accept it. Clients that join stream and final response by id show the item twice.",
    "The relay should keep an item's id.",
)
DELTAS_DIFFER = Deviation(
    "R10",
    _LOSES,
    "fragments and whole differ",
    "The fragments joined are not what the `.done` event says ({detail}). The whole was taken, unless it is empty.",
    "What was shown while the answer came is not what the service says it wrote.",
    "Programs that join the fragments and programs that read the whole show different answers.",
    "Compare both texts in the events; report it to the relay.",
)
ITEM_DIFFERS = Deviation(
    "R11",
    _LOSES,
    "finished item differs from its stream",
    "output_item.done differs from the events before it ({detail}). The finished item was taken where it has words.",
    "What was shown while the answer came is not what the service says it wrote.",
    "Programs that join the fragments and programs that read the item show different answers.",
    "Compare both texts in the events; report it to the relay.",
)
END_DIFFERS = Deviation(
    "R12",
    _LOSES,
    "final response differs from the stream",
    "The final response is not what was streamed ({detail}). The final response was taken where it has words.",
    "The final report of the answer is not what was shown while it came.",
    "openai for Python: get_final_response returns the final form, code that follows the stream has the other one.",
    "Compare both texts in the events; report it to the relay.",
)
ITEM_LOST_AT_END = Deviation(
    "R12a",
    _LOSES,
    "final response lacks an item",
    "The final response lacks an item that was streamed ({detail}). It was kept.",
    "The final report leaves out a part of the answer.",
    "openai for Python: get_final_response lacks the item, or raises RuntimeError where output_item.done is missing too.",
    "The relay must repeat all items in `response.output` of the last event.",
)
ITEM_ONLY_AT_END = Deviation(
    "R12b",
    _LOSES,
    "item only in the final response",
    "The final response has an item that was never streamed ({detail}).",
    "Part of the answer was not sent bit by bit; it came at the very end only.",
    "Programs that show the answer while it comes never show it; the SDKs' final response has it.",
    "The relay must stream every item.",
)
SEQUENCE_GAP = Deviation(
    "R13",
    _LOSES,
    "sequence numbers do not rise by one",
    "The sequence numbers do not rise by one: {detail}.",
    "The parts of the stream are numbered wrongly: some may have been lost or repeated on the way.",
    "The SDKs do not look. Clients that resume a stream skip or repeat events.",
    "Find out whether the relay drops events or only numbers them wrongly: does the text agree with the final response?",
)
SEQUENCE_START = Deviation(
    "R13a",
    _NOTE,
    "sequence does not start at 0",
    "The first sequence_number is {detail}, not 0.",
    "The numbering of the stream starts at an unusual place.",
    "None in the official SDKs.",
    "None needed.",
)
NAME_DIFFERS = Deviation(
    "R14",
    _NOTE,
    "event name and type differ",
    "An event's name is not its `type` ({detail}); the type was taken.",
    "A label in the stream does not fit. Common programs do not look at it.",
    "The official SDKs read `type`. Clients that dispatch by the event name take the wrong branch.",
    "The relay must send `event:` equal to `type`.",
)
NO_TYPE = Deviation(
    "R15",
    _BREAKS,
    "event without type",
    "An event's data has no `type` ({detail}).",
    "A message of the stream has no label, and common programs skip it or stop.",
    "openai for Python: as the first event, RuntimeError in the stream helper; later it is passed on and counts for nothing.",
    "The relay must put `type` into the data of every event.",
)
NOT_JSON = Deviation(
    "R16",
    _BREAKS,
    "an event that is no JSON object",
    "The data of an event is not a JSON object: {detail}",
    "One message of the stream is unreadable, and common programs stop with an error there.",
    "Both SDKs: JSON error; a JSON value that is no object breaks the stream helper.",
    "Send nothing but events in `data:` lines; keep-alives belong in comments.",
)
FIELD_WRONG = Deviation(
    "R17",
    _BREAKS,
    "required field missing or of the wrong type",
    "A required field is missing or has the wrong type: {detail}.",
    "One message of the stream is malformed, and common programs stop with an error there.",
    "openai for Python: the stream helper raises TypeError, AttributeError or RuntimeError, depending on the field.",
    "The relay must send every field that the event's type demands.",
)
WRONG_ITEM = Deviation(
    "R17a",
    _BREAKS,
    "words for the wrong kind of item",
    "An event does not fit its item: {detail}.",
    "Parts of the answer are filed in the wrong place, and common programs stop with an error there.",
    "openai for Python: the stream helper raises AssertionError.",
    "The relay must give every item an output_index of its own.",
)
CALL_ID_MISSING = Deviation(
    "R18",
    _BREAKS,
    "tool call without call_id",
    "The call of {detail} has no call_id; its result can't say which call it answers.",
    "A tool request has no label, so its answer can't be matched to it.",
    "openai for Python shows call_id None; with two such calls the stream helper raises RuntimeError.",
    "The relay must send call_id (not only id) with every call.",
)
CALL_ID_TWICE = Deviation(
    "R18a",
    _LOSES,
    "two tool calls with one call_id",
    "Two tool calls have the same call_id ({detail}).",
    "Two tool requests have the same label, so their answers can't be told apart.",
    "SDKs pass both on; strict endpoints refuse two results for one call.",
    "The relay must give every call an id of its own.",
)
CALL_NAMELESS = Deviation(
    "R18b",
    _BREAKS,
    "tool call without a name",
    "A tool call has no name ({detail}).",
    "The service wants to use a tool, but does not say which.",
    "SDKs return a call whose name is None or empty: no tool can be found for it.",
    "Report it to the relay.",
)
ARGUMENTS_INVALID = Deviation(
    "R19",
    _BREAKS,
    "arguments are not JSON",
    "The arguments of {detail} are not valid JSON.",
    "What the service wants to hand to the tool can't be read.",
    "SDKs pass the text on; `json.loads` raises.",
    "Answer the call with an error text, so that the model tries again; see the fragments for what was lost.",
)
ARGUMENTS_ENCODED_TWICE = Deviation(
    "R19a",
    _BREAKS,
    "arguments encoded twice",
    "The arguments of {detail} are a JSON string that holds JSON; they were encoded twice.",
    "What the service wants to hand to the tool is wrapped once too often, so the tool gets text in place of values.",
    "SDKs pass it on: `json.loads` gives a string, not an object, and the tool fails.",
    "The relay must pass the arguments on as they are, without encoding them again.",
)
ARGUMENTS_OBJECT = Deviation(
    "R19b",
    _BREAKS,
    "arguments as an object",
    "The arguments of {detail} are a JSON object; the protocol wants a string of JSON.",
    "What the service wants to hand to the tool has the wrong form.",
    "openai for Python passes a dict on where its type says str: `json.loads` raises TypeError.",
    "The relay must send `arguments` as a string.",
)
INDEX_TWICE = Deviation(
    "R20",
    _BREAKS,
    "two items at one output_index",
    "A second item was added at an output_index that is taken ({detail}). Both were kept.",
    "The service mixed up two parts of its answer. Common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError `Duplicate response output index`.",
    "The relay must number the items 0, 1, 2 …",
)
INDEX_ORDER = Deviation(
    "R20d",
    _NOTE,
    "output_index out of order",
    "Items must be added at 0, 1, 2 …: {detail}.",
    "The parts of the answer are numbered in an unusual way.",
    "openai for Python sorts them by index; clients that take it for a place in a list leave holes or fail.",
    "The relay must number the items 0, 1, 2 … in the order in which they are added.",
)
PART_TWICE = Deviation(
    "R20a",
    _LOSES,
    "part added twice",
    "A part was added that was there already ({detail}).",
    "The service announced a piece of its answer twice. Some programs then show pieces in the wrong place.",
    "openai for Python: the stream helper's snapshot gets a part too many, so that later ones are off by one.",
    "The relay must add each part once, with an index of its own.",
)
AFTER_DONE = Deviation(
    "R20b",
    _LOSES,
    "words after .done",
    "{detail} came after the `.done` that closes it.",
    "The service went on with a piece that it had declared finished.",
    "Clients that took the piece as finished lose what follows.",
    "The relay must send `.done` after the last fragment.",
)
DONE_TWICE = Deviation(
    "R20c",
    _NOTE,
    ".done repeated",
    "{detail} came twice.",
    "An end mark was sent twice. The answer is not touched by it.",
    "The official SDKs keep the last one. Agents that act on `.done` may call a tool twice.",
    "The relay must close every item once.",
)
TEXT_BEFORE_DELTAS = Deviation(
    "R21",
    _LOSES,
    "words sent ahead of their fragments",
    "The whole was sent when the item or part was added, and then again in fragments ({detail}).",
    "The service sent the same words twice. Some programs show them twice.",
    "openai for Python: the stream helper's snapshots hold the words twice; its final response does not.",
    "The relay must add items and parts empty, and send the words as fragments.",
)
OUTPUT_TEXT_ONLY = Deviation(
    "R22",
    _BREAKS,
    "output_text without output",
    "The answer has `output_text` and no `output` list.",
    "The answer is not where programs look for it.",
    "The SDKs make `output_text` from `output`, it is not on the wire. openai for Python: reading it raises TypeError.",
    "The relay must send `output` with a message item.",
)
OUTPUT_WRONG = Deviation(
    "R22a",
    _BREAKS,
    "no output list",
    "The answer has no `output` list ({detail}).",
    "The service replied, but there is no answer in what it sent.",
    "openai for Python: `output` is None, and `output_text` raises TypeError.",
    "Check the base URL (most end in /v1) and whether the endpoint speaks Responses.",
)
STATUS_ODD = Deviation(
    "R23",
    _LOSES,
    "status does not fit",
    "`status` is {detail}.",
    "The service's report of how the answer ended contradicts itself.",
    "The SDKs pass it on; code that asks for `completed` or `incomplete` falls through.",
    "The relay must send the status that belongs to the end of the answer.",
)
INCOMPLETE = Deviation(
    "R24",
    _NOTE,
    "answer cut by a limit",
    "The answer is incomplete: {detail}.",
    "The answer was cut off by a limit: {detail}.",
    "Legal: openai for Python's get_final_response raises all the same, as it waits for response.completed.",
    "Raise max_output_tokens (it counts reasoning too), or change the prompt.",
)
ERROR_EVENT = Deviation(
    "R25",
    _BREAKS,
    "error in the stream",
    "The endpoint reported an error inside a stream that began with success: {detail}",
    "The service ran into an error while it was answering: {detail}",
    "openai for Python: a nested error raises APIError, a flat one is an ordinary event, and get_final_response raises.",
    "Keep what came before, and send the request again.",
)
DONE_MARK = Deviation(
    "R26",
    _NOTE,
    "[DONE] at the end",
    "`[DONE]` was sent; it belongs to Chat Completions.",
    "The stream has an end mark of another protocol. Common programs ignore it.",
    "The official SDKs stop reading there. Strict JSON readers fail on it.",
    "None needed while it stays the last event.",
)
USAGE_MISSING = Deviation(
    "R27",
    _LOSES,
    "no usage",
    "The final response has no `usage`.",
    "The service did not say how many tokens it used. What the answer cost can't be checked.",
    "The SDKs return usage None: cost and limits can't be counted.",
    "The relay must forward `usage` in the last event.",
)
COUNT_ODD = Deviation(
    "R27a",
    _LOSES,
    "a token count that is no number",
    "A token count is not a whole number from 0 up ({detail}).",
    "A token count makes no sense, so that cost can't be computed from it.",
    "SDKs pass it on unchecked.",
    "Report it to the relay.",
)
TOTAL_WRONG = Deviation(
    "R27b",
    _NOTE,
    "total_tokens is not the sum",
    "total_tokens is not input_tokens + output_tokens ({detail}).",
    "The token counts do not add up.",
    "None; but programs that charge by the parts and those that charge by the total differ.",
    "Find out which count the bill is made from.",
)
CONTENT_SHAPE = Deviation(
    "R28",
    _BREAKS,
    "content of an unknown shape",
    "{detail} is not a list of parts.",
    "Part of the answer has an unusual form, and common programs stop with an error there.",
    "openai for Python: `output_text` raises AttributeError.",
    "The relay must send `content` as a list of parts.",
)
DOCUMENT_NOT_JSON = Deviation(
    "R29",
    _BREAKS,
    "a document that is not JSON",
    "The body begins as JSON, but is not: it is cut off, or more follows it ({detail}).",
    "The answer came garbled or cut off and can't be read.",
    "Both SDKs: JSON error.",
    "Send exactly one whole JSON object; check the length that the relay announces.",
)
INPUT_ZERO = Deviation(
    "U1",
    _LOSES,
    "no input tokens",
    "input_tokens is 0, although something was asked.",
    "The service says that the question cost nothing, which can't be.",
    "Cost and context limits are computed too low.",
    "Ask the relay to pass on the count of the upstream endpoint.",
)
OUTPUT_ZERO = Deviation(
    "U1a",
    _LOSES,
    "no output tokens",
    "output_tokens is 0, although the answer has content.",
    "The service says that the answer cost nothing, which can't be.",
    "Cost and limits are computed too low.",
    "Ask the relay to pass on the count of the upstream endpoint.",
)
CACHE_EXCEEDS_INPUT = Deviation(
    "U2",
    _LOSES,
    "cached tokens outside input_tokens",
    "The tokens read from or written to the cache are more than input_tokens ({detail}); they must be a part of it.",
    "The token counts contradict each other: a part is larger than the whole.",
    "Cost formulas subtract the cached part and come out too low, or below zero.",
    "Ask the relay for counts in OpenAI's form: input_tokens with the cache included.",
)
REASONING_EXCEEDS_OUTPUT = Deviation(
    "U2a",
    _NOTE,
    "reasoning tokens outside output_tokens",
    "reasoning_tokens is more than output_tokens ({detail}); it must be a part of it.",
    "The token counts contradict each other: a part is larger than the whole.",
    "None; visible output computed as the difference comes out below zero.",
    "Compare only output_tokens.",
)
