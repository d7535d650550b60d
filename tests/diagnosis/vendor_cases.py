"""Rows for refusals in the words of vendors, relays, gateways and local servers, told one by one in public bug reports."""

from __future__ import annotations

from tests.diagnosis.made import OPENAI, STREAM, A, C, Case, R, anthropic, asking, made, openai

OPENROUTER, GEMINI = "https://openrouter.ai/api/v1", "https://generativelanguage.googleapis.com/v1beta/openai"
LOCAL = "http://localhost:8000/v1"
PLAIN = {"server": "cloudflare", "cf-ray": "9a0", "content-type": "text/plain"}


CHINA = (
    Case(
        "model-not-activated",
        made(404, {"error": {"code": "ModelNotOpen", "message": "Your account 21 has not activated the model doubao-x. Please"
                   " activate the model service in the Ark Console.", "param": "", "type": "Not Found"}}, protocol=C),
        "has not switched on",
        "Activate the model",
    ),
    Case(
        "missing-parameter",
        made(400, {"error": {"code": "MissingParameter", "message": "The request failed because it is missing `messages`"
                   " parameter.", "param": "messages", "type": "BadRequest"}}, protocol=C, request={"model": "x"}),
        "lacks the field `messages`",
    ),
    Case(
        "spend-limit",
        made(429, {"error": {"code": "SetLimitExceeded", "message": "Your account [21] has reached the set inference limit for"
                   " the [doubao] model, and the model service has been paused.", "type": "TooManyRequests"}}, protocol=C),
        "spend limit",
    ),
    Case(
        "content-filter",
        made(400, {"error": {"code": "InputTextSensitiveContentDetected", "message": "The request failed because the input text"
                   " may contain such information.", "type": "BadRequest"}}, protocol=C),
    ),
    Case(
        "thinking-needs-stream",
        made(400, openai("parameter.enable_thinking must be set to false for non-streaming calls"), protocol=C),
        "thinks in streams only",
        "",
        ("stream", True),
    ),
    Case(  # the same behind claude-code-router
        "thinking-needs-stream",
        made(400, openai('Error from provider(modelscope,Qwen/Q: 400): {"error":{"code":"invalid_parameter_error","message":'
                         '"enable thinking can not be support when `stream=False`.","type":"invalid_request_error"}}',
                         "api_error", "provider_response_error")),
        "“enable thinking can not be support when `stream=False`.”",
        "",
        ("stream", True),
    ),
    Case(
        "prompt-too-long",
        made(400, {"code": 20015, "message": "length of prompt_tokens (65546) must be less than max_seq_len (32768)."},
             protocol=C),
    ),
    Case("prompt-too-long", made(400, openai("Invalid request: Your request exceeded model token limit: 8192"), protocol=C)),
    Case(
        "balance",
        made(429, {"error": {"message": "You exceeded your current token quota: <org-x> 0, please check your account balance",
                             "type": "exceeded_current_quota_error"}}, protocol=C),
        "too little credit",
    ),
    Case(
        "key-wrong",
        made(401, {"error": {"code": "1000", "message": "身份验证失败。"}}, protocol=C),
        action=("auth", "x-api-key"),
    ),
    Case("tool-id-twice", made(400, openai("Invalid request: tool_call_id  is duplicated"), protocol=C)),
)  # fmt: skip

RELAYS = (
    Case(  # a provider's words, whole, where OpenRouter says only that there are some
        "refused-upstream",
        made(400, {"error": {"message": "Provider returned error", "code": 400, "metadata": {
             "raw": '{"error":{"type":"invalid_request_error","message":"Model x supports at most 1 image per prompt."}}',
             "provider_name": "Crucible"}}}, protocol=C, base=OPENROUTER),
        "the server behind it refuses it (status 400): “Model x supports at most 1 image per prompt.”",
    ),
    Case(
        "json-word",
        made(400, {"error": {"message": "Provider returned error", "code": 400, "metadata": {
             "raw": '{"error":{"message":"Response input messages must contain the word \'json\' in some form to use'
                    ' \'text.format\'.","type":"invalid_request_error","param":"input"}}'}}}, protocol=C, base=OPENROUTER),
        "has to ask for JSON by that word",
        "Write “JSON”",
    ),
    Case(  # new-api: the number is the upstream's, and so is the key
        "key-upstream",
        made(401, openai("bad response status code 401 (request id: 2026)", "new_api_error", "bad_response_status_code"),
             protocol=C),
        "its upstream does not accept the key",
    ),
    Case(
        "upstream-status",
        made(400, openai("bad response status code 400 (request id: 2026)", "new_api_error", "bad_response_status_code"),
             protocol=C),
        "keeps the upstream's words to itself",
        "Ask the operator",
    ),
    Case(
        "upstream-status",
        made(500, openai("bad response status code 400", "new_api_error", "bad_response_status_code"), protocol=C),
    ),
    Case(
        "server-upstream",
        made(502, openai("bad response status code 502 (request id: 2026)", "new_api_error", "bad_response_status_code"),
             protocol=C),
    ),
    Case(
        "forbidden-upstream",
        made(500, openai('litellm.APIConnectionError: BedrockException - {"message":"Model access is denied due to IAM user or'
                         ' service role is not authorized to perform the required AWS Marketplace actions"}.', code="500"),
             protocol=C),
        "its upstream refuses it",
        "tell the operator",
    ),
    Case(
        "model-missing-upstream",
        made(400, {"detail": "An error occurred (ValidationException) when calling the Converse operation: The provided model"
                   " identifier is invalid."}, protocol=C),
    ),
    Case(
        "unsupported-parameter",
        made(400, {"message": "Malformed input request: #: extraneous key [betas] is not permitted, please reformat your"
                   " input."}),
        "does not take the field `betas`",
    ),
    Case(
        "overloaded",
        made(200, b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
             headers=STREAM, streamed=True),
        "the official SDKs do not try again by themselves",
    ),
)  # fmt: skip

