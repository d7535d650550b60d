"""What may be wrong with the tool calls of a Chat Completions answer: a rule each.

`{call}` is the name of a call, or its id, or its place where it has neither. Ids and releases as in `app.protocols.chat.rules`.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

INDEX_SHARED = Rule(
    "C4",
    _BREAKS,
    "Two tool calls under one index",
    "Two tool calls share index {index}; each needs an index of its own. They were told apart by their ids or names.",
    "The service mixed up two tool requests. Common programs melt them into one that does not work.",
    "Both SDKs merge them: arguments `{{…}}{{…}}`, and the last name wins.",
    "The relay must number parallel calls 0, 1, 2 …; until then ask for `parallel_tool_calls: false`.",
)
INDEX_MISSING = Rule(
    "C4a",
    _BREAKS,
    "A tool fragment without index",
    "A fragment of a tool call has no integer `index` (found: {found}).",
    "The service left out a number that programs need to put a tool request together.",
    "openai for Python: TypeError. Node: 7.x throws, 6.x yields an empty list of calls.",
    "The relay must put `index` into every fragment.",
)
CALL_INDEX_GAP = Rule(
    "C4b",
    _BREAKS,
    "Tool calls not numbered from 0",
    "A tool call has index {index}, though {due} was due: calls must be numbered 0, 1, 2 … in the order in which they begin.",
    "The service numbered its tool requests wrongly, and common programs stop with an error there.",
    "openai for Python: the stream helper raises IndexError. Node: its helper throws, or hands out an empty call.",
    "The relay must number the calls of an answer 0, 1, 2 …",
)
CALL_REPEATED = Rule(
    "C5",
    _BREAKS,
    "Id or name of a tool call repeated",
    "`id` or `name` of a tool call was sent in more than one fragment (id {id}).",
    "The service repeated the label of a tool request; common programs then get a wrong label and the next step fails.",
    "openai for Python: the stream helper joins them to `call_1call_1`, which no endpoint accepts back. Node is fine.",
    "The relay must send id and name in the first fragment only.",
    {
        "other_id": "`id` or `name` of a tool call was sent in more than one fragment (id {id}, then {other}).",
        "name": "`id` or `name` of a tool call was sent in more than one fragment (name {name}).",
    },
)
NAME_IN_PIECES = Rule(
    "C5c",
    _BREAKS,
    "Name of a tool call in pieces",
    "The name of a tool call came in more than one fragment ({name}, then {piece}). The pieces were joined.",
    "The service tore the name of a tool in pieces; common programs then look for a tool that does not exist.",
    "Node: the stream helper keeps the last piece alone. openai for Python joins them.",
    "The relay must send the whole name in the first fragment.",
)
CALL_ID_MISSING = Rule(
    "C5a",
    _LOSES,
    "A tool call without id",
    "A tool call has no id ({call}); its result can't say which call it answers.",
    "A tool request has no label, so its answer can't be matched to it when there are several.",
    "SDKs pass the empty id on; strict endpoints refuse a `tool` message with an empty `tool_call_id`.",
    "Make an id up in the client, or use a relay that sends one.",
)
CALL_ID_TWICE = Rule(
    "C5b",
    _LOSES,
    "Two tool calls with one id",
    "Two tool calls have the same id ({id}).",
    "Two tool requests have the same label, so their answers can't be told apart.",
    "SDKs pass both on; the next request has two results for one id and is refused by strict endpoints.",
    "The relay must give every call an id of its own.",
)
DOUBLE_ENCODED = Rule(
    "C6",
    _BREAKS,
    "Arguments encoded twice",
    "The arguments of {call} are a JSON string that holds JSON; they were encoded twice.",
    "What the service wants to hand to the tool is wrapped once too often, so the tool gets text in place of values.",
    "SDKs pass it on: `json.loads` gives a string, not an object, and the tool fails.",
    "The relay must pass the arguments on as they are, without encoding them again.",
)
ARGUMENTS_OBJECT = Rule(
    "C6a",
    _BREAKS,
    "Arguments that are no string",
    "The arguments of {call} are JSON as such; the protocol wants a string that holds JSON.",
    "What the service wants to hand to the tool has the wrong form.",
    "openai for Python passes a dict on where its type says str: `json.loads` raises TypeError.",
    "The relay must send `arguments` as a string.",
)
ARGUMENTS_EMPTY = Rule(
    "C6b",
    _LOSES,
    "No arguments at all",
    "The arguments of {call} are empty; where there are none the protocol has the text `{{}}`. They were read as none.",
    "The service asks for a tool and leaves out what to hand to it, even the mark for nothing.",
    "SDKs pass it on: `json.loads` of an empty text or of None raises.",
    "The relay must send `{{}}`.",
)
ARGUMENTS_DOUBLED = Rule(
    "C7",
    _BREAKS,
    "Arguments sent twice",
    "The arguments of {call} came twice in a row: as fragments, then whole.",
    "The service sent the tool's values twice, which no program can read.",
    "Both SDKs join the fragments: `{{…}}{{…}}` is not JSON.",
    "The relay must not repeat the whole arguments after their fragments.",
    {"pieces": "Each fragment of the arguments of {call} was sent twice in a row."},
)
CALL_INDEX_RISES = Rule(
    "C4c",
    _BREAKS,
    "A call's index that rises with each fragment",
    "Each fragment of the arguments of {call} has an index of its own ({first}, {second} …), without an id or a name. They "
    "were read as pieces of one call.",
    "The pieces of one tool request are numbered as if they were requests, so that common programs run none of them.",
    "Both SDKs make a call of each index: one with a name and no arguments, the others without a name.",
    "The relay must give all fragments of a call its index.",
)
ARGUMENTS_CUMULATIVE = Rule(
    "C7a",
    _BREAKS,
    "Arguments from their start with each fragment",
    "Each fragment of the arguments of {call} repeats all that came before it.",
    "The service sent the tool's values again and again, which no program can read.",
    "Both SDKs join the fragments: the result is not JSON.",
    "The relay must send only what is new in each fragment.",
)
ARGUMENTS_BEHIND_EMPTY = Rule(
    "C7b",
    _BREAKS,
    "An empty object before the arguments",
    "The arguments of {call} are `{{}}` with the real ones behind it.",
    "The service put an empty form before the tool's values, which no program can read.",
    "Both SDKs join the fragments: `{{}}{{…}}` is not JSON.",
    "The relay must begin the arguments with an empty text; converters from Messages send its `input: {{}}` by mistake.",
)
STOP_WITH_CALLS = Rule(
    "C8",
    _BREAKS,
    "A tool call, and a finish_reason that denies it",
    "finish_reason is {reason} although the answer has tool calls.",
    "The service says it has finished, yet it asks for a tool. Many assistants stop here instead of using the tool.",
    "The SDKs pass it on; agent loops that look at finish_reason end without running the tool.",
    "Look at `tool_calls`, not at finish_reason; the relay must send `tool_calls`.",
)
CALLS_PROMISED = Rule(
    "C8b",
    _LOSES,
    "A finish_reason of tool_calls without a call",
    "finish_reason is tool_calls, and the answer has no tool call.",
    "The service says it wants to use a tool, but does not say which.",
    "SDKs return an empty list of calls; agent loops go round without an end or stop with nothing.",
    "Report it to the relay: tool calls are lost on the way.",
)
ARGUMENTS_INVALID = Rule(
    "C22",
    _BREAKS,
    "Arguments are not JSON",
    "The arguments of {call} are not valid JSON.",
    "What the service wants to hand to the tool can't be read.",
    "SDKs pass the text on; `json.loads` raises.",
    "Answer the call with an error text, so that the model tries again; see the fragments for what was lost.",
)
ARGUMENTS_NO_OBJECT = Rule(
    "C22a",
    _BREAKS,
    "Arguments are no object",
    "The arguments of {call} are JSON, but no object.",
    "What the service wants to hand to the tool has no names to its values.",
    "SDKs pass the text on; handing the parsed arguments to the tool by their names raises.",
    "Answer the call with an error text, so that the model tries again.",
)
LEGACY_CALL = Rule(
    "C32",
    _NOTE,
    "A function_call in place of tool_calls",
    "The call came as `function_call`, the form of before November 2023; it has no id.",
    "The service uses an outdated way to ask for a tool.",
    "The SDKs show it as `message.function_call`; code for tool_calls sees no call.",
    "Send `tools`, not `functions`; or update the relay.",
)
LEGACY_UNASKED = Rule(
    "C32a",
    _LOSES,
    "A function_call, though tools were sent",
    "The request has `tools`, and the call came as `function_call`, the form of before November 2023.",
    "The service asks for a tool in an outdated way, which programs overlook.",
    "The SDKs show it as `message.function_call`; `tool_calls` is None, so agent loops see no call.",
    "Update the relay; until then send `functions`.",
)
CALL_NAMELESS = Rule(
    "C38",
    _BREAKS,
    "A tool call without a name",
    "A tool call has no function name ({call}).",
    "The service wants to use a tool, but does not say which.",
    'SDKs return a call with name None or "": no tool can be found for it.',
    "Report it to the relay: the call's first fragment is lost on the way.",
)
TYPE_MISSING = Rule(
    "C42",
    _BREAKS,
    "A tool call without a type",
    "A tool call of the stream has no `type` (found: {found}); it must be `function` or `custom`.",
    "A label is missing in a tool request, and some programs stop with an error there.",
    "Node: the stream helper throws `missing type`. openai for Python has no events for the call.",
    "The relay must send `type: function` in the first fragment of a call.",
    {"absent": "A tool call of the stream has no `type` (found: no such key); it must be `function` or `custom`."},
)
TYPE_EMPTIED = Rule(
    "C42a",
    _BREAKS,
    "Type of a tool call taken back",
    "A later fragment of a tool call has `type` {found}, which overwrites the one that was sent.",
    "The service takes back a label that it had sent, and common programs stop with an error there.",
    "openai for Python: the stream helper raises AssertionError.",
    "The relay must leave `type` out of later fragments, or repeat it.",
)
FRAGMENT_HOLLOW = Rule(
    "C42b",
    _BREAKS,
    "A tool fragment with nothing in it",
    "A fragment of a tool call has no `function` object.",
    "One message of the stream lacks its content, and common programs stop with an error there.",
    "openai for Python: the stream helper raises AssertionError.",
    "The relay must put `function` into every fragment.",
)
RULES = catalogue(globals())
