"""The deviations of a Responses stream, its order, labels and framing: one row each. What it says has a table of its own.

Ids R1 to R6, U1 and U2 are those of the field's catalogue, a letter behind one names a variant; ids from R7 on are added
here. What a row says about `openai` for Python was seen with release 3.57.0, about Node with 7.55.0.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

NO_EVENT_LINES = Rule(
    "R1",
    _NOTE,
    "No event lines",
    "The events have no `event:` line; only the `type` inside the data says what they are.",
    "A label is missing in the stream. Common programs do not need it.",
    "The official SDKs read `type`. Browsers' EventSource and clients that dispatch by the event name see nothing.",
    "The relay should send `event: <type>` before each data line.",
)
NO_TERMINAL = Rule(
    "R2",
    _BREAKS,
    "Stream cut",
    "The stream ended without response.completed, .incomplete or .failed (last event: {event_type}).",
    "The answer stopped before its end. What is missing can't be known.",
    "openai for Python: get_final_response raises RuntimeError. Node: the helper returns what had come, without a word.",
    "Send the request again; check the relay's time limits and its log.",
)
ITEM_NOT_ADDED = Rule(
    "R3",
    _BREAKS,
    "output_item.added skipped",
    "{event_type} came for an item that was never added.",
    "Parts of the answer came without an announcement, and common programs stop with an error there.",
    "Node: the stream helper throws `missing output at index`. openai for Python: its helper raises RuntimeError for text "
    "and function arguments, and lets the rest pass.",
    "The relay must send response.output_item.added before anything else of an item.",
)
PART_NOT_ADDED = Rule(
    "R3a",
    _BREAKS,
    "content_part.added skipped",
    "{event_type} came for a content part that was never added.",
    "Parts of the answer came without an announcement, and common programs stop with an error there.",
    "openai for Python: the stream helper raises IndexError.",
    "The relay must send response.content_part.added before the words of a part.",
)
ITEM_ID_WRONG = Rule(
    "R3b",
    _LOSES,
    "Wrong item_id",
    "An event's item_id is not the id of the item at its output_index ({given} in place of {expected}).",
    "A label in the stream does not fit. Some programs then lose parts of the answer.",
    "openai for Python goes by output_index. Node: the stream helper throws `expected item_id`. Clients that go by item_id "
    "lose the words.",
    "The relay must use one id for an item from output_item.added to its end.",
)
NO_SEQUENCE = Rule(
    "R3c",
    _NOTE,
    "No sequence numbers",
    "{count} of {events} events have no `sequence_number`.",
    "The parts of the stream are not numbered, so that lost ones can't be noticed.",
    "The official SDKs show None. A background stream can't be resumed (`starting_after`).",
    "The relay should number the events 0, 1, 2 …",
)
ITEM_ONLY_DONE = Rule(
    "R3d",
    _NOTE,
    "Item without output_item.added",
    "output_item.done came for an item that was never added ({item} at {index}).",
    "Part of the answer came in one piece, without an announcement.",
    "openai for Python: the final response is whole. Node: the stream helper throws `missing output at index`.",
    "The relay should send response.output_item.added first.",
)
CLOSING_SKIPPED = Rule(
    "R3e",
    _NOTE,
    "Closing event skipped",
    "A `.done` event is missing before {event_type}.",
    "An end mark inside the stream is missing. The answer is not touched by it.",
    "The official SDKs do not need it. Clients that act on the `.done` of arguments or text wait in vain.",
    "The relay should close words, part and item in this order.",
    variants={
        "item": "A `.done` event is missing before output_item.done of {item}.",
    },
)
ITEM_NOT_DONE = Rule(
    "R3f",
    _LOSES,
    "Item never done",
    "An item was begun and output_item.done never came for it ({item}).",
    "Part of the answer was never declared finished.",
    "Agents that act on output_item.done skip it: a tool is not called. The official SDKs read the final response.",
    "The relay must send response.output_item.done for every item.",
)
ITEM_UNFINISHED = Rule(
    "R3g",
    _BREAKS,
    "Item neither done nor in the final response",
    "An item was begun, output_item.done never came for it, and the final response does not have it ({item}).",
    "Part of the answer was begun and never finished, and common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError `Cannot complete response with unfinished output items.`",
    "The relay must send response.output_item.done for every item and repeat all items in `response.output`.",
)
NO_ITEM_ID = Rule(
    "R3h",
    _LOSES,
    "No item_id",
    "An event of an item has no item_id, or the item no id ({event_type}).",
    "A label is missing in the stream. Some programs then lose parts of the answer.",
    "openai for Python goes by output_index. Node: the stream helper throws `expected a non-empty item_id`. Clients that go "
    "by item_id lose the words.",
    "The relay must give every item an id, and send it as item_id with every event of the item.",
    variants={
        "added": "An event of an item has no item_id, or the item no id ({kind} in output_item.added).",
        "done": "An event of an item has no item_id, or the item no id ({kind} in output_item.done).",
    },
)
REASONING_PART_NOT_ADDED = Rule(
    "R3i",
    _NOTE,
    "Reasoning part not announced",
    "{event_type} came for a part of the reasoning that was never added.",
    "The reasoning came without an announcement. The answer is not touched by it.",
    "openai for Python lets it pass. Node: the stream helper throws `missing content at index`.",
    "The relay should send response.reasoning_summary_part.added or response.content_part.added first.",
)
INDEX_PER_DELTA = Rule(
    "R3j",
    _BREAKS,
    "An index that rises with each delta of the text",
    "Each delta of the text has a `{field}` of its own ({first} to {last}); they are pieces of one part, which came whole "
    "afterwards.",
    "The pieces of one text are numbered as if they were texts, and common programs stop with an error there.",
    "openai for Python: the stream helper raises IndexError. Programs that build the text by index show a line for each piece.",
    "The relay must give all deltas of a part its index.",
)
REASONING_INDEX_PER_DELTA = Rule(
    "R3k",
    _LOSES,
    "An index that rises with each delta of the reasoning",
    "Each delta of the reasoning has a `{field}` of its own ({first} to {last}); they are pieces of one part, which came whole "
    "afterwards.",
    "The pieces of one thought are numbered as if they were thoughts.",
    "Programs that build the reasoning by index show a paragraph for each piece, and the whole once more behind them.",
    "The relay must give all deltas of a part its index.",
)
NOT_CREATED_FIRST = Rule(
    "R7",
    _BREAKS,
    "First event is not response.created",
    "The first event is {event_type}, not response.created.",
    "The stream's beginning is missing, and common programs stop with an error there.",
    "Both stream helpers raise: openai for Python RuntimeError.",
    "The relay must send response.created first.",
)
CREATED_AGAIN = Rule(
    "R7a",
    _NOTE,
    "response.created repeated",
    "response.created was sent again.",
    "The service announced its answer twice, perhaps because it began anew.",
    "openai for Python ignores the second one while the id is the same.",
    "Ask the relay whether it retried in the middle of the stream.",
)
AFTER_END = Rule(
    "R8",
    _LOSES,
    "Events after the end",
    "{event_type} came after the end of the response.",
    "The service went on sending after it had said that it was done.",
    "Clients stop reading at the end: what follows is lost.",
    "The relay must send the last event last.",
)
END_AGAIN = Rule(
    "R8b",
    _NOTE,
    "The end repeated",
    "{event_type} came again, after the end of the response.",
    "The service said twice that it was done. Common programs stop at the first.",
    "The SDKs stop at the first end. A client that reads on adds what the second says to it: the tokens count twice.",
    "The relay must send the last event once.",
)
SECOND_RESPONSE = Rule(
    "R8a",
    _BREAKS,
    "A second response behind the end",
    "{event_type} came after the end of the response: another one begins in the same stream.",
    "The service answered a second time in one reply, and common programs stop with an error there.",
    "Both stream helpers raise: `Duplicate response output index`, or `Lifecycle response identity changed` for another id.",
    "The relay must end the stream with the response; look whether it retries a request that had been answered.",
)
RESPONSE_ID_MISSING = Rule(
    "R9c",
    _LOSES,
    "Response without id",
    "The response has no `id` (it is {value}).",
    "The answer has no number, so that a later question can't go on from it.",
    "The SDKs return id None, and `previous_response_id` can't be given. Strict clients refuse the last event.",
    "The relay must send the response's `id` in every event that holds a response.",
)
RESPONSE_ID_CHANGED = Rule(
    "R9",
    _BREAKS,
    "Response id changed",
    "The response's id changed in the stream ({before} became {after}).",
    "The answer changed its number on the way, and common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError `Lifecycle response identity changed.`",
    "The relay must keep one id from response.created to the end.",
)
ITEM_CHANGED = Rule(
    "R9a",
    _BREAKS,
    "Item became another",
    "An item's identity changed between two events: {field} {before} became {after}.",
    "Part of the answer changed its label on the way, and common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError (`identity changed`).",
    "The relay must keep type, id and call_id of an item.",
)
ITEM_ID_CHANGED_AT_END = Rule(
    "R9b",
    _NOTE,
    "Final item has another id",
    "An item's id in the final response is not the one that was streamed ({field} {before} became {after}).",
    "Part of the answer has another number in the final report.",
    "The SDKs accept it (Node: not where the id is missing). Clients that join stream and final response by id show it twice.",
    "The relay should keep an item's id.",
)
ID_SHARED = Rule(
    "R9e",
    _NOTE,
    "Two calls with one id",
    "Two calls have the same id ({value}); their call_ids tell them apart.",
    "Two parts of the answer carry one number. Most programs tell them apart by another.",
    "None in Python. openai-node: the stream helper throws `duplicate output item identity`.",
    "The relay must give every item an id of its own.",
)
THREAD_NAME = Rule(
    "R14a",
    _BREAKS,
    "An event name of the Assistants API",
    "An event came under the name {name}: SDKs take what is called `thread.` for an event of the Assistants API.",
    "The answer arrives, but the official program libraries can't make anything of it.",
    "Both SDKs hand out an object with `event` and `data` in place of the event: helpers raise, plain loops see nothing.",
    "The relay must send `event:` equal to `type`.",
)
IDENTITY_TWICE = Rule(
    "R9d",
    _BREAKS,
    "Two items with one id",
    "Two items are told apart by nothing: {kind} with id {value}.",
    "Two parts of the answer have the same label, and common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError `conflicting output identities`. Node: `duplicate output item`.",
    "The relay must give every item an id of its own.",
)
DELTAS_DIFFER = Rule(
    "R10",
    _LOSES,
    "Fragments and whole differ",
    "The fragments joined are not what the `.done` event says ({event_type}: after {at} characters {before} "
    "became {after}). The whole was taken, unless it is empty.",
    "What was shown while the answer came is not what the service says it wrote.",
    "Programs that join the fragments and programs that read the whole show different answers.",
    "Compare both texts in the events; report it to the relay.",
    compares_words=True,
)
ITEM_DIFFERS = Rule(
    "R11",
    _LOSES,
    "Finished item differs from its stream",
    "output_item.done differs from the events before it ({kind} {index}: after {at} characters {before} became "
    "{after}). The finished item was taken where it has words.",
    "What was shown while the answer came is not what the service says it wrote.",
    "Programs that join the fragments and programs that read the item show different answers.",
    "Compare both texts in the events; report it to the relay.",
    compares_words=True,
    variants={
        "missing": (
            "output_item.done differs from the events before it ({kind} {index} is missing). The finished item was "
            "taken where it has words."
        ),
    },
)
SEQUENCE_GAP = Rule(
    "R13",
    _LOSES,
    "A gap in the sequence numbers",
    "The sequence numbers have a gap: {expected} was to come, {number} came.",
    "Numbers are missing in the stream: its parts were numbered wrongly, or some were lost on the way.",
    "The SDKs do not look: what was lost is missing without an error.",
    "Find out whether the relay drops events or only numbers them wrongly: does the text agree with the final response?",
)
SEQUENCE_GAP_HARMLESS = Rule(
    "R13c",
    _NOTE,
    "A gap in the sequence numbers, nothing missing",
    "The sequence numbers have a gap ({expected} was to come, {number} came), and the final response agrees with what came.",
    "A number is missing in the stream, and nothing of its text.",
    "None: the SDKs do not look.",
    "The relay should pass the numbers on as they are, or number what it sends.",
)
SEQUENCE_START = Rule(
    "R13a",
    _NOTE,
    "Sequence does not start at 0",
    "The first sequence_number is {number}, not 0.",
    "The numbering of the stream starts at an unusual place.",
    "None: the SDKs do not look.",
    "None needed.",
)
SEQUENCE_BACK = Rule(
    "R13b",
    _NOTE,
    "A sequence number comes again",
    "The sequence numbers go back: {expected} was to come, {number} came.",
    "A number in the stream was used before. Common programs do not look at it.",
    "None: the SDKs do not look.",
    "None needed. Whoever resumes a stream by its numbers may get events twice.",
)
NAME_DIFFERS = Rule(
    "R14",
    _NOTE,
    "Event name and type differ",
    "An event's name is not its `type` (name {name}, type {event_type}); the type was taken.",
    "A label in the stream does not fit. Common programs do not look at it.",
    "The official SDKs read `type`. Clients that dispatch by the event name take the wrong branch.",
    "The relay must send `event:` equal to `type`.",
)
NO_TYPE = Rule(
    "R15",
    _BREAKS,
    "Event without type",
    "An event's data has no `type` (event name {name}).",
    "A message of the stream has no label, and common programs skip it or stop.",
    "Node: the stream helper throws. openai for Python: as the first event, RuntimeError in its helper; later it is passed on "
    "and counts for nothing.",
    "The relay must put `type` into the data of every event.",
    variants={
        "unnamed": "An event's data has no `type` (and no event name).",
    },
)
NOT_JSON = Rule(
    "R16",
    _BREAKS,
    "An event that is no JSON object",
    "The data of an event is not a JSON object: {data}",
    "One message of the stream is unreadable, and common programs stop with an error there.",
    "Both SDKs: JSON error; a JSON value that is no object breaks the stream helper.",
    "Send nothing but events in `data:` lines; keep-alives belong in comments.",
)
NO_JSON_VALUE = Rule(
    "R16b",
    _NOTE,
    "NaN or Infinity in the data",
    "The data holds {constant}, which is no JSON value.",
    "What should be a number in the answer is not one. Some programs read past it, others stop with an error.",
    "None in Python, whose parser takes it; openai-node and parsers that keep to the standard raise at this event.",
    "Write `null` where there is no number.",
)
FIELD_WRONG = Rule(
    "R17",
    _BREAKS,
    "Required field missing or of the wrong type",
    "A required field is missing or has the wrong type: `{field}` of {event_type}.",
    "One message of the stream is malformed, and common programs stop with an error there.",
    "openai for Python: the stream helper raises TypeError, AttributeError or RuntimeError, depending on the field. Node: "
    "throws, also where Python lets it pass.",
    "The relay must send every field that the event's type demands.",
    variants={
        "value": "A required field is missing or has the wrong type: `{field}` of {event_type} is {value}.",
        "announced": "A required field is missing or has the wrong type: `arguments` of the item that was added.",
        "part": (
            "A required field is missing or has the wrong type: `type` of the part is 'text' in response.content_part.added."
        ),
        "words": "A required field is missing or has the wrong type: the words of {event_type} are {value}.",
        "entry": "A required field is missing or has the wrong type: `output` holds what is no object.",
        "item": "A required field is missing or has the wrong type: `type` of an item is {value}.",
        "content": "A required field is missing or has the wrong type: a part of a message's `content` is {value}.",
        "text": "A required field is missing or has the wrong type: `text` of a message's part is {value}.",
    },
)
FIELD_ODD = Rule(
    "R17b",
    _LOSES,
    "Words missing or of the wrong type",
    "Something that the answer was to carry is missing or has the wrong type: `{field}` of {event_type}.",
    "One message of the stream is malformed. Programs that need it lose what it was to say.",
    "The official SDKs pass it on; code that takes it for text raises TypeError.",
    "The relay must send every field that the event's type demands.",
    variants={
        "words": (
            "Something that the answer was to carry is missing or has the wrong type: the words of {event_type} are {value}."
        ),
        "item": "Something that the answer was to carry is missing or has the wrong type: `type` of an item is {value}.",
    },
)
FIELD_STRICT = Rule(
    "R17c",
    _NOTE,
    "What only lenient clients read",
    "`{field}` is {found}, which is not of the protocol's type.",
    "A detail of the answer has an unusual form. Most programs read past it; strict ones stop there.",
    "None in the official SDKs. Clients that check what comes against its type, such as the Vercel AI SDK, raise an error.",
    "The relay should send each field in the type that the protocol has.",
    variants={
        "absent": "`{field}` is missing where the protocol has it.",
    },
)
WRONG_ITEM = Rule(
    "R17a",
    _BREAKS,
    "Words for the wrong kind of item",
    "An event does not fit its item: {event_type} for an item of type {kind}.",
    "Parts of the answer are filed in the wrong place, and common programs stop with an error there.",
    "openai for Python: the stream helper raises AssertionError for text and function arguments. Node: throws for all.",
    "The relay must give every item an output_index of its own.",
)
INDEX_TWICE = Rule(
    "R20",
    _BREAKS,
    "Two items at one output_index",
    "A second item was added at an output_index that is taken ({item} at {index}). Both were kept.",
    "The service mixed up two parts of its answer. Common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError `Duplicate response output index`.",
    "The relay must number the items 0, 1, 2 …",
)
INDEX_ORDER = Rule(
    "R20d",
    _NOTE,
    "output_index out of order",
    "Items must be added at 0, 1, 2 …: {index} came where {expected} was due.",
    "The parts of the answer are numbered in an unusual way.",
    "openai for Python sorts them by index; clients that take it for a place in a list leave holes or fail.",
    "The relay must number the items 0, 1, 2 … in the order in which they are added.",
)
INDEX_WRONG = Rule(
    "R20e",
    _BREAKS,
    "output_index of no item",
    "An event names an item by its id, and an output_index at which nothing was added ({given} of "
    "{event_type}, {item} is at {index}). The id was taken.",
    "A piece of the answer carries a wrong place number, and common programs stop with an error there.",
    "openai for Python: the stream helper raises RuntimeError for text and function arguments. Node: throws for all.",
    "The relay must send the output_index of the item in every event of it.",
)
PART_ORDER = Rule(
    "R20f",
    _BREAKS,
    "content_index out of order",
    "Parts must be added at 0, 1, 2 …: {index} came where {expected} was due.",
    "A piece of the answer carries a wrong place number, and common programs stop with an error there.",
    "openai for Python: the stream helper raises IndexError. Node: it throws `missing content at index`.",
    "The relay must number the parts of an item 0, 1, 2 … in the order in which they are added.",
)
PART_TWICE = Rule(
    "R20a",
    _LOSES,
    "Part added twice",
    "A part was added that was there already ({event_type}).",
    "The service announced a piece of its answer twice. Some programs then show pieces in the wrong place.",
    "openai for Python: the stream helper's snapshot gets a part too many, so that later ones are off by one.",
    "The relay must add each part once, with an index of its own.",
)
AFTER_DONE = Rule(
    "R20b",
    _LOSES,
    "Words after .done",
    "{event_type} came after the `.done` that closes it.",
    "The service went on with a piece that it had declared finished.",
    "Clients that took the piece as finished lose what follows.",
    "The relay must send `.done` after the last fragment.",
)
DONE_LATE = Rule(
    "R20g",
    _NOTE,
    ".done out of order",
    "{event_type} came behind the `.done` of what it belongs to.",
    "An end mark came later than it should. The answer is not touched by it.",
    "The official SDKs read the answer all the same. Programs that wait for each `.done` in its order may pass it over.",
    "The relay must close each piece before the item that holds it.",
)
DONE_TWICE = Rule(
    "R20c",
    _NOTE,
    ".done repeated",
    "{event_type} came twice.",
    "An end mark was sent twice. The answer is not touched by it.",
    "The official SDKs keep the last one. Agents that act on `.done` may call a tool twice.",
    "The relay must close every item once.",
    variants={
        "item": "{item} at {index} came twice.",
    },
)
TEXT_BEFORE_DELTAS = Rule(
    "R21",
    _LOSES,
    "Words sent ahead of their fragments",
    "The whole was sent when the item or part was added, and then again in fragments ({event_type}).",
    "The service sent the same words twice. Some programs show them twice.",
    "openai for Python: the stream helper's snapshots hold the words twice; its final response does not.",
    "The relay must add items and parts empty, and send the words as fragments.",
)
DONE_MARK = Rule(
    "R26",
    _NOTE,
    "[DONE] at the end",
    "`[DONE]` was sent; it belongs to Chat Completions.",
    "The stream has an end mark of another protocol. Common programs ignore it.",
    "The official SDKs stop reading there. Strict JSON readers fail on it.",
    "None needed while it stays the last event.",
)
UNKNOWN_EVENT = Rule(
    "R30",
    _NOTE,
    "Event of an unknown type",
    "The protocol's published events have no {event_type}; it was passed over.",
    "The service sent a message of a kind that is not published. The answer is not touched by it.",
    "openai for Python and plain iteration pass it on. Node: the stream helper throws `Unhandled response stream event`.",
    "None needed for clients that skip what they do not know.",
)
UNKNOWN_WORDS = Rule(
    "R30a",
    _LOSES,
    "Words in an event of an unknown type",
    "The protocol's published events have no {event_type}, and it carries words; they were passed over.",
    "Parts of the answer came under a label that programs do not know, so that they are not shown while they come.",
    "openai for Python passes it on, unread. Node: the stream helper throws `Unhandled response stream event`.",
    "The relay must send words as response.output_text.delta, response.reasoning_text.delta and their like.",
)
