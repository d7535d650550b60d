"""Rules for what was asked: the model, the fields of the request, its size."""

from __future__ import annotations

from app.diagnosis import changes, offers, phrases
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.diagnosis.parameters import SAMPLING
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

_MODEL_MISSING = (
    r"\bmodel\b.{0,120}\b(?:does not exist|doesn't exist|not found|not exist|unknown|is not supported|not available"
    r"|no longer available|has been retired)"
    r"|\b(?:unknown|invalid|unsupported|no such|not a valid) model\b|is not a valid model|model_not_found|deploymentnotfound"
    r"|model_not_supported|unable to access model|function '[^']+': not found for account|endpoint_not_found"
    r"|given endpoint does not exist|model identifier is invalid|model version has reached the end of its life"
    r"|(?:^|error: )model: \S+ \||\bpinned to\b.{0,200}\brequested\b"
    r"|模型不存在|模型.{0,60}(?:不存在|不支持|未找到)|不支持(?:的|该)?模型"
)
_CEILING = (
    r"max[a-z_]*tokens?: \d+ > (\d{1,9})|supports at most (\d{1,9})|less than or equal to [`'\"]?(\d{1,9})"
    r"|at most (\d{1,9}) (?:completion|output) tokens"
    r"|valid range of max_tokens is \[1, ?(\d{1,9})\]"
)
_FLOOR = r"max_output_tokens.{0,80}(?:below minimum value|>= ?|at least )\D*(\d{1,6})"


def _ceiling(f: Facts) -> int:
    found = f.matches(_CEILING)
    return int(next(group for group in found.groups() if group)) if found else 0


def _floor(f: Facts) -> int:
    found = f.matches(_FLOOR)
    return int(found.group(1)) if found else 0


def _asked(f: Facts) -> bool:
    """The endpoint understood where the request goes and refuses what it asks."""
    return f.refused and f.status not in (401, 402, 403, 429)


def _model_missing(f: Facts) -> bool:
    return (_asked(f) and f.status < 500 and bool(f.matches(_MODEL_MISSING))) or (f.refused and f.says("model_not_found"))


