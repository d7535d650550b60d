"""A small table of clients, made by hand."""

from __future__ import annotations

import json

from app.clients.table import Table
from app.exchange.exchange import Exchange
from app.protocols.findings import Finding, Rule, Severity
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Envelope, Headed, Headers, ProfileNote, Request

CHAT = "openai-chat"
OFFICIAL = {"package": "openai", "version": "3.0", "language": "python", "packages": ["openai==3.0"]}
OTHER = {"package": "@ai-sdk/openai", "version": "4.0", "language": "javascript", "packages": ["@ai-sdk/openai@4.0"]}
RETRIES = {
    "429": [3, [0.5, 1.0], "openai.RateLimitError", 429],
    "429 after 0": [3, [0.5, 1.0], "openai.RateLimitError", 429],
    "429 after 7": [3, ["after", "after"], "openai.RateLimitError", 429],
    "429 after 60": [3, ["after", "after"], "openai.RateLimitError", 429],
    "429 after 120": [3, ["after", "after"], "openai.RateLimitError", 429],
    "429 after 121": [1, [], "openai.RateLimitError", 429],
    "429 after 3600": [1, [], "openai.RateLimitError", 429],
    "429 date 30": [3, ["after", "after"], "openai.RateLimitError", 429],
    "429 ms": [3, [1.5, 1.5], "openai.RateLimitError", 429],
    "429 no": [1, [], "openai.RateLimitError", 429],
    "400": [1, [], "openai.BadRequestError", 400],
    "400 yes": [3, [0.5, 1.0], "openai.BadRequestError", 400],
    "reset": [3, [0.5, 1.0], "openai.APIConnectionError", None],
}
IGNORING = {
    name: [3, [2.0, 4.0], "AI_RetryError", None] if name != "400" else [1, [], "AI_APICallError", 400] for name in RETRIES
}


def table(*rows: tuple[str, str, int, str, str], outcomes: tuple[str, ...] = ()) -> Table:
    """A table of Chat with the columns openai, openai:raw and ai-sdk-openai; rows as in the file."""
    said = ("same", "error:openai.APIError", "text:cut stop:none", "not tried", "hung", "output:twice tries:2", *outcomes)
    request = {"auth": "bearer", "paths": {"": "/chat/completions", "/v1": "/v1/chat/completions"}, "headers": {}}
    more = {"suffix": {CHAT: "/v1"}, "requests": {CHAT: request}}
    data = {
        "date": "2026-11-29",
        "command": "python -m tests.clients",
        "clients": {
            "openai": {**OFFICIAL, **more, "retries": {CHAT: RETRIES}},
            "ai-sdk-openai": {**OTHER, **more, "retries": {CHAT: IGNORING}},
        },
        "columns": {CHAT: ["openai", "openai:raw", "ai-sdk-openai"]},
        "honest": [],
        "unchanged": [],
        "outcomes": said,
        "rows": {CHAT: rows},
        "left_out": [],
    }
    return Table(json.dumps(data).encode())


def found(rule_id: str, variant: str = "", severity: Severity = Severity.LOSES) -> Finding:
    """A finding of a rule that is made up."""
    return Finding(Rule(rule_id, severity, "It", "It is so.", "It is so.", variants={"odd": "It is odd."}), variant=variant)


def refused(status: int, headers: Headers = (), protocol: str = CHAT) -> Exchange:
    """An exchange that was answered with an error."""
    made = Recording(Envelope(protocol, ProfileNote("h", "http://h", protocol)), Request("POST", "http://h/v1"))
    made.apply(Headed(status, "", "HTTP/1.1", headers))
    made.apply(Ended(EndKind.WHOLE))
    return Exchange(made).finish()


def broken_off(code: str) -> Exchange:
    """An exchange whose connection broke before there was an answer."""
    made = Recording(Envelope(CHAT, ProfileNote("h", "http://h", CHAT)), Request("POST", "http://h/v1"))
    made.apply(Ended(EndKind.ERROR, code=code))
    return Exchange(made).finish()
