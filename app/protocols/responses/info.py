"""OpenAI's Responses, seen from outside."""

from __future__ import annotations

from collections.abc import Mapping

from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.info import ProtocolInfo
from app.protocols.shared.openai_sdk import openai_sdk
from app.text.sentences import message


def _is_end(event: Mapping[str, object]) -> bool:
    return event.get("type") in ("response.completed", "response.incomplete")


INFO = ProtocolInfo(
    id=RESPONSES,
    title="OpenAI Responses",
    short_title="Responses",
    base_url_hint=message("https://api.openai.com/v1  (with /v1)"),
    version_in_base_url=True,
    paths=("/responses",),
    own_folder="",
    also_without_version=False,
    alternatives=(CHAT, MESSAGES),
    default_auth="bearer",
    version_header=False,
    error_format="openai-error",
    end_mark=message("response.completed event"),
    done_mark=False,
    ended_by_itself="completed",
    blocks_by_name=False,
    model_required=False,
    has_reasoning=True,
    lacks=frozenset({"top_k", "stop", "thinking", "seed", "n", "frequency_penalty", "logit_bias"}),
    cache_in_input=True,
    model_prefix="",
    demo_model="gpt-5.5",
    demo_suffix=" (Responses)",
    sdk=openai_sdk("responses"),
    is_answer=lambda document: document.get("object") == "response" or str(document.get("type", "")).startswith("response."),
    is_whole=lambda document: document.get("object") == "response",
    says_end=_is_end,
    is_end=_is_end,
)
