"""What a faithful translation between two protocols does to each part of a request: a table for each pair of them.

A row that is not here means: the same, under the name that the other protocol has for it (`app.mirror.readers` gives both the
same name). What the other protocol has no field for can't be kept by any relay; only what it could have kept is a loss.
Sources: PROTOCOLS 1A.3, 1B.2, 1C.2 and 2, which list each protocol's fields.
"""

from __future__ import annotations

import msgspec

from app.mirror.request import What
from app.mirror.row import Kind
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.text.sentences import message


class Way(msgspec.Struct, frozen=True):
    """How something is said in the other protocol.

    `to` are the settings that say it there, in its place; () where nothing can. `loose`: its value may be another.
    `why` is the code of the sentence that tells why it can't be kept (`app.mirror.meanings`).
    """

    to: tuple[str, ...] = ()
    loose: bool = False
    why: str = "no_field"


_NOWHERE = Way()
_EFFORT = Way(("effort", "thinking", "thinking budget"), loose=True)
_USER = Way(("user", "safety identifier"))

SETTINGS: dict[tuple[str, str], dict[str, Way]] = {
    (MESSAGES, CHAT): {
        "top_k": _NOWHERE,
        "thinking": _EFFORT,
        "thinking budget": _EFFORT,
        "thinking display": _NOWHERE,
        "user": _USER,
        "cache control": Way(why="caches_alone"),
    },
    (MESSAGES, RESPONSES): {
        "top_k": _NOWHERE,
        "stop": _NOWHERE,
        "thinking": _EFFORT,
        "thinking budget": _EFFORT,
        "thinking display": Way(("reasoning summary",), loose=True),
        "user": _USER,
        "cache control": Way(why="caches_alone"),
    },
    (CHAT, MESSAGES): {
        "effort": _EFFORT,
        "safety identifier": _USER,
        "usage in stream": Way(why="always_counts"),
        "format name": _NOWHERE,
        "format strict": _NOWHERE,
        "format description": _NOWHERE,
        **dict.fromkeys(
            (
                "field seed",
                "field logit_bias",
                "field n",
                "field logprobs",
                "field top_logprobs",
                "field frequency_penalty",
                "field presence_penalty",
                "field prediction",
                "field store",
                "field prompt_cache_key",
                "field verbosity",
            ),
            _NOWHERE,
        ),
    },
    (CHAT, RESPONSES): {
        "stop": _NOWHERE,
        "usage in stream": Way(why="always_counts"),
        "field logprobs": Way(("field top_logprobs", "field include"), loose=True),
        "field verbosity": Way(("text verbosity",)),
        **dict.fromkeys(
            (
                "field seed",
                "field logit_bias",
                "field n",
                "field frequency_penalty",
                "field presence_penalty",
                "field prediction",
            ),
            _NOWHERE,
        ),
    },
    (RESPONSES, MESSAGES): {
        "effort": _EFFORT,
        "reasoning summary": Way(("thinking display",), loose=True, why="no_field"),
        "safety identifier": _USER,
        "format name": _NOWHERE,
        "format strict": _NOWHERE,
        "format description": _NOWHERE,
        "text verbosity": _NOWHERE,
        **dict.fromkeys(
            ("field store", "field include", "field truncation", "field top_logprobs", "field prompt_cache_key"), _NOWHERE
        ),
    },
    (RESPONSES, CHAT): {
        "reasoning summary": _NOWHERE,
        "text verbosity": Way(("field verbosity",)),
        **dict.fromkeys(("field include", "field truncation"), _NOWHERE),
    },
}

# What the other protocol needs, or a relay that reads its answer: the request did not say it, and must be told so.
NEEDED: dict[tuple[str, str], dict[str, str]] = {
    (MESSAGES, CHAT): {"usage in stream": "needed_for_counts"},
    (MESSAGES, RESPONSES): {"field store": "needed_not_stored", "field include": "needed_for_reasoning"},
    (CHAT, MESSAGES): {"limit": "needed_limit"},
    (CHAT, RESPONSES): {"field store": "needed_not_stored", "field include": "needed_for_reasoning"},
    (RESPONSES, MESSAGES): {"limit": "needed_limit"},
    (RESPONSES, CHAT): {"usage in stream": "needed_for_counts"},
}

