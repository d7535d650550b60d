"""Rows of inputs that were made without a look at the rules: the words are those of vendors, relays and local servers.

What a request that is known does not have; keys, faults and limits of somebody behind the relay; texts that quote other texts;
captures of which neither the request nor the address is known.
"""

from __future__ import annotations

from tests.diagnosis.made import BEGUN, CAPTURE, KEY_HEADERS, STREAM, C, Case, R, anthropic, asking, made, openai, page

ASKS_PLAINLY = asking()
STREAMED = asking(stream=True)


def _value(message: str, param: str = "", code: str = "unsupported_value") -> dict[str, object]:
    return openai(message, "invalid_request_error", code, param)


NO_TEMPERATURE = (
    "Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported."
)
RENAMED = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
BUDGET = "`max_tokens` must be greater than `thinking.budget_tokens`."

# What the request that was sent does not have is nobody's to leave out but the endpoint's.
NOT_SENT = (
    Case("field-not-sent", made(400, openai("Unrecognized request argument supplied: enable_thinking"), protocol=C),
         "refuses `enable_thinking`, which your request does not have", "tell its operator"),
    Case("field-not-sent", made(400, _value(NO_TEMPERATURE, "temperature"), protocol=C), "`temperature`, which your request"),
    Case("value-only", made(400, _value(NO_TEMPERATURE, "temperature"), protocol=C, request=asking(temperature=0.7)),
         "takes temperature as 1 only"),
    Case("field-not-sent", made(400, _value(RENAMED, "max_tokens", "unsupported_parameter"), protocol=C,
                                request=asking(max_completion_tokens=64)), "`max_tokens`, which your request",
         "writes your `max_completion_tokens` as this one"),
    Case("field-not-sent", made(400, _value("Unknown parameter: 'stream_options'.", "stream_options", "unknown_parameter"),
                                protocol=C, request=STREAMED), "`stream_options`, which your request"),
    Case("unsupported-option", made(400, _value("Unknown parameter: 'stream_options'.", "stream_options", "unknown_parameter"),
                                    protocol=C, request=asking(stream=True, stream_options={"include_usage": True}))),
    Case("place-not-sent", made(400, _value("Invalid value: 'developer'. Supported values are: 'system', 'user'.",
                                            "messages[3].role", "invalid_value"), protocol=C, request=ASKS_PLAINLY),
         "refuses `messages[3].role`, which your request does not have"),
    Case("place-not-sent", made(400, _value("Invalid value: 'input_file'.", "messages[0].content[0].type", "invalid_value"),
                                protocol=R, request={"model": "m", "input": [{"role": "user", "content": "Hi"}]}),
         "refuses `messages[0].content[0].type`, which your request does not have"),
    Case("empty-text", made(400, anthropic("invalid_request_error", "messages.5.content: text blocks must be non-empty"))),
    Case("thinking-mode", made(400, anthropic("invalid_request_error", '"thinking.type.enabled" is not supported for this'
                                              ' model. Use "thinking.type.adaptive" and "output_config.effort".'),
                               request=asking(thinking={"type": "enabled", "budget_tokens": 1024}))),
    Case("field-not-sent", made(400, _value("Unsupported parameter: 'reasoning.effort' is not supported with this model.",
                                            "reasoning.effort", "unsupported_parameter"), protocol=C,
                                request=asking(reasoning_effort="high")), "", "writes your `reasoning_effort` as this one"),
    Case("field-not-sent", made(400, _value("Unsupported parameter: 'reasoning.effort' is not supported with this model.",
                                            "reasoning.effort", "unsupported_parameter"), protocol=R,
                                request={"model": "m", "input": "Hi", "reasoning": {"summary": "auto"}}), "`reasoning.effort`"),
    Case("unsupported-parameter", made(400, _value("Unsupported parameter: 'reasoning.effort' is not supported.",
                                                   "reasoning.effort", "unsupported_parameter"), protocol=R,
                                       request={"model": "m", "input": "Hi", "reasoning": {"effort": "high"}})),
    Case("field-not-sent", made(400, anthropic("invalid_request_error", BUDGET)), "`thinking.budget_tokens`, which"),
    Case("thinking-budget", made(400, anthropic("invalid_request_error", BUDGET),
                                 request=asking(max_tokens=1024, thinking={"type": "enabled", "budget_tokens": 2048})),
         "", "at least 1024, and max_tokens above it"),
    Case("field-not-sent", made(400, anthropic("invalid_request_error", "tools.0.custom.input_schema.type: Field required")),
         "`tools.0`, which your request"),
    Case("tool-schema", made(400, anthropic("invalid_request_error", "tools.0.custom.input_schema.type: Field required"),
                             request=asking(tools=[{"name": "f", "input_schema": {}}]))),
    Case("value-only", made(400, {"detail": "Store must be set to false"}, protocol=R),  # of a field that has to be there
         "takes store as false only", "Set store to false."),
    Case("stream-only", made(400, {"detail": "Stream must be set to true"}, protocol=R, request={"model": "m", "input": "Hi"}),
         "", "", ("stream", True)),
    Case("parameter-not-seen", made(400, anthropic("invalid_request_error", "max_tokens: Field required"),
                                    request=asking(max_tokens=64)), "does not find the field `max_tokens`, though"),
    Case("model-missing-upstream", made(404, openai("The model `mapped-2` does not exist", code="model_not_found"), protocol=C,
                                        model="my-alias"), "its upstream does not know the model that it was asked for there"),
    Case("model-missing", made(404, openai("The model `my-alias-2026-01-01` does not exist"), protocol=C, model="my-alias")),
    Case("refused-value", made(400, anthropic("invalid_request_error", "temperature: range: 0..1"),
                               request=asking(temperature=1.5)), "refuses the value of `temperature`"),
    Case("refused-value", made(400, openai("json: cannot unmarshal string into Go struct field GeneralOpenAIRequest.max_tokens"
                                           " of type uint", "new_api_error"), protocol=C, request=asking(max_tokens="64")),
         "refuses the value of `max_tokens`"),
    Case("images-refused", made(400, openai("Failed to deserialize the JSON body into the target type: messages[0]: unknown"
                                            " variant `image_url`, expected `text` at line 1 column 200"), protocol=C),
         "takes no pictures"),
)  # fmt: skip

