"""OpenAI's Chat Completions, seen from outside."""

from __future__ import annotations

from collections.abc import Mapping

from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.info import ProtocolInfo
from app.protocols.shared.openai_sdk import openai_sdk
from app.text.json_text import objects_in
from app.text.sentences import message


def _is_end(chunk: Mapping[str, object]) -> bool:
    """Whether a chunk says why its choices ended, and brings nothing of them."""
    entries = objects_in(chunk.get("choices"))
    return bool(entries) and all(one.get("finish_reason") and not _brings(one.get("delta")) for one in entries)


def _brings(delta: object) -> bool:
    return isinstance(delta, dict) and any(value for name, value in delta.items() if name != "role")


INFO = ProtocolInfo(
    id=CHAT,
    title="OpenAI Chat Completions",
    short_title="Chat",
    base_url_hint=message("https://api.openai.com/v1  (with /v1)"),
    version_in_base_url=True,
    paths=("/chat/completions", "/completions"),
    own_folder="",
    also_without_version=True,
    alternatives=(MESSAGES, RESPONSES),
    default_auth="bearer",
    version_header=False,
    error_format="openai-error",
    end_mark="finish_reason",
    done_mark=True,
    ended_by_itself="stop",
    blocks_by_name=False,
    model_required=False,
    has_reasoning=False,
    lacks=frozenset({"top_k", "thinking"}),
    cache_in_input=True,
    model_prefix="",
    demo_model="gpt-5.5",
    demo_suffix=" (Chat)",
    sdk=openai_sdk("chat.completions"),
    is_answer=lambda document: (
        str(document.get("object", "")).startswith("chat.completion") or isinstance(document.get("choices"), list)
    ),
    is_whole=lambda document: any("message" in one for one in objects_in(document.get("choices"))),
    says_end=lambda chunk: any(one.get("finish_reason") for one in objects_in(chunk.get("choices"))),
    is_end=_is_end,
)
