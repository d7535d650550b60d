"""Rows for whose fault an error is: the status and where it came from before its words, its code before them, its numbers read.

Bodies as endpoints send them: of relays and servers that were tried, and of public bug reports.
"""

from __future__ import annotations

from app.recording.records import MarkName
from tests.diagnosis.made import ANTHROPIC, OPENAI, RELAY_V1, STREAM, A, C, Case, R, anthropic, asking, made, openai

TOOLS = [{"type": "function", "function": {"name": "f"}}, {"type": "web_search"}, {"type": "custom", "name": "g"}]
AT_ONCE = {MarkName.DNS_BEGIN: 0.0, MarkName.SEND_BEGIN: 1.0, MarkName.SEND_END: 1.0, MarkName.FIRST_BYTE: 1.588}


def _message_event(kind: str, message: str) -> bytes:
    return f'event: error\ndata: {{"type":"error","error":{{"type":"{kind}","message":"{message}"}}}}\n\n'.encode()


def _failed(code: str, message: str) -> bytes:
    """A Responses stream that fails after its first event; `message` as it stands inside the JSON text."""
    return (
        b'event: response.created\ndata: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1",'
        b'"object":"response","status":"in_progress","output":[]}}\n\n'
        b'event: response.failed\ndata: {"type":"response.failed","sequence_number":1,"response":{"id":"resp_1",'
        b'"object":"response","status":"failed","output":[],"error":{"code":"' + code.encode() + b'","message":"'
        + message.encode() + b'"}}}\n\n'
    )  # fmt: skip


def _chat_error(message: str, code: str) -> bytes:
    return f'data: {{"error":{{"message":"{message}","code":"{code}"}}}}\n\n'.encode()


TOKENS = (
    Case(
        "max-tokens-over-context",
        made(
            400,
            {
                "object": "error",
                "message": "This model's maximum context length is 6048 tokens. However, you requested 6616 tokens (568 in the"
                " messages, 6048 in the completion). Please reduce the length of the messages or completion.",
                "type": "BadRequestError",
                "code": 400,
            },
            protocol=C,
            request=asking(max_tokens=6048),
        ),
        "The 568 tokens of the prompt and the 6048 asked for as an answer don't fit into the 6048",
        "at most 5480 tokens",
        ("max_tokens", 5480),
    ),
    Case(
        "max-tokens-over-context",
        made(
            400,
            anthropic(
                "invalid_request_error",
                "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or"
                " `max_tokens` and try again",
            ),
            base=ANTHROPIC,
            request=asking(max_tokens=21333),
        ),
        "The 188240 tokens of the prompt and the 21333",
        "at most 11760 tokens",
        ("max_tokens", 11760),
    ),
    Case(  # vLLM
        "max-tokens-over-context",
        made(
            400,
            openai(
                "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 8192 tokens"
                " and your request has 1000 input tokens (8000 > 8192 - 1000).",
                "BadRequestError",
                400,
            ),
            protocol=R,
            request=asking(max_output_tokens=8000),
        ),
        "The 1000 tokens of the prompt and the 8000",
        "",
        ("max_tokens", 7192),
    ),
    Case(  # the prompt alone fills the context
        "prompt-too-long",
        made(
            400,
            openai(
                "This model's maximum context length is 8192 tokens. However, you requested 9500 tokens (8180 in the messages,"
                " 1320 in the completion)."
            ),
            protocol=C,
        ),
    ),
    Case(
        "max-tokens-ceiling",
        made(
            400,
            {"error": {"code": "InvalidParameter", "message": "Range of max_tokens should be [1, 8192]"}},
            protocol=C,
            request=asking(max_tokens=9000),
        ),
        "more tokens than",
        "",
        ("max_tokens", 8192),
    ),
    Case(  # numbers of another field are none of max tokens
        "refused-value",
        made(400, openai("temperature must be less than or equal to 2", param="temperature"), protocol=C),
        "value of `temperature`",
    ),
    Case(  # a relay gave the vendor's 400 another status: the words are plain all the same
        "prompt-too-long",
        made(500, openai("prompt is too long: 208310 tokens > 200000 maximum", "new_api_error"), protocol=C),
        "208310 tokens",
    ),
)

