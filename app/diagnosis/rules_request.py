"""Rules for what was asked: the model, the fields of the request, its size."""

from __future__ import annotations

from app.diagnosis import changes, offers, phrases, served
from app.diagnosis.codes import About
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.diagnosis.parameters import SAMPLING, Only
from app.diagnosis.wording import OPTION_HINT, RERUN, RETRY, SAYS
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

_MODEL_MISSING = (
    r"\bmodel\b.{0,120}\b(?:does not exist|doesn't exist|not found|not exist|unknown|is not supported|not available"
    r"|no longer available|has been (?:retired|removed|deprecated)|was removed|is deprecated)"
    r"|\bnot found the model\b"
    r"|\b(?:unknown|invalid|unsupported|no such|not a valid) model\b|is not a valid model|model_not_found|deploymentnotfound"
    r"|model_not_supported|has been decommissioned|model_decommissioned"
    r"|unable to access model|function '[^']+': not found for account|endpoint_not_found"
    r"|given endpoint does not exist|model identifier is invalid|model version has reached the end of its life"
    r"|(?:^|error: )model: \S+ \||\bpinned to\b.{0,200}\brequested\b"
    r"|模型不存在|模型.{0,60}(?:不存在|不支持|未找到)|不支持(?:的|该)?模型"
)
_ODD_TOOL = (
    r"type[`'\"’”]? of tools? must be|only [`'\"]?function[`'\"]? tools? (?:are|is)"
    r"|only (?:supports? |accepts? )?tools? of type|(?:unsupported|invalid|unknown|unrecognized) tool type"
    r"|tool type.{0,60}(?:not|n't) (?:supported|allowed|available)"
    r"|tools?(?:\.|\[)\d+\]?\.type|supported values are: [`'\"]function[`'\"]"
    r"|tools?(?:\.|\[)\d+[^|]{0,80}input tag [`'\"]\w+[`'\"] found using [`'\"]type"
    r"|tools? of type.{0,40}(?:not|n't) supported|unknown variant .{1,40} expected [`'\"]?function"
)
_ODD_PART = (
    r"(?:messages|input|contents)(?:\.|\[)\d+[^|]{0,300}input tag [`'\"]\w+[`'\"] found using [`'\"]type"
    r"|(?:unknown|unsupported|invalid|unexpected) (?:message |content )?part(?: type)?\b"
)
_ID_TWICE = (
    r"\bids? must be unique|duplicated? (?:tool|call)[\w ]{0,12}id"
    r"|(?:tool_use|tool_call|call)[\w ]{0,6}ids?[`'\"’”]? (?:is|are|was|were) (?:duplicated?|not unique)"
)
_UNPAIRED = (  # a call without its result, or a result without its call
    r"must be followed by tool|did not have response messages|role 'tool' must be a response|no tool (?:output|call) found"
    r"|without [`'\"]?tool_result|unexpected [`'\"]?tool_use_id|must have a corresponding"
)
# A reasoning item and what it belongs to, of which one came back without the other.
_REASONING_UNPAIRED = r"without its required (?:following item|[`'\"]?reasoning)"
_ENCRYPTED = (
    r"invalid_encrypted_content"
    r"|encrypted[ _]content[`'\"]?[^|]{0,120}(?:could not be|can ?not be|not issued to|failed to)"
)
_SMALL_BYTES = 100_000  # no server that takes models' requests has a lower limit by default
_LEAST_ROOM = 64  # tokens left for the answer; with fewer it is the prompt that is too long


def _asked(f: Facts) -> bool:
    """The endpoint understood where the request goes and refuses what it asks. A fault of the server's own is none of that,
    unless the error itself says plainly that the request is what is wrong.
    """
    if not f.refused or f.class_of_error in (401, 402, 403, 429):
        return False
    return f.class_of_error < 500 or f.error.blames_request


def _fits_with_less(f: Facts) -> bool:
    return _asked(f) and f.error.fit is not None and f.error.fit.room >= _LEAST_ROOM


def _no_json(f: Facts) -> bool:
    """The endpoint can't read the body of the request. What a relay says of its upstream's answer is none of that."""
    is_ours = _asked(f) and f.class_of_error >= 400 and f.error.says(*phrases.BAD_JSON)
    return is_ours and f.error.about is not About.UPSTREAM_ANSWER and not (f.request.body and f.error.says(*phrases.NOT_JSON))


def _model_missing(f: Facts) -> bool:
    if f.status == 403 and not f.server.passed_on:  # it knows the model, then, and not to whom it may give it
        return False
    return (_asked(f) and f.status < 500 and bool(f.error.matches(_MODEL_MISSING))) or (
        f.refused and f.error.says("model_not_found")
    )


