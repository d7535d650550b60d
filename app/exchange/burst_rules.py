"""The rules of how an answer was delivered: one by one, or in bursts. Ids as in PROTOCOLS 9."""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_LOSES, _NOTE = Severity.LOSES, Severity.NOTE

BUFFERED = Rule(
    "H1",
    _LOSES,
    "The stream is buffered",
    "{pieces:grouped} pieces of content came in {count:grouped} bursts, {apart_ms:milliseconds} apart: something on the way "
    "collects the pieces.",
    "The answer comes in gulps instead of word by word.",
    "Nothing fails, but users wait longer for the first word.",
    "Turn off response buffering (`X-Accel-Buffering: no`, `proxy_buffering off`) and compression for event streams.",
    variants={
        "one": "{pieces:grouped} pieces of content came in one burst, several of them in one {frame:select frame=DATA frame"
        "|HTTP chunk}: something on the way collects the pieces.",
    },
)
CAME_AT_ONCE = Rule(
    "H1a",
    _NOTE,
    "The stream came all at once",
    "{pieces:grouped} pieces of content came within {within_ms:milliseconds}: either the answer was ready by then (a cache, a "
    "quick model, an answer that was made before it was streamed), or something on the way collected it. What came does not "
    "tell.",
    "The answer came all at once instead of word by word.",
    "Nothing fails.",
    "Ask for a longer answer: what is written for seconds comes all at once only where something collects it.",
    variants={
        "apart": "{pieces:grouped} pieces of content came within {within_ms:milliseconds}, each in {frame:select frame=a DATA "
        "frame|an HTTP chunk} of its own: the answer was ready by then (a cache, a quick model, an answer that was made "
        "before it was streamed), or the bytes were held back below HTTP. A proxy that collects answers would have put "
        "several into one.",
        "encoded": "{pieces:grouped} pieces of content came within {within_ms:milliseconds}: either the answer was ready by "
        "then (a cache, a quick model), or something on the way collected it. The stream is compressed, which collects pieces "
        "and hides how they were sent.",
    },
)
RULES = catalogue(globals())
