"""What may be wrong with the words of a Chat Completions answer, its text and its reasoning: a rule each.

Ids and releases as in `app.protocols.chat.rules`.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_BREAKS, _LOSES = Severity.BREAKS, Severity.LOSES

CONTENT_PARTS = Rule(
    "C31",
    _LOSES,
    "Content as a list of parts",
    "`content` is a list of parts ({types}); the protocol answers with a string.",
    "The answer has an unusual form; some programs drop parts of it or stop.",
    "openai for Python: the stream helper drops parts that follow text; a whole answer has a list where a str is promised.",
    "Read content of both forms, or switch reasoning output off.",
    {"no_objects": "`content` is a list of parts (no objects); the protocol answers with a string."},
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
REASONING_ONLY = Rule(
    "C43",
    _LOSES,
    "All of it came as reasoning",
    "The answer ended with finish_reason {reason}, and all its words came as reasoning; `content` is empty.",
    "The service put the whole answer where only the model's thinking belongs, or the answer is missing.",
    "The SDKs return an empty content; `reasoning_content` and its like are no part of their types.",
    "Look into the reasoning; a server with the wrong reasoning parser, or one for a model that does not think, does this.",
)
TEXT_CUMULATIVE = Rule(
    "C44",
    _LOSES,
    "All the text with each chunk",
    "",
    "The answer stutters: each message repeats everything from the start.",
    "The SDKs join the pieces as the protocol says: the text comes many times over.",
    "Have the relay send only what is new (DashScope: `incremental_output: true`).",
    {
        "text": "Each chunk repeats all the text that came before it, in place of what is new.",
        "reasoning": "Each chunk repeats all the reasoning that came before it, in place of what is new.",
    },
)
CHUNKS_DOUBLED = Rule(
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
    "The answer comes twice: in pieces, and whole behind them.",
    "The SDKs join what comes: the text stands there twice.",
    "The relay must not repeat the text in the last chunks.",
    {
        "text": "After its pieces the text was sent once more as a whole.",
        "reasoning": "After its pieces the reasoning was sent once more as a whole.",
    },
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
HALF_CHARACTER = Rule(
    "C48",
    _LOSES,
    "Half a character",
    "A piece of text holds half a character ({piece}), an escaped surrogate without its other half.",
    "A character, often an emoji, was torn in two; some programs stop when they store or show it.",
    "openai for Python hands out a str that can't be encoded: print and write raise UnicodeEncodeError.",
    "The relay must keep both halves of a surrogate pair in one chunk.",
)
CHARACTERS_LOST = Rule(
    "C50",
    _LOSES,
    "A character lost between two pieces",
    "One piece of text ends with U+FFFD, and the next begins with it, as where the bytes of a character are decoded apart.",
    "Some characters were destroyed on the way and show as question marks.",
    "No SDK can bring them back.",
    "The relay must decode UTF-8 over the borders of its reads, or pass bytes on. A model that writes broken UTF-8 itself "
    "looks like this too.",
)
RULES = catalogue(globals())
