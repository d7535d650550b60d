"""The response headers of the first parties, and of a relay (PROTOCOLS 4.3 and 11.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.simulator.model.ids import relay_request_id
from app.simulator.server.request_context import RequestContext

Headers = list[tuple[str, str]]
STREAM_HEADERS: Headers = [("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache")]
_LIMITS = {"requests": 4000, "input-tokens": 2_000_000, "output-tokens": 400_000, "tokens": 2_400_000}


def vendor_headers(context: RequestContext) -> Headers:
    """What the endpoint's host adds to every answer."""
    if context.relay:
        return [("x-oneapi-request-id", relay_request_id()), ("server", "nginx")]
    if context.has("no_request_id"):
        return [one for one in _of_vendor(context) if not one[0].endswith("request-id")]
    return _of_vendor(context)


def _of_vendor(context: RequestContext) -> Headers:
    """Those of a first party."""
    limits = [] if context.has("no_rate_headers") else _anthropic_limits() if context.anthropic else _openai_limits()
    return (_anthropic_ids(context) if context.anthropic else _openai_ids(context)) + limits


def _anthropic_ids(context: RequestContext) -> Headers:
    return [("request-id", context.request_id), ("anthropic-organization-id", "00000000-0000-4000-8000-000000000000")]


def _openai_ids(context: RequestContext) -> Headers:
    return [
        ("x-request-id", context.request_id),
        ("openai-processing-ms", str(round(context.pace.head_ms) or 1)),
        ("openai-version", "2020-10-01"),
        ("openai-organization", "simulated"),
    ]


def _anthropic_limits() -> Headers:
    reset = (datetime.now(UTC) + timedelta(seconds=12)).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers: Headers = []
    for name, limit in _LIMITS.items():
        remaining = limit - 1 if name == "requests" else limit - 1000
        headers += [
            (f"anthropic-ratelimit-{name}-limit", str(limit)),
            (f"anthropic-ratelimit-{name}-remaining", str(remaining)),
            (f"anthropic-ratelimit-{name}-reset", reset),
        ]
    return headers


def _openai_limits() -> Headers:
    return [
        ("x-ratelimit-limit-requests", "5000"),
        ("x-ratelimit-limit-tokens", "2000000"),
        ("x-ratelimit-remaining-requests", "4999"),
        ("x-ratelimit-remaining-tokens", "1999000"),
        ("x-ratelimit-reset-requests", "12ms"),
        ("x-ratelimit-reset-tokens", "6m0s"),
    ]