ASKED = (
    Case(
        "model-not-in-protocol",
        made(
            400,
            openai('model "gpt-5.6-luna" is not accessible via the /chat/completions endpoint', code="model_not_supported"),
            protocol=C,
            model="gpt-5.6-luna",
        ),
        "has gpt-5.6-luna, but does not serve it in OpenAI Chat Completions",
        "Choose OpenAI Responses, where such models usually are",
        ("protocol", R),
    ),
    Case(
        "model-not-in-protocol",
        made(400, openai("This model does not support the Responses API."), protocol=R),
        "does not serve it in OpenAI Responses",
        "Choose OpenAI Chat Completions",
        ("protocol", C),
    ),
    Case(
        "model-in-other-protocol",
        made(400, openai("x is not supported on /v1/chat/completions. Please use the /v1/messages endpoint."), protocol=C),
        "is served in Anthropic Messages only",
        "",
        ("protocol", A),
    ),
    Case(
        "relay-price-missing",
        made(
            400,
            openai(
                "模型 gpt-6.1-terra 倍率或价格未配置，请联系管理员设置或开始自用模式；Model gpt-6.1-terra ratio or price not"
                " set, please set or start self-use mode (request id: 2026)",
                "new_api_error",
                "model_price_error",
                "",
            ),
            protocol=C,
            model="gpt-6.1-terra",
        ),
        "has set no price for gpt-6.1-terra",
        "Tell the operator",
    ),
    Case(
        "value-only",
        made(
            400, openai("invalid temperature: only 1 is allowed for this model"), protocol=C, request=asking(temperature=0.7)
        ),
        "takes temperature as 1 only",
        "Leave temperature out, or set it to 1",
    ),
    Case(  # a number of something else
        "status-unknown",
        made(400, openai("The upstream's status should be 200."), protocol=C),
    ),
    Case(
        "json-not-read",
        made(400, openai("Invalid JSON: invalid token '}' at position 17"), protocol=C),
    ),
    Case(
        "tool-type",
        made(400, openai("'type' of tool must be 'function'", code=400), protocol=C, request=asking(tools=TOOLS)),
        "the type of a tool in the request (web_search, custom)",
        "Take web_search, custom out",
    ),
    Case(
        "tool-type",
        made(
            400,
            anthropic(
                "invalid_request_error",
                "tools.0: Input tag 'web_search_20260209' found using 'type' does not match any of the expected tags: 'custom'",
            ),
            request=asking(tools=[{"type": "web_search_20260209", "name": "web_search"}]),
        ),
        "(web_search_20260209)",
    ),
    Case(
        "tool-type",
        made(400, openai("Unsupported tool type: custom"), protocol=R, request=asking(tools=[{"type": "custom", "name": "x"}])),
        "(custom)",
    ),
    Case(  # superrouter 0.1.0 makes `"type": null` of a tool of the Messages API
        "tool-type-of-relay",
        made(
            400,
            openai("Invalid type for 'tools[0].type': expected a string, but got null instead.", param="tools[0].type"),
            request=asking(tools=[{"name": "f", "input_schema": {"type": "object"}}]),
        ),
        "though the request has none but functions of your own",
        "tell its operator",
    ),
    Case(  # in Chat a tool without its type is the request's own fault
        "tool-type",
        made(400, openai("'type' of tool must be 'function'"), protocol=C, request=asking(tools=[{"name": "f"}])),
        "a tool of another type than its own",
    ),
    Case(  # superrouter again: both headers to its upstream
        "key-both-headers-of-relay",
        made(401, anthropic("authentication_error", "Only one of `x-api-key` and `Authorization` may be given."), protocol=C),
        "a request that has two keys, and yours had one",
        "Nothing in your request is wrong",
    ),
    Case(  # claude-nim-proxy 0.1.1
        "key-wants-bearer",
        made(401, anthropic("authentication_error", "Invalid local bearer token.")),
        "the endpoint seems to look for a Bearer token",
        "",
        ("auth", "bearer"),
    ),
    Case(
        "key-wants-bearer",
        made(401, openai("Missing both x-api-key and Authorization: no API key provided")),
        "did not find a key",
        "",
        ("auth", "bearer"),
    ),
    Case(  # litecc-proxy 0.5.0, in its stream
        "header-not-seen",
        made(
            200,
            _message_event("invalid_request_error", "anthropic-version: header is required"),
            headers=STREAM,
            streamed=True,
            sends=(("x-api-key", "k"), ("anthropic-version", "2023-06-01")),
        ),
        "does not find the header anthropic-version, though it was sent",
        "tell the operator",
    ),
    Case(
        "tool-id-twice",
        made(400, anthropic("invalid_request_error", "messages.1.content.1: `tool_use` ids must be unique"), base=ANTHROPIC),
        "holds one tool call twice (at messages[1].content[1])",
        "Take one of the two out",
    ),
    Case(
        "tool-id-twice",
        made(400, openai("Duplicate tool call id in input[4]"), protocol=R),
        "twice (at input[4])",
    ),
    Case(
        "missing-parameter",
        made(400, anthropic("invalid_request_error", "anthropic_messages: Missing required parameter: 'messages'."),
             request={"model": "x"}),
        "lacks the field `messages`",
        "Add `messages`",
    ),
    Case(
        "missing-parameter",
        made(500, {"error": {"code": 500, "message": "'messages' is required", "type": "server_error"}},
             base="http://127.0.0.1:4820", request={"model": "x"}),
        "lacks the field `messages`",
    ),
    Case(  # the answer's field, which a relay misses in what its upstream answered
        "server-program-failed",
        made(500, openai("1 validation error for ModelResponse: choices: Field required", "server_error"), protocol=C,
             base="http://127.0.0.1:4000/v1"),
    ),
    Case(  # a body by hand asks for another model than the profile
        "no-channel",
        made(400, openai("You passed in model=mock-text. There are no healthy deployments for this model"), protocol=C,
             model="mock-hello", request=asking(model="mock-text")),
        "no channel for the model mock-text",
    ),
    Case(
        "model-missing",
        made(404, openai("Server is pinned to 'tiny-hf'; requested 'tiny-script'. The model does not exist"), protocol=C,
             model="tiny-hf", request=asking(model="tiny-script")),
        "does not know the model tiny-script",
    ),
    Case(
        "small-body-too-large",
        made(413, openai("Request Entity Too Large"), protocol=C),
        "no more than 97 bytes",
        "can't be the size of the request",
    ),
    Case(
        "body-too-large",
        made(413, "", protocol=C, raw=b""),
        "refuses the request as too large",
    ),
    Case(
        "json-not-read",
        made(400, openai("Invalid JSON in request body"), protocol=C),
        "though what was sent is valid JSON",
    ),
)  # fmt: skip

