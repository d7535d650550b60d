"""The official SDK of OpenAI, which speaks Chat Completions and Responses."""

from __future__ import annotations

from app.protocols.info import Sdk

_ARGUMENTS = frozenset((
    *("model", "messages", "input", "instructions", "tools", "tool_choice", "stream", "stream_options", "store", "include"),
    *("max_tokens", "max_completion_tokens", "max_output_tokens", "temperature", "top_p", "reasoning"),
))  # fmt: skip


def openai_sdk(method: str) -> Sdk:
    """As it is for one of them: `method` is the client's, with dots."""
    return Sdk(
        python="openai",
        node="openai",
        client="OpenAI",
        method=method,
        styles={"": "api_key", "bearer": "api_key"},
        node_styles={"": "apiKey", "bearer": "apiKey"},
        variables={"bearer": "OPENAI_API_KEY"},
        base_url_variable="OPENAI_BASE_URL",
        arguments=_ARGUMENTS,
        user_agent="OpenAI/Python 3.57.0",
    )