def _of_request(f: Facts, only: Only) -> bool:
    """Whether a field that has to have one value is one of the request; a row of its own speaks of streaming."""
    if only.value in ("true", "false"):
        return not f.error.says("stream")
    return only.name in SAMPLING or only.name in f.request.body or not f.request.body


def _for_a_while(f: Facts) -> bool:
    """It refuses for a time that the error itself tells, or with the status or the type that means so."""
    told = f.says_when and f.again is not None and f.again.source != "retry-after"
    return f.refused and (f.status == 429 or f.error.about is About.OVERLOADED or told)


MODELS = (
    Rule("model-not-chat", lambda f: _asked(f)
        and f.error.says("not a chat model", "is not supported in the v1/chat/completions"),
        "{model:or The model} is no model for conversations: {message:quoted no message}.",
        "Choose a chat model; this one belongs to another address (completions, embeddings, audio, images).",
        actions=offers.MODEL),
    Rule("asked-in-other-protocol", lambda f: _asked(f) and served.is_elsewhere(f) and served.named(f)
        and f.error.param not in ("", "model"),
        "What this request asks for with `{parameter}`, {model:or the model} does in {served_under} only:"
        " {message:quoted no message}.",
        "Choose that protocol, or leave `{parameter}` out.",
        changes.protocol(served.under)),
    Rule("model-in-other-protocol", lambda f: _asked(f) and served.is_elsewhere(f) and served.named(f),
        "{model:or The model} is served in {served_under} only: {message:quoted no message}.",
        "Choose that protocol, or another model.",
        changes.protocol(served.under),
        actions=offers.MODEL),
    Rule("model-not-in-protocol", lambda f: _asked(f) and served.is_elsewhere(f),
        "{host:or The endpoint} has {model:or the model}, but does not serve it in {protocol}: {message:quoted no message}.",
        "Choose {served_under}, where such models usually are, or another model.",
        changes.protocol(served.under),
        actions=offers.MODEL),
    Rule("model-unverified", lambda f: f.refused and f.error.says("must be verified to use"),
        "{vendor:or The vendor} wants the organization verified before it may use {model:or the model}:"
        " {message:quoted no message}.",
        "Verify the organization in the account's settings, or choose another model.",
        actions=offers.MODEL),
    Rule("model-not-activated", lambda f: f.refused and f.error.says(*phrases.NOT_ACTIVATED),
        "The account has not switched on {model:or the model} yet: {message:quoted no message}.",
        "Activate the model in the vendor's console (accept its terms, fill in its form, or start the endpoint that it wants),"
        " or choose another one. The key and the request are in order.",
        actions=offers.MODEL),
    Rule("relay-price-missing", lambda f: f.refused and f.error.is_about(About.PRICE),
        "The relay's operator has set no price for {model:or the model}, and the relay refuses models without one:"
        " {message:quoted no message}.",
        "Tell the operator (new-api: a ratio or price for the model, or its mode for self-use), or choose another model. The"
        " request and the key are in order.",
        actions=offers.MODEL),
    Rule("rate-accounts", lambda f: f.refused and f.error.says(*phrases.ACCOUNTS)
        and (_for_a_while(f) or f.error.says(*phrases.AT_LIMIT)),
        "All accounts behind {host:or the endpoint} are at their limit: {message:quoted no message}. Your key for the relay is"
        " in order.",
        RETRY + " Another model may have accounts of its own; if it stays, tell the relay's operator.",
        actions=(*offers.RETRY, *offers.MODEL)),
    Rule("no-account-for-model", lambda f: f.refused and f.error.is_about(About.NO_ACCOUNT),
        "No account behind {host:or the endpoint} may use {model:or the model}: {message:quoted no message}.",
        "Choose another model, or ask the relay's operator for an account or a plan that has this one. The request and the key"
        " are in order.",
        actions=offers.MODEL),
    Rule("no-endpoint-for-policy", lambda f: f.refused and f.error.says("data policy"),
        "No provider of {model:or the model} fits the privacy settings of the account: {message:quoted no message}.",
        "Allow more providers in the relay's privacy settings, or choose another model.",
        actions=offers.MODEL),
    Rule("no-endpoint-with-tools", lambda f: f.refused and f.error.says("no endpoints found that support tool"),
        "No provider of {model:or the model} can call tools: {message:quoted no message}.",
        "Choose a model that can, or run a request without tools.",
        actions=offers.MODEL),
    Rule("no-channel-now", lambda f: _for_a_while(f) and f.error.says(*phrases.NO_CHANNEL, *phrases.NO_FREE_ACCOUNT)
        and not f.error.says(*phrases.CLIENT),
        "{host:or The endpoint} has no upstream free for {model:or the model}: each is at its limit, or set aside for a while"
        " after errors: {message:quoted no message}.",
        RETRY + " An answer before this one, or the relay's log, tells the error that set them aside.",
        actions=offers.RETRY),
    Rule("no-account-free", lambda f: f.refused and f.error.says(*phrases.NO_FREE_ACCOUNT)
        and not f.error.says(*phrases.CLIENT),
        "{host:or The endpoint} has no account of its own free for {model:or this model}: {message:quoted no message}. They may"
        " be at their limit, set aside after errors, or none may use this model.",
        RETRY + " If it stays, choose another model, or tell the relay's operator: the group of your key may have no account.",
        actions=(*offers.RETRY, *offers.MODEL)),
    Rule("provider-unknown", lambda f: _asked(f) and f.status < 500 and not f.error.matches(phrases.PROVIDER_UNNAMED)
        and (f.error.says(*phrases.PROVIDER) or f.error.matches(phrases.PROVIDER_MISSING)),
        "{host:or The endpoint} passes requests on to providers, and does not know the one that this request is for:"
        " {message:quoted no message}.",
        "Correct its name: in the gateway's own header among the profile's headers, or in front of the model's name (as"
        " provider/model or provider,model).",
        actions=offers.EDIT),
    Rule("no-channel", lambda f: f.refused and f.error.says(*phrases.NO_CHANNEL) and not f.models.near,
        "The relay has no channel for the model{model:if  {model}}: {message:quoted no message}.",
        "Choose a model that the relay serves for your key's group, or ask its operator to add a channel.",
        actions=offers.MODEL),
    Rule("no-channel-near", lambda f: f.refused and f.error.says(*phrases.NO_CHANNEL),
        "The relay has no channel for the model{model:if  {model}}: {message:quoted no message}.",
        "Its list has {near_models:commas}. Choose one of them, or ask the operator to add a channel.",
        changes.model,
        actions=offers.MODEL),
    Rule("model-inference-profile", lambda f: _asked(f) and f.error.says("on-demand throughput"),
        "Bedrock serves {model:or the model} only through an inference profile: {message:quoted no message}.",
        "Take the profile's id or ARN as the model's name (the model's name with a region in front, such as us. or eu.).",
        actions=offers.EDIT),
    Rule("model-not-loaded", lambda f: f.refused and f.error.says("no models loaded", "no model loaded", "no model is loaded"),
        "The server at {host:or the endpoint} runs, but has no model loaded: {message:quoted no message}.",
        "Load one there (LM Studio: in its developer page, or with `lms load`), then run it again.",
        actions=offers.RUN),
    Rule("model-missing-upstream", lambda f: _model_missing(f)
        and (f.from_behind or (f.error.other_model and not f.server.is_official)),
        "{host:or The endpoint} passed the request on, and its upstream does not know the model that it was asked for there:"
        " {message:quoted no message}.",
        "Choose another model. If the relay has a name of its own for this one, its operator has to correct what that name"
        " stands for.",
        actions=offers.MODEL),
    Rule("path-upstream", lambda f: f.server.passed_on and f.status in (404, 405),
        "{host:or The endpoint} passed the request on, and its upstream has nothing at the address that the relay asks:"
        " {message:quoted no message}.",
        "The relay's operator has to correct the upstream's address in the relay's configuration (LiteLLM: `api_base`; with"
        " /v1 for OpenAI's protocols, without it for Messages). Your own address is right."),
    Rule("model-not-pulled", lambda f: _model_missing(f) and f.address.is_local and f.address.port == 11434,
        "Ollama on this machine does not have the model{model:if  {model}}.",
        "Fetch it with: ollama pull {model:or NAME}. Or choose one that is there.",
        changes.model,
        actions=offers.MODEL),
    Rule("model-listed-but-missing", lambda f: _model_missing(f) and f.models.is_listed,
        "The endpoint does not serve {model:or the model}, though its own list has it: {message:quoted no message}.",
        "Choose another model; the key's group or region may not have this one.",
        actions=offers.MODEL),
    Rule("model-counterpart", lambda f: _model_missing(f) and f.models.counterpart,
        "{model:or The model} is a model of OpenAI, and {host:or the endpoint} serves Claude.",
        "Its usual counterpart there is {counterpart:quoted}.",
        changes.model),
    Rule("model-near", lambda f: _model_missing(f) and f.models.near,
        "{host:or The endpoint} does not know the model{model:if  {model}}.",
        "Nearest there: {near_models:commas}.",
        changes.model),
    Rule("model-missing", _model_missing,
        "{host:or The endpoint} does not know the model{model:if  {model}}, or this key may not use it:"
        " {message:quoted no message}.",
        "Choose a model from the endpoint's list. Names are case-sensitive, and a relay may use its own.",
        actions=offers.MODEL),
    Rule("model-no-route", lambda f: f.status == 404 and f.error.names_model
        and f.request.model.lower() not in f.address.asked.path.lower(),
        "{host:or The endpoint} names {model:or the model} in its answer, so that the address is right, and has nowhere to send"
        " the request (404): {message:quoted no message}.",
        RERUN + " Some gateways set an upstream aside for a while after errors, and some pass a model on in one protocol only."
        " If it stays, choose another model or protocol, or ask the operator what this one is routed to.",
        actions=(*offers.RUN, *offers.MODEL)),
)  # fmt: skip