ORIGIN = (
    Case(
        "upstream-not-json",
        made(500, openai("invalid character 'd' looking for beginning of value (request id: 2026)", "new_api_error",
                         "bad_response_body", ""), protocol=C, raw=b""),
        "could not read what the server behind it answered",
        "Your request is in order",
    ),
    Case(
        "upstream-not-json",
        made(500, anthropic("api_error", "json decode error: Extra data: line 2 column 1 (char 60)")),
        "could not read what the server behind it answered",
    ),
    Case(
        "key-upstream",
        made(200, _message_event("api_error", "Incorrect API key provided"), headers=STREAM, streamed=True),
        "its upstream does not accept the key that the relay has for it: “Incorrect API key provided”. It came",
        "Your key for the relay is in order",
    ),
    Case(
        "key-upstream",
        made(200, _failed("401", r"{\"error\":{\"message\":\"Sim says 401\",\"type\":\"x\",\"code\":\"invalid_api_key\"}}"),
             protocol=R, headers=STREAM, streamed=True),
        "its upstream does not accept the key that the relay has for it: “Sim says 401”",
    ),
    Case(
        "key-upstream",
        made(200, _chat_error("Unauthorized", "401"), protocol=C, headers=STREAM, streamed=True),
        "its upstream does not accept the key",
    ),
    Case(
        "forbidden-upstream",
        made(200, _message_event("permission_error", "Your account does not have access to it"), headers=STREAM, streamed=True),
        "its upstream refuses it: “Your account does not have access to it”",
    ),
    Case(
        "model-missing-upstream",
        made(200, _message_event("not_found_error", "model: claude-x"), headers=STREAM, streamed=True),
        "“model: claude-x”",
    ),
    Case(
        "model-not-allowed",
        made(403, openai("Project `proj_x` does not have access to model `gpt-5.5`", code="model_not_found"), protocol=C,
             base=OPENAI),
        "may not use the model",
    ),
    Case("key-off", made(200, {"success": False, "message": "Token expired"}, protocol=C), action=("key", "")),
    Case("balance", made(200, {"error": {"code": 402, "message": "余额不足"}}, protocol=C), "too little credit. The"),
    Case(
        "rate-upstream",
        made(200, _failed("429", r"{\"error\":{\"message\":\"Sim says 429\",\"code\":\"rate_limit_exceeded\"}}"), protocol=R,
             headers=STREAM, streamed=True),
        "“Sim says 429”. It came behind status 200, so that the official SDKs do not try again by themselves.",
    ),
    Case("server-program-failed", made(500, openai("'choices'", "api_error"), protocol=C), "“'choices'” (status 500)"),
    Case("server-program-failed", made(500, {"detail": "'NoneType' object is not subscriptable"}), "failed over"),
    Case(  # under a status of error the relay itself may say so
        "key-wrong-or-upstream",
        made(401, _message_event("authentication_error", "invalid x-api-key"), headers=STREAM, streamed=True),
        "Whether it is yours, or the one that a relay has for its upstream, can't be told",
        "Enter your key again, whole; the endpoint may also want it in the other header",
        ("auth", "bearer"),
    ),
    Case(
        "key-wrong",
        made(200, {"code": 40101, "msg": "令牌无效"}, protocol=C),
        "relay.example does not accept the key: “令牌无效”",
        "Enter the key again",
        ("auth", "x-api-key"),
    ),
    Case(
        "money-upstream",
        made(200, _chat_error("You exceeded your current quota, please check your plan", "insufficient_quota"), protocol=C,
             headers=STREAM, streamed=True),
        "its own account at the upstream",
    ),
    Case(  # one-api's words for an account with itself
        "key-quota",
        made(200, _chat_error("该令牌额度已用尽", "pre_consume_token_quota_failed"), protocol=C, headers=STREAM, streamed=True),
        "quota of this key",
    ),
    Case(
        "account-overdue",
        made(403, {"error": {"code": "AccountOverdueError", "message": "Settle your bill. Request id: 0217", "param": "",
                             "type": "Forbidden"}}, protocol=C, base=RELAY_V1),
        "owes money, so that the endpoint refuses (status 403)",
        "Pay what is due",
    ),
    Case(
        "no-account-for-model",
        made(200, b'event: response.failed\ndata: {"type":"response.failed","sequence_number":0,"response":{"id":"resp_x",'
             b'"object":"response","status":"failed","output":[],"error":{"code":"no_accounts","message":"No accounts with a'
             b' plan supporting model"}}}\n\n', protocol=R, headers=STREAM, streamed=True, model="gpt-5.4"),
        "No account behind relay.example may use gpt-5.4",
        "Choose another model",
    ),
    Case(
        "gateway-timeout-at-once",
        made(504, "upstream timed out", protocol=C, marks=AT_ONCE),
        "answered 504 after 0.6 ms: it can't have waited",
        "won't help",
    ),
    Case(
        "redirect-loop",
        made(307, "", headers={"location": "https://relay.example/v1/messages"}),
        "points to the very address that was asked",
        "has to correct the redirect",
    ),
    Case(
        "key-upstream-missing",
        made(401, {"detail": "No Anthropic credential is configured on this proxy."}, base="https://relay.example/anthropic"),
        "has no key for the vendor",
        "ends in a vendor's name",
    ),
)  # fmt: skip