VENDORS = (
    Case(
        "asked-in-other-protocol",
        made(400, openai("Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions. Please"
                         " use /v1/responses instead.", param="reasoning_effort"), protocol=C, base=OPENAI, model="gpt-5.4"),
        "with `reasoning_effort`, gpt-5.4 does in OpenAI Responses only",
        "",
        ("protocol", R),
    ),
    Case(
        "model-not-in-protocol",
        made(400, {"error": {"code": "OperationNotSupported", "message": "The chatCompletion operation does not work with the"
                   " specified model, gpt-5.3-codex."}}, protocol=C, base="https://me.openai.azure.com/openai/v1"),
        action=("protocol", R),
    ),
    Case(
        "model-unverified",
        made(403, openai("Your organization must be verified to use the model `gpt-5.5`.", code="model_not_found"), protocol=R,
             base=OPENAI),
        "OpenAI wants the organization verified",
        "Verify the organization",
    ),
    Case(
        "answer-not-stored",
        made(400, openai("Previous response with id 'resp_x' not found.", param="previous_response_id",
                         code="previous_response_not_found"), protocol=R),
        "an earlier answer that relay.example does not have",
        "whole conversation",
    ),
    Case(
        "answer-not-stored",
        made(404, openai("Item with id 'rs_0' not found. Items are not persisted when `store` is set to false.", param="input"),
             protocol=R, base=OPENAI),
    ),
    Case(
        "stream-only",
        made(400, anthropic("invalid_request_error", "Streaming is strongly recommended for operations that may take longer"
                            " than 10 minutes.")),
        action=("stream", True),
    ),
    Case(
        "account-off",
        made(400, anthropic("invalid_request_error", "This organization has been disabled.")),
        "is switched off",
        "Trying again is of no use",
    ),
    Case(
        "model-missing",
        made(400, openai("The model `llama3-70b` has been decommissioned and is no longer supported.",
                         code="model_decommissioned"), protocol=C, model="llama3-70b"),
    ),
    Case(
        "tool-schema",
        made(400, [{"error": {"code": 400, "message": "* GenerateContentRequest.tools[0].function_declarations[0].parameters"
                   ".properties[x].items: missing field.", "status": "INVALID_ARGUMENT"}}], protocol=C, base=GEMINI),
    ),
    Case(
        "prefill",
        made(400, {"object": "error", "message": "Expected last role User or Tool (or Assistant with prefix True) for serving"
                   " but got assistant", "type": "invalid_request_message_order", "code": "3230"}, protocol=C),
    ),
)  # fmt: skip

SERVERS = (
    Case(
        "images-refused",
        made(400, {"object": "error", "message": "At most 0 image(s) may be provided in one prompt.", "type": "BadRequestError",
                   "code": 400}, protocol=C, base=LOCAL),
        "takes no pictures",
    ),
    Case(
        "model-crashed",
        made(400, {"error": "The model has crashed without additional information. (Exit code: 1844)"}, protocol=C,
             base="http://localhost:1234/v1"),
        "The model's own process crashed at localhost",
    ),
    Case("cloudflare-worker", made(503, "error code: 1102", headers=PLAIN, protocol=C), "used up its computing time"),
    Case("cloudflare-worker", made(500, "error code: 1101", headers=PLAIN, protocol=A), "relay.example failed (status 500"),
    Case("cloudflare-origin-odd", made(530, "error code: 1016", headers=PLAIN, protocol=C), "can't be resolved (1016)"),
    Case("cloudflare-origin-odd", made(530, "error code: 1033", headers=PLAIN, protocol=R), "tunnel is not connected (1033)"),
    Case("gateway-down", made(502, "Bad Gateway", protocol=C), "behind it does not answer (status 502)"),
    Case("upstream-unreachable", made(503, "no healthy upstream", headers={"server": "envoy"}, protocol=C)),
    Case(
        "upstream-unreachable",
        made(503, "upstream connect error or disconnect/reset before headers. reset reason: connection timeout"),
    ),
    Case(
        "gateway-timeout",
        made(504, "An error occurred with your deployment\n\nFUNCTION_INVOCATION_TIMEOUT", protocol=C,
             headers={"server": "Vercel"}, request=asking(stream=True)),
        "Vercel in front of relay.example gave up waiting",
        "Ask for fewer tokens",
    ),
)  # fmt: skip

CASES = (*CHINA, *RELAYS, *VENDORS, *SERVERS)
