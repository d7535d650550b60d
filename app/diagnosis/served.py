"""A model that an endpoint has, but serves in another protocol than it was asked in: what its words say of that."""

from __future__ import annotations

from app.diagnosis.facts import Facts
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

_NOT_HERE = (  # a model that is served under another API, as Copilot, OpenAI and relays say it
    r"only (?:supported|available) in v1/\w+|not in v1/[\w/]+|(?:not|n't) (?:accessible|available|supported) (?:via|through"
    r"|under|on|at|with) (?:the )?[`'\"]?/?(?:v1/)?(?:chat/completions|messages|responses)\b"
    r"|(?:please )?use (?:the )?[`'\"]?/?(?:v1/)?(?:responses|messages|chat/completions)\b[`'\"]? (?:endpoint|api)"
    r"|use (?:the )?[`'\"]?/?v1/(?:responses|messages|chat/completions)\b[`'\"]? instead"
    r"|operation does not work with the specified model"
    r"|(?:does not|doesn't) support (?:the )?(?:chat completions|responses|messages) (?:api|endpoint)"
)
_NAMED = (
    (RESPONSES, r"only (?:supported|available) in v1/responses|use (?:the )?[`'\"]?/?(?:v1/)?responses\b"),
    (MESSAGES, r"only (?:supported|available) in v1/messages|use (?:the )?[`'\"]?/?(?:v1/)?messages\b"),
    (CHAT, r"only (?:supported|available) in v1/chat|use (?:the )?[`'\"]?/?(?:v1/)?chat/completions\b"),
)
_ELSEWHERE = {CHAT: RESPONSES, RESPONSES: CHAT, MESSAGES: CHAT}


def is_elsewhere(f: Facts) -> bool:
    """The endpoint says that this model is not served at this path."""
    return f.error.matches(_NOT_HERE) is not None


def named(f: Facts) -> str:
    """The other protocol that its words name, or ""."""
    return next((one for one, pattern in _NAMED if one != f.protocol and f.error.matches(pattern)), "")


def under(f: Facts) -> str:
    """The protocol in which the model is served: the one that is named, else the one in which such models usually are."""
    return named(f) or _ELSEWHERE.get(f.protocol, "")
