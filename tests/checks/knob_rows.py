"""For every check a fault of the simulator that makes it fail, and which other checks fail by it too.

Each group of checks keeps its rows in a tuple of its own; `python -m tests.checks` plays them all.
"""

from __future__ import annotations

from typing import NamedTuple

from app.protocols.ids import CHAT, MESSAGES, RESPONSES

ALL = (MESSAGES, CHAT, RESPONSES)


class Row(NamedTuple):
    """A fault, and what it does to the checks.

    Attributes:
        check: the check that it makes fail or differ; `reason`: with this reason, "" for any.
        faults: as `Stage.play` takes them. `model`: where it is seen with another than the usual one;
            "reasoning": with the one that reasons.
        also: the other checks that may fail or differ by it.
        spoils: it breaks so much that nearly all else fails or is skipped, which is not looked at.
        alone: it is played without the other checks: another row of the fault shows these, or they would take what it does.
    """

    check: str
    faults: str
    reason: str = ""
    also: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ALL
    model: str = ""
    spoils: bool = False
    alone: bool = False


REACH = (
    Row("reached", "rst_at_once", "no_answer", spoils=True),
    Row("redirect", "redirect_307", "redirects", spoils=True),
    Row("model_list", "models_empty", "no_list"),
    Row("headers", "header_flood=100", "news"),
)

AUTH = (
    Row("key_works", "error_401", "key", spoils=True),
    Row("wrong_key", "none_checked", "accepted", ("no_key",)),
    Row("no_key", "none_checked", "accepted", ("wrong_key",)),
    Row("wrong_key", "refusal_status=200", "error_in_200", alone=True),
    Row("key_headers", "xkey_only", "style_refused", (), (MESSAGES,)),  # the OpenAI protocols' profiles send Bearer themselves
)

GATE = (
    Row("admitted", "one_client_only", "status_400", spoils=True),
    Row("trivial_words", "trivial_blocked", "blocked"),
    Row("forced_reasoning", "effort_forced", "forced", (), (MESSAGES,)),  # OpenAI's models that can reason do so unasked
)

# What is put in front of a text, or behind it, is in copies and in JSON as well.
_NOT_AS_MADE = ("verbatim_text", "verbatim_result", "json_by_words", "json_schema", "json_object")

MINIMAL = (
    Row("completes", "html_200", "no_answer", spoils=True),
    Row("completes", "other_json", "no_answer", spoils=True, protocols=(MESSAGES,)),
    Row("shape", "stop_token", "loses_g6", spoils=True),  # it is in every text, so that no copy is one
    Row("shape", "id_empty", protocols=(CHAT,)),
    Row("model_named", "model_substitute", "other_model"),
    Row("model_named", "model_missing", "unnamed"),
    Row("stop_reason", "unknown_reason", "odd_end", ("max_tokens", "stop_sequence"), (MESSAGES,)),
    # `message_start` must have a usage, and a count of 0 beside a text is a loss of its own
    Row("usage", "usage_none", "uncounted", also=("stream_shape",)),
    Row("usage", "usage_zero", also=("output_count", "shape", "stream_shape")),
    # the field is not passed on: a wrong value of it goes unnoticed, and what Responses gives back is not what was sent
    Row("max_tokens", "ignore_max_tokens", "ignored", also=("error_negative_limit", "echo")),
    Row("stop_sequence", "ignore_stop", "ignored", (), (MESSAGES, CHAT)),
    Row("system_prompt", "ignore_system", "lost", ("token_offset", "system_over_turns")),
    Row("characters", "mojibake", also=(*_NOT_AS_MADE, "logprobs", "logit_bias")),
    Row("output_count", "usage_doubled_output", "other_count", ("max_tokens",)),
    Row("output_count", "output_padded", "constant", ("max_tokens", "output_bound")),
    Row("kinds", "streams_502", "streamed", protocols=(MESSAGES, CHAT)),
    Row("kinds", "tools_502", "tools"),
    Row("output_bound", "usage_invented", "too_many", ("max_tokens", "output_count", "token_offset", "count_tokens")),
)

