"""The rules that hold whatever the protocol: an answer held against its own words and counts, and against what was asked.

G1 and on are ours; the others have the ids of PROTOCOLS 9.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

REASONING_IN_TEXT = Rule(
    "G1",
    _LOSES,
    "Reasoning inside the text",
    "The answer's text begins with reasoning, marked by a <{tag}> tag.",
    "The model's thinking stands in the answer itself, where programs show it as if it were the answer.",
    "No SDK takes it out: it is shown, stored, and counted as output text.",
    "Have the relay send reasoning apart from the text, or cut the tags out.",
    variants={"unopened": "The answer's text begins with reasoning, marked by a </{tag}> tag that nothing opened."},
)
TOOL_NOT_OFFERED = Rule(
    "G2",
    _BREAKS,
    "A call to a tool that was not offered",
    "The answer calls {name}, but only {offered} was offered.",
    "The service asks for a tool that it was not given, so an assistant program can't run it.",
    "SDKs pass it on; tool runners fail with an unknown tool. Relays that rename tools forget to rename them back.",
    "The relay must give calls the names of the tools in the request.",
    variants={"none": "The answer calls {name}, but no tool was offered."},
)
NOTHING_ANSWERED = Rule(
    "G3",
    _NOTE,
    "An empty answer",
    "The answer ended as if it were whole (stop: {reason}), with no text, no reasoning and no tool call.",
    "The service says that it has answered, but the answer is empty.",
    "SDKs return an empty message.",
    "Run it again; look in the events for words in an unusual place.",
    variants={
        "unsaid": "The answer ended as if it were whole (stop: not said), with no text, no reasoning and no tool call.",
        "blank": "The answer ended as if it were whole (stop: {reason}), and its text is nothing but white space.",
    },
)
MODEL_UNSAID = Rule(
    "G4",
    _LOSES,
    "No model named",
    "The answer does not say which model gave it.",
    "The service did not say which model did the work.",
    "Both SDKs return None where their types promise a name: cost and quality can't be told.",
    "Ask the relay to pass `model` on.",
)
CALL_AS_TEXT = Rule(
    "G5",
    _LOSES,
    "A tool call written as text",
    "Tools were offered, and the answer's text holds what looks like a call: {sample}. No tool call was read.",
    "The service wrote its request for a tool into the answer, where programs show it instead of using the tool.",
    "SDKs return text and no tool call: agent loops stop.",
    "Switch the server's tool parser on (vLLM: `--enable-auto-tool-choice --tool-call-parser`), the one of this model.",
    variants={
        "unasked": "The answer's text is nothing but what looks like a call: {sample}. No tool call was read.",
        "reasoning": "Tools were offered, and the reasoning, all that came, ends with what looks like a call: {sample}. No "
        "tool call was read.",
    },
)
CONTROL_TOKENS = Rule(
    "G6",
    _LOSES,
    "Control tokens in the text",
    "The answer's text holds a mark that belongs to the model's template: {mark}",
    "Marks that only the machinery should see stand in the answer.",
    "No SDK takes them out; sent back, they confuse the model.",
    "The server uses a wrong chat template or lacks a stop token; cut the mark out until it is mended.",
)
MOJIBAKE = Rule(
    "G7",
    _LOSES,
    "Characters decoded wrongly",
    "The answer's text is UTF-8 that was taken for Latin-1 and encoded once more: “{seen}” for “{meant}”",
    "Letters with accents, Chinese and emoji arrive as garbled signs.",
    "No SDK can notice.",
    "The relay must read its upstream as UTF-8, whatever the content type leaves unsaid, or pass the bytes on.",
)
LIMIT_UNSAID = Rule(
    "G8",
    _NOTE,
    "A limit that is not told",
    "The answer has exactly as many tokens as were allowed ({limit}, {reason}), yet says that it ended by itself: "
    "it was probably cut.",
    "The answer was probably cut off at the length that was asked for, and the service does not say so.",
    "SDKs pass it on: programs that go on where a limit is the reason (`length`, `max_tokens`, `incomplete`) think it whole.",
    "Allow more tokens and see whether the answer goes on; the server should name the limit as the reason.",
    variants={
        "few": "The answer has as many tokens as were allowed ({limit}, {reason}): it may have been cut, though it says that it"
        " ended by itself.",
        "call": "The answer has exactly as many tokens as were allowed ({limit}), and the arguments of a call break off there; "
        "yet the reason is {reason}, as if it were whole.",
    },
)
# How the pieces of a text repeat one another. `name`d variants: "text" or "reasoning".
TEXT_CUMULATIVE = Rule(
    "C44",
    _LOSES,
    "All the text with each piece",
    "",
    "The answer stutters: each message repeats everything from the start.",
    "The SDKs join the pieces as the protocol says: the text comes many times over.",
    "Have the relay send only what is new (DashScope: `incremental_output: true`).",
    {
        "text": "Each piece repeats all the text that came before it, in place of what is new.",
        "reasoning": "Each piece repeats all the reasoning that came before it, in place of what is new.",
    },
)
PIECES_DOUBLED = Rule(
    "C45",
    _LOSES,
    "Every piece came twice",
    "",
    "The answer stutters: every piece of it comes twice.",
    "The SDKs join what comes: the text stutters.",
    "Look for a relay or proxy that writes each event twice.",
    {
        "text": "Each piece of the text was sent twice in a row.",
        "reasoning": "Each piece of the reasoning was sent twice in a row.",
    },
)
TEXT_REPEATED = Rule(
    "C46",
    _LOSES,
    "The whole text once more",
    "",
    "The answer comes twice: once, and once more behind it.",
    "The SDKs join what comes: the text stands there twice.",
    "The relay must not repeat the text in the last pieces.",
    {
        "text": "After its pieces the text was sent once more as a whole.",
        "reasoning": "After its pieces the reasoning was sent once more as a whole.",
        "text_twice": "The text stands there twice in a row, with nothing between the two.",
        "reasoning_twice": "The reasoning stands there twice in a row, with nothing between the two.",
    },
)
HALF_CHARACTER = Rule(
    "C48",
    _LOSES,
    "Half a character",
    "A piece of text holds half a character ({piece}), an escaped surrogate without its other half.",
    "A character, often an emoji, was torn in two; some programs stop when they store or show it.",
    "The Python SDKs hand out a str that can't be encoded: print and write raise UnicodeEncodeError.",
    "The relay must keep both halves of a surrogate pair in one piece.",
)
CHARACTERS_LOST = Rule(
    "G9",
    _LOSES,
    "Characters destroyed on the way",
    "{count:plural replacement character|replacement characters} (U+FFFD) in {where:select text=the text|reasoning=the "
    "reasoning|the arguments of {name}}, the first in “{sample}”: what stood there was destroyed before it came here.",
    "Some characters were destroyed on the way and show as question marks.",
    "No SDK can bring them back: they are shown, stored and handed to tools as they are.",
    "The relay must decode UTF-8 over the borders of its reads, or pass bytes on. A model that writes broken UTF-8 itself "
    "looks like this too.",
)
CALL_ALSO_AS_TEXT = Rule(
    "G10",
    _LOSES,
    "A tool call that stands in the text as well",
    "The answer calls {name}, and the same call is written in its text: {sample}",
    "The request for a tool stands in the answer a second time, as text that was never meant to be seen.",
    "SDKs return both: users see the markup, and agents that read calls out of texts run the tool twice.",
    "The server's tool parser must take the call out of the text that it reads it from.",
    variants={
        "other": "The answer calls {name}, and its text holds what looks like another call: {sample}",
    },
)
SAID_TWICE = Rule(
    "G11",
    _LOSES,
    "The same words in two parts",
    "",
    "The answer stands there twice.",
    "SDKs join the parts: the text comes twice, and goes back twice with the next request.",
    "Look for a relay that makes a part of the streamed text and another of the finished one.",
    {
        "text": "{count} parts of the answer in a row hold the same text: “{sample}”",
        "reasoning": "{count} parts of the reasoning in a row hold the same words: “{sample}”",
    },
)
CALL_TWICE = Rule(
    "G12",
    _NOTE,
    "The same call twice",
    "The answer calls {name} {count} times with the same arguments, each under an id of its own. A model may mean that; a "
    "relay that repeats a call looks the same.",
    "The service asks for the same thing more than once.",
    "SDKs pass all of them on: a tool that changes something is run each time.",
    "Look in the events whether the calls came one behind the other, and compare with the endpoint behind the relay.",
)
TOOL_OF_OTHER_KIND = Rule(
    "G13",
    _BREAKS,
    "A tool called as another kind",
    "The tool {name} was offered as {offered:select custom=a custom tool, which takes free text|a function, which takes JSON}, "
    "and is called as {called:select custom=a custom tool|a function}.",
    "The service hands the tool its input in another form than was agreed, so an assistant program can't run it.",
    "SDKs pass it on; clients look for a custom tool's `input` or a function's `arguments`, and refuse a call without it.",
    "The relay must translate a call back to the kind in which the tool was offered; if it can't, offer the tool as a "
    "function.",
)
REASONING_REPEATED = Rule(
    "G14",
    _LOSES,
    "The reasoning stands in the text as well",
    "The text begins with the whole reasoning once more: “{sample}”",
    "The model's thinking stands in the answer itself, where programs show it as if it were the answer.",
    "No SDK takes it out: it is shown, stored, and goes back with the next request.",
    "The relay must send reasoning apart from the text, or not at all.",
)
BYTES_WRAPPED = Rule(
    "G15",
    _BREAKS,
    "Events inside of events",
    "The data of an event is no event but `bytes`, with the real event in it as base64, as Bedrock sends it. It was unwrapped "
    "and read.",
    "The answer came in the packaging of another service, which programs for this protocol can't open.",
    "The SDKs find no event of their protocol in it: streams are empty, with or without an error.",
    "The relay must send what is in `bytes` as the event's own data.",
)
ERROR_AS_TEXT = Rule(
    "C12",
    _LOSES,
    "An error as answer text",
    "The answer's text looks like an error message: {text}",
    "What looks like an answer is probably an error message of the service.",
    "No SDK can notice: the error is handed on as the model's words.",
    'The relay must send errors as errors (an HTTP status, or `data: {{"error": …}}`).',
)
# `name` is the count's own name in the protocol: prompt_tokens, input_tokens.
INPUT_ZERO = Rule(
    "U1",
    _LOSES,
    "No input tokens counted",
    "{name} is 0, although something was asked.",
    "What the question cost to read was not counted.",
    "SDKs hand on what was said: costs, budgets and context meters see no input.",
    "Send the real count of the input; a relay must pass on that of its upstream.",
    variants={
        "unsaid": "The question's tokens were not counted: message_start said no input_tokens.",
        "said": "The question's tokens were not counted: message_start said input_tokens {said}.",
        "unsaid_whole": "The question's tokens were not counted: the answer said no input_tokens.",
        "said_whole": "The question's tokens were not counted: the answer said input_tokens {said}.",
    },
)
OUTPUT_ZERO = Rule(
    "U1a",
    _LOSES,
    "No output tokens counted",
    "{name} is 0, although the answer has content.",
    "The service says that the answer cost nothing, which can't be.",
    "Cost and limits are computed too low.",
    "Ask the relay to pass on the count of the upstream endpoint.",
)
CACHE_EXCEEDS_INPUT = Rule(
    "U2",
    _LOSES,
    "Cached tokens outside the input",
    "The tokens read from or written to the cache are more than {name} ({cached} of {count}); they must be a part of it.",
    "The token counts contradict each other: a part is larger than the whole.",
    "Cost formulas subtract the cached part and come out too low, or below zero.",
    "Ask the relay for counts in OpenAI's form: {name} with the cache included.",
)
REASONING_OUTSIDE_OUTPUT = Rule(
    "U2a",
    _NOTE,
    "Reasoning tokens outside the output",
    "reasoning_tokens is more than {name} ({reasoning} of {count}); it must be a part of it.",
    "The token counts contradict each other: a part is larger than the whole.",
    "SDKs hand the counts on as they are: where {name} leaves the reasoning out, costs worked out from it are too low.",
    "Find out which count the bill is made from.",
    {
        "beside": (
            "{name} ({count}) leaves the reasoning out: total_tokens ({total}) is input, output and {reasoning} reasoning "
            "tokens together. Diptych counts the reasoning as output."
        ),
    },
)
RULES = catalogue(globals())