SIZE = (
    Rule("max-tokens-over-context", _fits_with_less,
        "The {prompt_tokens} tokens of the prompt and the {asked_tokens} asked for as an answer don't fit into the"
        " {context_tokens} that {model:or the model} has for both: {message:quoted no message}.",
        "Ask for at most {room_tokens} tokens as an answer (max tokens), or choose a model with a larger context.",
        changes.max_tokens(lambda f: f.error.fit.room if f.error.fit else 0),
        actions=offers.MODEL),
    Rule("prompt-too-long", lambda f: _asked(f) and f.error.is_about(About.TOO_LONG) and not f.error.ceiling,
        "The prompt is too long for {model:or the model}: {message:quoted no message}.",
        "Shorten the conversation or the system text, or choose a model with a larger context{local:if , or start the"
        " server with"
        " one}.",
        actions=offers.MODEL),
    Rule("request-above-rate", lambda f: f.limits.alone,
        "The request alone counts more tokens{alone_requested:if  ({alone_requested:grouped})} than the rate limit for tokens"
        " allows{alone_limit:if  ({alone_limit:grouped})}: {message:quoted no message}.",
        "Shorten the prompt or ask for fewer max tokens{alone_limit:if , to stay below {alone_limit:grouped} together}, or take"
        " a larger plan. Waiting is of no use."),
    Rule("body-too-large-proxy", lambda f: f.status == 413 and f.body.page,
        "{edge:or The server} in front of {host:or the endpoint} refuses {sent:if a request of {sent:bytes}|the request} as"
        " too large (413); the API itself never saw it.{waits_60_s:if  nginx allows 1 MB by default.}",
        "Send less, or have the operator raise the limit{waits_60_s:if  (client_max_body_size in nginx)}."),
    Rule("small-body-too-large", lambda f: f.status == 413 and 0 < f.request.size < _SMALL_BYTES,
        "{host:or The endpoint} refuses a request of no more than {sent:bytes} as too large (413)." + SAYS,
        "It can't be the size of the request. Either the server's limit is set wrongly, or it counts tokens: then fewer max"
        " tokens or a shorter prompt help."),
    Rule("body-too-large", lambda f: f.status == 413 or f.error.says("request_too_large", "request entity too large"),
        "{host:or The endpoint} refuses {sent:if a request of {sent:bytes}|the request} as too large." + SAYS,
        "Send less: shorten the conversation, or make images and documents smaller.{takes_32_mb:if  Anthropic takes 32 MB.}"),
    Rule("head-too-large", lambda f: f.status in (414, 431) or f.body.shows("header or cookie too large")
        or f.error.says("header"
        " fields too large"),
        "The headers of the request, or its address, are too long for {host:or the endpoint} (status {status}).",
        "Take extra headers out of the profile; long lists of betas count too.",
        actions=offers.EDIT),
)  # fmt: skip

