"""A request as code in any of the languages and frameworks that it can be copied as."""

from __future__ import annotations

from app.formats.framework_snippets import as_framework
from app.formats.snippets import as_curl, as_node, as_python
from app.recording.records import Request

LANGUAGES = {
    "curl": "curl", "python": "Python", "node": "Node", "ai-sdk": "AI SDK", "langchain": "LangChain", "litellm": "LiteLLM",
}  # fmt: skip
"""What a request can be copied as, and what that is called."""


def as_code(language: str, request: Request, protocol: str, base_url: str) -> str:
    """The request in one of `LANGUAGES`; "" where a framework can't send it."""
    if language == "curl":
        return as_curl(request, protocol)
    if language in ("python", "node"):
        return {"python": as_python, "node": as_node}[language](request, protocol, base_url)
    return as_framework(language, request, protocol, base_url)
