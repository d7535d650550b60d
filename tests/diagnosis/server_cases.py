"""Rows for the rules for rates and servers."""

from __future__ import annotations

from app.recording.records import MarkName
from tests.diagnosis.made import (
    ANTHROPIC,
    BEGUN,
    BY_CLOUDFLARE,
    BY_NGINX,
    NGINX_502,
    OPENAI,
    STREAM,
    A,
    C,
    Case,
    R,
    anthropic,
    made,
    openai,
    page,
)

_ENVOY_RESET = "upstream connect error or disconnect/reset before headers. reset reason:"

CASES = (
    *(
        Case(
            "upstream-status", made(status, openai(said, "upstream_error"), protocol=C), "keeps the upstream's words to itself"
        )
        for status, said in (
            (502, "Upstream returned 400"),
            (500, "upstream error: 400 Bad Request"),
            (502, "Upstream responded with status 422 (Unprocessable Entity)"),
            (500, "Request failed with status code 404"),
            (500, "Error code: 400"),
        )
    ),
    *(
        Case("server-upstream", made(502, openai(said, "upstream_error"), protocol=C), "passes on what its upstream said")
        for said in ("Upstream returned 503", "Upstream returned 400: the schema is odd")
    ),
    *(  # how the upstream refused the relay's own account, whatever the relay's status
        Case(rule, made(status, openai(said, kind), protocol=C), f"“{said}”")
        for rule, status, kind, said in (
            ("key-upstream", 502, "upstream_error", "Upstream returned 401"),
            ("key-upstream", 400, "invalid_request_error", "Provider error: HTTP 401 Unauthorized"),
            ("money-upstream", 502, "upstream_error", "Upstream returned HTTP 402 Payment Required"),
            ("forbidden-upstream", 500, "upstream_error", "upstream error: status code 403"),
            ("rate-upstream", 502, "upstream_error", "upstream returned status 429"),
            ("rate-upstream", 500, "server_error", "上游返回错误 429"),
            ("key-upstream", 502, "upstream_error", "Upstream responded with 401."),
            ("key-upstream", 500, "api_error", "Error from provider(nw,moonshotai/Kimi-K2.6: 401): {}"),
            ("money-upstream", 502, "upstream_error", "AI upstream error (402)"),
            ("forbidden-upstream", 500, "bad_response_status_code", "bad response status code 403"),
            ("key-upstream", 500, "upstream_error", "upstream error: error_code 401"),
            # a number that is no status, or one of something else
            ("server-upstream", 500, "upstream_error", "upstream error: max_tokens error 401"),
            ("server-upstream", 502, "upstream_error", "The upstream cut the answer after 401 tokens"),
            ("server-upstream", 502, "upstream_error", "Upstream returned 429 events and closed"),
            ("server-upstream", 502, "upstream_error", "Upstream line 401 column 3: unexpected token"),
            ("status-unknown", 400, "invalid_request_error", "Backend failed to download image: 403 Forbidden"),
            ("status-unknown", 400, "invalid_request_error", "Provider error: no picture at the url: status code 403"),
        )
    ),
    Case(
        "key-upstream",
        made(
            200,
            b'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"Upstream returned 401"}}\n\n',
            protocol=A,
            headers=STREAM,
            streamed=True,
        ),
        "“Upstream returned 401”. It came behind status 200, so that the official SDKs do not try again by themselves.",
    ),
    Case(
        "upstream-status-in-stream",
        made(
            200,
            b'data: {"error":{"message":"Upstream returned 400","type":"upstream_error","code":"upstream_error"}}\n\n',
            protocol=C,
            headers=STREAM,
            streamed=True,
            request={"stream": True},
        ),
        "keeps the upstream's words to itself",
        "without streaming",
        ("stream", False),
    ),
    # -- rates
    Case(
        "rate-saturated",
        made(
            429,
            openai(
                "当前分组上游负载已饱和，请稍后再试 (request id: 20260203113641101064610dirTcn8H)",
                "upstream_error",
                "bad_response_status_code",
            ),
            protocol=C,
        ),
        "saturated",
        "wait a minute",
    ),
    Case(
        "rate-long-context",
        made(429, anthropic("rate_limit_error", "Extra usage is required for long context requests."), base=ANTHROPIC),
        "no rate limit",
    ),
    Case(
        "rate-upstream",
        made(
            429,
            {
                "error": {
                    "message": "Provider returned error",
                    "code": 429,
                    "metadata": {
                        "raw": "google/gemini-2.0-flash-exp:free is temporarily rate-limited upstream. Please retry shortly.",
                        "provider_name": "Google",
                    },
                }
            },
            protocol=C,
            base="https://openrouter.ai/api/v1",
        ),
        "vendor behind openrouter.ai",
    ),
    Case(
        "rate-concurrency",
        made(
            429, {"error": {"message": "Concurrency limit exceeded for user, please retry later", "type": "rate_limit_error"}}
        ),
        "same time",
    ),
    Case(
        "rate-ramp",
        made(
            429,
            {
                "type": "error",
                "error": {
                    "type": "rate_limit_error",
                    "message": "This request would exceed your organization's maximum usage increase rate",
                    "details": {"error_code": "ramp_limit_exceeded"},
                },
            },
            base=ANTHROPIC,
            headers={"retry-after": "7"},
        ),
        "grew too fast",
        "Try again in 7 s",
    ),
    Case(
        "rate-tokens",
        made(
            429,
            anthropic(
                "rate_limit_error",
                "This request would exceed your organization's rate limit of 30,000 input tokens per minute.",
            ),
            base=ANTHROPIC,
            headers={"retry-after": "42"},
        ),
        "rate limit for tokens",
        "Try again in 42 s.",
    ),
    Case(
        "rate-tokens",
        made(429, anthropic("rate_limit_error", "Number of request tokens has exceeded your per-minute rate limit.")),
        "rate limit for tokens",
    ),
    Case(
        "rate-requests",
        made(429, anthropic("rate_limit_error", "Number of requests has exceeded your rate limit")),
        "rate limit for requests",
    ),
    Case(
        "rate-requests",
        made(
            429,
            openai(
                "Rate limit reached for gpt-5.5 in organization org-1 on requests per min (RPM): Limit 3, Used 3, Requested"
                " 1. Please try again in 20s.",
                "requests",
                "rate_limit_exceeded",
            ),
            protocol=C,
            base=OPENAI,
        ),
        "rate limit for requests",
        "Try again in 20 s.",
    ),
    Case(
        "rate-page",
        made(429, page("429 Too Many Requests", "openresty"), headers={"server": "openresty", "content-type": "text/html"}),
        "OpenResty in front",
    ),
    Case("rate-silent", made(429, headers={"retry-after": "soon"}), "and no more", "“soon”, which is no usable time"),
    Case(
        "rate",
        made(
            429,
            anthropic("rate_limit_error", "This account is used too much"),
            headers={"retry-after": "Sat, 21 Nov 2026 12:05:00 GMT", "date": "Sat, 21 Nov 2026 12:00:00 GMT"},
        ),
        "asked too often",
        "Try again in 5 min (at 12:05 UTC).",
    ),
    # -- servers
    Case(
        "cloudflare-origin-down",
        made(522, page("relay.example | 522: Connection timed out"), headers=BY_CLOUDFLARE),
        "server behind it is down",
    ),
    Case(
        "cloudflare-too-slow",
        made(524, page("524: A timeout occurred"), headers=BY_CLOUDFLARE),
        "Cloudflare gave up",
        "",
        ("stream", True),
    ),
    Case("cloudflare-origin-tls", made(526, page("526: Invalid SSL certificate"), headers=BY_CLOUDFLARE), "certificate"),
    Case(
        "cloudflare-origin-odd",
        made(520, page("520: Web server is returning an unknown error"), headers=BY_CLOUDFLARE),
        "no usable answer",
    ),
    Case(
        "overloaded-vendor",
        made(529, anthropic("overloaded_error", "Overloaded"), base=ANTHROPIC),
        "Anthropic is overloaded",
        "in a minute",
    ),
    Case(
        "overloaded-vendor",
        made(
            200,
            BEGUN + b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
            base=ANTHROPIC,
            headers=STREAM,
            streamed=True,
        ),
        "Anthropic is overloaded",
    ),
    Case(
        "overloaded-upstream",
        made(529, anthropic("overloaded_error", "Overloaded"), headers={"request-id": "req_011CSim"}),
        "vendor behind relay.example",
    ),
    Case(
        "overloaded",
        made(503, openai("The engine is currently overloaded, please try again later", "server_error"), protocol=C),
        "can't be told",
    ),
    Case(
        "gateway-timeout",
        made(504, page("504 Gateway Time-out", "nginx"), headers=BY_NGINX),
        "nginx in front of relay.example gave up waiting for the server behind it (504). nginx waits 60 s",
        "Stream the answer",
        ("stream", True),
    ),
    Case(
        "gateway-timeout",
        made(
            504,
            headers={"server": "Caddy"},
            request={"stream": True},
            marks={MarkName.SEND_BEGIN: 0, MarkName.SEND_END: 0, MarkName.FIRST_BYTE: 1002},
        ),
        "Caddy in front of relay.example gave up waiting for the server behind it after 1 s (504).",
        "Ask for fewer tokens, or have",
    ),
    Case("gateway-down", made(502, base="http://127.0.0.1:8080", headers={"server": "Caddy"}), "Caddy runs, but"),
    *(
        Case("upstream-unreachable", made(status, words, protocol=C), "can't reach the server", "own configuration")
        for status, words in (
            (500, {"html-message": "Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:8000"}),
            (502, {"error": "dial tcp 127.0.0.1:8000: connect: connection refused"}),
            (503, openai("litellm.InternalServerError: OpenAIException - Connection error.", "server_error")),
            (500, {"detail": "All connection attempts failed"}),
            (502, openai("HTTP error: error sending request", "api_error")),  # llmshim, in the words of Rust's reqwest
        )
    ),
    *(  # Envoy: what became of a connection that stood is no matter of its address
        Case(rule, made(503, f"{_ENVOY_RESET} {why}", headers={"server": "envoy"}), said)
        for rule, why, said in (
            ("upstream-unreachable", "connection failure, transport failure reason: delayed connect error: 111", "can't reach"),
            ("upstream-broke-off", "connection termination", "lost the connection"),
            ("upstream-broke-off", "remote reset", "lost the connection"),
            ("proxy-at-limit", "overflow", "Envoy in front of relay.example is at its own limit"),
        )
    ),
    *(  # a host of programs says no more than that the one behind it does not answer
        Case("gateway-down", made(502, words, headers=headers), "behind it does not answer (status 502)")
        for words, headers in (
            ("error code: 502", BY_CLOUDFLARE),
            ({"error_msg": "502 Bad Gateway"}, {"server": "APISIX/3.2"}),
            ({"status": "error", "code": 502, "message": "Application failed to respond"}, {"server": "railway-edge"}),
        )
    ),
    *(
        Case("gateway-absent", made(status, words, headers=headers), f"{name} has no program that runs", "Check the host")
        for name, status, words, headers in (
            ("Vercel", 404, "The deployment could not be found on Vercel.", {"x-vercel-error": "DEPLOYMENT_NOT_FOUND"}),
            ("Vercel", 402, "Payment required", {"x-vercel-error": "DEPLOYMENT_DISABLED"}),
            ("Railway", 404, {"message": "Application not found"}, {"x-railway-fallback": "true"}),
            (
                "Heroku",
                404,
                page("Heroku | No such app", '<iframe src="//www.herokucdn.com/error-pages/no-such-app.html">'),
                {},
            ),
            ("Azure", 403, page("Web App - Unavailable", "This web app is stopped."), {}),
        )
    ),
    Case(
        "gateway-absent",
        made(
            404,
            "<!DOCTYPE html><body><noscript>The endpoint a.ngrok.app is offline. (ERR_NGROK_3200)</noscript></body>",
            headers={"ngrok-error-code": "ERR_NGROK_3200"},
        ),
        "“The endpoint a.ngrok.app is offline. (ERR_NGROK_3200)”",
    ),
    Case("network-login", made(511, page("Network Authentication Required")), "wants a login first", "with a browser"),
    Case(
        "rate",
        made(
            403,
            {"statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 01:12:30."},
            headers={"retry-after": "4350"},
        ),
        "asked too often",
        "Try again in 72 min 30 s",
    ),
    *(  # codex-proxy 5.0.0, and others
        Case("circuit-open", made(503, words, protocol=C), "nothing for now", "refused too until its circuit breaker closes.")
        for words in (
            {"error": {"message": "Circuit breaker open", "code": "circuit_open"}},
            {"error": {"message": "Service temporarily unavailable", "code": "circuit_open"}},
            {"detail": "Circuit breaker is OPEN for provider azure"},
        )
    ),
    Case(  # inferrail 0.4.16
        "server-upstream",
        made(502, openai("provider 'up' returned HTTP 500: Internal server error", "provider_error"), protocol=C),
        "The fault is behind the relay",
    ),
    *(  # the number beside a gateway's words is its upstream's status: codex-proxy 5.0.0, and others
        Case(name, made(502, {"error": {"message": "upstream error", field: number}}, protocol=R), said)
        for name, field, number, said in (
            ("key-upstream", "status", 401, "does not accept the key that the relay has"),
            ("rate-upstream", "code", "429", "limits the relay"),
            ("forbidden-upstream", "status", 403, "its upstream refuses it"),
            ("server-upstream-silent", "status", 400, "keeps its upstream's words to itself"),
        )
    ),
    *(
        Case("server-upstream-silent", made(502, words, protocol=R), "keeps its upstream's words to itself", "own log")
        for words in (
            {"error": {"message": "upstream error", "type": "upstream_error"}},
            {"error": "Upstream request failed"},
            {"message": "The upstream server returned an error."},
            {"error": {"message": "Error processing upstream provider response", "code": "upstream_error"}},  # lm-proxy 3.3.2
        )
    ),
    *(
        Case("upstream-broke-off", made(status, openai(words, "api_error"), protocol=C), "lost the connection", "Run it again")
        for status, words in (
            (500, "terminatedTypeError: terminated\n    at Fetch.onAborted (node:internal/deps/undici/undici:1:1)"),
            (502, "peer closed connection without sending complete message body (incomplete chunked read)"),
        )
    ),
    Case(  # in a stream that began with success
        "upstream-unreachable",
        made(
            200,
            'data: {"id":"c","object":"chat.completion.chunk","created":1,"choices":[{"index":0,"delta":{},"finish_reason":'
            '"error"}],"error":{"message":"{\'message\': \'Connection error.\'}","type":"APIConnectionError"}}'
            "\n\n",
            protocol=C,
            headers=STREAM,
            streamed=True,
        ),
        "“Connection error.”",
    ),
    Case(
        "upstream-not-json",
        made(500, openai("Unexpected token '<', \"<!doctype \"... is not valid JSON", "api_error")),
        "could not read what the server behind it",
        "Your request is in order",
    ),
    Case("server-local", made(500, openai("unexpected EOF", "api_error"), base="http://127.0.0.1:11434")),
    Case("gateway-down", made(502, NGINX_502, headers=BY_NGINX), "nginx runs, but"),
    Case(
        "key-upstream",
        made(
            500,
            openai("bad response status code 401 (request id: 20261121)", "upstream_error", "bad_response_status_code"),
            protocol=C,
        ),
        "its upstream does not accept the key",
    ),
    Case(
        "server-vendor-timeout",
        made(504, anthropic("timeout_error", "Request timed out"), base=ANTHROPIC),
        "took too long",
        "",
        ("stream", True),
    ),
    Case("not-implemented", made(501, {"error": "not implemented"}), "has not built this"),
    Case(
        "not-implemented",
        made(500, {"status": "failure", "message": "messages is not supported by openai"}, base="http://127.0.0.1:8787"),
        "messages is not supported by openai",
        "another protocol",
    ),
    Case(
        "server-vendor",
        made(500, anthropic("api_error", "Internal server error"), base=ANTHROPIC),
        "fault of its own",
        "status page",
    ),
    Case(
        "server-relay-software",
        made(500, openai("panic detected (request id: 20261121)", "new_api_error"), protocol=C),
        "own software failed",
    ),
    Case(
        "model-crashed",
        made(
            500,
            openai("llama runner process has terminated: signal: killed", "api_error"),
            protocol=C,
            base="http://127.0.0.1:11434/v1",
        ),
        "own process crashed",
        "memory",
    ),
    Case(  # a limit of which something is left says nothing of a fault's end
        "server",
        made(
            500,
            openai("Internal error", "server_error"),
            protocol=C,
            headers={"x-ratelimit-reset-tokens": "6m0s", "x-ratelimit-remaining-tokens": "1999000"},
        ),
        "a fault of its own",
        "in a minute",
    ),
    Case(
        "server-page",
        made(500, page("500 Internal Server Error", "Apache"), headers={"server": "Apache/2.4", "content-type": "text/html"}),
        "Apache answers",
    ),
    Case("server-silent", made(500), "(status 500) and says no more"),
    Case("server", made(500, {"error": {"message": "database is locked"}}), "“database is locked”: with these words"),
    Case("request-timeout", made(408), "(408)"),
    Case("conflict", made(409, anthropic("conflict_error", "Conflict")), "(409)"),
    Case("gone", made(410), "retired"),
    Case("proxy-login-status", made(407), "proxy on the way", "", ("proxy", "none")),
    Case(
        "rate-overloaded",
        made(
            429,
            openai("The engine is currently overloaded, please try again later", "engine_overloaded_error"),
            protocol=C,
        ),
        "no limit of your key",
    ),
    Case(
        "model-loading",
        made(503, openai("Loading model", "unavailable_error", 503), protocol=C),
        "still loading",
    ),
)
