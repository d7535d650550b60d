"""Rows for the rules for money, keys and permission."""

from __future__ import annotations

from app.diagnosis import Context
from tests.diagnosis.made import (
    ANTHROPIC,
    BY_CLOUDFLARE,
    BY_NGINX,
    KEY,
    KEY_HEADERS,
    OPENAI,
    C,
    Case,
    R,
    anthropic,
    asking,
    made,
    openai,
    page,
)

CASES = (
    # -- money
    Case(
        "credits-too-few-for-tokens",
        made(
            402,
            openai(
                "This request requires more credits, or fewer max_tokens. You requested up to 64000 tokens, but can only"
                " afford 1333. To increase, visit https://openrouter.ai/settings/credits",
                code=402,
            ),
            protocol=C,
            base="https://openrouter.ai/api/v1",
            request=asking(max_tokens=64000),
        ),
        "does not cover",
        "",
        ("max_tokens", 1333),
    ),
    Case(
        "spend-limit",
        made(
            400,
            anthropic(
                "invalid_request_error",
                "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
            ),
            base=ANTHROPIC,
        ),
        "2026-12-01",
        "no use",
    ),
    Case(
        "spend-limit",
        made(
            429,
            {
                "type": "error",
                "error": {
                    "type": "rate_limit_error",
                    "message": "Limit reached.",
                    "details": {"error_code": "enforced_spend_limit_reached"},
                },
            },
            base=ANTHROPIC,
        ),
        "spend limit",
        "no use",
    ),
    Case(
        "spend-limit",
        made(400, openai("Budget has been exceeded! Current cost: 10.2, Max budget: 10.0", "budget_exceeded", 400), protocol=C),
        "Budget",
    ),
    Case(
        "key-quota",
        made(
            403, openai("该令牌额度已用尽 TokenStatusExhausted[sk-abc***] (request id: 20261121)", "new_api_error"), protocol=C
        ),
        "quota of this key",
    ),
    Case(
        "insufficient-quota",
        made(
            429,
            openai(
                "You exceeded your current quota, please check your plan and billing details.",
                "insufficient_quota",
                "insufficient_quota",
            ),
            protocol=C,
            base=OPENAI,
        ),
        "no rate limit",
        "no use",
    ),
    Case(
        "balance",
        made(
            400,
            anthropic(
                "invalid_request_error",
                "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or"
                " purchase credits.",
            ),
            base=ANTHROPIC,
        ),
        "too little credit",
        "Add credit",
    ),
    Case(
        "balance",
        made(
            402,
            {"error": {"message": "Insufficient Balance", "type": "unknown_error"}},
            protocol=C,
            base="https://api.deepseek.com",
        ),
        "402",
    ),
    Case(
        "balance",
        made(
            403,
            openai("用户额度不足, 剩余额度: ＄0.000000 (request id: 20261121)", "new_api_error", "insufficient_user_quota"),
            protocol=C,
        ),
        "用户额度不足",
    ),
    Case("balance", made(402), "(status 402)."),
    # -- keys
    Case(
        "login-basic",
        made(401, page("401 Authorization Required", "nginx"), headers={**BY_NGINX, "www-authenticate": 'Basic realm="x"'}),
        "nginx in front of relay.example wants a user name and a password",
        "without this login",
    ),
    Case(
        "key-wrong",
        made(401, anthropic("authentication_error", "no"), headers={"www-authenticate": "Basic"}),
        "does not accept the key",
        "",
        ("auth", "bearer"),
    ),
    Case(
        "key-missing",
        made(
            401,
            anthropic("authentication_error", "x-api-key header is required"),
            base=ANTHROPIC,
            sends=(("content-type", "x"),),
        ),
        "wants a key, and none was sent",
        "Enter the key",
        ("key", ""),
    ),
    Case(
        "key-missing",
        made(401, openai("Missing Authentication header", code=401), protocol=C),
        "none was sent",
        "",
        ("key", ""),
        Context(key_sent=False),
    ),
    Case(
        "key-placeholder",
        made(401, openai("Incorrect API key provided: your-api*****here.", code="invalid_api_key"), protocol=C, base=OPENAI),
        "placeholder",
        "",
        ("key", ""),
        Context(key_oddity="placeholder"),
    ),
    Case(
        "key-pasted-with-more",
        made(401, anthropic("authentication_error", "invalid x-api-key"), base=ANTHROPIC),
        "pasted",
        "",
        ("key", ""),
        Context(key_oddity="quotes"),
    ),
    Case(
        "key-both-headers",
        made(
            401,
            anthropic("authentication_error", "invalid x-api-key"),
            base=ANTHROPIC,
            sends=(("x-api-key", "••••"), ("authorization", "Bearer ••••")),
        ),
        "sent twice",
        "",
        ("headers", "Authorization="),
    ),
    Case(
        "key-of-browser",
        made(
            401,
            anthropic(
                "permission_error", "CORS requests are not allowed for this Organization because custom retention settings"
            ),
            sends=(("x-api-key", KEY), ("origin", "https://app.example")),
        ),
        "browser",
        "",
        ("headers", "Origin="),
    ),
    Case(
        "key-foreign-official",
        made(
            401,
            openai(
                "Incorrect API key provided: sk-ant-a***. You can find your API key at https://platform.openai.com.",
                code="invalid_api_key",
            ),
            protocol=C,
            base=OPENAI,
        ),
        "one of Anthropic, but the endpoint is OpenAI's",
        "key of OpenAI",
        ("key", ""),
        Context(key_shape="sk-ant-"),
    ),
    Case(
        "key-foreign-official",
        made(401, anthropic("authentication_error", "invalid x-api-key"), base=ANTHROPIC),
        "one of OpenRouter",
        "",
        ("key", ""),
        Context(key_shape="sk-or-"),
    ),
    Case(
        "key-foreign-official",
        made(
            400,
            [
                {
                    "error": {
                        "code": 400,
                        "message": "API key not valid. Please pass a valid API key.",
                        "status": "INVALID_ARGUMENT",
                    }
                }
            ],
            protocol=C,
            base="https://generativelanguage.googleapis.com/v1beta/openai",
        ),
        "Groq",
        "",
        ("key", ""),
        Context(key_shape="gsk_"),
    ),
    Case(
        "key-foreign-relay",
        made(401, openai("无效的令牌 (request id: 20261121)", "new_api_error"), protocol=C),
        "one of Anthropic; a relay",
        "",
        ("key", ""),
        Context(key_shape="sk-ant-"),
    ),
    Case(
        "key-oauth-in-x-api-key",
        made(401, anthropic("authentication_error", "invalid x-api-key"), base=ANTHROPIC),
        "login token",
        "",
        ("auth", "bearer"),
        Context(key_shape="sk-ant-oat"),
    ),
    Case(
        "key-wants-x-api-key",
        made(401, anthropic("authentication_error", "x-api-key header is required"), sends=KEY_HEADERS[C]),
        "looks for the key in the x-api-key",
        "",
        ("auth", "x-api-key"),
    ),
    Case(
        "key-wants-bearer",
        made(
            401,
            openai(
                "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer"
                " auth (i.e. Authorization: Bearer YOUR_KEY)."
            ),
        ),
        "sent as x-api-key",
        "Bearer",
        ("auth", "bearer"),
    ),
    Case(
        "key-wants-bearer", made(401, openai("未提供令牌 (request id: 20261121)", "new_api_error")), "", "", ("auth", "bearer")
    ),
    Case("key-not-seen", made(401, {"error": "no api key supplied"}, protocol=C), "found no key", "", ("auth", "x-api-key")),
    Case(
        "key-wrong-or-upstream",
        made(403, openai("Incorrect API key provided: your API key is invalid, expired, or revoked."), protocol=C),
        "refuses a key, and its answer looks like a vendor's",
        "",
        ("auth", "x-api-key"),
    ),
    Case(
        "key-off",
        made(401, openai("该令牌状态不可用 (request id: 20261121)", "new_api_error"), protocol=C),
        "no longer valid",
        "",
        ("key", ""),
    ),
    Case(
        "key-off",
        made(401, anthropic("authentication_error", "This API key has been disabled."), base=ANTHROPIC),
        "no longer valid",
        "",
        ("key", ""),
    ),
    Case(
        "key-ip",
        made(
            401, openai("Your IP is not authorized to access this project.", code="ip_not_authorized"), protocol=C, base=OPENAI
        ),
        "machine's address",
    ),
    Case(
        "key-organization",
        made(401, openai("No such organization: org-123.", code="invalid_organization"), protocol=C, base=OPENAI),
        "organization",
    ),
    Case(
        "key-wrong-official",
        made(401, anthropic("authentication_error", "invalid x-api-key"), base=ANTHROPIC),
        "Anthropic does not know this key",
        "",
        ("key", ""),
        Context(key_shape="sk-ant-"),
    ),
    Case(
        "key-wrong-official",
        made(
            401,
            openai(
                "Incorrect API key provided: sk-proj-********. You can find your API key at"
                " https://platform.openai.com/account/api-keys.",
                code="invalid_api_key",
            ),
            protocol=R,
            base=OPENAI,
        ),
        "OpenAI does not know",
        "",
        ("key", ""),
        Context(key_shape="sk-proj-"),
    ),
    Case(
        "key-wrong",
        made(401, openai("无效的令牌 (request id: 20261121)", "new_api_error"), protocol=C),
        "无效的令牌",
        "other header",
        ("auth", "x-api-key"),
        Context(key_shape="sk-"),
    ),
    Case("key-wrong", made(401, {"detail": "Could not validate credentials"}), "Could not validate", "", ("auth", "bearer")),
    Case("key-wrong-silent", made(401), "says no more (status 401)", "", ("auth", "bearer")),
    # -- forbidden
    Case(
        "region",
        made(
            403,
            openai("Country, region, or territory not supported", "request_forbidden", "unsupported_country_region_territory"),
            protocol=C,
            base=OPENAI,
        ),
        "region",
    ),
    Case("region", made(403, anthropic("forbidden", "Request not allowed"), base=ANTHROPIC), "region"),
    Case(
        "region",
        made(
            400,
            [
                {
                    "error": {
                        "code": 400,
                        "message": "User location is not supported for the API use.",
                        "status": "FAILED_PRECONDITION",
                    }
                }
            ],
            protocol=C,
        ),
        "region",
    ),
    Case("legal", made(451), "legal reasons"),
    Case(
        "client-only",
        made(
            400,
            anthropic(
                "invalid_request_error",
                "This credential is only authorized for use with Claude Code and cannot be used for other API requests.",
            ),
        ),
        "one program only",
    ),
    Case(
        "user-agent",
        made(403, "error code: 1010", headers={"server": "cloudflare", "content-type": "text/plain"}, protocol=C),
        "User-Agent",
        "",
        ("headers", "User-Agent=OpenAI/Python 3.57.0"),
    ),
    Case(
        "challenge",
        made(
            403,
            page("Just a moment...", '<script src="/cdn-cgi/challenge-platform/h/b"></script>'),
            headers={**BY_CLOUDFLARE, "cf-mitigated": "challenge"},
        ),
        "check for browsers",
    ),
    Case(
        "firewall",
        made(403, page("Attention Required! | Cloudflare", "Sorry, you have been blocked"), headers=BY_CLOUDFLARE),
        "Cloudflare blocked the request",
    ),
    Case(  # Cloudflare's block as it tells programs
        "firewall",
        made(403, "error code: 1020", headers={**BY_CLOUDFLARE, "content-type": "text/plain"}),
        "Cloudflare blocked the request before it reached the API (status 403, error 1020).",
    ),
    Case(
        "model-not-allowed",
        made(
            403,
            openai("该令牌无权访问模型 claude-opus-4-8 (request id: 20261121)", "new_api_error"),
            protocol=C,
            model="claude-opus-4-8",
        ),
        "may not use the model claude-opus-4-8",
    ),
    Case(
        "model-not-allowed",
        made(403, openai("Project `proj_1` does not have access to model `o3`"), protocol=C, base=OPENAI, model="o3"),
        "o3",
    ),
    Case(
        "permission-scope",
        made(
            403,
            anthropic("permission_error", "Your API key does not have permission to use the specified resource."),
            base=ANTHROPIC,
        ),
        "lacks the permission",
    ),
    Case("forbidden-page", made(403, page("403 Forbidden", "<center>nginx</center>"), headers=BY_NGINX), "nginx refuses"),
    Case("forbidden", made(403, {"error": "quota policy 17 denies this"}), "“quota policy 17 denies this”: with these words"),
    Case("forbidden-silent", made(403), "(403) and says no more"),
    *(
        Case("balance", made(status, openai(text, kind), protocol=C), "credit")
        for status, text, kind in (
            (403, "Sorry, your account balance is insufficient", ""),
            (403, "Your newly created team doesn't have any credits yet.", ""),
            (
                429,
                "Your account is suspended, please check your plan and billing details",
                "exceeded_current_quota_error",
            ),
        )
    ),
    *(
        Case("key-wrong", made(403, openai(text), protocol=C), "does not accept the key", "", ("auth", "x-api-key"))
        for text in ("Invalid access token.", "The security token included in the request is invalid.")
    ),
)