BEHIND = (
    Case("key-upstream", made(500, openai("upstream returned 401: invalid api key", "server_error"), protocol=C),
         "its upstream does not accept the key that the relay has"),
    Case("key-upstream-by-words", made(401, openai("Incorrect API key provided: sk-proj-****abcd. You can find your API key"
                                                   " at https://platform.openai.com/account. (request id: 20261113080932)",
                                                   code="invalid_api_key"), protocol=C),
         "refuses a key, probably the relay's own", "Tell the relay's operator"),
    Case("key-wrong", made(401, openai("无效的令牌 (request id: 20261113080932)", "new_api_error"), protocol=C), "", "",
         ("auth", "x-api-key")),
    Case("key-login-token-refused", made(401, anthropic("authentication_error", "OAuth authentication is currently not"
                                                        " supported."), sends=KEY_HEADERS[C]),
         "takes no login token", "Send an API key as x-api-key", ("auth", "x-api-key")),
    Case("key-google-token", made(401, {"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "Request had invalid"
                                                  " authentication credentials. Expected OAuth 2 access token, login cookie or"
                                                  " other valid authentication credential."}}),
         "wants an access token of a Google login", "", ("key", "")),
    Case("rate-saturated", made(429, openai("当前分组上游负载已饱和，请稍后再试", "insufficient_quota", "insufficient_quota"),
                                protocol=C), "It is the relay's limit, not one of your key"),
    Case("insufficient-quota", made(429, openai("You exceeded your current quota", "insufficient_quota", "insufficient_quota"),
                                    protocol=C)),
    Case("server-in-stream", made(CAPTURE, b'event: response.failed\ndata: {"type":"response.failed","sequence_number":1,'
                                  b'"response":{"id":"resp_1","object":"response","status":"failed","output":[],"error":{"code":'
                                  b'"server_error","message":"An error occurred while processing your request. You can retry'
                                  b' your request."}}}\n\n', protocol=R, base=""), "", "Try again in a minute"),
    Case("server-upstream-in-stream", made(200, b'data: {"error":{"code":"stream_read_error","message":"stream_read_error",'
                                           b'"type":"upstream_error"},"sequence_number":0,"type":"error"}\n\n', protocol=R,
                                           headers=STREAM, streamed=True), "The fault is behind the relay"),
    Case("server-upstream-in-stream", made(200, b'data: {"type":"error","error":{"type":"upstream_error","message":"Upstream'
                                           b' service temporarily unavailable, please try again later"}}\n\n', protocol=R,
                                           headers=STREAM, streamed=True)),  # its origin comes before its being the server's
    Case("server-upstream-silent", made(200, BEGUN + b'event: error\ndata: {"type":"error","error":{"type":"api_error",'
                                        b'"message":"Upstream error"}}\n\n', headers=STREAM, streamed=True), "(in its stream)"),
    Case("upstream-timeout", made(500, openai("context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
                                              "new_api_error", "do_request_failed"), protocol=C), "waited in vain"),
    Case("stream-unverified", made(400, openai("Your organization must be verified to stream this model."), protocol=R,
                                   request=asking(stream=True)),
         "The vendor streams claude-sonnet-4-6 for verified organizations only", "", ("stream", False)),
    Case("stream-refused", made(400, openai("This model does not support streaming."), protocol=C,
                                request=asking(stream=True)), "", "Turn streaming off.",
         ("stream", False)),
    Case("client-only", made(400, {"detail": "Instructions are not valid"}, protocol=R), "meant for one program only"),
)  # fmt: skip