GATEWAYS = (
    Case(
        "gateway-own-token",
        made(401, {"name": "AiGatewayError", "internalCode": 2009, "message": "Unauthorized", "success": False, "result": [],
                   "messages": [], "error": [{"code": 2009, "message": "Unauthorized"}]}, protocol=C,
             headers={"server": "cloudflare", "cf-ray": "9a0"}),
        "Cloudflare AI Gateway in front of the model's API wants a token of its own: “Unauthorized”",
        "cf-aig-authorization (Bearer",
    ),
    Case(
        "gateway-settings",
        made(400, {"success": False, "internalCode": 2001, "name": "AiGatewayError",
                   "error": [{"code": 2001, "message": "Please configure AI Gateway in the Cloudflare dashboard"}]},
             protocol=R),
        "Cloudflare AI Gateway is not set up",
    ),
    Case(
        "gateway-no-route",
        made(403, {"message": "Missing Authentication Token"},
             headers={"x-amzn-errortype": "MissingAuthenticationTokenException"}),
        "Amazon API Gateway has nothing at this address (/v1/messages, status 403)",
        "stage",
    ),
    Case(
        "gateway-own-token",
        made(401, "Invalid IAP credentials: no JWT", protocol=C, headers={"x-goog-iap-generated-response": "true"}),
        "Google's Identity-Aware Proxy in front of the model's API wants a token of its own",
        "Proxy-Authorization (Bearer",
    ),
    Case(
        "gateway-own-token",
        made(403, {"message": "Forbidden"}, protocol=C, headers={"x-amzn-errortype": "ForbiddenException:http://x"}),
        "Amazon API Gateway",
        "x-api-key",
    ),
    Case(
        "gateway-own-token",
        made(401, {"statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include it."},
             protocol=C),
        "Azure API Management",
        "Ocp-Apim-Subscription-Key",
    ),
    Case("gateway-own-token", made(401, {"message": "No API key found in request"}), "Kong", "apikey"),
    Case("gateway-no-route", made(404, {"message": "no Route matched with those values"}, protocol=R), "Kong has nothing at"),
    Case("gateway-own-token", made(401, "Jwt is missing", protocol=C), "Envoy or Istio"),
    Case(  # the vendor's own words
        "key-wrong-official",
        made(401, anthropic("authentication_error", "invalid x-api-key"), base=ANTHROPIC),
        action=("key", ""),
    ),
    Case(
        "path-not-routed",
        made(404, openai("Provider 'undefined' not found"), protocol=C),
        "looks for a provider that nobody named",
        "documentation",
    ),
)  # fmt: skip

CASES = (*TOKENS, *ASKED, *ORIGIN, *GATEWAYS)
