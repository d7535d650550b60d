"""Rows for the rules for models, sizes and fields of the request."""

from __future__ import annotations

from app.diagnosis import Context
from tests.diagnosis.made import ANTHROPIC, BY_NGINX, KEY, LISTED, OPENAI, A, C, Case, R, anthropic, asking, made, openai, page

ASKED = {"role": "user", "content": "x"}
CALLED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}],
}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "18"}
ALONE = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."

CASES = (
    # -- models
    Case(
        "no-channel",
        made(
            503,
            openai("当前分组 default 下对于模型 claude-sonnet-4-6 无可用渠道 (request id: 2026112100)", "new_api_error"),
            protocol=C,
        ),
        "no channel for the model",
    ),
    Case(
        "no-channel",
        made(
            503,
            openai(
                "No available channel for model claude-sonnet-4-6 under group default (distributor)",
                "new_api_error",
                "model_not_found",
            ),
            protocol=C,
        ),
        "no channel",
    ),
    Case(
        "no-channel-near",
        made(
            503,
            openai("分组 default 下模型 claude-sonet-4-6 的可用渠道不存在（retry）", "new_api_error", "get_channel_failed"),
            model="claude-sonet-4-6",
        ),
        "",
        "claude-sonnet-4-6",
        ("model", "claude-sonnet-4-6"),
        Context(models=LISTED),
    ),
    Case(
        "model-not-pulled",
        made(
            404,
            openai("model 'llama3.2' not found", "api_error"),
            protocol=C,
            base="http://localhost:11434/v1",
            model="llama3.2",
        ),
        "Ollama",
        "ollama pull llama3.2",
    ),
    Case(
        "model-listed-but-missing",
        made(404, anthropic("not_found_error", "model: claude-sonnet-4-6")),
        "own list has it",
        "",
        None,
        Context(models=LISTED),
    ),
    Case(
        "model-near",
        made(404, anthropic("not_found_error", "model: claude-sonet-4-5"), base=ANTHROPIC, model="claude-sonet-4-5"),
        "does not know the model claude-sonet-4-5",
        "claude-sonnet-4-5",
        ("model", "claude-sonnet-4-5"),
        Context(models=LISTED),
    ),
    Case(
        "model-counterpart",
        made(404, anthropic("not_found_error", "model: gpt-4o"), base=ANTHROPIC, model="gpt-4o"),
        "",
        "claude-sonnet-4-6",
        ("model", "claude-sonnet-4-6"),
    ),
    Case(
        "model-near",
        made(
            404,
            openai("The model `gpt-5.2-proo` does not exist or you do not have access to it.", code="model_not_found"),
            protocol=C,
            base=OPENAI,
            model="gpt-5.2-proo",
        ),
        "",
        "",
        ("model", "gpt-5.2-pro"),
        Context(models=["gpt-5.2", "gpt-5.2-pro"]),
    ),
    Case(
        "model-missing",
        made(
            400,
            openai("The requested model 'gpt-5.2-proo' does not exist.", code="model_not_found", param="model"),
            protocol=R,
            base=OPENAI,
            model="gpt-5.2-proo",
        ),
        "gpt-5.2-proo",
    ),
    Case(
        "model-missing",
        made(400, {"error": {"message": "Model Not Exist", "type": "invalid_request_error"}}, protocol=C),
        "Model Not Exist",
    ),
    Case(
        "model-missing",
        made(400, {"detail": "Server is pinned to 'a/b'; requested 'nope-1'."}, protocol=C, model="nope-1"),
        "a/b",
    ),
    Case("model-missing", made(400, openai("nope-1 is not a valid model ID", code=400), protocol=C, model="nope-1"), "nope-1"),
    Case("model-missing", made(400, openai("模型不存在，请检查模型代码。", code="1211"), protocol=C), "模型不存在"),
    Case("model-missing", made(404, openai("anthropic error: model: nope-1", "not_found_error"), model="nope-1"), "nope-1"),
    Case(
        "model-no-route",
        made(
            404, {"detail": "model 'gpt-5.4-mini' is bound to openai provider in group 'g1', not openai"}, model="gpt-5.4-mini"
        ),
        "names gpt-5.4-mini in its answer, so that the address is right",
    ),
    Case(  # it stands in the path, which the answer repeats
        "path-not-found",
        made(
            404, {"detail": "no such path: /gpt-5.4/chat"}, protocol=C, model="gpt-5.4", base="https://relay.example/gpt-5.4/v1"
        ),
        "has nothing at this address",
    ),
    Case(
        "path-not-found",
        made(404, {"detail": "auto not found"}, protocol=C, model="auto"),
        "has nothing at this address",
    ),
    Case(
        "missing-in-address",
        made(422, {"detail": [{"type": "missing", "loc": ["query", "request"], "msg": "Field required"}]}, protocol=C),
        "looks in the address, behind its question mark",
    ),
    Case(
        "messages-behind",
        made(400, openai("anthropic-version: header is required"), protocol=C),
        "speaks Anthropic Messages",
        "",
        ("protocol", A),
    ),
    Case(
        "fields-of-chat",
        made(
            400,
            openai("Unknown parameter: 'input'.", code="unknown_parameter", param="input"),
            protocol=R,
            request={"model": "m", "input": "Hi"},
        ),
        "speaks OpenAI Chat Completions",
        "",
        ("protocol", C),
    ),
    Case("provider-unknown", made(400, {"status": "failure", "message": "Invalid provider passed"}), "passes requests on"),
    # -- size
    Case(
        "prompt-too-long",
        made(400, anthropic("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"), base=ANTHROPIC),
        "208310 tokens",
    ),
    Case(
        "prompt-too-long",
        made(
            400,
            openai(
                "This model's maximum context length is 128000 tokens. However, your messages resulted in 190000 tokens.",
                code="context_length_exceeded",
                param="messages",
            ),
            protocol=C,
            base=OPENAI,
        ),
        "too long",
    ),
    Case(
        "body-too-large-proxy",
        made(413, page("413 Request Entity Too Large", "<center>nginx/1.24.0</center>"), headers=BY_NGINX),
        "nginx in front of relay.example",
        "client_max_body_size",
    ),
    Case(
        "body-too-large",
        made(
            413,
            anthropic("request_too_large", "Request exceeds the maximum size"),
            base=ANTHROPIC,
            raw=b'{"x": "' + b"x" * 200_000 + b'"}',
        ),
        "refuses a request of 200.0 kB as too large",
        "32 MB",
    ),
    Case("head-too-large", made(431), "headers"),
    Case("head-too-large", made(400, page("400 Request Header Or Cookie Too Large", "nginx"), headers=BY_NGINX), "headers"),
    # -- requests
    Case(
        "max-tokens-missing",
        made(400, anthropic("invalid_request_error", "max_tokens: Field required"), base=ANTHROPIC, request=asking()),
        "lacks max_tokens",
        "",
        ("max_tokens", 1024),
    ),
    Case(
        "max-tokens-missing",
        made(422, {"detail": [{"loc": ["body", "max_tokens"], "msg": "Field required", "type": "missing"}]}, request=asking()),
        "",
        "",
        ("max_tokens", 1024),
    ),
    Case(
        "max-tokens-floor",
        made(
            400,
            openai(
                "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 8 instead.",
                code="integer_below_min_value",
                param="max_output_tokens",
            ),
            protocol=R,
            base=OPENAI,
            request=asking(max_output_tokens=8),
        ),
        "fewer tokens",
        "",
        ("max_tokens", 16),
    ),
    Case(
        "max-tokens-ceiling",
        made(
            400,
            anthropic(
                "invalid_request_error",
                "max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5",
            ),
            base=ANTHROPIC,
            request=asking(max_tokens=200000),
        ),
        "more tokens",
        "",
        ("max_tokens", 64000),
    ),
    Case(
        "max-tokens-ceiling",
        made(
            400,
            openai(
                "max_tokens is too large: 50000. This model supports at most 16384 completion tokens, whereas you provided"
                " 50000.",
                param="max_tokens",
                code="invalid_value",
            ),
            protocol=C,
            base=OPENAI,
            request=asking(max_tokens=50000),
        ),
        "",
        "",
        ("max_tokens", 16384),
    ),
    Case(
        "max-completion-tokens",
        made(
            400,
            openai(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                param="max_tokens",
                code="unsupported_parameter",
            ),
            protocol=C,
            base=OPENAI,
            request=asking(model="o3", max_tokens=16),
        ),
        "o3 does not take max_tokens",
        "max_completion_tokens",
    ),
    Case(
        "max-tokens-only",
        made(
            400,
            openai("Unrecognized request argument supplied: max_completion_tokens"),
            protocol=C,
            request=asking(max_completion_tokens=16),
        ),
        "",
        "Write max_tokens",
    ),
    Case(
        "prefill",
        made(
            400,
            anthropic(
                "invalid_request_error",
                "This model does not support assistant message prefill. The conversation must end with a user message.",
            ),
            base=ANTHROPIC,
        ),
        "begun for it",
    ),
    Case(
        "thinking-and-temperature",
        made(
            400,
            anthropic(
                "invalid_request_error", "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode."
            ),
            base=ANTHROPIC,
            request=asking(temperature=0.2),
        ),
        "no sampling settings",
    ),
    Case(
        "thinking-and-tool-choice",
        made(
            400,
            anthropic("invalid_request_error", "Thinking may not be enabled when tool_choice forces tool use."),
            base=ANTHROPIC,
        ),
        "forced tool",
    ),
    Case(
        "thinking-budget",
        made(
            400,
            anthropic("invalid_request_error", "`max_tokens` must be greater than `thinking.budget_tokens`."),
            base=ANTHROPIC,
        ),
        "budget does not fit",
    ),
    Case(
        "reasoning-encrypted",
        made(
            400,
            openai("The encrypted content gAAA...zQ== could not be verified.", code="invalid_encrypted_content"),
            protocol=R,
        ),
        "can't read the encrypted reasoning of an earlier answer",
        "Only the account that made it can",
    ),
    Case(  # opencode, of a relay's words
        "reasoning-encrypted",
        made(400, openai("reasoning `encrypted_content` was not issued to this caller"), protocol=R),
        "“reasoning `encrypted_content` was not issued",
    ),
    Case(
        "reasoning-unpaired",
        made(400, openai("Item 'rs_1' of type 'reasoning' was provided without its required following item."), protocol=R),
        "without what belongs to it",
        "a reasoning item right before the message",
    ),
    Case(
        "reasoning-unpaired",
        made(
            400,
            openai("Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'."),
            protocol=R,
        ),
        "or that without the reasoning",
    ),
    Case(
        "thinking-replay",
        made(
            400,
            anthropic("invalid_request_error", "messages.1.content.0: Invalid `signature` in `thinking` block"),
            base=ANTHROPIC,
        ),
        "did not come back",
    ),
    Case(
        "thinking-mode",
        made(
            400,
            anthropic(
                "invalid_request_error",
                '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and'
                ' "output_config.effort"'
                " to control thinking behavior.",
            ),
            base=ANTHROPIC,
            request=asking(thinking={"type": "enabled"}),
        ),
        "this kind of thinking",
    ),
    Case(
        "sampling",
        made(
            400,
            anthropic("invalid_request_error", "`temperature` is deprecated for this model."),
            base=ANTHROPIC,
            request=asking(temperature=0),
        ),
        "sampling setting",
    ),
    Case(
        "value-only",
        made(
            400,
            openai(
                "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is"
                " supported.",
                param="temperature",
                code="unsupported_value",
            ),
            protocol=C,
            base=OPENAI,
        ),
        "takes temperature as 1 only",
    ),
    Case(
        "system-role-in-messages",
        made(
            400,
            anthropic(
                "invalid_request_error",
                'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system"'
                " as an input message role.",
            ),
            base=ANTHROPIC,
            request=asking(messages=[{"role": "system", "content": "x"}]),
        ),
        "field of its own",
        "field `system`",
    ),
    Case(
        "system-role-refused",
        made(
            400,
            openai(
                "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
                param="messages[0].role",
                code="unsupported_value",
            ),
            protocol=C,
            base=OPENAI,
            model="o1-mini",
        ),
        "o1-mini does not take the role system",
    ),
    Case(
        "developer-role-refused",
        made(
            400,
            openai(
                "Unsupported value: 'messages[0].role' does not support 'developer' with this model.",
                param="messages[0].role",
                code="unsupported_value",
            ),
            protocol=C,
            request=asking(messages=[{"role": "developer", "content": "x"}]),
        ),
        "role developer",
        "role system",
    ),
    Case(
        "part-refused",
        made(
            422,
            {
                "detail": [
                    {
                        "type": "string_type",
                        "loc": ["body", "messages", 0, "content", "str"],
                        "msg": "Input should be a valid string",
                    },
                    {
                        "type": "union_tag_invalid",
                        "loc": ["body", "messages", 0, "content", "list[tagged-union[TextContentPart,ImageUrlContentPart]]", 1],
                        "msg": "Input tag 'file' found using 'type' does not match any of the expected tags: 'text'",
                    },
                ]
            },
            protocol=C,
        ),
        "does not know the type of a part of a message",
        "send what it holds as text",
    ),
    Case(
        "tool-results",
        made(400, openai(ALONE), protocol=C, request=asking(messages=[ASKED, RESULT])),
        "don't match",
    ),
    Case(
        "tool-results-of-relay",
        made(400, openai(ALONE), protocol=C, request=asking(messages=[ASKED, CALLED, RESULT])),
        "each call of the request has its result right behind it",
        "loses or moves one of the two",
    ),
    Case(
        "tool-results",
        made(400, openai(ALONE), protocol=C, base=OPENAI, request=asking(messages=[ASKED, CALLED, RESULT])),
        "don't match",
    ),
    Case(
        "tool-results-of-relay",
        made(
            400,
            openai("No tool output found for function call call_2.", param="input"),
            protocol=R,
            request={
                "model": "gpt-5.5",
                "input": [
                    {"role": "user", "content": "x"},
                    *({"type": "function_call", "call_id": f"call_{n}", "name": "look", "arguments": "{}"} for n in (1, 2)),
                    *({"type": "function_call_output", "call_id": f"call_{n}", "output": "18"} for n in (1, 2)),
                ],
            },
        ),
        "don't match",
    ),
    Case(
        "tool-results-of-relay",
        made(
            400,
            anthropic(
                "invalid_request_error",
                "messages.1.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_01. Each `tool_result`"
                " block must have a corresponding `tool_use` block in the previous message.",
            ),
            request=asking(
                messages=[
                    ASKED,
                    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_01", "name": "look", "input": {}}]},
                    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_01", "content": "18"}]},
                ]
            ),
        ),
        "don't match",
    ),
    Case(
        "tool-results",
        made(
            400,
            anthropic(
                "invalid_request_error",
                "messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_01",
            ),
            base=ANTHROPIC,
        ),
        "don't match",
    ),
    Case(
        "tool-use-failed",
        made(
            400,
            openai("Tool call validation failed: parameters for tool get_weather did not match schema", code="tool_use_failed"),
            protocol=C,
            base="https://api.groq.com/openai/v1",
        ),
        "own check",
    ),
    Case(
        "tools-unsupported",
        made(
            400,
            openai("registry.ollama.ai/library/gemma:2b does not support tools", "api_error"),
            protocol=C,
            base="http://localhost:11434/v1",
        ),
        "can't call tools",
    ),
    Case(
        "tool-schema",
        made(
            400,
            openai(
                "Invalid schema for function 'get_weather': 'city' is not of type 'object'.",
                code="invalid_function_parameters",
                param="tools[0].parameters",
            ),
            protocol=C,
            base=OPENAI,
        ),
        "description of a tool",
    ),
    Case(
        "anthropic-version",
        made(400, anthropic("invalid_request_error", "anthropic-version: header is required"), base=ANTHROPIC),
        "version header",
        "",
        ("anthropic_version", "2023-06-01"),
    ),
    Case(
        "anthropic-beta",
        made(
            400,
            anthropic("invalid_request_error", "Unexpected value(s) `nope-2026` for the `anthropic-beta` header."),
            base=ANTHROPIC,
            sends=(("x-api-key", KEY), ("anthropic-beta", "nope-2026")),
        ),
        "beta",
        "",
        ("anthropic_beta", ""),
    ),
    Case(
        "stream-only",
        made(
            400,
            openai("This model only support stream mode, please enable the stream parameter to access the model."),
            protocol=C,
        ),
        "streams only",
        "",
        ("stream", True),
    ),
    Case(
        "stream-unverified",
        made(
            400,
            openai("Your organization must be verified to stream this model.", param="stream", code="unsupported_value"),
            protocol=R,
            base=OPENAI,
            request=asking(stream=True),
        ),
        "OpenAI streams claude-sonnet-4-6 for verified organizations only",
        "Verify the organization",
        ("stream", False),
    ),
    Case(
        "content-filter",
        made(
            400,
            openai(
                "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
                code="content_filter",
            ),
            protocol=C,
        ),
        "content filter",
    ),
    Case(
        "content-filter",
        made(500, openai("检测到敏感词 (request id: 20261121)", "new_api_error", "sensitive_words_detected"), protocol=C),
        "敏感词",
    ),
    *(
        Case(
            "unsupported-option",
            made(
                400,
                openai(
                    f"Unsupported parameter: '{name}' is not supported with this model.",
                    param=name,
                    code="unsupported_parameter",
                ),
                protocol=C,
                request=asking(**{name: 1}),
            ),
            f"the option `{name}`",
            f"Leave `{name}` out",
        )
        for name in (
            "n",
            "logprobs",
            "presence_penalty",
            "frequency_penalty",
            "seed",
            "function_call",
            "response_format",
            "stream_options",
        )
    ),
    Case(
        "unsupported-option",
        made(400, {"message": "property 'logprobs' is unsupported by this model"}, protocol=C, request=asking(logprobs=True)),
        "`logprobs`",
    ),
    Case(
        "unsupported-option",
        made(400, openai("`n` must be 1", param="n"), protocol=C, request=asking(n=2)),
        "`n`",
        "several times",
    ),
    Case(
        "unsupported-parameter",
        made(400, anthropic("invalid_request_error", "zz_probe: Extra inputs are not permitted"), base=ANTHROPIC),
        "`zz_probe`",
    ),
    Case(
        "unsupported-parameter",
        made(
            400, openai("Unknown parameter: 'zz_probe'.", code="unknown_parameter", param="zz_probe"), protocol=R, base=OPENAI
        ),
        "`zz_probe`",
    ),
    Case(
        "missing-parameter",
        made(
            400,
            openai("Missing required parameter: 'messages'.", code="missing_required_parameter", param="messages"),
            protocol=C,
            request={"model": "claude-sonnet-4-6"},
        ),
        "lacks the field `messages`",
    ),
    Case(
        "empty-text",
        made(400, anthropic("invalid_request_error", "messages: text content blocks must be non-empty"), base=ANTHROPIC),
        "without text",
    ),
    Case(
        "bad-json",
        made(400, openai("We could not parse the JSON body of your request."), protocol=C, base=OPENAI, raw=b"{'model'"),
        "is not JSON",
    ),
    Case(
        "refused-value",
        made(
            400,
            openai("Invalid 'verbosity': must be one of low, medium, high.", param="verbosity", code="invalid_value"),
            protocol=C,
            base=OPENAI,
        ),
        "value of `verbosity`",
    ),
    Case(
        "content-type",
        made(415, sends=(("x-api-key", KEY), ("content-type", "text/plain"))),
        "content type",
        "",
        ("headers", "content-type="),
    ),
    Case("unprocessable-silent", made(422), "says no more"),
    Case(
        "unprocessable",
        made(422, {"error": {"message": "Failed to deserialize the JSON body into the target type"}}, protocol=C),
        "with these words",
    ),
    Case(  # what each form of a field would need: none of it is missing
        "refused-value",
        made(
            422,
            {
                "detail": [
                    {"loc": ["body", "messages", 0, "content", "str"], "msg": "Input should be a valid string", "type": "x"},
                    {
                        "loc": ["body", "messages", 0, "content", "list[union[BlockText,BlockImage]]", 0, "BlockText", "text"],
                        "msg": "Field required",
                        "type": "missing",
                    },
                ]
            },
        ),
        "refuses the value of `messages.0.content.str`: ",
    ),
    # -- what servers and vendors of Chat Completions say besides
    Case(
        "model-in-other-protocol",
        made(
            404,
            openai("This model is only supported in v1/responses and not in v1/chat/completions.", "invalid_request_error"),
            protocol=C,
        ),
        "OpenAI Responses only",
        "Choose that protocol",
        ("protocol", R),
    ),
    Case(
        "model-not-chat",
        made(
            404,
            openai(
                "This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use"
                " v1/completions?",
                "invalid_request_error",
            ),
            protocol=C,
        ),
        "no model for conversations",
    ),
    Case(
        "no-endpoint-for-policy",
        made(404, openai("No endpoints found matching your data policy (Free model publication).", "", 404), protocol=C),
        "privacy settings",
    ),
    Case(
        "no-endpoint-with-tools",
        made(404, openai("No endpoints found that support tool use.", "", 404), protocol=C),
        "can call tools",
    ),
    Case(
        "model-missing",
        made(404, {"status": 404, "title": "Not Found", "detail": "Function 'a': Not found for account 'b'"}),
    ),
    Case("model-missing", made(404, openai("Unable to access model x. Please visit the models page", "invalid_request_error"))),
    Case("prompt-too-long", made(400, openai("the request exceeds the available context size", "exceed_context_size_error"))),
    Case(
        "prompt-too-long",
        made(
            422,
            b'{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096","error_type":"validation"}',
        ),
    ),
    Case(
        "request-above-rate",
        made(
            413,
            openai("Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 9000", "tokens"),
            protocol=C,
        ),
        "(9 000) than the rate limit for tokens allows (6 000)",
    ),
    Case(
        "tools-switched-off",
        made(
            400,
            {"object": "error", "message": '"auto" tool choice requires --enable-auto-tool-choice to be set', "code": 400},
            protocol=C,
        ),
        "without tool calls",
    ),
    Case("tools-switched-off", made(500, openai("tools param requires --jinja flag", "server_error"), protocol=C)),
    Case(
        "reasoning-replay",
        made(400, openai("Missing `reasoning_content` field in the assistant message at message index 1"), protocol=C),
        "reasoning",
    ),
    Case(
        "roles-alternate",
        made(400, openai("Conversation roles must alternate user/assistant/user/assistant/...", "BadRequestError"), protocol=C),
        "in turn",
    ),
    Case(
        "chat-template",
        made(
            400,
            openai(
                "As of transformers v4.44, default chat template is no longer allowed, so you must provide a chat"
                " template if the tokenizer does not define one.",
                "BadRequestError",
            ),
            protocol=C,
        ),
        "no chat template",
    ),
    Case("api-version", made(400, openai("Missing required query parameter: api-version", "", "BadRequest"), protocol=C)),
    Case(
        "unsupported-parameter",
        made(
            400,
            openai("anthropic does not support parameters: ['audio'], for model=x"),
            protocol=C,
            request=asking(audio={}),
        ),
        "`audio`",
    ),
    Case(
        "model-missing-upstream",
        made(400, openai('{"error":{"message":"The model x does not exist"}}', "upstream_error")),
        "“The model x does not exist”",
    ),
)
