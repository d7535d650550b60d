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
    "A tool that was not offered",
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
    variants={"unsaid": "The answer ended as if it were whole (stop: not said), with no text, no reasoning and no tool call."},
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
REASONING_EXCEEDS_OUTPUT = Rule(
    "U2a",
    _NOTE,
    "Reasoning tokens outside the output",
    "reasoning_tokens is more than {name} ({reasoning} of {count}); it must be a part of it.",
    "The token counts contradict each other: a part is larger than the whole.",
    "None; visible output computed as the difference comes out below zero.",
    "Compare only {name}.",
)
RULES = catalogue(globals())
