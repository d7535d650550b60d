"""The protocols' ids, as profiles and recordings hold them, and their names for people."""

from __future__ import annotations

MESSAGES, CHAT, RESPONSES = "anthropic-messages", "openai-chat", "openai-responses"
TITLES = {MESSAGES: "Anthropic Messages", CHAT: "OpenAI Chat Completions", RESPONSES: "OpenAI Responses"}
