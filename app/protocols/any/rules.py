"""The deviations of an answer in any protocol, seen by holding it against what was asked. The ids are ours."""

from __future__ import annotations

from app.protocols.findings import Rule, Severity

REASONING_IN_TEXT = Rule(
    "G1",
    Severity.LOSES,
    "reasoning inside the text",
    "The answer's text begins with reasoning, marked by {detail}.",
    "The model's thinking stands in the answer itself, where programs show it as if it were the answer.",
    "No SDK takes it out: it is shown, stored, and counted as output text.",
    "Have the relay send reasoning apart from the text, or cut the tags out.",
)
TOOL_NOT_OFFERED = Rule(
    "G2",
    Severity.BREAKS,
    "a tool that was not offered",
    "The answer calls {detail}.",
    "The service asks for a tool that it was not given, so an assistant program can't run it.",
    "SDKs pass it on; tool runners fail with an unknown tool. Relays that rename tools forget to rename them back.",
    "The relay must give calls the names of the tools in the request.",
)
NOTHING_ANSWERED = Rule(
    "G3",
    Severity.NOTE,
    "an empty answer",
    "The answer ended as if it were whole (stop: {detail}), with no text, no reasoning and no tool call.",
    "The service says that it has answered, but the answer is empty.",
    "SDKs return an empty message.",
    "Run it again; look in the events for words in an unusual place.",
)
MODEL_UNSAID = Rule(
    "G4",
    Severity.LOSES,
    "no model named",
    "The answer does not say which model gave it{detail}.",
    "The service did not say which model did the work.",
    "Both SDKs return None where their types promise a name: cost and quality can't be told.",
    "Ask the relay to pass `model` on.",
)
CALL_AS_TEXT = Rule(
    "G5",
    Severity.LOSES,
    "a tool call written as text",
    "Tools were offered, and the answer's text holds what looks like a call: {detail}. No tool call was read.",
    "The service wrote its request for a tool into the answer, where programs show it instead of using the tool.",
    "SDKs return text and no tool call: agent loops stop.",
    "Switch the server's tool parser on (vLLM: `--enable-auto-tool-choice --tool-call-parser`), the one of this model.",
)
CONTROL_TOKENS = Rule(
    "G6",
    Severity.LOSES,
    "control tokens in the text",
    "The answer's text holds a mark that belongs to the model's template: {detail}",
    "Marks that only the machinery should see stand in the answer.",
    "No SDK takes them out; sent back, they confuse the model.",
    "The server uses a wrong chat template or lacks a stop token; cut the mark out until it is mended.",
)
MOJIBAKE = Rule(
    "G7",
    Severity.LOSES,
    "characters decoded wrongly",
    "The answer's text is UTF-8 that was taken for Latin-1 and encoded once more: {detail}",
    "Letters with accents, Chinese and emoji arrive as garbled signs.",
    "No SDK can notice.",
    "The relay must read its upstream as UTF-8, whatever the content type leaves unsaid, or pass the bytes on.",
)
LIMIT_UNSAID = Rule(
    "G8",
    Severity.NOTE,
    "a limit that is not told",
    "The answer has exactly as many tokens as were allowed ({detail}), yet says that it ended by itself: it was probably cut.",
    "The answer was probably cut off at the length that was asked for, and the service does not say so.",
    "SDKs pass it on: programs that go on where a limit is the reason (`length`, `max_tokens`, `incomplete`) think it whole.",
    "Allow more tokens and see whether the answer goes on; the server should name the limit as the reason.",
)
RULES = {
    row.id: row
    for row in (
        REASONING_IN_TEXT,
        TOOL_NOT_OFFERED,
        NOTHING_ANSWERED,
        MODEL_UNSAID,
        CALL_AS_TEXT,
        CONTROL_TOKENS,
        MOJIBAKE,
        LIMIT_UNSAID,
    )
}