SERVERS = (
    Case("model-memory", made(500, openai("model requires more system memory (6.1 GiB) than is available (3.9)", "api_error"),
                              protocol=C, base="http://localhost:11434/v1"), "too little memory for claude-sonnet-4-6"),
    Case("model-crashed", made(500, {"object": "error", "message": "EngineCore encountered an issue. See stack trace (above)"
                                     " for the root cause.", "type": "InternalServerError", "code": 500}, protocol=C)),
    Case("prompt-too-long", made(400, {"error": "Trying to keep the first 5000 tokens when context the overflows. However, the"
                                       " model is loaded with context length of only 4096 tokens, which is not enough."},
                                 protocol=C, base="http://localhost:1234/v1"), "", "start the server with one"),
    Case("key-quota", made(403, {"error": {"message": "Key limit exceeded (monthly limit).", "code": 403}}, protocol=C),
         "The quota of this key is used up"),
    Case("account-off", made(412, openai("Account x is suspended, possibly due to reaching the monthly spending limit or"
                                         " failure to pay past invoices."), protocol=C), "switched off"),
    Case("key-wrong", made(403, {"message": "The request signature we calculated does not match the signature you provided."}),
         "", "", ("auth", "bearer")),
    Case("key-upstream-by-words", made(401, openai("Your authentication token has been invalidated. Please try signing in"
                                                   " again. (request id: 20261113080932)", code="token_revoked"), protocol=R)),
    Case("error-with-200", made(200, {"code": 500, "msg": "系统繁忙，请5分钟后再试"}, protocol=C), "", "Try again in 5 min"),
    Case("refused-value", made(400, anthropic("invalid_request_error", "messages.0.content.1.image.source.base64.data: At least"
                                              " one of the image dimensions exceed max allowed size: 8000 pixels")),
         "`messages[0].content[1].image.source.base64.data`", "Change it, or leave it out where that is allowed."),
)  # fmt: skip

# A code, or the place that an error names, comes before words that may be the user's own.
QUOTED = (
    Case("content-filter", made(400, openai("The input was blocked. Offending text: 'quota exceeded, try again in 5 minutes,"
                                            " invalid api key'", code="content_filter"), protocol=C)),
    Case("refused-value", made(400, openai("Invalid API key format in tool description: 'quota exceeded'",
                                           param="tools[0].description"), protocol=C, request=asking(tools=[{"type": "x"}])),
         "`tools[0].description`"),
    Case("status-unknown", made(400, openai("Your request contains the phrase 'rate limit' at messages.0"), protocol=C)),
    Case("rate", made(429, openai("Rate limit reached for model-try-again-in-5-minutes"), protocol=C), "",
         "It does not say when"),
)  # fmt: skip

