"""The protocols' ids, and the vendors' error responses: status, and error document in each one's shape (PROTOCOLS 4.1, 4.2)."""

from __future__ import annotations

from typing import Any

MESSAGES = "anthropic-messages"
CHAT = "openai-chat"
RESPONSES = "openai-responses"
MODELS = "models"

_ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_OPENAI_TYPES = {429: "requests", 503: "service_unavailable_error"}
_OPENAI_CODES = {
    401: "invalid_api_key",
    404: "model_not_found",
    429: "rate_limit_exceeded",
    503: "server_is_overloaded",
    529: "server_is_overloaded",
}


class RefusalError(Exception):
    """A request that is refused; `type`, `code` and `param` are None where the vendor's usual value for the status fits."""

    def __init__(
        self, status: int, message: str, *, param: str | None = None, code: str | None = None, kind: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.kind = kind


class ThinkingRefusedError(RefusalError):
    """A request that is refused for the reasoning that it replays."""


def anthropic_type(status: int) -> str:
    """Anthropic's `error.type` for a status."""
    return _ANTHROPIC_TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")


def openai_type(status: int) -> str:
    """OpenAI's `error.type` for a status."""
    return _OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")


def error_document(refusal: RefusalError, *, anthropic: bool, request_id: str) -> dict[str, Any]:
    """The body of a refusal in the vendor's shape."""
    if anthropic:
        error = {"type": refusal.kind or anthropic_type(refusal.status), "message": refusal.message, "details": None}
        return {"type": "error", "error": error, "request_id": request_id}
    return {
        "error": {
            "message": refusal.message,
            "type": refusal.kind or openai_type(refusal.status),
            "param": refusal.param,
            "code": refusal.code or _OPENAI_CODES.get(refusal.status),
        }
    }
