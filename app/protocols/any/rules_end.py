"""The rules for how an answer ended and what it did, held against the request, whatever the protocol."""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_LOSES, _NOTE = Severity.LOSES, Severity.NOTE

NO_TOOL_CALLED = Rule(
    "G20",
    _NOTE,
    "No tool was called",
    "{offered} was offered, and the answer calls no tool: that tools work here is not shown.",
    "The service answered in words and did not use the tool, so the test of tools has not taken place.",
    "SDKs return text: the model may not have wanted the tool, or the relay drops tools or calls.",
    "Ask for the tool by name in the prompt. If no prompt leads to a call, the endpoint does not pass tools on.",
)
FORCED_CALL_MISSING = Rule(
    "G20a",
    Severity.BREAKS,
    "A required call was not made",
    "The request requires a call (`tool_choice`: {choice}), and the answer, which ended by itself, has none.",
    "The service was told to use a tool and did not, so that a program that counts on the call has nothing to go on with.",
    "SDKs return the answer as it is: programs that read the first call fail there.",
    "The relay drops `tool_choice` or the call, or the server does not obey it: compare with the official endpoint.",
)
SEQUENCE_UNASKED = Rule(
    "G21",
    _LOSES,
    "Stopped at a stop sequence that nobody asked for",
    "The answer says that it stopped at a stop sequence, though the request has none and the answer names none.",
    "The reason that the service gives for stopping can't be true.",
    "SDKs pass it on: a program takes an answer that was cut, or withheld, for one that ended where it was told to.",
    "Have the relay translate its upstream's reason: a filter's is refusal, a limit's max_tokens.",
    variants={
        "named": "The answer says that it stopped at the stop sequence {sequence}, which the request does not have.",
    },
)
LIMIT_EARLY = Rule(
    "G22",
    _NOTE,
    "A token limit that was not reached",
    "The answer says that the token limit was reached ({reason}), after {tokens:grouped} of the {limit:grouped} tokens that the"
    " request allows.",
    "The service cut the answer earlier than it was told to.",
    "SDKs pass it on: programs that go on where a limit is the reason ask again, and are cut again.",
    "The server has a lower limit of its own, or its context is full: look at its settings. To allow more won't help.",
)
LIMIT_WITHOUT_CONTENT = Rule(
    "G22a",
    _LOSES,
    "A token limit as the reason of an empty answer",
    "The answer says that the token limit was reached ({reason}), after {tokens:grouped} of the {limit:grouped} tokens that the"
    " request allows and without any content.",
    "The reason that the service gives for the empty answer can't be true: it was probably withheld.",
    "SDKs pass it on: a program asks for more tokens, which does not help.",
    "A withheld answer looks so behind relays that translate the reason wrongly: look at the upstream's own.",
)
HOSTED_UNASKED = Rule(
    "G23",
    _LOSES,
    "A hosted tool that nobody offered",
    "The answer reports a call of {name}, a hosted tool that the request did not offer.",
    "The service says that it has searched, or run something, though nobody asked for that.",
    "The blocks go back with the next request, where official endpoints refuse or count them.",
    "Have the relay send the blocks of tools that ran, and no others.",
    variants={
        "empty": "The answer reports a call of {name}, a hosted tool that the request did not offer, with an empty input and "
        "no result."
    },
)
HOSTED_TORN = Rule(
    "G23a",
    _LOSES,
    "A hosted tool's call without its result",
    "The answer has a call of {name} ({id}), which ran at the service's side, and no result of it.",
    "The service used a tool of its own and left out a part of it, so the conversation can't go on with this answer.",
    "SDKs keep the block; sent back in the next turn, the official endpoint refuses it with 400.",
    "The relay must pass on call and result, or neither.",
    variants={"result": "The answer has the result of a call of {name} ({id}), and the call itself is missing."},
)
SEALED_BY_OTHERS = Rule(
    "G24",
    _NOTE,
    "Reasoning that only this relay can read",
    "The reasoning to be sent back is not sealed by the model's vendor: its {field} begins with {start}.",
    "The conversation can't be continued at another endpoint: only this relay can read its hidden part.",
    "SDKs hand it back as it is; the official endpoint refuses it or does not know what it means.",
    "Take the reasoning out of the history before the conversation goes to another endpoint.",
    variants={"json": "The reasoning to be sent back is not encrypted: its {field} is JSON that anybody can read, {start}."},
)
ARGUMENT_LACKING = Rule(
    "G25",
    _NOTE,
    "A call without an argument that its tool requires",
    "{name} was called without {fields}, which its schema requires. A model may do that where the schema is not strict; a"
    " relay or a mock that makes the arguments up looks the same.",
    "The service uses the tool without saying all that the tool has to know.",
    "SDKs pass the call on; a client that holds it against the schema, as typed tools do, refuses it.",
    "Ask again, and compare with the official endpoint; with a strict schema no field can be left out.",
)
STRICT_ARGUMENT_LACKING = Rule(
    "G25a",
    _LOSES,
    "A strict schema that was not kept",
    "{name} was called without {fields}, which its schema requires, though the request has the tool as strict.",
    "The service was told that the tool's arguments have to be whole, and they are not.",
    "The official SDKs' helpers for typed tools raise a validation error; others pass the call on.",
    "The relay drops `strict`, or the server behind it has no such thing: don't rely on it there.",
)
REASONING_WITHOUT_ANSWER = Rule(
    "G3a",
    _NOTE,
    "Reasoning without an answer",
    "The answer ended as if it were whole (stop: {reason}), with reasoning, but with no text and no tool call.",
    "The model thought, and then said nothing.",
    "SDKs return a message without text.",
    "Run it again; look in the events for words in an unusual place. Where it stays so, the relay may lose the text, or take "
    "it for reasoning.",
)
FORMAT_NOT_KEPT = Rule(
    "G26",
    Severity.BREAKS,
    "No JSON, though it was asked for",
    "The request asks for JSON (`{format}`), and the text is none. It begins {sample}",
    "The service was told to answer as data, and answered in words, so that a program can't read it.",
    "SDKs return the text; whoever parses it fails, as do the official helpers for typed answers.",
    "The relay drops the field, or the server does not obey it: compare with the official endpoint.",
    variants={
        "fenced": "The request asks for JSON (`{format}`), and the text has it in a block of Markdown: {sample}",
    },
)
SCHEMA_LACKING = Rule(
    "G26a",
    _NOTE,
    "An answer without what its schema requires",
    "The request asks for an answer by a schema (`{format}`), and the JSON that came is without {fields}, which it requires. "
    "A model may do that where the schema is not strict.",
    "The answer leaves out a part of what it was to hold.",
    "SDKs return the text; programs that read the missing field fail.",
    "Ask for the schema as strict, and compare with the official endpoint.",
    variants={
        "no_object": "The request asks for an object by a schema (`{format}`), and the JSON that came is no object. A model "
        "may do that where the schema is not strict.",
    },
)
STRICT_SCHEMA_LACKING = Rule(
    "G26b",
    _LOSES,
    "An answer that does not keep its strict schema",
    "The request asks for an answer by a strict schema (`{format}`), and the JSON that came is without {fields}, which it "
    "requires.",
    "The service was told that the answer has to be whole, and it is not.",
    "The official SDKs' helpers for typed answers raise a validation error; programs that read the missing field fail.",
    "The relay drops the schema, or the server behind it has no such thing: don't rely on it there.",
    variants={
        "no_object": "The request asks for an object by a strict schema (`{format}`), and the JSON that came is no object.",
    },
)
RULES = catalogue(globals())