MODELS = (
    Rule("model-in-responses-only", lambda f: _asked(f) and f.protocol == CHAT
        and f.matches(r"only (?:supported|available) in v1/responses|not in v1/chat/completions"),
        "{f.model} answers in OpenAI Responses only: {f.quoted}.",
        "Choose that protocol, or another model.",
        changes.protocol(lambda _: RESPONSES)),
    Rule("model-not-chat", lambda f: _asked(f) and f.says("not a chat model", "is not supported in the v1/chat/completions"),
        "{f.model} is no model for conversations: {f.quoted}.",
        "Choose a chat model; this one belongs to another address (completions, embeddings, audio, images).",
        actions=offers.EDIT),
    Rule("no-endpoint-for-policy", lambda f: f.refused and f.says("data policy"),
        "No provider of {f.model} fits the privacy settings of the account: {f.quoted}.",
        "Allow more providers in the relay's privacy settings, or choose another model.",
        actions=offers.MODEL),
    Rule("no-endpoint-with-tools", lambda f: f.refused and f.says("no endpoints found that support tool"),
        "No provider of {f.model} can call tools: {f.quoted}.",
        "Choose a model that can, or run a request without tools.",
        actions=offers.MODEL),
    Rule("no-channel-now", lambda f: f.status == 429 and f.says(*phrases.NO_CHANNEL),
        "{f.host} has no upstream free for {f.model}: each is at its limit, or set aside for a while after errors: {f.quoted}.",
        "{f.retry} An answer before this one, or the relay's log, tells the error that set them aside.",
        actions=offers.RETRY),
    Rule("provider-unknown", lambda f: _asked(f) and f.status < 500
        and (f.says(*phrases.PROVIDER) or f.matches(phrases.PROVIDER_MISSING)),
        "{f.host} passes requests on to providers, and does not know the one that this request is for: {f.quoted}.",
        "Correct its name: in the gateway's own header among the profile's headers, or in front of the model's name (as"
        " provider/model or provider,model).",
        actions=offers.EDIT),
    Rule("no-channel", lambda f: f.refused and f.says(*phrases.NO_CHANNEL) and not f.near_model,
        "The relay has no channel for the model {f.model}: {f.quoted}.",
        "Choose a model that the relay serves for your key's group, or ask its operator to add a channel.",
        actions=offers.MODEL),
    Rule("no-channel-near", lambda f: f.refused and f.says(*phrases.NO_CHANNEL),
        "The relay has no channel for the model {f.model}: {f.quoted}.",
        "Its list has {f.near_models}. Choose one of them, or ask the operator to add a channel.",
        changes.model,
        actions=offers.MODEL),
    Rule("model-inference-profile", lambda f: _asked(f) and f.says("on-demand throughput"),
        "Bedrock serves {f.model} only through an inference profile: {f.quoted}.",
        "Take the profile's id or ARN as the model's name (the model's name with a region in front, such as us. or eu.).",
        actions=offers.EDIT),
    Rule("model-not-loaded", lambda f: f.refused and f.says("no models loaded", "no model loaded", "no model is loaded"),
        "The server at {f.host} runs, but has no model loaded: {f.quoted}.",
        "Load one there (LM Studio: in its developer page, or with `lms load`), then run it again.",
        actions=offers.RUN),
    Rule("model-missing-upstream", lambda f: f.passed_on and _model_missing(f),
        "{f.host} passed the request on, and its upstream does not know the model that it was asked for there: {f.quoted}.",
        "Choose another model. If the relay has a name of its own for this one, its operator has to correct what that name"
        " stands for.",
        actions=offers.MODEL),
    Rule("path-upstream", lambda f: f.passed_on and f.status in (404, 405),
        "{f.host} passed the request on, and its upstream has nothing at the address that the relay asks: {f.quoted}.",
        "The relay's operator has to correct the upstream's address in the relay's configuration (LiteLLM: `api_base`; with /v1"
        " for OpenAI's protocols, without it for Messages). Your own base URL is right.",
        actions=offers.EDIT),
    Rule("model-not-pulled", lambda f: _model_missing(f) and f.address.is_local and f.address.port == 11434,
        "Ollama on this machine does not have the model {f.model}.",
        "Fetch it with: ollama pull {f.model}. Or choose one that is there.",
        changes.model,
        actions=offers.MODEL),
    Rule("model-listed-but-missing", lambda f: _model_missing(f) and f.model_listed,
        "The endpoint does not serve {f.model}, though its own list has it: {f.quoted}.",
        "Choose another model; the key's group or region may not have this one.",
        actions=offers.MODEL),
    Rule("model-counterpart", lambda f: _model_missing(f) and f.counterpart,
        "{f.model} is a model of OpenAI, and {f.host} serves Claude.",
        "Its usual counterpart there is “{f.counterpart}”.",
        changes.model),
    Rule("model-near", lambda f: _model_missing(f) and f.near_model,
        "{f.host} does not know the model {f.model}.",
        "Nearest there: {f.near_models}.",
        changes.model),
    Rule("model-missing", _model_missing,
        "{f.host} does not know the model {f.model}, or this key may not use it: {f.quoted}.",
        "Choose a model from the endpoint's list. Names are case-sensitive, and a relay may use its own.",
        actions=offers.MODEL),
)  # fmt: skip

SIZE = (
    Rule("prompt-too-long", lambda f: _asked(f) and f.says(*phrases.TOO_LONG),
        "The prompt is too long for {f.model}: {f.quoted}.",
        "Shorten the conversation or the system text, or choose a model with a larger context.",
        actions=offers.MODEL),
    Rule("request-above-rate", lambda f: f.status == 413 and f.says("tokens per minute", "(tpm)"),
        "The request alone counts more tokens than the account may use in a minute: {f.quoted}.",
        "Ask for fewer max tokens, shorten the prompt, or take a larger plan. Waiting is of no use."),
    Rule("body-too-large-proxy", lambda f: f.status == 413 and f.page,
        "{f.edge} in front of {f.host} refuses a request of {f.sent_size} (413); the API itself never saw it. nginx allows 1"
        " MB by default.",
        "Send less, or have the operator raise the limit (client_max_body_size in nginx)."),
    Rule("body-too-large", lambda f: f.status == 413 or f.says("request_too_large", "request entity too large"),
        "{f.host} refuses a request of {f.sent_size} as too large.{f.server_says}",
        "Send less: shorten the conversation, or make images and documents smaller. Anthropic takes 32 MB."),
    Rule("head-too-large", lambda f: f.status in (414, 431) or f.shows("header or cookie too large") or f.says("header"
        " fields too large"),
        "The headers of the request, or its address, are too long for {f.host} (status {f.status}).",
        "Take extra headers out of the profile; long lists of betas count too.",
        actions=offers.EDIT),
)  # fmt: skip