WHEN = (
    Case("rate", made(429, openai("request reached organization TPD rate limit, current: 1526210, limit: 1500000"), protocol=C),
         "", "A limit of a day opens by the next day at the latest"),
    Case("rate", made(429, openai("Too many requests in the last 24 hours."), protocol=C), "", "A limit of a day"),
    Case("rate-tokens", made(429, {"message": "Too many tokens per day, please wait before trying again."}), "",
         "a minute more rarely helps"),
    Case("rate", made(429, openai("レート制限を超過しました。30秒後に再試行してください。"), protocol=R), "", "again in 30 s."),
    Case("rate", made(429, openai("アクセスが集中しています。2時間30分お待ちください。"), protocol=C), "",
         "Try again in 2 h 30 min"),
    Case("plan-limit", made(429, {"error": {"code": "AccountQuotaExceeded", "message": "You have exceeded the 5-hour usage"
                                            " quota. It will reset at 2026-11-21 18:41:44 +0800 CST."}},
                            headers={"date": "Sat, 21 Nov 2026 08:09:44 GMT"}), "The five-hour limit", "again in 2 h 32 min"),
    Case("plan-limit", made(429, openai("you (alice) have reached your session usage limit, upgrade for higher limits"),
                            protocol=C), "The limit of the subscription is used up"),
    Case("rate", made(429, openai("The maximum rate limit for this model is 6.0 queries and 180000 tokens per minute."),
                      protocol=C), "asked too often"),
    Case("max-tokens-ceiling", made(400, anthropic("invalid_request_error", "max_tokens: 200000 > 64000, which is the maximum"
                                                   " allowed number of output tokens for x"),
                                    request=asking(max_tokens=200000)), "",
         "at most 64 000 tokens", ("max_tokens", 64000)),
    Case("credits-too-few-for-tokens", made(402, openai("You requested up to 64000 tokens, but can only afford 1234."),
                                            protocol=C, request=asking(max_tokens=64000)), "",
         "at most 1 234 tokens", ("max_tokens", 1234)),
)  # fmt: skip

# Said once: the time in the place of "Run it again".
ONCE = (
    Case("error-in-stream", made(200, b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":'
                                 b'[{"index":0,"delta":{"content":"The tide"},"finish_reason":null}]}\n\n'
                                 b'data: {"error":{"message":"Not now. Try again in 4 s"}}\n\n', protocol=C, headers=STREAM,
                                 streamed=True), "broke off its stream, after 1 event.",
         "Try again in 4 s. What had come is kept; the official SDKs raise an error here or drop it silently."),
)  # fmt: skip

# A capture: what was sent, and where to, is not known, and nothing is said of it.
CAPTURED = (
    Case("key-not-seen", made(401, openai("You didn't provide an API key."), protocol=C, base="", sends=()),
         "says that it found no key: “You", "Enter a key, or"),
    Case("key-not-seen", made(401, anthropic("authentication_error", "x-api-key header is required"), base="", sends=()),
         "says that it found no key: “x-api-key", "Enter a key, or"),
    Case("insufficient-quota", made(200, b'data: {"type":"error","code":"insufficient_quota","message":"You exceeded your'
                                    b' current quota"}\n\n', protocol=R, headers=STREAM, base="", sends=())),  # whose? unknown
    Case("v1-twice", made(404, openai("Invalid URL (POST /v1/v1/chat/completions)"), protocol=C, base="", sends=()),
         "has /v1 twice", "Take one out."),
    Case("http-on-https-port", made(400, page("400 The plain HTTP request was sent to HTTPS port"), base="", sends=()),
         "The request came as http:// to a port that expects TLS", "Use https:// in the base URL."),
    Case("page", made(200, page("New API"), protocol=C, base="", sends=()), "", "or has /v1 behind it"),
    Case("path-refused-with-200", made(200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}, protocol=C,
                                       base="", sends=()), "nothing at this address"),
)  # fmt: skip

CASES = (*NOT_SENT, *BEHIND, *SERVERS, *QUOTED, *WHEN, *ONCE, *CAPTURED)
