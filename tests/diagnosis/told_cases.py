"""Rows for errors of vendors, relays and servers as public bug reports have them: each was taken for something else before."""

from __future__ import annotations

from typing import Any

from app.recording.records import Headers
from tests.diagnosis.made import RELAY_V1, C, Case, anthropic, asking, made, openai, page

GOOGLE = "https://generativelanguage.googleapis.com/v1beta/openai"
LOCAL = "http://127.0.0.1:11434/v1"
SENT: Headers = (("Authorization", "Bearer sk-p************************76"),)
PAGE = "You can find your API key at https://platform.openai.com/account/api-keys."


def _chat(rule: str, status: int, body: object, cause: str = "", fix: str = "", base: str = RELAY_V1, **more: Any) -> Case:
    return Case(rule, made(status, body, protocol=C, base=base, **more), cause, fix)  # type: ignore[arg-type]


def _google(status: int, message: str) -> list[Any]:
    return [{"error": {"code": status, "message": message, "status": "PERMISSION_DENIED"}}]


def _key(rule: str, message: str, cause: str, *, sends: Headers = SENT) -> Case:
    offered = ("auth", "x-api-key") if rule.startswith("key-wrong") else None
    return Case(rule, made(401, openai(message, code="invalid_api_key"), protocol=C, sends=sends), cause, "", offered)


OWN, OTHER = f"Incorrect API key provided: sk-proj-****9876. {PAGE}", f"Incorrect API key provided: sk-proj-****abcd. {PAGE}"
WHOSE_KEY = (
    _key("key-upstream-quoted", OTHER, "The key that it quotes is not the one that was sent."),
    _key("key-upstream-quoted", "Invalid API key: sk-ant-a***", "with another key than yours"),
    _key("key-upstream-quoted", "Authentication Fails, Your api key: ****abcd is invalid", "with another key than yours"),
    _key("key-wrong-or-upstream", OWN, "Whether it is yours"),
    _key("key-wrong", "Received API Key = sk-...9876, Key Hash (Token) = 1. Unable to find token", "does not accept the key"),
    _key("key-wrong", "Authentication failed: the key was looked for ... nowhere", "does not accept the key"),
    _key("key-wrong-or-upstream", OTHER, "Whether it is yours", sends=(("Authorization", "Bearer ******"),)),
    _key("key-wrong-or-upstream", OTHER, "Whether it is yours", sends=(*SENT, ("api-key", "********"))),
    Case("key-wrong-or-upstream", made(401, anthropic("authentication_error", "invalid x-api-key")),
         "Whether it is yours", "the vendor behind the relay may refuse the relay's own key", ("auth", "bearer")),
    Case("key-wrong-or-upstream", made(401, openai("Unauthorized"), protocol=C, headers={"openai-processing-ms": "12"}),
         "refuses a key", "", ("auth", "x-api-key")),
    *(
        Case("key-off", made(403, _google(403, words), protocol=C, base=GOOGLE), "no longer valid", "", ("key", ""))
        for words in (
            "Your API key was reported as leaked. Please use another API key.",
            "Permission denied: Consumer 'api_key:AIza' has been suspended.",
        )
    ),
    _key("key-wrong", "令牌已过期或验证不正确", "does not accept the key"),  # which of the two is not said
    _key("key-wrong", "The key is expired or invalid", "does not accept the key"),
)  # fmt: skip

ACCOUNTS = (
    _chat("api-off", 403, _google(403, "Generative Language API has not been used in project 1 before or it is disabled."),
          "not switched on this API", base=GOOGLE),
    _chat("group-refused", 403, openai("无权访问 vip 分组 (request id: 20261201)", "new_api_error"), "may not use", "panel"),
    _chat("group-refused", 403, openai("令牌分组 vip 已被弃用", "new_api_error"), "may not use"),
    _chat("key-ip", 403, openai("Access denied due to Virtual Network/Firewall rules.", code="403"), "this machine's address"),
    _chat("account-off", 400, openai("Organization has been restricted. Please reach out to support."), "switched off"),
    _chat("plan-limit", 500, anthropic("api_error", "usage limit exceeded (2056)"), "The limit of the subscription is used up"),
    _chat("content-filter", 403, openai("openai/gpt-4 requires moderation on OpenAI. Your input was flagged for \"violence\".",
                                        code=403), "content filter", "Change the prompt"),
    Case("client-only", made(503, anthropic("api_error", "No available accounts: this group only allows Claude Code clients")),
         "one program only"),
    Case("no-account-free", made(424, anthropic("api_error", "No available accounts: no available accounts")),
         "no account of its own free", "wait a minute"),
)  # fmt: skip

