"""What may be wrong with the chunks and choices of a Chat Completions stream, or the form of a whole answer: a rule each.

Rules of the words, the tool calls and the usage have modules of their own. Ids C1 to C12 are those of the field's catalogue, a
letter behind one names a variant; those from C16 on are added here. What a rule says about `openai` for Python was seen with
release 3.57.0, about Node with 7.55.0.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

NO_DONE = Rule(
    "C1",
    _NOTE,
    "No [DONE]",
    "The stream ended without `data: [DONE]`.",
    "The answer is whole, but the usual end mark is missing.",
    "The official SDKs do not need it. Clients that wait for it hang until the connection closes.",
    "End the stream with `data: [DONE]` and a blank line.",
)
NO_CHOICES_KEY = Rule(
    "C2",
    _BREAKS,
    "A chunk without choices",
    "A chunk has no `choices` list (found: {found}); it must be there, if need be empty.",
    "One message of the stream is malformed, and common programs stop with an error there.",
    "openai for Python: the stream helper raises TypeError. Node: the helper throws. Plain iteration sees None.",
    "Send `choices: []` in chunks that carry only usage.",
    {"absent": "A chunk has no `choices` list (found: no such key); it must be there, if need be empty."},
)
CHOICE_NO_OBJECT = Rule(
    "C2a",
    _BREAKS,
    "A choice that is no object",
    "`choices` holds {found} where the protocol has an object. It was not read.",
    "One message of the stream is malformed, and common programs stop with an error there.",
    "openai for Python: AttributeError or TypeError, in plain iteration too. Node: TypeError.",
    "Send objects in `choices`, or `choices: []`.",
)
CHOICE_INDEX_ODD = Rule(
    "C2b",
    _BREAKS,
    "A choice without its number",
    "A choice's `index` is {found}; it must be a whole number. The choice's place in the list was taken for it.",
    "The service left out a number that programs need to put the answer together.",
    "openai for Python: the stream helper raises TypeError. Node: its helper throws `invalid choice index`.",
    "The relay must put `index: 0` into the choice of every chunk.",
    {"absent": "A choice's `index` is missing; it must be a whole number. The choice's place in the list was taken for it."},
)
FINISH_MISSING = Rule(
    "C8a",
    _BREAKS,
    "No finish_reason",
    "The answer has no finish_reason: it can't be told from one that was cut off.",
    "The service never said that it was done. The answer may have been cut off.",
    "Node: the stream helper throws `missing finish_reason`. openai for Python: finish_reason None, without a word.",
    "Ask the relay to forward the last chunk; treat the answer as cut.",
    {
        "after_done": "The answer has no finish_reason, although `[DONE]` came: it can't be told from one that was cut off.",
    },
)
OTHER_FINISH_MISSING = Rule(
    "C8d",
    _LOSES,
    "No finish_reason for another choice",
    "The stream ended without a finish_reason for choice {index}; that of the choice that is read came.",
    "The service gave more than one answer, and never said that the other one was done.",
    "Node: the stream helper throws `missing finish_reason`. openai for Python: finish_reason None for that choice.",
    "Leave `n` out of the request; a relay must end every choice that it begins.",
)
FINISH_UNSAID = Rule(
    "C8c",
    _LOSES,
    "An answer without a finish_reason",
    "The whole answer has no finish_reason (found: {found}).",
    "The service did not say why it stopped: whether the answer is complete or was cut at a limit can't be known.",
    "The SDKs pass it on unchecked; code that tells the cases apart falls through.",
    "Ask the relay to pass the finish_reason on.",
)
ROLE_REPEATED = Rule(
    "C16",
    _LOSES,
    "Role repeated",
    "`role` was sent in more than one chunk; it belongs in the first alone.",
    "A label was repeated in the stream. Some programs then keep a wrong label.",
    "openai for Python: the stream helper's role is `assistantassistant…`, which endpoints refuse when it is sent back.",
    "Set the role to `assistant` before the message is sent back.",
)
OBJECT_WRONG = Rule(
    "C17",
    _LOSES,
    "A wrong object",
    "A chunk's `object` is {found}; it must be `chat.completion.chunk`.",
    "Parts of the answer carry a wrong label, and some programs skip them.",
    "openai for Python: the stream helper drops such chunks without a word, their text included.",
    "The relay must set `object` to `chat.completion.chunk` in every chunk.",
    {"absent": "A chunk's `object` is missing; it must be `chat.completion.chunk`."},
)
OBJECT_NEVER = Rule(
    "C17a",
    _BREAKS,
    "No chunk says what it is",
    "No chunk has `object: chat.completion.chunk` (found: {found}).",
    "All parts of the answer carry a wrong label, and common programs see no answer at all.",
    "openai for Python: the stream helper skips every chunk and raises AssertionError.",
    "The relay must set `object` to `chat.completion.chunk` in every chunk.",
    {"absent": "No chunk has `object: chat.completion.chunk` (found: missing)."},
)
CONTENT_AFTER_FINISH = Rule(
    "C18",
    _LOSES,
    "Content after finish_reason",
    "Content came after the chunk with the finish_reason.",
    "The service went on writing after it had said that it was done.",
    "openai for Python: the stream helper appends it; clients that stop at the finish_reason lose it.",
    "The relay must send finish_reason after the last content.",
)
ID_CHANGED = Rule(
    "C19",
    _NOTE,
    "Id changed in mid-stream",
    "The chunks of this answer have different ids ({first}, {other}).",
    "The parts of the answer carry different numbers, so that it can't be found again in logs.",
    "openai for Python: the stream helper keeps the first id; nothing else depends on it.",
    "The relay should keep one id for a stream.",
)
ID_UNSAID = Rule(
    "C19a",
    _LOSES,
    "No id",
    "The answer has no `id` (found: {found}).",
    "The answer carries no number, so that it can't be found again in logs.",
    "The SDKs return None or an empty text where their types promise an id.",
    "Ask the relay to send an `id`, the same in every chunk.",
    {"absent": "The answer has no `id` (found: no such key)."},
)
MODEL_CHANGED = Rule(
    "C20",
    _NOTE,
    "Model changed in mid-stream",
    "The chunks of this answer name different models ({first}, {other}).",
    "The parts of the answer name different models: more than one may have written it.",
    "openai for Python: the stream helper keeps the first name.",
    "Ask the relay whether it switched models in the middle of an answer.",
)
FINISH_UNKNOWN = Rule(
    "C21",
    _LOSES,
    "An unknown finish_reason",
    "finish_reason is {reason}; known are stop, length, tool_calls, content_filter and function_call.",
    "The service gave a reason for stopping that programs do not know.",
    "The SDKs pass it on without checking; code that tells the cases apart falls through.",
    "Treat an unknown finish_reason as a stop, and say so in a log.",
)
NO_CHOICES = Rule(
    "C23",
    _BREAKS,
    "No answer in it",
    "",
    "The service replied, but there is no answer in what it sent.",
    "openai for Python: AssertionError from the stream helper; a whole answer has `choices` None. Node: throws.",
    "Check the base URL (most end in /v1) and whether the endpoint speaks Chat Completions.",
    {
        "stream": "No choice came in the stream: this is not a Chat Completions answer.",
        "keys": "No choice came (the body has {keys}): this is not a Chat Completions answer.",
        "no_object": "No choice came (the body is no JSON object): this is not a Chat Completions answer.",
    },
)
AFTER_DONE = Rule(
    "C24",
    _LOSES,
    "Events after [DONE]",
    "Events came after `[DONE]`.",
    "The service went on sending after its end mark.",
    "The SDKs stop reading at `[DONE]`: what follows is lost.",
    "The relay must send `[DONE]` last.",
)
DONE_REPEATED = Rule(
    "C24a",
    _NOTE,
    "[DONE] repeated",
    "`[DONE]` was sent more than once.",
    "The service sent its end mark more than once. The answer is not affected.",
    "None: the SDKs stop reading at the first.",
    "None needed.",
)
ERROR_CHUNK = Rule(
    "C25",
    _BREAKS,
    "An error in the stream",
    "The endpoint reported an error inside its stream: {message}",
    "The service ran into an error while it was answering: {message}",
    "Both SDKs raise APIError at a top-level `error`; one that stands inside a choice passes unseen.",
    "Keep what came before, and send the request again.",
)
NOT_JSON = Rule(
    "C26",
    _BREAKS,
    "An event that is no chunk",
    "The data of an event is not a JSON object: {data}",
    "One message of the stream is unreadable, and common programs stop with an error there.",
    "Both SDKs: JSON error. A JSON value that is no object passes plain iteration and breaks the helpers.",
    "Send nothing but chunks and `[DONE]` in `data:` lines; keep-alives belong in comments.",
)
NO_JSON_VALUE = Rule(
    "C26b",
    _NOTE,
    "NaN or Infinity in the data",
    "The data holds {constant}, which is no JSON value.",
    "What should be a number in the answer is not one. Some programs read past it, others stop with an error.",
    "None in Python, whose parser takes it; openai-node and parsers that keep to the standard raise at this event.",
    "Write `null` where there is no number.",
)
DOCUMENT_NOT_JSON = Rule(
    "C26a",
    _BREAKS,
    "A document that is not JSON",
    "The body begins as JSON, but is not: it is cut off, or more follows it (it ends {end}).",
    "The answer came garbled or cut off and can't be read.",
    "Both SDKs: JSON error.",
    "Send exactly one whole JSON object; check the length that the relay announces.",
)
ROLE_MISSING = Rule(
    "C27",
    _NOTE,
    "No role",
    "Content came without a chunk that says `role: assistant`.",
    "A label is missing in the stream; the answer itself is whole.",
    "openai for Python: the stream helper's message has no role, and is refused when it is sent back as it is.",
    "Set the role to `assistant` before the message is sent back.",
)
ROLE_LATE = Rule(
    "C27c",
    _NOTE,
    "Role late",
    "Content came before the chunk that says `role: assistant`.",
    "A label came late; the answer is whole.",
    "openai for Python: the stream helper adds everything up all the same.",
    "Read the role from any chunk, not from the first alone.",
)
ROLE_WRONG = Rule(
    "C27a",
    _BREAKS,
    "A role that is not the assistant's",
    "The role of the answer is {role}; it must be `assistant`.",
    "The answer carries a wrong label, and some programs refuse it.",
    "Node: the stream helper throws. openai for Python passes it on; endpoints refuse it when it is sent back.",
    "The relay must send `role: assistant`.",
)
ROLE_WRONG_WHOLE = Rule(
    "C27b",
    _LOSES,
    "A message without the assistant's role",
    "The role of the message is {found}; it must be `assistant`.",
    "The answer carries a wrong label; the answer itself is whole.",
    "The SDKs pass it on unchecked; endpoints refuse the message when it is sent back as it is.",
    "Set the role to `assistant` before the message is sent back.",
    {"absent": "The role of the message is missing; it must be `assistant`."},
)
FINISH_REPEATED = Rule(
    "C28",
    _NOTE,
    "A repeated finish_reason",
    "finish_reason was sent more than once ({reasons}).",
    "The service said twice that it was done.",
    "openai for Python: the stream helper keeps the last one.",
    "None needed.",
)
FINISH_EMPTY = Rule(
    "C29",
    _NOTE,
    "An empty finish_reason",
    "finish_reason is the empty string where null is meant.",
    "A field is empty in an unusual way. The answer is not touched by it.",
    "openai for Python: the stream helper takes it for null; code that compares with None ends the answer too early.",
    "The relay should send null until the answer is finished.",
)
MANY_CHOICES = Rule(
    "C30",
    _NOTE,
    "More than one choice",
    "The answer has further choices (index {index}); only choice 0 is read.",
    "The service gave more than one answer. The first one is shown.",
    "None: several choices are legal where the request asked for them (`n`).",
    "Leave `n` out of the request.",
    {"whole": "The answer has further choices ({count} in all); only choice 0 is read."},
)
ANSWER_SPLIT = Rule(
    "C30a",
    _LOSES,
    "One answer split over several choices",
    "The answer stands in {count} entries of `choices` that have the same index ({index}). They were read as one.",
    "The service tore its answer in two, and common programs show the first part only.",
    "Programs read `choices[0]`: what stands in the other one, mostly the tool call, is lost.",
    "The relay must put text and tool calls into the message of one choice.",
    {
        "call": "The tool call stands in choice {index}, and choice 0 ends with finish_reason {reason} without one. It was "
        "read as part of choice 0.",
    },
)
NO_CHUNK = Rule(
    "C33",
    _BREAKS,
    "An event of an unknown kind",
    "A JSON object came that is no chunk: {seen}",
    "The service sent a message of an unknown kind, and some programs stop with an error there.",
    "Node: the stream helper throws `choices is not iterable`. Plain iteration yields a chunk without choices; the Python "
    "helper skips it.",
    "Send nothing but chunks and `[DONE]` in `data:` lines; keep-alives belong in comments.",
    {"nothing": "An empty JSON object came, which is no chunk."},
)
ERROR_BESIDE = Rule(
    "C25a",
    _NOTE,
    "An error beside a whole answer",
    "The answer is whole, and yet its `error` says: {message}",
    "The service sent an answer and an error at once.",
    "The official SDKs hand out both. Clients that look at `error` take it for a failure.",
    "The relay must leave `error` out where the answer is whole.",
)
AFTER_ERROR = Rule(
    "C34",
    _NOTE,
    "Chunks after an error",
    "Chunks came after the error.",
    "The service went on after it had reported an error.",
    "The SDKs raise at the error and never see them.",
    "The relay must end the stream after an error.",
)
MESSAGE_FOR_DELTA = Rule(
    "C35",
    _BREAKS,
    "A choice without its delta",
    "A chunk's choice has {found} where the protocol has `delta`.",
    "Parts of the answer have the wrong form, and common programs stop with an error there.",
    "openai for Python: the stream helper raises AttributeError. Plain iteration sees `delta` None.",
    "The relay must send `delta` objects when `stream` is true.",
    {"message": "A chunk's choice has `message` where the protocol has `delta`."},
)
DELTA_AND_MESSAGE = Rule(
    "C35a",
    _LOSES,
    "Delta and message in one chunk",
    "A chunk has a `message` beside its `delta`, before the answer is finished. The deltas were read.",
    "Parts of the answer come twice, and some programs show them twice.",
    "Node: the stream helper begins with the message and adds the deltas to it. openai for Python reads the deltas.",
    "The relay must send `delta` alone when `stream` is true.",
)
NO_MESSAGE = Rule(
    "C35b",
    _BREAKS,
    "An answer without a message",
    "The choice has no `message` object (found: {found}).",
    "The service answered in another form than programs read.",
    "The SDKs return None where the message is promised: `message.content` raises.",
    "The relay must send `message` when `stream` is false; `text` is the form of the older completions.",
    {"elsewhere": "The choice has no `message` object (found: `{field}`)."},
)
NULL_MESSAGE = Rule(
    "C35c",
    _NOTE,
    "A null message beside the delta",
    "A chunk has `message: null` beside its `delta`.",
    "Parts of the answer carry an empty label. Most programs read past it.",
    # ChatCompletionStream.js of openai 7.59.0 goes through the fields of whatever stands in `message`.
    "None in Python. openai-node: the stream helper throws `Cannot convert undefined or null to object`.",
    "The relay must leave `message` out of a stream.",
)
THREAD_NAME = Rule(
    "C50",
    _BREAKS,
    "An event name of the Assistants API",
    "A chunk came under the event name {name}: SDKs take what is called `thread.` for an event of the Assistants API.",
    "The answer arrives, but the official program libraries can't make anything of it.",
    "Both SDKs hand out an object with `event` and `data` in place of the chunk: helpers and loops over `choices` raise.",
    "The relay must leave the `event:` line out of Chat Completions streams.",
)
CHOICE_0_MISSING = Rule(
    "C39",
    _BREAKS,
    "No choice with index 0",
    "The choices of this answer begin with index {index}; they must begin with 0. The first one was read.",
    "The service numbered its answer wrongly, and common programs stop with an error there.",
    "openai for Python: the stream helper raises IndexError.",
    "The relay must number the choices 0, 1, 2 …",
)
CREATED_ODD = Rule(
    "C49",
    _NOTE,
    "Created is no time in seconds",
    "`created` is {found}; it must be a whole number of seconds since 1970.",
    "The time of the answer has an unusual form. The answer is not touched by it.",
    "The official SDKs do not check it; strictly typed clients (Rust, Go, Java) fail there.",
    "The relay should send whole seconds.",
    {"absent": "`created` is missing; it must be a whole number of seconds since 1970."},
)
RULES = catalogue(globals())
