"""What an endpoint says that it read from its prompt cache, though the request can't hold it.

A token is at least a byte of text, so that no more tokens can be read for a request than its body has bytes, whatever was sent
before and however small the prompts are that a server keeps. What lies above that was put in front of it, or is made up. Kept
quiet: a chat template's own words are allowed for, and requests that only point at what counts are left out.
"""

from __future__ import annotations

import re

from app.run.side import Side

ALLOWANCE = 256  # tokens of a template, a default system prompt, the vendor's words about tools
# Content that is not in the body, or of which a byte may be many tokens; hosted tools fill the prompt while they run.
_ELSEWHERE = re.compile(
    rb'"(?:previous_response_id|conversation|prompt|container|mcp_servers|file_id|file_url|image_url|url|context_management)"'
    rb'|"type"\s*:\s*"(?!text"|function"|custom"|input_text"|output_text"|message"|tool_use"|tool_result"|object"|string"'
    rb'|integer"|number"|boolean"|array"|null"|ephemeral"|enabled"|disabled"|adaptive"|auto"|any"|tool"|none"|thinking")'
)


def unexplained_read(side: Side, other: Side) -> tuple[int, int] | None:
    """(tokens read, bytes of the body) of the first request, where the body can't hold so many and the other side's count does
    not say the same; None else."""
    found = _too_many(side)
    return found if found is not None and _too_many(other) is None else None


def _too_many(side: Side) -> tuple[int, int] | None:
    if side.first is None or (usage := side.first.reading.usage) is None:
        return None
    body = side.first.recording.request.body
    read = usage.cache_read_tokens or 0
    if read <= len(body) + ALLOWANCE or _ELSEWHERE.search(body):
        return None
    return read, len(body)