REQUEST = (
    # -- max tokens ---------------------------------------------------------------------------------------------------
    Rule("max-tokens-missing", lambda f: _asked(f) and f.missing_parameter == "max_tokens",
        "The request lacks max_tokens, which {f.host} requires.",
        "Set max tokens.",
        changes.max_tokens(lambda _: 1024)),
    Rule("max-tokens-floor", lambda f: _asked(f) and _floor(f),
        "The request asks for fewer tokens than {f.host} allows: {f.quoted}.",
        "Ask for more tokens.",
        changes.max_tokens(_floor)),
    Rule("max-tokens-ceiling", lambda f: _asked(f) and _ceiling(f),
        "The request asks for more tokens than {f.model} can give: {f.quoted}.",
        "Ask for fewer tokens.",
        changes.max_tokens(_ceiling)),
    Rule("max-completion-tokens", lambda f: _asked(f) and f.refused_parameter == "max_tokens",
        "{f.model} does not take max_tokens: {f.quoted}.",
        "Write max_completion_tokens in its place (newer OpenAI models know only that): edit the body of a custom request."),
    Rule("max-tokens-only", lambda f: _asked(f) and f.refused_parameter in ("max_completion_tokens", "max_output_tokens"),
        "{f.host} does not know {f.refused_parameter}; older servers and many relays take max_tokens only.",
        "Write max_tokens in its place: edit the body of a custom request."),
    # -- what newer Claude models refuse ------------------------------------------------------------------------------
    Rule("prefill", lambda f: _asked(f) and f.says("prefill", "must end with a user message"),
        "{f.model} does not take an answer begun for it: the last message is the assistant's. Claude models since 4.6 refuse"
        " that.",
        "End the conversation with a message of the user."),
    Rule("thinking-and-temperature", lambda f: _asked(f) and f.says("thinking is enabled", "thinking is adaptive")
        and f.says(*SAMPLING),
        "With thinking, {f.model} takes no sampling settings: {f.quoted}.",
        "Leave temperature, top_p and top_k out."),
    Rule("thinking-and-tool-choice", lambda f: _asked(f) and f.says("thinking") and f.says("tool_choice", "forces tool use"),
        "Thinking and a forced tool don't go together: {f.quoted}.",
        "Let the model choose the tool (tool_choice auto), or turn thinking off."),
    Rule("thinking-budget", lambda f: _asked(f) and f.says("budget_tokens"),
        "The thinking budget does not fit: {f.quoted}.",
        "Set budget_tokens to at least 1024 and below max_tokens."),
    Rule("thinking-replay", lambda f: _asked(f) and f.says("signature", "redacted_thinking", "thinking blocks", "must start"
        " with a thinking block"),
        "The thinking blocks of the earlier answer did not come back as they were: {f.quoted}.",
        "Pass every block back unchanged, with its signature, to the endpoint it came from. A signature made elsewhere is"
        " refused."),
    Rule("thinking-mode", lambda f: _asked(f) and f.says("thinking.type", "thinking may not", "thinking: ", "thinking is not"
        " supported",
        "does not support thinking", "adaptive thinking"),
        "{f.model} does not take this kind of thinking: {f.quoted}.",
        "Claude since 4.7 knows adaptive thinking only, and the newest can't turn it off; older ones want a budget."),
    Rule("sampling", lambda f: _asked(f) and (f.refused_parameter in SAMPLING or (f.says(*SAMPLING)
        and f.says("deprecated", "cannot both", "unsupported", "not supported", "not support"))),
        "{f.model} does not take this sampling setting: {f.quoted}.",
        "Leave temperature, top_p and top_k out. Claude since 4.7 and OpenAI's reasoning models refuse them."),
    # -- roles --------------------------------------------------------------------------------------------------------
    Rule("system-role-in-messages", lambda f: _asked(f) and f.protocol == MESSAGES and f.sends_role("system", "developer")
        and f.says("role", "system"),
        "A message with the role system was sent in Anthropic Messages, which has a field of its own for it.",
        "Put the system text into the field `system`, beside `messages`."),
    Rule("system-role-refused", lambda f: _asked(f) and f.protocol != MESSAGES and f.matches(r"role.{0,60}[`'\"]system[`'\"]"
        r"|[`'\"]system[`'\"].{0,60}role|system (?:role|message)s? (?:is|are) not"),
        "{f.model} does not take the role system: {f.quoted}.",
        "Use the role developer where the endpoint knows it, or put the text into the first message of the user."),
    Rule("developer-role-refused", lambda f: _asked(f) and f.sends_role("developer") and f.says("developer", "role"),
        "{f.host} does not know the role developer: {f.quoted}.",
        "Use the role system: many relays and older models know only that."),
    # -- tools --------------------------------------------------------------------------------------------------------
    Rule("tool-results", lambda f: _asked(f) and f.says("tool_result", "tool_call_id", "tool_use_id", "tool_calls must be"
        " followed",
        "no tool output found", "without its required following item"),
        "The tool calls and the results in the conversation don't match: {f.quoted}.",
        "Answer every call of the model in the message right after it, each with the id of its call."),
    Rule("tool-use-failed", lambda f: _asked(f) and f.says("tool_use_failed", "tool call validation failed",
        "failed_generation"),
        "The model's tool call did not pass the endpoint's own check: {f.quoted}.",
        "Run it again, simplify the tool's schema, or choose another model. The request itself is in order.",
        actions=(*offers.MODEL, *offers.RUN)),
    Rule("tools-switched-off", lambda f: f.refused and f.says("--enable-auto-tool-choice", "--jinja", "--tool-call-parser"),
        "The server was started without tool calls: {f.quoted}.",
        "Start it with what its words name (vLLM: --enable-auto-tool-choice --tool-call-parser NAME; llama.cpp: --jinja)."),
    Rule("tools-unsupported", lambda f: _asked(f) and f.matches(r"(?:does not|doesn't|not) support (?:tool|function)"
        r"|support tool use|tools? (?:is|are) not supported"),
        "{f.model} can't call tools at this endpoint: {f.quoted}.",
        "Choose a model that can, or run a request without tools.",
        actions=offers.MODEL),
    Rule("tool-schema", lambda f: _asked(f) and f.says("invalid_function_parameters", "input_schema", "invalid schema for"
        " function", "tools.0"),
        "The endpoint refuses the description of a tool: {f.quoted}.",
        "Check the tool's name (letters, digits, _ and -) and its JSON Schema (an object with `properties`)."),
    # -- conversations ------------------------------------------------------------------------------------------------
    Rule("reasoning-replay", lambda f: _asked(f) and f.says("reasoning_content"),
        "The reasoning of the earlier answer did not come back as the endpoint wants it: {f.quoted}.",
        "DeepSeek wants reasoning_content back beside tool calls, and its older models refuse it anywhere."),
    Rule("roles-alternate", lambda f: _asked(f) and f.says("roles must alternate", "alternate user/assistant"),
        "The chat template of {f.model} wants questions and answers in turn: {f.quoted}.",
        "Join messages of the same role, and put a system text into the first question."),
    Rule("chat-template", lambda f: _asked(f) and f.says("chat template"),
        "The server has no chat template for {f.model}: {f.quoted}.",
        "Start it with one (vLLM: --chat-template), or choose a model that was made for conversations.",
        actions=offers.MODEL),
    Rule("api-version", lambda f: _asked(f) and f.says("api-version"),
        "The address wants an api-version, as Azure's older ones do: {f.quoted}.",
        "Use https://RESOURCE.openai.azure.com/openai/v1 as base URL, which needs none, with the deployment's name as model.",
        actions=offers.EDIT),
    # -- headers ------------------------------------------------------------------------------------------------------
    Rule("messages-behind", lambda f: _asked(f) and f.protocol != MESSAGES and f.says("anthropic-version"),
        "The request in {f.protocol_title} reached a server that speaks Anthropic Messages: {f.quoted}.",
        "Choose Anthropic Messages. A relay that offers {f.protocol_title} has to translate it for such an upstream.",
        changes.protocol(lambda _: MESSAGES)),
    Rule("anthropic-version", lambda f: _asked(f) and f.says("anthropic-version", "anthropic_version"),
        "The endpoint does not take the version header as it was sent: {f.quoted}.",
        "Send anthropic-version 2023-06-01, which every Messages endpoint knows.",
        changes.field("anthropic_version", "2023-06-01", "Use version 2023-06-01")),
    Rule("anthropic-beta", lambda f: _asked(f) and f.says("anthropic-beta", "invalid beta flag", "beta header"),
        "The endpoint does not know a beta that was asked for: {f.quoted}.",
        "Take the beta out of the profile.",
        changes.field("anthropic_beta", "", "Send no betas")),
    # -- streaming ----------------------------------------------------------------------------------------------------
    Rule("stream-only", lambda f: _asked(f) and f.matches(r"only supports? stream|streaming is (?:strongly )?required"
        r"|must be streamed|enable the stream parameter|stream must be (?:set to )?true"),
        "{f.model} answers in streams only: {f.quoted}.",
        "Turn streaming on.",
        changes.field("stream", True, "Stream the answer")),
    Rule("stream-refused", lambda f: _asked(f) and (f.matches(r"verified to stream|(?:does not|doesn't"
        r"|not) support stream(?:ing)?\b|stream(?:ing)? is not supported")),
        "{f.model} does not stream at this endpoint: {f.quoted}.",
        "Turn streaming off, or have the account verified where the endpoint asks for that.",
        changes.field("stream", False, "Don't stream")),
    # -- single fields ------------------------------------------------------------------------------------------------
    Rule("content-filter", lambda f: f.refused and f.status in (200, 400, 403, 422, 451, 500) and f.says(*phrases.FILTERED),
        "A content filter refused the request: {f.quoted}.",
        "Change the prompt. A relay may filter by its own list of words; the official endpoint shows whether it is the"
        " vendor's."),
    Rule("fields-of-chat", lambda f: _asked(f) and f.status < 500 and f.protocol == RESPONSES
        and (f.refused_parameter == "input" or f.missing_parameter == "messages"),
        "The request in OpenAI Responses reached a server that speaks OpenAI Chat Completions: {f.quoted}.",
        "Choose OpenAI Chat Completions. A relay that offers OpenAI Responses has to translate it for such an upstream.",
        changes.protocol(lambda _: CHAT)),
    Rule("unsupported-option", lambda f: _asked(f) and f.status < 500 and f.option,
        "{f.host} does not take the option `{f.option}`: {f.quoted}.",
        "Leave `{f.option}` out; {f.option_hint}."),
    Rule("unsupported-parameter", lambda f: _asked(f) and f.status < 500 and f.refused_parameter,
        "{f.host} does not take the field `{f.refused_parameter}`: {f.quoted}.",
        "Leave `{f.refused_parameter}` out of the request."),
    Rule("parameter-not-seen", lambda f: _asked(f) and f.status < 500 and f.missing_parameter in f.request,
        "{f.host} does not find the field `{f.missing_parameter}`, though the request has it: {f.quoted}.",
        "The endpoint may expect another protocol than {f.protocol_title}, or a relay lost the field on the way."),
    Rule("missing-parameter", lambda f: _asked(f) and f.status < 500 and f.missing_parameter,
        "The request lacks the field `{f.missing_parameter}`: {f.quoted}.",
        "Add `{f.missing_parameter}` to the request; if it is there, the endpoint speaks another protocol than"
        " {f.protocol_title}."),
    Rule("empty-text", lambda f: _asked(f) and f.says("non-empty", "must not be empty", "cannot be empty", "empty content"),
        "A message without text was sent: {f.quoted}.",
        "Write a prompt; a space alone is not enough."),
    Rule("bad-json", lambda f: _asked(f) and f.says(*phrases.BAD_JSON)
        and not (f.request and f.says(*phrases.NOT_JSON)),
        "The body of the request is not JSON that {f.host} can read: {f.quoted}.",
        "Check the edited body: quotation marks, commas, and that it is UTF-8."),
    Rule("refused-value", lambda f: f.status in (400, 422) and f.error and f.error.param,
        "{f.host} refuses the value of `{f.parameter}`: {f.quoted}.",
        "Change or leave out `{f.parameter}`."),
    Rule("content-type", lambda f: f.status == 415,
        "{f.host} does not take the content type of the request (415).{f.server_says}",
        "Send `content-type: application/json`: take a header of that name out of the profile.",
        changes.header(lambda _: "content-type=", "Send our content type")),
    Rule("unprocessable-silent", lambda f: f.status == 422 and not f.message,
        "{f.host} refuses the request's form (422) and says no more.",
        "Compare the request with the endpoint's documentation; a server may also expect another protocol."),
    Rule("unprocessable", lambda f: f.status == 422,
        "{f.quoted}: with these words {f.host} refuses the request's form (422).",
        "Compare the request with the endpoint's documentation; a server may also expect another protocol."),
)  # fmt: skip
