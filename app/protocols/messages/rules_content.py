"""The rules of what a Messages answer holds: its blocks, stop reason and counts. Ids as in `app.protocols.messages.rules`."""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

SIGNATURE_UNUSABLE = Rule(
    "A12",
    _LOSES,
    "Thinking without its signature",
    "A thinking block's signature is not usable: block {index} has none.",
    "The model's thinking came without its seal, so the conversation can't go on with it.",
    'Both SDKs return an empty or partial signature without a word; sent back in the next turn it gives 400 "Invalid '
    '`signature` in `thinking` block".',
    "Pass signature_delta on unchanged, once, before the block's stop.",
    variants={
        "empty": "A thinking block's signature is not usable: block {index} has an empty one.",
        "pieces": "A thinking block's signature is not usable: block {index} got {count} pieces where one must hold all of it.",
        "stray": "A thinking block's signature is not usable: that of block {index} came inside a thinking_delta.",
    },
)
SIGNATURE_TWICE = Rule(
    "A12a",
    _NOTE,
    "A signature that came more than once",
    "The signature of block {index} came whole {count} times.",
    "The seal of the model's thinking came more than once.",
    # _messages.py of anthropic 2.14.0 and MessageStream.js of @anthropic-ai/sdk 1.14.0 set it anew each time.
    "None in the official SDKs, which keep the last. Programs that join the pieces send a doubled one back, which gives 400.",
    "Pass signature_delta on once.",
)
REASON_DENIES_CALLS = Rule(
    "A14",
    _BREAKS,
    "Stop reason and tool calls disagree",
    "stop_reason is {reason} though the answer has {count:plural tool_use block|tool_use blocks}.",
    "The model asked for a tool, but the answer says otherwise (or the reverse), so an assistant program stops or hangs.",
    "No SDK raises; agents that go by stop_reason never run the tool, or look for a call that is not there.",
    "Send stop_reason tool_use exactly when the content ends in a tool_use block.",
    variants={
        "none": "stop_reason is tool_use though the answer has no tool_use block.",
    },
)
ARGUMENTS_AT_ONCE = Rule(
    "A15",
    _NOTE,
    "Tool arguments not streamed",
    "A tool call's arguments came all at once: inside content_block_start of block {index}.",
    "The request to a tool came in one piece; that is fine.",
    "The official SDKs handle it.",
    variants={
        "one_delta": "A tool call's arguments came all at once: in the only delta of block {index}.",
    },
)
ARGUMENTS_REPLACED = Rule(
    "A15a",
    _BREAKS,
    "Tool arguments lost behind content_block_start",
    "content_block_start of block {index} holds a tool's arguments, {whole}, and the pieces behind it are others: {text}.",
    "What the model wanted to hand to the tool came, and was then replaced by something else.",
    # _messages.py of anthropic 2.14.0 and MessageStream.js of @anthropic-ai/sdk 1.14.0 put the pieces in the input's place.
    "Both SDK helpers hand out what the pieces say; the Vercel AI SDK joins the two, which is no JSON.",
    "Open the block with `input: {{}}`, and send the arguments in input_json_delta alone.",
)
ARGUMENTS_AND_EMPTY_PIECE = Rule(
    "A15b",
    _LOSES,
    "An empty piece behind whole tool arguments",
    "content_block_start of block {index} holds a tool's arguments, {whole}, and an empty input_json_delta follows.",
    "The request to a tool came whole, and an empty piece behind it makes some programs forget it.",
    "@anthropic-ai/sdk 1.14.0 for TypeScript hands out {{}}; anthropic 2.14.0 for Python keeps the arguments.",
    "Open the block with `input: {{}}`, and send the arguments in input_json_delta alone.",
)
ARGUMENTS_TWICE = Rule(
    "A15c",
    _NOTE,
    "Tool arguments in content_block_start and in pieces",
    "content_block_start of block {index} holds a tool's arguments, {whole}, and the pieces behind it say the same.",
    "The request to a tool came twice. Most programs read it once.",
    "None in the official SDKs, which take the pieces. The Vercel AI SDK joins the two, which is no JSON.",
    "Open the block with `input: {{}}`, and send the arguments in input_json_delta alone.",
)
REDACTED_EMPTY = Rule(
    "A17",
    _LOSES,
    "redacted_thinking without data",
    "A redacted_thinking block holds no data: block {index}.",
    "A hidden part of the model's thinking was emptied on the way.",
    "Both SDKs return it as it is; sent back in the next turn it gives 400.",
    "Pass redacted_thinking on unchanged.",
)
NO_STOP_REASON = Rule(
    "A21",
    _LOSES,
    "The end without a stop reason",
    "The answer ended, but never said why it stopped: stop_reason is {reason}.",
    "The answer looks complete, but was probably cut off on the way.",
    "Both SDKs return the message with stop_reason None or null: a cut answer passes for a whole one.",
    "If the upstream broke off, send an error event; never make up a clean end.",
    variants={
        "no_delta": "The answer ended, but never said why it stopped: no message_delta came.",
        "absent": "The answer ended, but never said why it stopped: stop_reason is missing.",
    },
)
STOP_REASON_TAKEN_BACK = Rule(
    "A21a",
    _LOSES,
    "The stop reason was taken back",
    "A later message_delta has no stop reason: first {first}, then stop_reason is {reason}.",
    "The reason why the answer stopped was said, then wiped out.",
    "Both SDK helpers overwrite stop_reason with null: agents that wait for tool_use or max_tokens don't see it.",
    "Send one message_delta with stop reason and usage, or repeat the reason in each.",
    {"absent": "A later message_delta has no stop reason: first {first}, then none."},
)
STOP_REASON_BESIDE = Rule(
    "A21b",
    _LOSES,
    "The stop reason beside the delta",
    "stop_reason ({reason}) stands in message_delta itself, not in its delta. It was read all the same.",
    "The answer says why it stopped, but not where programs look for it.",
    "Both SDKs hand out stop_reason None or null: agents never run the tool, and a cut answer passes for a whole one.",
    "Send stop_reason inside of message_delta's `delta`.",
)
STOP_REASON_CHANGED = Rule(
    "A21c",
    _NOTE,
    "Two stop reasons",
    "One message_delta says stop_reason {first}, a later one {last}.",
    "The answer gives two reasons for its end.",
    "Both SDK helpers keep the later one; clients that act on the first go on otherwise.",
    "Send one message_delta with the stop reason, or the same reason in each.",
)
DELTA_MISFIT = Rule(
    "A25",
    _LOSES,
    "A delta that does not fit its block",
    "A {delta_type} came for block {index}, which is {kind}.",
    "A part of the answer was put where programs don't look for it.",
    "The SDK helpers drop such a delta silently: its text is missing from the final message.",
    "Open a new block where the kind of content changes.",
)
TEXT_IN_UNKNOWN_BLOCK = Rule(
    "A25a",
    _NOTE,
    "Text in a block of an unknown kind",
    "Text came for block {index}, which is {kind}.",
    "A part of the answer has a kind that is new or made up; many programs leave it out.",
    "The SDK helpers keep text only in blocks of type text: it is missing from their final message.",
    "If no new version of the API has this kind, send text blocks.",
    variants={
        "untyped": "Text came for block {index}, which is of no type.",
    },
)
ARGUMENTS_NO_OBJECT = Rule(
    "A26",
    _BREAKS,
    "Tool arguments that are no JSON object",
    "",
    "The model's request to a tool came garbled, so the tool can't be run as meant.",
    "The Python helper raises ValueError on bad JSON, but accepts JSON that breaks off and ignores what stands behind whole "
    "JSON; the TypeScript helper throws on what stands behind, and leaves out a number at the very end. Arguments that are no "
    "object are handed out as they are, and the next turn is refused with 400.",
    "Pass partial_json on unchanged, each piece once.",
    variants={
        "type": "The arguments of {name} (block {index}) are of type {type} instead of an object.",
        "missing": "The arguments of {name} (block {index}) are missing.",
        "blank": "The arguments of {name} (block {index}) are nothing but white space.",
        "not_json": "The arguments of {name} (block {index}) are not JSON: {text}.",
        "no_object": "The arguments of {name} (block {index}) are JSON, but no object: {text}.",
        "repeated": "The arguments of {name} (block {index}) {how:select doubled=came twice in a row|behind_empty=stand "
        "behind an empty object|cumulative=came from their start again with each piece|came with each piece twice}: {text}.",
        "unnamed_repeated": "The arguments of a tool without a name (block {index}) {how:select doubled=came twice in a row|"
        "behind_empty=stand behind an empty object|cumulative=came from their start again with each piece|came with each "
        "piece twice}: {text}.",
        "unnamed_type": "The arguments of a tool without a name (block {index}) are of type {type} instead of an object.",
        "unnamed_missing": "The arguments of a tool without a name (block {index}) are missing.",
        "unnamed_blank": "The arguments of a tool without a name (block {index}) are nothing but white space.",
        "unnamed_not_json": "The arguments of a tool without a name (block {index}) are not JSON: {text}.",
        "unnamed_no_object": "The arguments of a tool without a name (block {index}) are JSON, but no object: {text}.",
    },
)
CALL_ID_UNUSABLE = Rule(
    "A30",
    _BREAKS,
    "A tool call's id can't be used",
    "{count} calls have the id {id}.",
    "The model's request to a tool lacks a proper number, so the result can't be matched to it.",
    "Both SDKs hand it out; the next turn gives 400 because ids must be there, unique, and match ^[a-zA-Z0-9_-]+$.",
    "Give every tool call an id of its own of letters, digits, _ and -.",
    variants={
        "odd": "The call of {name} (block {index}) has the id {id}.",
        "none": "The call of {name} (block {index}) has no id.",
        "unnamed_odd": "The call of a tool without a name (block {index}) has the id {id}.",
        "unnamed_none": "The call of a tool without a name (block {index}) has no id.",
    },
)
CALL_UNNAMED = Rule(
    "A40",
    _BREAKS,
    "A tool call without a name",
    "The tool call in block {index} names no tool.",
    "The model asks for a tool, but the answer does not say which, so it can't be run.",
    "Both SDKs hand it out with an empty name or None; tool runners fail, and the next turn gives 400.",
    "Pass the `name` of content_block_start on.",
)
CONTENT_IN_START = Rule(
    "A37",
    _LOSES,
    "Content in message_start",
    "message_start already holds content: {count:plural block|blocks}, {kinds}.",
    "The answer came in a place where it is not looked for.",
    "The SDK helpers keep it in the final message, but text_stream and every loop over deltas miss it; blocks that follow are "
    "one place off.",
    "Send message_start with `content: []`, and the content as blocks.",
)
TEXT_IN_BLOCK_START = Rule(
    "A38",
    _LOSES,
    "Text inside content_block_start",
    "content_block_start already holds text: that of block {index} begins “{text}”.",
    "The beginning of a part of the answer came in a place where many programs don't look for it.",
    "The SDK helpers keep it in the final message, but text_stream and every loop over deltas miss it.",
    "Open text and thinking blocks empty, and send the text in deltas.",
)
MADE_UP_TYPE = Rule(
    "A41",
    _LOSES,
    "A delta or block of a type that the Messages API does not have",
    "A delta for block {index} has the type “{delta_type}”: “{text}”.",
    "A part of the answer came in a form that programs skip.",
    "Both SDKs drop it silently: its text is missing from the final message.",
    "Translate to blocks of text, thinking and tool_use, and to text_delta, thinking_delta and input_json_delta.",
    variants={
        "untyped": "A delta for block {index} has no type: “{text}”.",
        "reasoning": "A {delta_type} for block {index} holds reasoning in a field of its own.",
        "block": "Block {index} has the type “{kind}”.",
        "reasoning_block": "Block {index}, which holds reasoning, has the type “{kind}”.",
        "whole": "The message holds reasoning in a field of its own, `{kind}`: “{text}”.",
        "whole_block": "Block {index} holds reasoning in a field of its own, `{kind}`: “{text}”.",
    },
)
TEXT_EMPTY = Rule(
    "A46",
    _NOTE,
    "A text block without text",
    "One of several blocks is a text block without text: block {index}.",
    "A part of the answer is empty; nothing is missing.",
    'The SDKs keep it; sent back in the next turn it gives 400 "text content blocks must be non-empty".',
    "Open a text block only where there is text.",
    variants={
        "blank": "One of several blocks is a text block with nothing but white space: block {index}.",
    },
)
THINKING_LATE = Rule(
    "A35",
    _NOTE,
    "Thinking behind the text",
    "Thinking came behind what it was for: the first thinking is block {number}.",
    "The model's thinking stands in an unusual place, after the answer it led to.",
    'Both SDKs keep the order; sent back in the next turn it can give 400 "the first block must be `thinking` or '
    '`redacted_thinking`" (anthropics/claude-code#20705).',
    "Pass the blocks on in the order in which the model wrote them.",
)
REASON_FOREIGN = Rule(
    "A34",
    _LOSES,
    "A stop reason of another protocol",
    "stop_reason is “{reason}”, a word of {vendor}'s that the Messages API does not have.",
    "The reason why the answer stopped is given in another protocol's words.",
    "Both SDKs pass it on; code that looks for end_turn, max_tokens or tool_use does not recognise it.",
    "Translate: stop to end_turn, length to max_tokens, tool_calls to tool_use, content_filter to refusal.",
)
REASON_UNKNOWN = Rule(
    "A34a",
    _NOTE,
    "A stop reason that is not known",
    "stop_reason is “{reason}”, which is none of those that the Messages API was known to have.",
    "The reason why the answer stopped is given in a word that may be new or made up.",
    "Both SDKs pass it on; code that looks for end_turn, max_tokens or tool_use does not recognise it.",
    "If no new version of the API has it, translate it.",
)
INPUT_LATE = Rule(
    "U1b",
    _NOTE,
    "Input tokens counted late",
    "The question's tokens were counted only at the end: message_start said input_tokens {said}, message_delta {counts:list}.",
    "What the question cost to read came with the end of the answer.",
    "Both SDKs' helpers take the later value; clients that read message_start alone (context meters) see none.",
    "Send the real input_tokens in message_start.",
    variants={
        "unsaid": "The question's tokens were counted only at the end: message_start said no input_tokens, "
        "message_delta {counts:list}.",
    },
)
OUTPUT_FELL = Rule(
    "U3",
    _LOSES,
    "Output tokens not cumulative",
    "output_tokens must be totals, but they fell from one message_delta to the next: {before}, then {after}.",
    "The length of the answer was counted in pieces, so programs take the last piece for the whole.",
    "Both SDKs keep the last value: output and cost look smaller than they are.",
    "Send running totals in each message_delta.",
    variants={
        "twice": "output_tokens must be totals, but they fell from one message_delta to the next: "
        "{before}, then {after}; {before_2}, then {after_2}.",
        "often": "output_tokens must be totals, but they fell from one message_delta to the next: "
        "{before}, then {after}; {before_2}, then {after_2}; {before_3}, then {after_3}.",
    },
)
OUTPUT_UNSAID = Rule(
    "A22",
    _LOSES,
    "Output tokens missing",
    "The answer does not say how many tokens were written: no message_delta has usage.",
    "The endpoint did not say how long its answer is, so its cost is unknown.",
    "The SDKs hand out output_tokens None; the count of message_start (about 1) is not the answer's.",
    "Send usage.output_tokens in message_delta.",
    variants={
        "whole": "The answer does not say how many tokens were written: the usage has no output_tokens.",
        "no_delta": "The answer does not say how many tokens were written: no message_delta came.",
        "no_count": "The answer does not say how many tokens were written: no message_delta has output_tokens.",
    },
)
USAGE_WRONG = Rule(
    "A31",
    _LOSES,
    "Usage that can't be right",
    "{name} is {value}, which is no count.",
    "The counted length of question or answer can't be right.",
    "Both SDKs pass the value on unchecked; sums and costs come out wrong.",
    "Send the counts as whole numbers, as the model's vendor gave them.",
    variants={
        "taken_back": "message_start counted {before} input tokens, message_delta took them back to {after}.",
        "output_taken_back": "A message_delta counted {before} output tokens, and the last one says null.",
        "zero": "output_tokens is 0 though the answer has content.",
        "few": "output_tokens is {count} though the answer has {characters} characters.",
        "thinking": "thinking_tokens {thinking} is more than output_tokens {count}, which holds them.",
    },
)
INPUT_COUNTED_TWICE = Rule(
    "A39",
    _NOTE,
    "The input was counted twice, differently",
    "message_start counted {before:list}, message_delta {after:list}. One of them may be an estimate.",
    "The length of the question was first given as one number, then as another.",
    "The Python helper keeps the later one; clients that read message_start have the other.",
    "Send the same input counts in both, or none in message_delta.",
)
CACHE_IN_INPUT = Rule(
    "U4",
    _LOSES,
    "Cached tokens counted twice",
    "input_tokens ({input}) holds the cached tokens as well (read {read}, written {written}); in the Messages API it is "
    "what is left beside them. Diptych counts them once.",
    "What came from the cache was counted a second time, at the full price.",
    "Clients add the three counts up: context meters show up to twice as much, and costs come out far too high, since cached "
    "tokens are charged at the full price.",
    "The relay must take the cached tokens out of input_tokens when it translates from OpenAI's form.",
)
CACHE_MAYBE_IN_INPUT = Rule(
    "U4a",
    _NOTE,
    "Cached tokens perhaps counted twice",
    "message_start counted input_tokens {input} and nothing cached, message_delta only what was cached (read {read}, written "
    "{written}): the first figure probably holds the second. Diptych counts the cached tokens once.",
    "What came from the cache was probably counted a second time.",
    "Clients add the counts up: context meters and costs come out too high.",
    "The relay should send one set of counts, input_tokens being what is left beside the cache.",
    variants={
        "openai": (
            "The answer's model or id is OpenAI's, whose count of the input holds the cached tokens: input_tokens ({input}) "
            "probably holds those {read} too; in the Messages API it is what is left beside them."
        ),
    },
)
COUNTS_NAMED_OTHERWISE = Rule(
    "U5b",
    _LOSES,
    "Tokens under OpenAI's names",
    "The tokens are counted under OpenAI's names ({counts:list}); the Messages API has input_tokens and output_tokens. They "
    "were read all the same.",
    "The length of question or answer is told in fields that programs don't know.",
    "Both SDKs keep the fields as extras and hand out input_tokens or output_tokens None or 0: costs can't be computed.",
    "The relay must use the Messages API's names.",
)
CACHE_NAMED_OTHERWISE = Rule(
    "U5",
    _LOSES,
    "Cached tokens under a foreign name",
    "{count} cached tokens are counted in `{name}`, which is `{right}` in the Messages API.",
    "What went into the cache or came from it is told in a field that programs don't know.",
    "Both SDKs keep the field as an extra and say nothing of the cache: costs come out wrong.",
    "The relay must use the Messages API's name, `{right}`.",
)
CACHE_PARTS_DIFFER = Rule(
    "A31a",
    _NOTE,
    "Cache writes that don't add up",
    "cache_creation_input_tokens is {count}, and its parts in cache_creation add up to {parts}.",
    "What went into the cache is counted twice, differently.",
    "SDKs hand out both: costs worked out from the parts and from the whole differ.",
    "The relay must pass both on as its upstream sent them.",
)
RULES = catalogue(globals())