REQUEST = (
    Rule("field-not-sent", lambda f: _asked(f) and f.error.unsent_parameter and not f.server.is_official,
        "{host:or The endpoint} refuses `{unsent_parameter}`, which your request does not have: {message:quoted no message}.",
        "{written_for:if It probably writes your `{written_for}` as this one before it passes the request on: leave that out,"
        " or tell the operator|The endpoint puts it in by itself: tell its operator}. Another model or protocol may go without"
        " it.",
        actions=offers.MODEL),
    # -- max tokens ---------------------------------------------------------------------------------------------------
    Rule("max-tokens-missing", lambda f: _asked(f) and f.error.missing_parameter == "max_tokens"
        and "max_tokens" not in f.request.body,
        "The request lacks max_tokens, which {host:or the endpoint} requires.",
        "Set max tokens.",
        changes.max_tokens(lambda _: 1024)),
    Rule("max-tokens-floor", lambda f: _asked(f) and f.error.floor,
        "The request asks for fewer tokens than {host:or the endpoint} allows: {message:quoted no message}.",
        "Ask for at least {floor_tokens:grouped} tokens (max tokens).",
        changes.max_tokens(lambda f: f.error.floor)),
    Rule("max-tokens-ceiling", lambda f: _asked(f) and f.error.ceiling,
        "The request asks for more tokens than {model:or the model} can give: {message:quoted no message}.",
        "Ask for at most {ceiling_tokens:grouped} tokens (max tokens).",
        changes.max_tokens(lambda f: f.error.ceiling)),
    Rule("max-completion-tokens", lambda f: _asked(f) and f.error.refused_parameter == "max_tokens",
        "{model:or The model} does not take max_tokens: {message:quoted no message}.",
        "Write max_completion_tokens in its place (newer OpenAI models know only that): edit the body of a custom request."),
    Rule("max-tokens-only", lambda f: _asked(f) and f.error.refused_parameter in ("max_completion_tokens", "max_output_tokens"),
        "{host:or The endpoint} does not know {refused_parameter}; older servers and many relays take max_tokens only.",
        "Write max_tokens in its place: edit the body of a custom request."),
    # -- what newer Claude models refuse ------------------------------------------------------------------------------
    Rule("prefill", lambda f: _asked(f) and f.error.says("prefill", "must end with a user message",
        "expected last role user"),
        "{model:or The model} does not take an answer begun for it: the last message is the assistant's. Claude models since"
        " 4.6 refuse that.",
        "End the conversation with a message of the user."),
    Rule("thinking-and-temperature", lambda f: _asked(f) and f.error.says("thinking is enabled", "thinking is adaptive")
        and f.error.says(*SAMPLING),
        "With thinking, {model:or the model} takes no sampling settings: {message:quoted no message}.",
        "Leave temperature, top_p and top_k out."),
    Rule("thinking-and-tool-choice", lambda f: _asked(f) and f.error.says("thinking")
        and f.error.says("tool_choice", "forces tool use"),
        "Thinking and a forced tool don't go together: {message:quoted no message}.",
        "Let the model choose the tool (tool_choice auto), or turn thinking off."),
    Rule("thinking-budget", lambda f: _asked(f) and f.error.says("budget_tokens"),
        "The thinking budget does not fit: {message:quoted no message}.",
        "Set budget_tokens to at least 1024, and max_tokens above it."),
    Rule("thinking-replay", lambda f: _asked(f)
        and f.error.says("signature", "redacted_thinking", "thinking blocks", "must start"
        " with a thinking block"),
        "The thinking blocks of the earlier answer did not come back as they were: {message:quoted no message}.",
        "Pass every block back unchanged, with its signature, to the endpoint it came from. A signature made elsewhere is"
        " refused."),
    Rule("thinking-mode", lambda f: _asked(f)
        and f.error.says("thinking.type", "thinking may not", "thinking: ", "thinking is not"
        " supported",
        "does not support thinking", "adaptive thinking"),
        "{model:or The model} does not take this kind of thinking: {message:quoted no message}.",
        "Claude since 4.7 knows adaptive thinking only, and the newest can't turn it off; older ones want a budget."),
    Rule("value-only", lambda f: _asked(f) and f.error.only and not f.error.option and _of_request(f, f.error.only),
        "{model:or The model} takes {only_name} as {only_value} only: {message:quoted no message}.",
        "{only_value:select true=Set {only_name} to true|false=Set {only_name} to false|Leave {only_name} out, or set it to"
        " {only_value}}."),
    Rule("sampling", lambda f: _asked(f) and (f.error.refused_parameter in SAMPLING or (f.error.says(*SAMPLING)
        and f.error.says("deprecated", "cannot both", "unsupported", "not supported", "not support"))),
        "{model:or The model} does not take this sampling setting: {message:quoted no message}.",
        "Leave temperature, top_p and top_k out. Claude since 4.7 and OpenAI's reasoning models refuse them."),
    # -- roles --------------------------------------------------------------------------------------------------------
    Rule("system-role-in-messages", lambda f: _asked(f) and f.protocol == MESSAGES
        and f.request.sends_role("system", "developer")
        and f.error.says("role", "system"),
        "A message with the role system was sent in Anthropic Messages, which has a field of its own for it.",
        "Put the system text into the field `system`, beside `messages`."),
    Rule("system-role-refused", lambda f: _asked(f) and f.protocol != MESSAGES
        and f.error.matches(r"role.{0,60}[`'\"]system[`'\"]"
        r"|[`'\"]system[`'\"].{0,60}role|system (?:role|message)s? (?:is|are) not"),
        "{model:or The model} does not take the role system: {message:quoted no message}.",
        "Use the role developer where the endpoint knows it, or put the text into the first message of the user."),
    Rule("developer-role-refused", lambda f: _asked(f) and f.request.sends_role("developer")
        and f.error.says("developer", "role"),
        "{host:or The endpoint} does not know the role developer: {message:quoted no message}.",
        "Use the role system: many relays and older models know only that."),
    # -- tools --------------------------------------------------------------------------------------------------------
    Rule("tool-id-twice", lambda f: _asked(f) and f.error.matches(_ID_TWICE),
        "The conversation holds one tool call twice{place:if  (at {place})}: {message:quoted no message}.",
        "Take one of the two out, or give each call an id of its own. A relay that answers every call with the same id, and a"
        " program that stores a turn twice, lead to this."),
    Rule("tool-type-of-relay", lambda f: _asked(f) and f.error.matches(_ODD_TOOL) and f.request.tools_are_usual
        and not f.server.is_official,
        "{host:or The endpoint} refuses the type of a tool, though the request has none but functions of your own:"
        " {message:quoted no message}.",
        "A relay that writes the tools anew for its upstream gets them wrong: tell its operator. A request without tools goes"
        " through."),
    Rule("tool-type", lambda f: _asked(f) and f.error.matches(_ODD_TOOL),
        "{host:or The endpoint} does not take {odd_tools:if the type of a tool in the request ({odd_tools:commas})|a tool of"
        " another type than its own}: {message:quoted no message}.",
        "Take {odd_tools:if {odd_tools:commas}|that tool} out of the request: here a tool has to be a function of your own."
        " Custom tools, and those that a vendor runs itself (web search and the like), are there only where that vendor's"
        " own API is."),
    Rule("reasoning-encrypted", lambda f: _asked(f) and f.error.matches(_ENCRYPTED),
        "The endpoint can't read the encrypted reasoning of an earlier answer: {message:quoted no message}.",
        "Only the account that made it can: pass it back to the endpoint that it came from, or leave the reasoning items out"
        " of `input`. A relay with several accounts behind it has to ask the same one again for each turn of a conversation."),
    Rule("reasoning-unpaired", lambda f: _asked(f) and f.error.matches(_REASONING_UNPAIRED),
        "A reasoning item came back without what belongs to it, or that without the reasoning: {message:quoted no message}.",
        "Pass back all items of the earlier answer, unchanged and in their order: a reasoning item right before the message"
        " or the call that followed it. Where the request has them so, a relay that writes it anew loses one of them."),
    Rule("tool-results-of-relay", lambda f: _asked(f) and f.error.matches(_UNPAIRED) and f.request.calls_are_answered
        and not f.server.is_official,
        "{host:or The endpoint} says that tool calls and results don't match, though each call of the request has its result"
        " right behind it: {message:quoted no message}.",
        "A relay that writes the conversation anew for its upstream loses or moves one of the two: tell its operator."
        " A conversation without tools goes through."),
    Rule("tool-results", lambda f: _asked(f) and (f.error.says("tool_result", "tool_call_id", "tool_use_id",
        "tool_calls must be followed") or f.error.matches(_UNPAIRED)),
        "The tool calls and the results in the conversation don't match: {message:quoted no message}.",
        "Answer every call of the model in the message right after it, each with the id of its call."),
    Rule("json-failed", lambda f: _asked(f) and f.error.says("json_validate_failed"),
        "What the model wrote is not the JSON that was asked for, and the endpoint keeps it back: {message:quoted no message}.",
        "Run it again, simplify the schema, ask for JSON in the prompt, or choose another model. The request itself is in"
        " order.",
        actions=(*offers.MODEL, *offers.RUN)),
    Rule("tool-use-failed", lambda f: _asked(f) and f.error.says("tool_use_failed", "tool call validation failed",
        "failed_generation"),
        "The model's tool call did not pass the endpoint's own check: {message:quoted no message}.",
        "Run it again, simplify the tool's schema, or choose another model. The request itself is in order.",
        actions=(*offers.MODEL, *offers.RUN)),
    Rule("tools-switched-off", lambda f: f.refused
        and f.error.says("--enable-auto-tool-choice", "--jinja", "--tool-call-parser"),
        "The server was started without tool calls: {message:quoted no message}.",
        "Start it with what its words name (vLLM: --enable-auto-tool-choice --tool-call-parser NAME; llama.cpp: --jinja)."),
    Rule("tools-unsupported", lambda f: _asked(f) and f.error.matches(r"(?:does not|doesn't|not) support (?:tool|function)"
        r"|support tool use|tools? (?:is|are) not supported"),
        "{model:or The model} can't call tools at this endpoint: {message:quoted no message}.",
        "Choose a model that can, or run a request without tools.",
        actions=offers.MODEL),
    Rule("tool-schema", lambda f: _asked(f) and f.error.says("invalid_function_parameters", "input_schema", "invalid schema for"
        " function", "tools.0", "function_declarations"),
        "The endpoint refuses the description of a tool: {message:quoted no message}.",
        "Check the tool's name (letters, digits, _ and -) and its JSON Schema (an object with `properties`)."),
    # -- conversations ------------------------------------------------------------------------------------------------
    Rule("reasoning-replay", lambda f: _asked(f) and f.error.says("reasoning_content"),
        "The reasoning of the earlier answer did not come back as the endpoint wants it: {message:quoted no message}.",
        "DeepSeek wants reasoning_content back beside tool calls, and its older models refuse it anywhere."),
    Rule("roles-alternate", lambda f: _asked(f) and f.error.says("roles must alternate", "alternate user/assistant"),
        "The chat template of {model:or the model} wants questions and answers in turn: {message:quoted no message}.",
        "Join messages of the same role, and put a system text into the first question."),
    Rule("chat-template", lambda f: _asked(f) and f.error.says("chat template"),
        "The server has no chat template for {model:or the model}: {message:quoted no message}.",
        "Start it with one (vLLM: --chat-template), or choose a model that was made for conversations.",
        actions=offers.MODEL),
    Rule("api-version", lambda f: _asked(f) and f.error.says("api-version"),
        "The address wants an api-version, as Azure's older ones do: {message:quoted no message}.",
        "Use https://RESOURCE.openai.azure.com/openai/v1 as base URL, which needs none, with the deployment's name as model.",
        actions=offers.EDIT),
    # -- headers ------------------------------------------------------------------------------------------------------
    Rule("messages-behind", lambda f: _asked(f) and f.protocol != MESSAGES and f.error.says("anthropic-version"),
        "The request in {protocol} reached a server that speaks Anthropic Messages: {message:quoted no message}.",
        "Choose Anthropic Messages. A relay that offers {protocol} has to translate it for such an upstream.",
        changes.protocol(lambda _: MESSAGES)),
    Rule("anthropic-version", lambda f: _asked(f) and f.error.says("anthropic-version", "anthropic_version"),
        "The endpoint does not take the version header as it was sent: {message:quoted no message}.",
        "Send anthropic-version 2023-06-01, which every Messages endpoint knows.",
        changes.field("anthropic_version", "2023-06-01", "Use version 2023-06-01")),
    Rule("anthropic-beta", lambda f: _asked(f) and f.error.says("anthropic-beta", "invalid beta flag", "beta header"),
        "The endpoint does not know a beta that was asked for: {message:quoted no message}.",
        "Take the beta out of the profile.",
        changes.field("anthropic_beta", "", "Send no betas")),
    # -- streaming ----------------------------------------------------------------------------------------------------
    Rule("stream-only", lambda f: _asked(f) and f.error.matches(r"only supports? stream"
        r"|streaming is (?:strongly )?(?:required|recommended)|must be streamed"
        r"|enable the stream parameter|stream must be (?:set to )?true"),
        "{model:or The model} answers in streams only: {message:quoted no message}.",
        "Turn streaming on.",
        changes.field("stream", True, "Stream the answer")),
    Rule("thinking-needs-stream", lambda f: _asked(f)
        and f.error.matches(r"thinking.{0,40}(?:non-streaming|stream=false|非流式)"),
        "{model:or The model} thinks in streams only: {message:quoted no message}.",
        "Turn streaming on, or thinking off (`enable_thinking` false).",
        changes.field("stream", True, "Stream the answer")),
    Rule("stream-unverified", lambda f: f.refused and f.error.says("verified to stream"),
        "{vendor:or The vendor} streams {model:or the model} for verified organizations only: {message:quoted no message}.",
        "Verify the organization in the account's settings (a relay's operator: in that of its own account), or turn streaming"
        " off.",
        changes.field("stream", False, "Don't stream")),
    Rule("stream-refused", lambda f: _asked(f) and (f.error.matches(r"(?:does not|doesn't"
        r"|not) support stream(?:ing)?\b|stream(?:ing)? is not supported")),
        "{model:or The model} does not stream at this endpoint: {message:quoted no message}.",
        "Turn streaming off.",
        changes.field("stream", False, "Don't stream")),
    # -- single fields ------------------------------------------------------------------------------------------------
    Rule("content-filter", lambda f: f.refused and f.status in (200, 400, 403, 422, 451, 500)
        and f.error.is_about(About.FILTER),
        "A content filter refused the request: {message:quoted no message}.",
        "Change the prompt. A relay may filter by its own list of words; the official endpoint shows whether it is the"
        " vendor's."),
    Rule("fields-of-chat", lambda f: _asked(f) and f.status < 500 and f.protocol == RESPONSES
        and (f.error.refused_parameter == "input" or f.error.missing_parameter == "messages"),
        "The request in OpenAI Responses reached a server that speaks OpenAI Chat Completions: {message:quoted no message}.",
        "Choose OpenAI Chat Completions. A relay that offers OpenAI Responses has to translate it for such an upstream.",
        changes.protocol(lambda _: CHAT)),
    Rule("unsupported-option", lambda f: _asked(f) and f.status < 500 and f.error.option,
        "{host:or The endpoint} does not take the option `{option}`: {message:quoted no message}.",
        "Leave `{option}` out." + OPTION_HINT,
        actions=offers.MODEL_FOR_EFFORT),
    Rule("unsupported-parameter", lambda f: _asked(f) and f.status < 500 and f.error.refused_parameter,
        "{host:or The endpoint} does not take the field `{refused_parameter}`: {message:quoted no message}.",
        "Leave `{refused_parameter}` out of the request."),
    Rule("parameter-not-seen", lambda f: _asked(f) and f.error.missing_parameter in f.request.body,
        "{host:or The endpoint} does not find the field `{missing_parameter}`, though the request has it:"
        " {message:quoted no message}.",
        "The endpoint may expect another protocol than {protocol}, or a relay lost the field on the way."),
    Rule("missing-in-address", lambda f: _asked(f) and f.error.missing_parameter.startswith("query."),
        "{host:or The endpoint} looks in the address, behind its question mark, for what no client of {protocol} puts there:"
        " {message:quoted no message}.",
        "The path may belong to another API. If it is right, the server itself is wrong: tell its operator.",
        actions=offers.EDIT),
    Rule("missing-parameter", lambda f: _asked(f) and f.error.missing_parameter,
        "The request lacks the field `{missing_parameter}`: {message:quoted no message}.",
        "Add `{missing_parameter}` to the request; if it is there, the endpoint speaks another protocol than {protocol}."),
    Rule("answer-not-stored", lambda f: _asked(f) and f.error.matches(phrases.NOT_STORED),
        "The request goes on from an earlier answer that {host:or the endpoint} does not have: {message:quoted no message}.",
        "Send the whole conversation in `input` instead, without ids of earlier items. Answers made with `store` false are kept"
        " nowhere, and a relay with several accounts behind it may have asked another one."),
    Rule("json-word", lambda f: _asked(f) and f.error.says("must contain the word 'json'"),
        "For an answer in JSON the prompt has to ask for JSON by that word: {message:quoted no message}.",
        "Write “JSON” into the prompt or the system text, or leave the response format out."),
    Rule("images-refused", lambda f: f.refused and f.error.matches(r"at most 0 image|not a multimodal model"
        r"|unknown variant [`'\"](?:input_)?image"
        r"|(?:does not|doesn't|not) support (?:image|vision)|images? (?:inputs? )?(?:is|are) not supported"),
        "{model:or The model} takes no pictures at this endpoint: {message:quoted no message}.",
        "Take the pictures out of the request, or choose a model that sees.",
        actions=offers.MODEL),
    Rule("part-refused", lambda f: _asked(f) and f.error.matches(_ODD_PART),
        "{host:or The endpoint} does not know the type of a part of a message: {message:quoted no message}.",
        "Take that part out, or send what it holds as text. Not every server takes documents, sound or pictures, and each"
        " protocol has a form of its own for them."),
    Rule("empty-text", lambda f: _asked(f)
        and f.error.says("non-empty", "must not be empty", "cannot be empty", "empty content"),
        "A message without text was sent: {message:quoted no message}.",
        "Write a prompt; a space alone is not enough."),
    Rule("json-not-read", lambda f: _no_json(f) and f.request.body,
        "{host:or The endpoint} says that it can't read the request's JSON, though what was sent is valid JSON:"
        " {message:quoted no message}.",
        "A proxy or the relay itself changes the body on its way, or a header of the profile (content-type, content-encoding)"
        " says something else of it. Compare with another endpoint.",
        actions=offers.EDIT),
    Rule("bad-json", _no_json,
        "The body of the request is not JSON that {host:or the endpoint} can read: {message:quoted no message}.",
        "Check the edited body: quotation marks, commas, and that it is UTF-8."),
    Rule("place-not-sent", lambda f: _asked(f) and f.error.place_beyond and not f.server.is_official,
        "{host:or The endpoint} refuses `{place_beyond}`, which your request does not have: {message:quoted no message}.",
        "It writes the messages anew before it passes them on, and its words are about those: look for what they describe among"
        " yours, or tell its operator."),
    Rule("refused-value", lambda f: f.status in (400, 422) and f.error.parameter,
        "{host:or The endpoint} refuses the value of `{parameter}`: {message:quoted no message}.",
        "Change it, or leave it out where that is allowed."),
    Rule("content-type", lambda f: f.status == 415,
        "{host:or The endpoint} does not take the content type of the request (415)." + SAYS,
        "Send `content-type: application/json`: take a header of that name out of the profile.",
        changes.header(lambda _: "content-type=", "Send our content type")),
    Rule("unprocessable-silent", lambda f: f.status == 422 and not f.error.message,
        "{host:or The endpoint} refuses the request's form (422) and says no more.",
        "Compare the request with the endpoint's documentation; a server may also expect another protocol."),
    Rule("unprocessable", lambda f: f.status == 422,
        "{message:quoted no message}: with these words {host:or the endpoint} refuses the request's form (422).",
        "Compare the request with the endpoint's documentation; a server may also expect another protocol."),
)  # fmt: skip