MODELS = (
    *(
        _chat("model-missing", 404, openai(words), "does not know the model", model=model)
        for model, words in (
            ("kimi-x", "Not found the model kimi-x or Permission denied"),
            ("command-r", "model 'command-r' was removed on September 15, 2025."),
        )
    ),
    *(
        _chat("model-not-activated", status, openai(words, code=code), "not switched on", "fill in its form")
        for status, words, code in (
            (400, "The model `x` requires terms acceptance. Please have the org admin accept.", "model_terms_required"),
            (404, "Model use case details have not been submitted for this account.", None),
            (400, "Project `x` is not allowed to use Publisher Model `projects/x/models/claude-3-sonnet@20240229`", None),
            (400, "Unable to access non-serverless model m. Please create a new dedicated endpoint.", "model_not_available"),
            (400, "The dedicated endpoint for m is not running.", "dedicated_endpoint_not_running"),
        )
    ),
    _chat("json-failed", 400, openai("Failed to generate JSON. See 'failed_generation'.", code="json_validate_failed"),
          "not the JSON"),
    _chat("prompt-too-long", 400, openai("The input (61709 tokens) is longer than the model's context length (40960 tokens)."),
          "too long"),
    _chat("prompt-too-long", 400, openai("Prompt 超长", code="1261"), "too long"),
    _chat("images-refused", 500, openai("image input is not supported - hint: you may need to provide the mmproj"), "pictures",
          base=LOCAL, request=asking()),
)  # fmt: skip

SERVERS = (
    _chat("rate-tokens", 429, openai("Allocated quota exceeded, please increase your quota limit.", "insufficient_quota",
                                     "insufficient_quota"), "The rate limit for tokens is reached"),
    # DashScope's words for its limit of tokens a minute are those of OpenAI for a used-up account.
    _chat("rate-tokens", 429, openai("You exceeded your current quota, please check your plan and billing details. For details,"
                                     " see: https://help.aliyun.com/zh/model-studio/error-code#token-limit",
                                     "insufficient_quota", "insufficient_quota"), "The rate limit for tokens is reached"),
    Case("rate-tokens", made(429, openai("You exceeded your current quota", "insufficient_quota", "insufficient_quota"),
                             protocol="openai-chat", base="https://dashscope.aliyuncs.com/compatible-mode/v1")),
    _chat("server-upstream-silent", 502, openai("NVIDIA NIM upstream error", "upstream_error")),
    _chat("insufficient-quota", 429, openai("Free allocated quota exceeded.", "insufficient_quota", "insufficient_quota")),
    _chat("rate-overloaded", 429, {"code": 50603, "message": "System is too busy now. Please try again later."}, "overloaded"),
    _chat("queue-full", 503, openai("server busy, please try again.  maximum pending requests exceeded"), "requests waiting",
          "Try again in a minute.", base=LOCAL),
    _chat("queue-full", 503, openai("The request queue is full."), "requests waiting"),
    _chat("model-memory", 400, openai("Failed to load model x. Model loading was stopped due to insufficient system"
                                     " resources."),
          "too little memory", base=LOCAL),
)  # fmt: skip

AZURE = "https://me.openai.azure.com/openai/deployments/gpt"
ADDRESSES = (
    Case("web-site", made(200, page("Claude"), base="https://console.anthropic.com"), "is the vendor's web site", "",
         ("base_url", "https://api.anthropic.com")),
    Case("web-site", made(404, page("Not found"), protocol=C, base="https://www.openai.com/v1"), "(status 404)", "",
         ("base_url", "https://api.openai.com/v1")),
    Case("web-site", made(404, page("Not found"), base="https://platform.deepseek.com"), "", "",
         ("base_url", "https://api.deepseek.com/anthropic")),
    Case("endpoint-pasted", made(404, openai("Resource not found"), protocol=C,
                                 base=f"{AZURE}/chat/completions?api-version=2024-10-21"), "", "", ("base_url", AZURE)),
)  # fmt: skip

CASES = (*WHOSE_KEY, *ACCOUNTS, *MODELS, *SERVERS, *ADDRESSES)
