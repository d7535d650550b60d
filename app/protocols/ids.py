"""The ids of the protocols that come along, as profiles and recordings hold them: for what is true of one vendor alone."""

from __future__ import annotations

MESSAGES, CHAT, RESPONSES = "anthropic-messages", "openai-chat", "openai-responses"