TOOLS = (
    Row("tool_call", "double_encode"),
    Row("tool_call", "invalid_json", "not_json", protocols=(CHAT, RESPONSES)),
    Row("tool_call", "ignore_tools", "no_call", also=("tool_any", "tool_forced")),
    Row("tool_forced", "ignore_tool_choice", "ignored", also=("tool_any", "tool_none", "tool_parallel")),
    Row("tool_none", "ignore_tool_choice", "ignored", also=("tool_any", "tool_forced", "tool_parallel")),
    Row("tool_any", "ignore_tool_choice_any", "ignored"),
    Row("tool_parallel", "ignore_parallel", "ignored"),
    Row("tool_loop", "ignore_tool_results", "unused", also=("tool_error",)),
    Row("tool_error", "ignore_tool_results", "unused", also=("tool_loop", "verbatim_result")),
    Row("tool_error", "tool_error_hidden", "unused", protocols=(MESSAGES,)),
    Row("tool_ids", "dup_id", "twice", also=("tool_stream", "thinking_replay")),
    Row("tool_ids", "null_id", "missing", also=("tool_loop", "tool_error", "message_replay"), protocols=(CHAT,)),
    Row("tool_stream", "ignore_strict", "not_strict"),
    Row("tool_stream", "invalid_json", "not_json", ("eager_field", "eager_header"), (MESSAGES,)),
    Row("tool_stream", "index_zero", "malformed", protocols=(CHAT,)),
)

CONTEXT = (
    Row("thinking_replay", "fake_signature", "refused", also=("prefix_witness",), protocols=(MESSAGES,)),
    Row("thinking_tampered", "signature_unchecked", "accepted", protocols=(MESSAGES,)),
    Row("thinking_tampered", "strip_thinking", "never_there", protocols=(MESSAGES,)),
    Row("thinking_tampered", "retry_without_thinking", "stripped", protocols=(MESSAGES,)),
)

CONVERSATION = (
    Row("turns", "forget_turns", "missing"),
    Row("message_replay", "null_content_refused", "refused", also=("tool_loop", "tool_error", "tool_ids"), protocols=(CHAT,)),
    Row("system_over_turns", "ignore_system", "missing", also=("system_prompt", "token_offset")),
)

REASONING = (Row("reasoning_replay", "no_encrypted_content", "not_sealed", protocols=(RESPONSES,), model="gpt-5.5"),)

VERBATIM = (
    Row("verbatim_arguments", "rewrite_package_in_calls", "changed"),
    Row("verbatim_arguments", "rewrite_secret_in_calls", "redacted"),
    Row("verbatim_arguments", "rewrite_blanks_in_calls", "changed"),
    Row("verbatim_result", "rewrite_url_in_results", "changed"),
    Row("verbatim_result", "rewrite_breaks_in_results", "changed"),
    Row("verbatim_text", "rewrite_package", "changed", also=("verbatim_result",)),
    Row("verbatim_text", "rewrite_lookalikes_in_prompt", "changed"),
    Row("verbatim_text", "payload_added", "added", also=(*_NOT_AS_MADE, "logprobs")),
)

MODALITIES = (
    Row("picture", "drop_attachments", "dropped", also=("document",)),
    Row("document", "drop_attachments", "dropped", also=("picture",)),
    Row("picture", "attachments_made_up", "not_read", also=("document",)),
)

JSON_OUTPUT = (
    Row("json_object", "ignore_json_object", "ignored", protocols=(CHAT, RESPONSES)),
    Row("json_schema", "schema_hinted", "hinted"),
    Row("json_schema", "ignore_schema", "dropped", also=("json_object",)),
    Row("json_by_words", "json_fenced", "fenced", also=("json_object", "json_schema")),
    Row("json_by_words", "stop_token", "not_json", alone=True),
)

WITNESS = (
    Row("prefix_witness", "fake_signature", "not_verifiable", also=("thinking_replay",), protocols=(MESSAGES,)),
    Row(
        *("prefix_witness", "hidden_prompt=40", "prefix_changed"),
        also=("token_offset", "count_tokens"),
        protocols=(MESSAGES,),
        model="reasoning",
    ),
    Row("prefix_witness", "model_swapped", "other_model", protocols=(MESSAGES,), model="reasoning"),
    Row("prefix_witness", "other_account", "other_account", protocols=(MESSAGES,), model="claude-sonnet-5-5"),
)

