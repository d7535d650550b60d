"""Rows for what gateways and clouds in front of the Messages API say."""

from __future__ import annotations

from app.diagnosis import Context
from tests.diagnosis.made import KEY, STREAM, Case, anthropic, made, openai

_MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "m", "stop_reason": "end_turn"}

CASES = (
    Case(
        "header-missing", made(401, {"error": "Helicone-Auth header is required"}), "a header of its own", "profile's headers"
    ),
    Case(
        "header-missing",
        made(400, {"status": "failure", "message": "Either x-portkey-config or x-portkey-provider header is required"}),
        "x-portkey-provider",
    ),
    Case(  # a key of the vendor is what goes through such a gateway
        "header-missing",
        made(401, {"error": "Helicone-Auth header is required"}, sends=(("x-api-key", KEY),)),
        "a header of its own that the request does not have",
        context=Context(key_shape="sk-ant-api"),
    ),
    Case("header-missing", made(403, {"error": "missing required header: tenant"}), "a header of its own that"),
    Case(  # of a capture nobody knows what was sent
        "header-missing", made(403, {"error": "The X-Tenant-Id header is required"}, sends=()), "a header of its own: “The"
    ),
    *(
        Case(
            "header-not-seen",
            made(status, {"error": words}, sends=(("x-api-key", KEY), *sent)),
            f"does not find the header {sent[-1][0].lower()}, though it was sent",
            "takes it out on the way",
        )
        for status in (400, 401, 403, 422)
        for words, sent in (
            ("Helicone-Auth header is required", (("Helicone-Auth", "Bearer sk-helicone"),)),
            ("missing required header x-tenant-id", (("x-tenant-id", "7"),)),
            ("Either x-portkey-config or x-portkey-provider header is required", (("x-portkey-config", "pc-1"),)),
        )
    ),
    Case(  # a wrong value is no lack of the header
        "forbidden",
        made(403, {"error": "x-tenant-id header is missing or invalid"}, sends=(("x-api-key", KEY), ("x-tenant-id", "7"))),
        "with these words",
    ),
    Case(
        "anthropic-version",
        made(400, anthropic("invalid_request_error", "anthropic-version: header is required")),
        "",
        "2023-06-01",
        ("anthropic_version", "2023-06-01"),
    ),
    Case(
        "spend-limit", made(429, {"error": "Daily cost limit exceeded", "message": "已达到每日费用限制 ($10)"}), "spend limit"
    ),
    Case(
        "client-only",
        made(403, {"error": "Client not allowed", "message": "Your client is not authorized to use this API key"}),
        "one program only",
    ),
    Case(
        "provider-unknown",
        made(404, openai("Provider 'deepseek' not found", "api_error", "provider_not_found")),
        "passes requests on",
    ),
    Case("model-missing", made(400, {"message": "The provided model identifier is invalid."}), "does not know the model"),
    Case(
        "model-missing",
        made(404, {"message": "This model version has reached the end of its life."}),
        "does not know the model",
    ),
    Case(
        "model-inference-profile",
        made(400, {"message": "Invocation of model ID anthropic.claude-x with on-demand throughput isn’t supported."}),
        "inference profile",
    ),
    Case(
        "model-not-loaded",
        made(400, openai("No models loaded. Please load a model.", code="model_not_found")),
        "no model loaded",
    ),
    Case("content-filter", made(400, anthropic("invalid_request_error", "appears to violate our Usage Policy")), "filter"),
    Case("rate-tokens", made(429, {"message": "Too many tokens, please wait before trying again."}), "rate limit for tokens"),
    Case(
        "rate-overloaded", made(429, {"error": {"code": "1305", "message": "该模型当前访问量过大，请您稍后再试"}}), "overloaded"
    ),
    Case(
        "plan-limit",
        made(
            429, {"error": {"code": "1308", "message": "Usage limit reached for 5 hour. It will reset at 2026-11-21 10:00:00"}}
        ),
        "five-hour limit of the subscription",
        "Its own words say when it opens again.",
    ),
    Case(
        "balance",
        made(403, openai("The free tier of the model has been exhausted.", "AllocationQuota.FreeTierOnly")),
        "too little credit",
    ),
    Case("answer-wrapped", made(200, {"code": 0, "msg": "success", "data": _MESSAGE}), "packed into something else"),
    Case(
        "answer-wrapped",
        made(200, 'data: {"type":"message","role":"assistant","content":[]}\n\n', headers=STREAM, streamed=True),
        "packed into something else",
    ),
)
