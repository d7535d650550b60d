"""Errors by status, each as the vendor's JSON, as a proxy's HTML page and with an empty body, and the ones with a story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.simulator.faults.http import html_reply
from app.simulator.faults.registry import EVERYWHERE, MESSAGES, OPENAI, Stage, add_fault, fault
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Reply, json_reply
from app.simulator.shared.refusals import RefusalError

_GROUP = "errors"
_MESSAGES = {
    400: "messages: Field required",
    401: "invalid x-api-key",
    402: "Payment is required before further requests.",
    403: "Your API key does not have permission to use this resource.",
    404: "Not found",
    405: "Method Not Allowed",
    408: "The request timed out.",
    409: "The resource was changed by another request.",
    413: "Request exceeds the maximum allowed number of bytes.",
    422: "Unprocessable Entity",
    429: "Number of request tokens has exceeded your per-minute rate limit.",
    500: "Internal server error",
    502: "Bad gateway",
    503: "Service unavailable",
    504: "The request timed out while it was processed.",
    529: "Overloaded",
}
_RETRY_AFTER_SECONDS = 7


def _family(code: int, message: str) -> None:
    def with_json(context: RequestContext) -> Reply:
        kind = "tokens" if code == 429 and not context.anthropic else None
        reply = json_reply(code, context.error(RefusalError(code, message, kind=kind)), [])
        if code in (429, 529):
            reply.headers.append(("retry-after", str(_RETRY_AFTER_SECONDS)))
        return reply

    def with_html(context: RequestContext) -> Reply:
        title = f"{code} {message.rstrip('.')}"
        page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><center><h1>{title}</h1></center>"
        return html_reply(code, f"{page}<hr><center>nginx</center></body>\r\n</html>\r\n")

    def with_nothing(context: RequestContext) -> Reply:
        return Reply(code, [], [])

    _add(f"error_{code}", f"{code} in the vendor's JSON.", with_json)
    _add(f"error_{code}_html", f"{code} as a proxy's HTML page.", with_html)
    _add(f"error_{code}_empty", f"{code} with an empty body.", with_nothing)


def _add(name: str, line: str, step: Callable[[RequestContext], Reply], protocols: tuple[str, ...] = EVERYWHERE) -> None:
    add_fault(name, Stage.EARLY, _GROUP, line, protocols, step=step)


for _code, _message in _MESSAGES.items():
    _family(_code, _message)


def _told(name: str, line: str, status: int, message: str, protocols: tuple[str, ...] = EVERYWHERE, **detail: Any) -> None:
    """An error of the vendor with a certain message, type and code."""

    def step(context: RequestContext) -> Reply:
        return json_reply(status, context.error(RefusalError(status, message, **detail)), [])

    _add(name, line, step, protocols)


_told(
    "error_400_credit",
    "400: the credit balance is too low (Anthropic).",
    400,
    "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
    (MESSAGES,),
)
_told(
    "error_400_context",
    "400: the prompt is too long.",
    400,
    "prompt is too long: 1200345 tokens > 1000000 maximum",
    code="context_length_exceeded",
)
_told(
    "error_403_region",
    "403: the country is not served.",
    403,
    "Country, region, or territory not supported",
    kind="request_forbidden",
    code="unsupported_country_region_territory",
)
_told(
    "error_429_quota",
    "429: the quota is used up (OpenAI); retrying is pointless.",
    429,
    "You exceeded your current quota, please check your plan and billing details.",
    OPENAI,
    kind="insufficient_quota",
    code="insufficient_quota",
)
_told(
    "error_404_model",
    "404: the model does not exist.",
    404,
    "model: no-such-model",
    code="model_not_found",
)


@fault(Stage.EARLY, _GROUP, (MESSAGES,))
def error_429_spend(context: RequestContext) -> Reply:
    """429: the spend limit is reached (Anthropic), with an error code and no retry-after."""
    document = context.error(RefusalError(429, "You have reached your specified API usage limits."))
    document["error"]["details"] = {"error_code": "enforced_spend_limit_reached"}
    return json_reply(429, document, [("x-should-retry", "false")])


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def error_503_no_channel(context: RequestContext) -> Reply:
    """503: a one-api style relay has no channel for the model."""
    model = context.body.get("model", "")
    message = f"当前分组 default 下对于模型 {model} 无可用渠道 (no available channel) (request id: 20261120153012000000abcd)"
    error = {"code": "model_not_found", "message": message, "param": "", "type": "new_api_error"}
    return json_reply(503, {"error": error}, [("x-oneapi-request-id", "20261120153012000000abcd")])


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def error_422_fastapi(context: RequestContext) -> Reply:
    """422: a FastAPI relay's `detail` list."""
    return json_reply(422, {"detail": [{"type": "missing", "loc": ["body", "messages"], "msg": "Field required"}]}, [])


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def error_429_openrouter(context: RequestContext) -> Reply:
    """429: OpenRouter's shape, with a number as code."""
    metadata = {"provider_name": "Anthropic", "raw": '{"type":"error","error":{"type":"overloaded_error"}}'}
    error = {"message": "Provider returned error", "code": 429, "metadata": metadata}
    return json_reply(429, {"error": error, "user_id": "user_simulated"}, [])


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def error_400_google(context: RequestContext) -> Reply:
    """400: Google's shape, wrapped in a list."""
    error = {"code": 400, "message": "Request contains an invalid argument.", "status": "INVALID_ARGUMENT"}
    return json_reply(400, [{"error": error}], [])


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def error_500_text(context: RequestContext) -> Reply:
    """500: plain text."""
    reply = html_reply(500, "upstream connect error or disconnect/reset before headers")
    reply.set_header("content-type", "text/plain")
    return reply


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def error_400_foreign(context: RequestContext) -> Reply:
    """400: the other vendor's error shape."""
    document = (
        {"error": {"message": "Invalid request", "type": "invalid_request_error", "param": None, "code": None}}
        if context.anthropic
        else {"type": "error", "error": {"type": "invalid_request_error", "message": "Invalid request"}}
    )
    return json_reply(400, document, [])