PARAMETERS = (
    Row("temperature", "ignore_temperature", "ignored"),
    Row("temperature", "reject_temperature", "rejected"),
    Row("top_p", "ignore_top_p", "ignored"),
    Row("top_p", "reject_top_p", "rejected"),
    Row("top_k", "ignore_top_k", "ignored", protocols=(MESSAGES,)),
    Row("n", "ignore_n", "ignored", protocols=(CHAT,)),
    Row("logprobs", "ignore_logprobs", "ignored", protocols=(CHAT, RESPONSES)),
    Row("logprobs", "logprobs_invented", "invented", protocols=(CHAT, RESPONSES)),
    Row("logprobs", "reject_logprobs", "rejected", protocols=(CHAT, RESPONSES)),
    Row("logit_bias", "ignore_logit_bias", "ignored", protocols=(CHAT,)),
    Row("seed", "ignore_seed", "ignored", protocols=(CHAT,)),
    Row("seed", "reject_seed", "rejected", protocols=(CHAT,)),
    Row("frequency_penalty", "ignore_frequency_penalty", "ignored", protocols=(CHAT,)),
    Row("presence_penalty", "reject_presence_penalty", "rejected", protocols=(CHAT,)),
    Row("echo", "hidden_prompt", "other_instructions", also=("token_offset", "count_tokens"), protocols=(RESPONSES,)),
    Row("effort", "effort_refused", "rejected", model="reasoning"),
    Row("unknown_field", "lenient", "taken", also=("error_unknown_field",)),
)

ADVANCED = (
    Row("count_tokens", "count_tokens_404", "absent", protocols=(MESSAGES, RESPONSES)),
    Row("count_tokens", "count_tokens_wrong", "other", protocols=(MESSAGES, RESPONSES)),
    Row("beta_field", "beta_swallowed", "header_dropped", also=("beta_header", "eager_header"), protocols=(MESSAGES,)),
    Row("beta_field", "beta_field_dropped", "lost", protocols=(MESSAGES,)),
    Row("beta_header", "beta_rejected", "header_refused", also=("beta_field", "eager_header"), protocols=(MESSAGES,)),
    Row("eager_header", "beta_swallowed", "buffered", also=("beta_field", "beta_header"), protocols=(MESSAGES,)),
    Row("eager_field", "eager_field_dropped", "buffered", protocols=(MESSAGES,)),
    Row("eager_field", "eager_field_refused", "refused", protocols=(MESSAGES,)),
    Row("eager_field", "whole_args", "buffered", also=("eager_header",), protocols=(MESSAGES,)),
    Row("beta_query", "query_404", "no_query", protocols=(MESSAGES,)),
    Row("extended_thinking", "ignore_thinking", "ignored", protocols=(MESSAGES,)),
    Row("extended_thinking", "no_signature", "unsigned", also=("thinking_replay", "thinking_tampered"), protocols=(MESSAGES,)),
    Row("extended_thinking", "signature_in_delta", "unsigned", protocols=(MESSAGES,)),
    Row("extended_thinking", "reject_thinking", "refused", protocols=(MESSAGES,)),
    Row("extended_thinking", "thinking_uncounted", "uncounted", protocols=(MESSAGES,)),
    Row("extended_thinking", "in_text_tags", "in_text", protocols=(MESSAGES,), alone=True),
    Row("reply_cache", "reply_cache", "same_id", also=("tool_ids", "beta_header", "eager_header")),
    Row("reply_cache", "reply_cache_semantic", "other_word", spoils=True),
    Row("context_size", "context_cut_start", "cut", alone=True),
    Row("context_size", "context_cut_middle", "cut", alone=True),
    Row("context_size", "context_cut_end", "cut", alone=True),
    Row("context_size", "context_lost_start=20000", "lost_start", alone=True),
    Row("context_size", "context_lost_middle=20000", "lost_middle", alone=True),
    Row("prompt_cache", "cache_never_hits", "no_hit", alone=True),
    Row("prompt_cache", "hidden_prompt_cached", "unexplained", alone=True),
)

