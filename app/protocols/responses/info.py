"""OpenAI's Responses, seen from outside."""

from __future__ import annotations

import msgspec

from app.protocols.chat.info import INFO as CHAT_INFO
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.info import ProtocolInfo
from app.text.sentences import message

assert CHAT_INFO.sdk is not None  # one SDK speaks both

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
    lacks=frozenset({"top_k", "stop", "thinking", "seed", "n", "frequency_penalty", "logit_bias"}),
    cache_in_input=True,
    model_prefix="",
    demo_model="gpt-5.5",
    demo_suffix=" (Responses)",
    sdk=msgspec.structs.replace(CHAT_INFO.sdk, method="responses"),
    is_answer=lambda document: document.get("object") == "response" or str(document.get("type", "")).startswith("response."),
    is_end=lambda document: document.get("type") in ("response.completed", "response.incomplete"),
)
