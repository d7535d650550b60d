"""Anthropic's Messages API, seen from outside."""

from __future__ import annotations

from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.info import ProtocolInfo, Sdk
from app.text.sentences import message

INFO = ProtocolInfo(
    id=MESSAGES,
    title="Anthropic Messages",
    short_title="Messages",
    base_url_hint=message("https://api.anthropic.com  (without /v1)"),
    version_in_base_url=False,
    paths=("/messages/count_tokens", "/messages"),
    own_folder="/anthropic",
    also_without_version=False,
    alternatives=(CHAT, RESPONSES),
    default_auth="x-api-key",
    version_header=True,
    error_format="anthropic-error",
    end_mark=message("message_stop event"),
    done_mark=False,
    ended_by_itself="end_turn",
    blocks_by_name=True,
    model_required=True,
    has_reasoning=True,
    lacks=frozenset({"json", "strict", "seed", "n", "logprobs", "frequency_penalty", "logit_bias"}),
    cache_in_input=False,
    model_prefix="claude",
    demo_model="claude-sonnet-4-6",
    demo_suffix="",
    sdk=Sdk(
        python="anthropic",
        node="@anthropic-ai/sdk",
        client="Anthropic",
        method="messages",
        styles={"": "api_key", "x-api-key": "api_key", "bearer": "auth_token"},
        node_styles={"": "apiKey", "x-api-key": "apiKey", "bearer": "authToken"},
        variables={"x-api-key": "ANTHROPIC_API_KEY", "bearer": "ANTHROPIC_AUTH_TOKEN"},
        base_url_variable="ANTHROPIC_BASE_URL",
        arguments=frozenset(
            (
                "model",
                "messages",
                "max_tokens",
                "system",
                "tools",
                "tool_choice",
                "stream",
                "stop_sequences",
                "metadata",
                "thinking",
            )
        ),
        user_agent="Anthropic/Python 2.14.0",
    ),
    is_answer=lambda document: (
        document.get("type") in ("message", "message_start") and not isinstance(document.get("choices"), list)
    ),
    is_whole=lambda document: document.get("type") == "message",
    says_end=lambda document: document.get("type") == "message_delta",
    is_end=lambda document: document.get("type") in ("message_delta", "message_stop"),
)
