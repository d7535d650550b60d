"""What the look of a key tells (its vendor, a paste gone wrong), so that the key itself need not be passed on."""

from __future__ import annotations

import re

# Prefix, and whose keys begin so; the longer prefix stands first. "sk-" alone: OpenAI, DeepSeek and most relays.
_SHAPES = (
    ("sk-ant-oat", "Anthropic"),
    ("sk-ant-", "Anthropic"),
    ("sk-proj-", "OpenAI"),
    ("sk-svcacct-", "OpenAI"),
    ("sk-admin-", "OpenAI"),
    ("sk-or-", "OpenRouter"),
    ("gsk_", "Groq"),
    ("AIza", "Google"),
    ("xai-", "xAI"),
    ("hf_", "Hugging Face"),
    ("nvapi-", "NVIDIA"),
    ("pplx-", "Perplexity"),
    ("csk-", "Cerebras"),
    ("fw_", "Fireworks"),
    ("sk-", ""),
)
_VERSION = re.compile(r"[a-z]{0,6}\d{1,2}[-_]")  # behind a prefix: sk-or-v1-, sk-ant-api03-
_PLACEHOLDER = re.compile(
    r"^(?:<.*>|\$\{?\w+\}?|%\w+%|.*(?:your|my)[-_ ]?(?:\w+[-_ ])?(?:api[-_ ]?)?(?:key|token)(?:[-_ ]?here)?|(?:sk-)?(?:x{3,}"
    r"|\.{3,}|…|\*{3,}|•{3,}|1234\d*)"
    r"|sk-(?:ant-|proj-)?(?:x{3,}|\.{3,}|…)|changeme|none|null|undefined|test|dummy)$",
    re.IGNORECASE,
)


def prefix_ends(key: str, least: int) -> tuple[int, ...]:
    """Where a key goes on behind each part of its vendor's prefix (`sk-`, `sk-ant-`), where enough characters follow."""
    prefix = next((prefix for prefix, _ in _SHAPES if key.startswith(prefix)), "")
    ends = [index + 1 for index, one in enumerate(prefix) if one in "-_"]
    if prefix and prefix[-1] not in "-_":
        ends.append(len(prefix))
    if prefix and (version := _VERSION.match(key, len(prefix))):
        ends.append(version.end())
    return tuple(end for end in ends if len(key) - end >= least)


def key_shape(key: str) -> str:
    """The prefix that tells whose key it is ("sk-ant-", "gsk_", "sk-"), "other" for one without, "" for no key."""
    key = key.strip().strip("'\"")
    if not key:
        return ""
    return next((prefix for prefix, _ in _SHAPES if key.startswith(prefix)), "other")


def vendor_of_shape(shape: str) -> str:
    """Whose keys have this shape; "" where many have it."""
    return dict(_SHAPES).get(shape, "")


def key_oddity(key: str) -> str:
    """What is wrong with a key for any endpoint: "placeholder", "bearer", "quotes", "spaces", "characters"; "" for nothing."""
    bare = key.strip()
    if not bare:
        return ""
    if bare.lower().startswith("bearer "):
        return "bearer"
    if bare[0] in "'\"“”‘’" or bare[-1] in "'\"“”‘’":
        return "quotes"
    if _PLACEHOLDER.match(bare):
        return "placeholder"
    if key != bare or len(bare.split()) > 1:
        return "spaces"
    return "" if bare.isascii() and bare.isprintable() else "characters"