_COUNTED = ("count_tokens", "echo", "output_count", "max_tokens")
IDENTITY = (
    Row("token_offset", "hidden_prompt", "offset", also=_COUNTED),
    Row("token_offset", "tool_prompt", "with_tools", also=("count_tokens",)),
    Row("token_offset", "other_tokenizer", "other_tokenizer", also=_COUNTED),
    Row("token_offset", "count_multiplier", "multiplier", also=_COUNTED),
    Row("token_offset", "sometimes other_stack", spoils=True),
    Row("cache_reads", "hidden_prompt_cached", "unexplained", spoils=True),
    Row("added_lines", "sometimes=3 payload_added", "added", spoils=True),
    Row("nonces", "answers_mixed_up", "strayed", spoils=True),
    Row("one_stack", "sometimes other_stack", "two", protocols=(MESSAGES, CHAT), spoils=True),
    Row("two_samples", "other_model", "differs", alone=True),
    Row("two_samples_long", "other_model", "differs", alone=True),
)

_CUT_TEXTS = ("verbatim_text", "verbatim_result")
STREAMING = (
    Row("stream_shape", "bom", "breaks_f1", ("tool_stream",)),
    Row("stream_end", "cut_after_n", "cut"),
    Row("stream_end", "no_blank_line", "end_mark", protocols=(MESSAGES, RESPONSES)),
    Row("stream_usage", "usage_null", "uncounted"),
    Row("stream_same", "interleave", "other_text", protocols=(MESSAGES,)),
    Row("stream_same", "doubled_chunks", "other_text", ("stream_shape",), (CHAT,)),
    Row("stream_same", "clean_end_after_cut", "other_text", ("stream_shape", "tool_stream", *_CUT_TEXTS), (RESPONSES,)),
    Row("pace", "bursts", "collected"),
    Row("cancel", "cancel_blocks delay_each_ms=20", "blocked", alone=True),
)

_REFUSED = tuple(
    f"error_{one}" for one in ("wrong_type", "missing", "unknown_field", "bad_role", "unknown_model", "negative_limit")
)
ERRORS = (
    Row("error_malformed", "refusals_answered", "accepted", (*_REFUSED, "effort", "unknown_field")),
    *(Row(one, "refusals_answered", "accepted", alone=True) for one in _REFUSED),
    Row("error_malformed", "refusal_status=500", "asked_again", alone=True),
    Row("error_wrong_type", "refusal_status=429", "asked_again", alone=True),
    Row("error_bad_role", "refusal_status=200", "error_in_200", alone=True),
    Row("error_missing", "refusal_status=403", "other_error", alone=True),
    Row("error_unknown_field", "lenient", "accepted", ("unknown_field",)),
    Row("error_unknown_model", "model_any", "accepted", ("model_named",)),
    Row("error_unknown_path", "panel_html", "accepted"),
    Row("error_shape", "refusal_text", "odd_shape"),
    Row("error_shape", "refusal_vague", "other_type", protocols=(CHAT, RESPONSES)),
    Row("error_request_id", "no_request_id", "no_id"),
    Row("large_body", "body_limit", "too_large", alone=True),
    Row("error_leaks", "refusal_leaks", "key_back", ("error_shape",)),
)

# What another honest endpoint may do otherwise than the control, several at a time: no check may fail by it.
LAWFUL = (
    "crlf nospace id_lines pad_spaces gzip other_account",
    "cr multi_data_lines split_bytes unknown_event thinking_empty informational_1xx",
    "empty_choices_first unnamed_ping no_length chunk_extensions comments_every_ms=50",
)

# Checks that no knob makes fail, by id: why, and where they are tried instead.
WITHOUT_ROW: dict[str, str] = {
    "tls": "the simulator speaks plain HTTP; made answers in `tests/checks/catalogue/test_reach.py`",
    "marks": "evidence that never fails",
    "client_minimal": "starts the SDK's process; `tests/checks/catalogue/test_client.py`",
    "client_streaming": "as `client_minimal`",
    "client_tools": "as `client_minimal`",
}

ROWS: tuple[Row, ...] = (
    *REACH,
    *AUTH,
    *GATE,
    *MINIMAL,
    *STREAMING,
    *ERRORS,
    *TOOLS,
    *CONTEXT,
    *CONVERSATION,
    *REASONING,
    *VERBATIM,
    *MODALITIES,
    *JSON_OUTPUT,
    *WITNESS,
    *PARAMETERS,
    *ADVANCED,
    *IDENTITY,
)
