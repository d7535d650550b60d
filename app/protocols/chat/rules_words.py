"""What may be wrong with the words of a Chat Completions answer, its text and its reasoning: a rule each.

Ids and releases as in `app.protocols.chat.rules`.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

CONTENT_PARTS = Rule(
    "C31",
    _LOSES,
    "Content as a list of parts",
    "`content` is a list of parts ({types}); the protocol answers with a string.",
    "The answer has an unusual form; some programs drop parts of it or stop.",
    "openai for Python: the stream helper drops parts that follow text, and text that follows parts; a whole answer has a "
    "list where a str is promised.",
    "Read content of both forms, or switch reasoning output off.",
    {
        "no_objects": "`content` is a list of parts (no objects); the protocol answers with a string.",
        "empty": "`content` of the first chunk is an empty list; the protocol answers with a string.",
    },
)
TEXT_ELSEWHERE = Rule(
    "C40",
    _LOSES,
    "Text in an unknown field",
    "Text came in `{field}`, not in `delta.content`. It was not read, as the SDKs do not read it.",
    "The service put its words where programs do not look for them.",
    "Both SDKs leave it out: the answer looks shorter than it is, or empty.",
    "The relay must send text in `delta.content`.",
)
SHAPE_UNKNOWN = Rule(
    "C41",
    _LOSES,
    "A field of another shape",
    "`{field}` is of type {type}. It was not read.",
    "Part of the answer has a form that programs do not know.",
    "openai for Python: the stream helper drops it without a word.",
    "The relay must send `content` as a string and `tool_calls` as a list of objects.",
    {
        "call_id": "`id` of a tool call is of type {type}. It was not read.",
        "no_objects": "`tool_calls` holds what is no object. It was not read.",
    },
)
DETAIL_NO_OBJECT = Rule(
    "C41b",
    _BREAKS,
    "A detail that is no object",
    "`{field}` is {found} where the protocol has an object or null.",
    "A detail of the answer that few read has a form at which common programs stop with an error.",
    "openai for Python: the stream helper raises AttributeError. Plain iteration and Node pass.",
    "The relay must send an object there, or leave the field out.",
)
USAGE_NO_OBJECT = Rule(
    "C41c",
    _LOSES,
    "A usage that is no object",
    "A chunk's `usage` is {found}; the protocol has an object or null. It was not read.",
    "The count of tokens has a form that programs do not know; those that look at it stop with an error.",
    "The SDKs pass it on as it is: a loop that reads `chunk.usage.prompt_tokens` raises AttributeError in Python, and reads "
    "undefined in Node.",
    "Send `usage: null`, or leave it out, in each chunk that counts nothing.",
)
FIELD_STRICT = Rule(
    "C41a",
    _NOTE,
    "What only lenient clients read",
    "`{field}` is {found}, which is not of the protocol's type.",
    "A detail of the answer has an unusual form. Most programs read past it; strict ones stop there.",
    "None in the official SDKs. Clients that check what comes against its type, such as the Vercel AI SDK, raise an error.",
    "The relay should send each field in the type that the protocol has.",
)
REASONING_ONLY = Rule(
    "C43",
    _LOSES,
    "All of it came as reasoning",
    "The answer ended with finish_reason {reason}, and all its words came as reasoning; `content` is empty.",
    "The service put the whole answer where only the model's thinking belongs, or the answer is missing.",
    "The SDKs return an empty content; `reasoning_content` and its like are no part of their types.",
    "Look into the reasoning; a server with the wrong reasoning parser, or one for a model that does not think, does this.",
)
LIST_WITHOUT_INDEX = Rule(
    "C47",
    _BREAKS,
    "A list in several chunks, without numbers",
    "`delta.{field}` is a list that came in more than one chunk, and its entries have no `index`.",
    "Extra parts of the answer came in a form at which common programs stop with an error.",
    "openai for Python: the stream helper raises RuntimeError or TypeError. Plain iteration and Node pass.",
    "The relay must give the entries an `index`, or send the list in one chunk.",
)
RULES = catalogue(globals())