# Kinds of parts that the other protocol has no place for; the code of the sentence why.
PARTS: dict[tuple[str, str], dict[What, str]] = {
    (MESSAGES, CHAT): {What.THINKING: "no_thinking"},
    (MESSAGES, RESPONSES): {What.THINKING: "others_thinking"},
    (CHAT, MESSAGES): {What.THINKING: "others_thinking"},
    (CHAT, RESPONSES): {What.THINKING: "others_thinking"},
    (RESPONSES, MESSAGES): {What.THINKING: "others_thinking"},
    (RESPONSES, CHAT): {What.THINKING: "no_thinking"},
}

# Members of parts and tools that the other protocol has none for; "" for those that none of these tables knows.
MEMBERS: dict[tuple[str, str], dict[str, str]] = {
    (MESSAGES, CHAT): {"cache_control": "caches_alone", "is_error": "no_error_flag"},
    (MESSAGES, RESPONSES): {"cache_control": "caches_alone", "is_error": "no_error_flag"},
    (CHAT, MESSAGES): {"detail": "no_field", "name": "no_field", "filename": "no_field", "format": "no_field"},
    (CHAT, RESPONSES): {"name": "no_field"},
    (RESPONSES, MESSAGES): {"detail": "no_field", "filename": "no_field"},
    (RESPONSES, CHAT): {},
}
KNOWN_MEMBERS = frozenset({"strict", "filename", "detail"})  # of those of other names, the other protocol has none

# Headers that belong to one protocol: nothing is lost where another is asked.
HEADERS_OF = {"anthropic-version": MESSAGES, "anthropic-beta": MESSAGES}

# Values that say nothing: where they are added or left out, nothing changes (PROTOCOLS 1A.3, 1B.2, 1C.2).
DEFAULTS: dict[str, object] = {
    "temperature": 1,
    "top_p": 1,
    "stream": False,
    "tool choice": "auto",
    "parallel": True,
    "format": "text",
    "service tier": "auto",
    "field n": 1,
    "field logprobs": False,
    "field frequency_penalty": 0,
    "field presence_penalty": 0,
    "field truncation": "disabled",
    "thinking": "disabled",
    "stop": [],
    "effort": "none",
}

# What the settings are called where they are no field's own name.
NAMES = {
    "cache control": message("cache control"),
    "effort": message("effort"),
    "format": message("format"),
    "format description": message("format description"),
    "format name": message("format name"),
    "format schema": message("format schema"),
    "format strict": message("format strict"),
    "limit": message("limit"),
    "model": message("model"),
    "parallel": message("parallel"),
    "reasoning summary": message("reasoning summary"),
    "safety identifier": message("safety identifier"),
    "service tier": message("service tier"),
    "stop": message("stop"),
    "stream": message("stream"),
    "text verbosity": message("text verbosity"),
    "thinking": message("thinking"),
    "thinking budget": message("thinking budget"),
    "thinking display": message("thinking display"),
    "tool choice": message("tool choice"),
    "usage in stream": message("usage in stream"),
    "user": message("user"),
}


def way(source: str, target: str, setting: str) -> Way | None:
    """How a setting is said in the target; None where it is the same there. What only one vendor has stays with it."""
    if source == target:
        return None
    row = SETTINGS[source, target].get(setting)
    if row is None and setting.startswith("field "):
        common = {"field store", "field prompt_cache_key", "field top_logprobs", "field prompt_cache_retention"}
        return None if setting in common and MESSAGES not in (source, target) else _NOWHERE
    if row is None and setting.startswith("metadata ") and target == MESSAGES:
        return _NOWHERE
    return row


def lost_member(source: str, target: str, member: str) -> str | None:
    """Why a member of a part can't be kept, as a code; None where it can."""
    if source == target:
        return None
    return MEMBERS[source, target].get(member) or (None if member in KNOWN_MEMBERS else "no_field")


def dropped(source: str, target: str) -> str:
    """Why it is a loss that something did not arrive for which the other protocol has a place, as a code."""
    return "field_dropped" if source == target else "setting_dropped"


def changed_member(source: str, target: str, member: str, arrived: object) -> tuple[Kind, str, bool]:
    """What became of a member that did not arrive as it was (None: not at all), why as a code, and whether it is a loss."""
    why = lost_member(source, target, member)
    if arrived is None:
        return Kind.DROPPED, why or dropped(source, target), why is None
    return Kind.CHANGED, why or "value_changed", why is None


def server_kind(server: str) -> str:
    """What a vendor's own tool is, by its type: `web_search` for each protocol's name of that one."""
    return "web_search" if server.startswith("web_search") else server


def pairs() -> tuple[tuple[str, str], ...]:
    """The pairs of protocols that there is a table for: asked in one, passed on in the other."""
    return tuple(SETTINGS)
